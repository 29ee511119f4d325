// Package example is the bundled example brand, Acme Bikes: its folder, and
// the order service that its bot calls.
package example
