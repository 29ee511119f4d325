package engine

// Projection keeps rows that are made of the event log and of nothing else, so
// that they can be made again. It needs no table: its rows are in Projections.
type Projection struct {
	Name string
	// Version grows with each change of what Apply makes: the rows are then made
	// again from the start of the log.
	Version int
	Kinds   []EventKind // that Apply gets
	// Apply writes what the events change, in the order of the log. Each event comes
	// once: the rows and how far they reach commit together. An error stops the
	// projection until it is over, so data that cannot be read is passed over.
	Apply func(tx Tx, events []Event) error
}

// Position is how far a projection has come.
type Position struct {
	Version int    // that made the rows
	At      Cursor // the last event that is in them, or that they pass over
}

// ProjectionRow is one row of a projection. The projection chooses the keys, so
// that what is asked for together stands together.
type ProjectionRow struct {
	Key   string
	Value []byte // JSON
}

// Projections holds what is made of the event log, by the name of the projection.
type Projections interface {
	Position(name string) (Position, error) // zero when it has not begun
	// Move moves the position on. Conflict when it is not at from: of two processes
	// that apply the same events one fails, with all that it wrote.
	Move(name string, from, to Position) error
	Row(name, key string) (ProjectionRow, error)
	// Rows gives those with from ≤ key < until in the order of the keys' bytes.
	Rows(name, from, until string, limit int) ([]ProjectionRow, error)
	SaveRow(name string, row ProjectionRow) error // inserts or replaces
	Clear(name string) error                      // removes the rows
}
