// Package secrets decides which variables of the server's environment brands
// get, and is the only place that reads their values. A brand names a variable
// for a field; the operator allows it for that brand, that field and the hosts
// that the value is sent to. What the store, versions and messages hold are
// names. Values are filled in where the catalog gives a channel to those who
// send, and nowhere else.
package secrets
