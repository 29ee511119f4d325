// Package engine is the language of parley: its domain types, its one error
// type, and the ports through which the rules reach databases, providers, bots
// and the clock.
//
// It does no I/O, starts no goroutine and never asks for the time; it imports
// the standard library alone. The packages below it hold the rules and the
// workers, the packages beside it adapt the ports.
package engine
