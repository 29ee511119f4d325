// Package migrations makes the tables of a PostgreSQL database, and brings those of
// an older version to what this program knows.
package migrations
