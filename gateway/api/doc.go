// Package api is the contract of the HTTP API: openapi.yaml, what it says of each
// operation, and the types and the server interface that are generated from it.
package api

//go:generate go tool -modfile=../../tools/go.mod oapi-codegen -config models.yaml openapi.yaml
//go:generate go tool -modfile=../../tools/go.mod oapi-codegen -config server.yaml openapi.yaml
//go:generate go run ./contract
