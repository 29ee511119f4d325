// Package relational is the part of the store that all SQL databases share: the
// facets of engine.Tx with their statements, the fields of each row, and what a
// statement needs on its way. A database's own folder opens connections, runs
// transactions, and replaces the facets that it can serve better.
package relational
