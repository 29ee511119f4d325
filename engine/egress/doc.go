// Package egress is the only way out of the process: it decides which addresses may be dialled, builds the
// HTTP clients of the connectors, and performs the http requests of bots.
//
// The decision is made on the literal address at the moment of the dial, after the name is resolved, so a
// name that changes its address between check and dial gains nothing.
package egress
