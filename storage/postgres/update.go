package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/engine"
)

const (
	maxTries    = 12                     // of an update
	longestWait = 200 * time.Millisecond // before it is tried again
	updateTime  = 30 * time.Second
	unsureTime  = 10 * time.Second // in which a commit is found to have been one
)

// Update runs fn in a transaction, and again when another one was in its way or the
// connection was lost before the commit. What became of a commit whose answer is lost
// is asked for. A key that was free when fn looked and is taken when it writes is
// looked at again: the answer is the one of an update that had begun later.
func (db *DB) Update(ctx context.Context, fn func(engine.Tx) error) error {
	if db.readOnly {
		return engine.Errorf(engine.Unavailable, "the data is open for reading only")
	}
	db.figures.updates.Add(1)
	taken := ""
	for try := 1; ; try++ {
		if try > 1 {
			db.figures.again.Add(1)
		}
		done, err := db.try(ctx, fn)
		var again *againError
		switch {
		case errors.As(err, &again):
			if try == maxTries {
				return again.err
			}
		case engine.CodeOf(err) == engine.Conflict && done.taken != taken && try < maxTries:
			taken = done.taken
			continue // the other one is through
		default:
			if publish := db.publish.Load(); publish != nil && err == nil {
				for _, signal := range done.signals {
					(*publish)(signal)
				}
			}
			return err
		}
		select {
		case <-time.After(rand.N(min(time.Millisecond<<try, longestWait))):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// outcome is what a try leaves.
type outcome struct {
	signals []engine.Signal
	taken   string // the statement that found its key taken
}

// againError is that of an update that may succeed when it is run again.
type againError struct{ err error }

func (e *againError) Error() string { return e.err.Error() }

func (db *DB) try(ctx context.Context, fn func(engine.Tx) error) (_ outcome, err error) {
	pg, err := db.connection(ctx)
	if err != nil {
		return outcome{}, err
	}
	during, cancel := context.WithTimeout(context.WithoutCancel(ctx), updateTime)
	c := db.session(pg.Conn().PgConn(), "begin", false)
	c.facets.Ctx = during
	committed := false
	defer func() { // also when fn ends its goroutine
		cancel()
		if committed && c.ended {
			pg.Release()
		} else {
			if !committed {
				for _, undo := range c.facets.Undone {
					undo()
				}
			}
			db.release(pg, c)
		}
	}()
	err = call(fn, c.tx())
	if c.broken == nil && err == nil {
		err = c.commit()
		committed = err == nil
	}
	if err == nil && c.broken != nil && !committed {
		err = c.broken
	}
	if c.broken != nil && repeatable(c.broken) {
		err = &againError{c.broken}
	}
	var lost *lostCommit
	if errors.As(err, &lost) {
		err = db.resolve(ctx, lost)
	}
	if during.Err() != nil && errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = engine.Errorf(engine.Unavailable, "The database does not answer in time.").Because(err)
	}
	return outcome{c.facets.Signals, c.taken}, err
}

// commit sends what was put off and ends the transaction.
func (s *session) commit() error {
	if (s.begin != "" || s.unchanged) && len(s.later) == 0 {
		return nil // it did nothing
	}
	answered, rolledBack := false, false
	delete(s.pg.CustomData(), unconfirmed)
	err := s.send("commit", nil, func(r *pgconn.ResultReader) error {
		tag, err := r.Close()
		if err != nil {
			return err
		}
		answered, s.ended = true, true
		if rolledBack = tag.String() != "COMMIT"; rolledBack { // a statement failed, and nobody said so
			s.broken = engine.Errorf(engine.Internal, "the database failed").Because(errors.New("the transaction was rolled back"))
		}
		return s.broken
	})
	if answered && !rolledBack { // what fails behind the answer changes nothing
		s.broken = nil
		if why, ok := s.pg.CustomData()[unconfirmed].(error); ok {
			return engine.Errorf(engine.Unavailable, "The database's standby does not confirm a change. It may have been made.").Because(why)
		}
		return nil
	}
	if err != nil && !answered && state(err) == "" && s.pg.IsClosed() && !pgconn.SafeToRetry(err) {
		s.broken = nil
		life, _ := s.pg.CustomData()[lifeName].(string)
		return &lostCommit{xid: s.xid, life: life, err: err}
	}
	return err
}

// serverLife tells the time between two crashes of a server from the next: a crash takes
// numbers of transactions with it, and they are given away again. The figures begin anew
// after one, also after that of a single session, for which the server starts nothing else.
const serverLife = `extract(epoch from pg_postmaster_start_time())::text || ' ' || coalesce((select extract(epoch from stats_reset)::text from pg_stat_wal), '')`

// lifeName is where a session notes in which it began.
const lifeName = "parley life of the server"

// lostCommit is a commit without an answer.
type lostCommit struct {
	xid  int64
	life string // of the server
	err  error
}

func (l *lostCommit) Error() string { return "the answer of a commit is lost: " + l.err.Error() }

// resolve finds out what became of a commit without an answer. The old session may
// still be at it. After a crash the number may be another transaction's, which says
// something only when it has failed.
func (db *DB) resolve(ctx context.Context, lost *lostCommit) error {
	unknown := engine.Errorf(engine.Unavailable, "The database was lost in the middle of a change. It may have been made.").Because(lost.err)
	if lost.xid == 0 {
		return unknown
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unsureTime)
	defer cancel()
	for {
		var status *string
		var life string
		err := db.pool.QueryRow(ctx, `select pg_xact_status($1::text::xid8), `+serverLife, fmt.Sprint(lost.xid)).Scan(&status, &life)
		switch {
		case err == nil && status != nil && *status == "committed" && life == lost.life:
			return nil
		case err == nil && status != nil && *status == "committed":
			return unknown
		case err == nil && status != nil && *status == "aborted":
			return &againError{engine.Errorf(engine.Unavailable, "The database cannot be reached.").Because(lost.err)}
		case err == nil && status == nil: // too old to be known
			return unknown
		}
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			return unknown
		}
	}
}

// call runs one update; a panic is its error.
func call(fn func(engine.Tx) error, t engine.Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = engine.Errorf(engine.Internal, "an update panicked").Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	return fn(t)
}
