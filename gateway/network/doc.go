// Package network tells whose network a caller belongs to, for limits that no
// single caller gets around with more addresses.
package network
