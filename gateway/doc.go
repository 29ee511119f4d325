// Package gateway is the edge of parley, in rooms: package app puts all parts
// together. Here is only the test that holds the house's rules.
package gateway
