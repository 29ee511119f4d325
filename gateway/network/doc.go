// Package network tells who calls, and in whose network they are, for limits that no
// single caller gets around with more addresses.
package network
