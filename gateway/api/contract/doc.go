// Command contract writes operations.gen.go: what openapi.yaml says of each operation
// beside its types, so that roles and bounds stand in one place.
package main
