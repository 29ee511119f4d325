package postgres

import (
	"sync/atomic"
	"time"
)

// Figures tell what a process has asked of the database since it opened it.
type Figures struct {
	Views, Updates int64
	Again          int64 // tries of updates after their first
	Trips          int64 // to the database and back
	Statements     int64
	Waited         time.Duration // for answers, in all
}

// figures are counted here.
type figures struct {
	views, updates, again, trips, statements, waited atomic.Int64
}

// trip counts one round trip.
func (f *figures) trip(statements int, began time.Time) {
	f.trips.Add(1)
	f.statements.Add(int64(statements))
	f.waited.Add(int64(time.Since(began)))
}

// Figures gives them as they are now.
func (db *DB) Figures() Figures {
	f := &db.figures
	return Figures{
		Views: f.views.Load(), Updates: f.updates.Load(), Again: f.again.Load(),
		Trips: f.trips.Load(), Statements: f.statements.Load(), Waited: time.Duration(f.waited.Load()),
	}
}
