// Package sqlite keeps the truth: it implements the engine's store contracts
// on SQLite.
//
// One goroutine owns the only writing connection and commits the work of up to
// 64 callers at once; readers have connections of their own and see snapshots.
// Statements run on database/sql/driver connections directly, with statements
// prepared once for each connection, because the pool and the reflection of
// database/sql cost more than the small statements themselves.
//
// Queries name their arguments $1, $2; ids are made by the app, times are integer
// milliseconds with 0 for none, and JSON is TEXT. A row's fields are listed once, for
// what is written and what is read. Empty maps and lists come back as nil, times come
// back in UTC with millisecond precision.
package sqlite
