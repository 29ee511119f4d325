// Package app puts parley together: it opens the store, starts the
// workers, serves HTTP, and stops everything in order. It is the only place
// that knows all parts.
package app
