package postgres

import (
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/storage/relational"
)

// session is one transaction on one connection, which begins with its first statement.
// The facets run theirs on it.
type session struct {
	facets *relational.Conn
	db     *DB
	pg     *pgconn.PgConn
	begin  string // what begins it; "" when it has begun

	later  []statement // travel with the next one
	broken error       // the transaction has failed
	xid    int64       // its number; 0 while unknown
	ended  bool        // the commit was answered
	// unchanged says that what was run so far has changed nothing and keeps no row.
	unchanged bool
	taken     string // the statement that found its key taken
	events    int64  // that it has added

	asked   map[string]bool    // questions that are put off, or were
	answers map[string]*result // that came ahead of their questions
}

// statement is one that is to be sent, and what is done with its answer.
type statement struct {
	q    string
	args [][]byte
	then func(*pgconn.ResultReader) error
	none relational.None // what its failure means
}

// dialect gives changes of consumers the transaction's number: who follows them waits
// for those that are under way.
var dialect = relational.NewDialect(`pg_current_xact_id()::text::bigint`).SaveOnce(saveConversation)

func (db *DB) session(pg *pgconn.PgConn, begin string, readOnly bool) *session {
	s := &session{db: db, pg: pg, begin: begin}
	s.facets = relational.NewConn(s, dialect, readOnly)
	s.facets.Lock = func(kind, name string) error { return s.lock(kind, name) }
	s.facets.ItemLine = s.itemLine
	return s
}

// queries remembers texts by texts.
type queries = sync.Map

// prepared is a query as PostgreSQL gets it: with its locks in an update, and without
// in a view.
func (s *session) prepared(q string) string {
	known := &s.db.forUpdates
	keep, claim := ` for no key update`, ` for no key update skip locked`
	if s.facets.ReadOnly {
		known, keep, claim = &s.db.forViews, ``, ``
	}
	if text, ok := known.Load(q); ok {
		return text.(string)
	}
	text := strings.NewReplacer(relational.Keep, keep, relational.KeepKey, keep, relational.Claim, claim).Replace(q)
	known.Store(q, text)
	return text
}

// Later puts a statement off: its error comes with the next that is not put off, or
// with the commit. One that changes nothing fails in the database, so that what
// travels behind it, and be it the commit, does not happen.
func (s *session) Later(q string, args []any, none relational.None) (bool, error) {
	text := q
	if none.What != "" && !none.Knows {
		text = s.db.strict(q, "returning 1", "select 1 / count(*) from changed")
	}
	s.putOff(text, args, none, func(r *pgconn.ResultReader) error {
		tag, err := r.Close()
		if err == nil && none.Changed != nil && tag.RowsAffected() > 0 {
			none.Changed()
		}
		return err
	})
	return true, s.broken
}

func (s *session) LaterSeq(q string, args []any, none relational.None, seq *int64) (bool, error) {
	s.putOff(s.db.strict(q, "returning seq", "select max(seq), 1 / count(*) from changed"), args, none, func(from *pgconn.ResultReader) error {
		var r result
		if err := r.read(from); err != nil {
			return err
		}
		if row, _ := r.Step(); row {
			*seq = r.Int(0)
		}
		return nil
	})
	return true, s.broken
}

// told is the error of a statement: statements of ours that fail by themselves say so with
// codes that mean something else elsewhere.
func (s *session) told(one statement, err error) error {
	switch code := state(err); {
	case err == nil:
		return nil
	case code == nothingChanged && one.none.What != "":
		if one.none.Taken {
			s.taken = one.q
		}
		err = one.none.Err()
	case code == movedOn && one.q == addEvent:
		err = errOvertaken
	case code == movedOn && one.none.Knows:
		err = errMoved
	default:
		return s.Failed(one.q, err)
	}
	if s.broken == nil {
		s.broken = err
	}
	return err
}

// strict is a change that fails when it changes nothing.
func (db *DB) strict(q, returning, then string) string {
	if text, ok := db.stricts.Load(q); ok {
		return text.(string)
	}
	text := "with changed as (" + q + " " + returning + ") " + then
	db.stricts.Store(q, text)
	return text
}

// saveConversation fails by itself: for another revision, and when there is none.
func saveConversation(save, id, brand string) string {
	return "with changed as (" + save + " returning 1) select case when n = 1 then 1" +
		" when exists (select 1 from conversations where id = " + id + " and brand = " + brand + ") then cast('moved ' || n as int)" +
		" else 1 / n end from (select count(*) as n from changed) c"
}

// itemLine keeps the line that an outbox item stands in, whose names only its row has.
func (s *session) itemLine(item string) error {
	_, err := s.Later(`select pg_advisory_xact_lock(hashtextextended(kind || ' ' || conversation, 0)) from outbox where id = $1`, []any{item}, relational.None{})
	return err
}

// lock keeps a pair of names until the end of the update. It travels with the next
// statement, which sees what the one who had it before has left.
func (s *session) lock(names ...any) error {
	_, err := s.Later(`select pg_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 0))`, names, relational.None{})
	return err
}

func (s *session) putOff(q string, args []any, none relational.None, then func(*pgconn.ResultReader) error) {
	s.later = append(s.later, statement{s.prepared(q), texts(args), then, none})
}

// send runs what was put off, and one more statement, in one round trip.
func (s *session) send(q string, args []any, then func(*pgconn.ResultReader) error) error {
	s.putOff(q, args, relational.None{}, then)
	if s.xid == 0 && !s.facets.ReadOnly && s.begin == "" && q != "commit" {
		s.putOff(`select coalesce(pg_current_xact_id_if_assigned()::text, '0')`, nil, relational.None{}, s.learnNumber)
	}
	return s.flush()
}

// flush runs what was put off.
func (s *session) flush() error {
	if s.broken != nil {
		return s.broken
	}
	if err := s.facets.Ctx.Err(); err != nil {
		return err
	}
	s.unchanged = false
	batch := s.later
	if s.begin != "" {
		batch = append([]statement{{q: s.begin, then: func(r *pgconn.ResultReader) error {
			_, err := r.Close()
			return err
		}}}, batch...)
	}
	s.later, s.begin = nil, ""
	return s.run(batch)
}

// learnNumber notes the transaction's number, by which its commit can be looked up.
func (s *session) learnNumber(r *pgconn.ResultReader) error {
	var answer result
	if err := answer.read(r); err != nil {
		return err
	}
	if row, _ := answer.Step(); row {
		s.xid = answer.Int(0)
	}
	return nil
}

// run sends statements in one pipeline. The first error ends it, and with it the
// transaction.
func (s *session) run(batch []statement) error {
	defer s.db.figures.trip(len(batch), time.Now())
	known := statementsOf(s.pg)
	ctx, cancel := s.answering()
	defer cancel()
	p := s.pg.StartPipeline(ctx)
	names := make([]string, len(batch))
	fresh := make([]bool, len(batch))
	for i, one := range batch {
		if names[i], fresh[i] = known.name(one.q); fresh[i] {
			p.SendPrepare(names[i], one.q, nil)
		}
		p.SendQueryPrepared(names[i], one.args, nil, nil)
	}
	err := s.Failed("batch", p.Sync())
	for i := 0; i < len(batch) && err == nil; i++ {
		err = s.told(batch[i], next(p, batch[i], fresh[i], func() { known.prepared(batch[i].q, names[i]) }))
	}
	if cerr := p.Close(); err == nil {
		err = s.Failed("batch", cerr)
	}
	return err
}

// next takes a statement's answer from the pipeline.
func next(p *pgconn.Pipeline, one statement, fresh bool, prepared func()) error {
	if fresh {
		if _, err := p.GetResults(); err != nil {
			return err
		}
		prepared()
	}
	answer, err := p.GetResults()
	if err != nil {
		return err
	}
	return one.then(answer.(*pgconn.ResultReader))
}

func (s *session) Exec(q string, args []any) (n int64, err error) {
	err = s.send(q, args, func(r *pgconn.ResultReader) error {
		tag, err := r.Close()
		if n = tag.RowsAffected(); err == nil && n == 0 && strings.HasSuffix(q, "on conflict do nothing") {
			s.taken = q
		}
		return err
	})
	return n, err
}

func (s *session) Insert(q string, args []any) (seq, n int64, err error) {
	r, err := s.answer(s.db.returning(q), args)
	if err != nil {
		return 0, 0, err
	}
	if row, _ := r.Step(); row {
		seq, n = r.Int(0), 1
	}
	return seq, n, nil
}

func (s *session) Query(q string, args []any, _ bool) (relational.Cursor, func(), error) {
	if !s.facets.ReadOnly && strings.HasSuffix(q, relational.KeepKey) {
		if err := s.lock(args[:2]...); err != nil {
			return nil, nil, err
		}
	}
	r, err := s.answer(q, args)
	if err != nil {
		return nil, nil, err
	}
	return r, nil, nil
}

func (s *session) answer(q string, args []any) (*result, error) {
	r, err := s.answered(q, args)
	if r != nil || err != nil {
		return r, err
	}
	r = &result{}
	err = s.send(q, args, func(from *pgconn.ResultReader) error { return r.read(from) })
	return r, err
}

// returning is an insert that gives the key.
func (db *DB) returning(q string) string {
	if text, ok := db.returns.Load(q); ok {
		return text.(string)
	}
	text := q + " returning seq"
	db.returns.Store(q, text)
	return text
}
