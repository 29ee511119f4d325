// Package client speaks the HTTP API for the command line: versions and faults
// of a brand on a server that runs elsewhere.
package client
