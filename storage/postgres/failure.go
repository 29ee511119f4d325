package postgres

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/engine"
)

// Failed is engine's error for one of PostgreSQL's. A transaction in which one happened
// is over.
func (s *session) Failed(q string, err error) error {
	if err == nil {
		return nil
	}
	if ctx := s.facets.Ctx.Err(); ctx != nil && (errors.Is(err, ctx) || state(err) == queryCanceled) {
		s.broken = ctx
		return ctx
	}
	err = fmt.Errorf("%w in %q", err, q)
	switch {
	case state(err) == uniqueViolation:
		s.taken = q
		err = engine.Errorf(engine.Conflict, "this exists already").Because(err)
	case unreachable(err):
		err = engine.Errorf(engine.Unavailable, "The database cannot be reached.").Because(err)
	default:
		err = engine.Errorf(engine.Internal, "the database failed").Because(err)
	}
	if s.broken == nil {
		s.broken = err
	}
	return err
}

// The codes that decide something: https://www.postgresql.org/docs/current/errcodes-appendix.html
const (
	uniqueViolation = "23505"
	queryCanceled   = "57014"
	serialization   = "40001"
	deadlock        = "40P01"
	lockTimeout     = "55P03"
	idleTimeout     = "25P03"
	readOnly        = "25006" // as a standby is
	diskFull        = "53100"
	warning         = "01000"
	// What statements of ours fail with by themselves.
	nothingChanged = "22012" // a division by the number of rows
	movedOn        = "22P02" // a text that is no number
)

// state is PostgreSQL's code of an error; "" for another one, such as a connection's.
func state(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// unreachable says whether the connection is lost, or the server cannot work now:
// class 57P (it stops or starts), 53 (too many connections, full) and 08 (connection),
// or the transaction was idle for too long, or it is a standby.
func unreachable(err error) bool {
	s := state(err)
	return s == "" || strings.HasPrefix(s, "57P") || strings.HasPrefix(s, "53") || strings.HasPrefix(s, "08") || s == idleTimeout || s == readOnly
}

// repeatable says whether a transaction that failed may succeed when it is run again.
func repeatable(err error) bool {
	s := state(err)
	return s == serialization || s == deadlock || s == lockTimeout || errors.Is(err, errOvertaken) || engine.CodeOf(err) == engine.Unavailable
}

// errMoved is that of a conversation that is not at the revision it was read at.
var errMoved = engine.Errorf(engine.Conflict, "the conversation has changed meanwhile")

// errOvertaken is that of an update whose number is lower than that of an update whose
// event came before in the same conversation.
var errOvertaken = engine.Errorf(engine.Unavailable, "another update was faster")
