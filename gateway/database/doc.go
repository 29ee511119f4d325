// Package database opens the store that the settings name, with its search index:
// SQLite in the data folder, or PostgreSQL, which processes share.
package database
