package sqlite

import (
	"time"

	"parley/engine"
	"parley/storage/relational"
)

type events struct{ c *conn }

func (f events) Add(e *engine.Event) error {
	var last heads
	var err error
	if e.Conversation != "" {
		if last, err = f.c.chains.of(f.c, e.Conversation); err != nil {
			return err
		}
	}
	e.Version = engine.EventVersion
	e.Seq, err = f.c.InsertSeq("event", `insert into events (at, brand, conversation, kind, actor, data, previous, version) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.At, &e.Brand, &e.Conversation, (*string)(&e.Kind), &e.Actor, &e.Data, last.event, e.Version)
	if err == nil && e.Conversation != "" {
		f.c.chains.moveEvent(e.Conversation, e.Seq)
	}
	f.c.Wake(engine.Signal{Topic: engine.TopicEvents})
	return err
}

// List of one conversation, or of a consumer's, goes back from the last event of each.
func (f events) List(w engine.EventFilter) ([]engine.Event, error) {
	chain := func(of string, id string) *relational.Where {
		q := relational.NewWhere("with recursive chain (seq) as (select last_event from conversations where "+of+" = ", id)
		q.And("last_event > ", int64(w.After)).Raw(" union all select e.previous from chain join events e on e.seq = chain.seq where e.previous > ").Arg(int64(w.After))
		if !w.Since.IsZero() {
			q.And("e.at >= ", w.Since)
		}
		return q.Raw(") select " + eventColumns + " from chain cross join events e where e.seq = chain.seq")
	}
	var q *relational.Where
	switch {
	case w.Conversation != "":
		q = chain("id", w.Conversation)
	case w.Consumer != "":
		q = chain("consumer", w.Consumer)
	default:
		q = relational.NewWhere("select "+eventColumns+" from events e where e.seq > ", int64(w.After))
	}
	if w.Brand != "" {
		q.And("e.brand = ", w.Brand)
	}
	if !w.Since.IsZero() {
		q.And("e.at >= ", w.Since)
	}
	relational.In(q, "e.kind", w.Kinds).Raw(" order by e.seq limit ").Arg(w.Limit)
	return relational.All(f.c.Query(q.String(), q.Args...), func(e *engine.Event, to []any) []any {
		return append(to, &e.Seq, &e.At, &e.Brand, &e.Conversation, (*string)(&e.Kind), &e.Actor, &e.Data, &e.Version)
	})
}

const eventColumns = `e.seq, e.at, e.brand, e.conversation, e.kind, e.actor, e.data, e.version`

func (f events) Last() (engine.Cursor, error) {
	n, err := f.c.Number(`select coalesce(max(seq), 0) from events`)
	return engine.Cursor(n), err
}

// oldestEvents are those that may go: all but the last, and what a projection has not read.
const oldestEvents = `select seq, at from events where seq < (select max(seq) from events)
	and seq <= (select coalesce(min(at), 9223372036854775807) from projections) order by seq limit $1`

// Drop leaves the chains of conversations alone: they end at what is gone.
func (f events) Drop(before time.Time, limit int) (n int, err error) {
	found, err := relational.All(f.c.Query(oldestEvents, limit), func(m *engine.RetentionMark, to []any) []any {
		return append(to, &m.N, &m.At)
	})
	if err != nil {
		return 0, err
	}
	for n < len(found) && found[n].At.Before(before) {
		n++
	}
	if n == 0 {
		return 0, f.c.MayWrite()
	}
	last := found[n-1]
	if err := f.c.Run(`delete from events where seq <= $1`, last.N); err != nil {
		return 0, err
	}
	return n, relational.SetGone(f.c.Conn, last)
}

func (f events) Gone() (engine.RetentionMark, error) { return relational.Gone(f.c.Conn) }

// emptyEvents goes back along the chain of the conversation $1.
const emptyEvents = `update events set data = '' where seq in (with recursive chain (seq) as (
		select last_event from conversations where id = $1 and last_event > 0
		union all select e.previous from chain cross join events e where e.seq = chain.seq and e.previous > 0) select seq from chain)`
