// Package move takes everything that one database holds into another one of another
// kind: table by table as plain rows, in batches that each note how far they came, so
// that a move that was cut off goes on; and compares what both hold at the end.
//
// It knows the tables, and no database: those give their rows, and take them in, as a
// Source and a Target.
package move
