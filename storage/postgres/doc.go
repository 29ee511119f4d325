// Package postgres is the store on PostgreSQL, which any number of processes share.
//
// Updates run at the same time, each in a transaction that reads what is committed
// (read committed) and keeps the rows that it decides on: a read by key inside an update
// locks its row. Statements whose answer nobody needs travel with the next that has one.
// What fails because of another update is run again. Views are snapshots.
//
// The log's order is that of the transactions' numbers, so that a reader knows what
// can still come: see events.go.
package postgres
