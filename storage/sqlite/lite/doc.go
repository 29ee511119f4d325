// Package lite calls SQLite as modernc.org/sqlite has translated it, without
// database/sql and its driver between: values go in and out as what they are,
// texts are copied once each way, and a connection has no lock, because one
// goroutine at a time uses it.
//
// No memory of Go is ever handed to SQLite. What it reads lies in memory of the
// translated C library, and what it gives is copied before it moves on.
package lite
