// Package api is the contract of the HTTP API: openapi.yaml, and the server
// interface and types that oapi-codegen makes from it.
package api

//go:generate go tool -modfile=../../tools/go.mod oapi-codegen -config cfg.yaml openapi.yaml
