// Package rest serves the API of openapi.yaml and its live socket to agents
// and integrations.
package rest
