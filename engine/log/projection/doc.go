// Package projection keeps the rows of projections up to the event log: each
// projection has a durable cursor, and its rows and its cursor commit together.
package projection
