package sqlite

import "parley/engine"

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
	e.Seq, err = f.c.dialect.insertSeq(f.c, "event", `insert into events (at, brand, conversation, kind, actor, data, previous, version) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		ms(e.At), e.Brand, e.Conversation, string(e.Kind), e.Actor, string(e.Data), last.event, int64(e.Version))
	if err == nil && e.Conversation != "" {
		f.c.chains.moveEvent(e.Conversation, e.Seq)
	}
	f.c.wake(engine.Signal{Topic: engine.TopicEvents})
	return err
}

// List of one conversation, or of a consumer's, goes back from the last event of each.
func (f events) List(w engine.EventFilter) ([]engine.Event, error) {
	chain := func(of string, id string) *where {
		q := newWhere("with recursive chain (seq) as (select last_event from conversations where "+of+" = ", id)
		q.and("last_event > ", int64(w.After)).raw(" union all select e.previous from chain join events e on e.seq = chain.seq where e.previous > ").arg(int64(w.After))
		if !w.Since.IsZero() {
			q.and("e.at >= ", ms(w.Since))
		}
		return q.raw(") select " + eventColumns + " from chain cross join events e where e.seq = chain.seq")
	}
	var q *where
	switch {
	case w.Conversation != "":
		q = chain("id", w.Conversation)
	case w.Consumer != "":
		q = chain("consumer", w.Consumer)
	default:
		q = newWhere("select "+eventColumns+" from events e where e.seq > ", int64(w.After))
	}
	if w.Brand != "" {
		q.and("e.brand = ", w.Brand)
	}
	if !w.Since.IsZero() {
		q.and("e.at >= ", ms(w.Since))
	}
	for i, kind := range w.Kinds {
		q.raw([]string{" and e.kind in (", ", "}[min(i, 1)]).arg(string(kind))
	}
	if len(w.Kinds) > 0 {
		q.raw(")")
	}
	q.raw(" order by e.seq limit ").arg(int64(w.Limit))
	return all(f.c.query(q.String(), q.args...), func(r *rows) engine.Event {
		return engine.Event{
			Seq: r.int(0), At: r.time(1), Brand: r.text(2), Conversation: r.text(3), Kind: engine.EventKind(r.text(4)), Actor: r.text(5), Data: r.bytes(6), Version: int(r.int(7)),
		}
	})
}

const eventColumns = `e.seq, e.at, e.brand, e.conversation, e.kind, e.actor, e.data, e.version`

func (f events) Last() (engine.Cursor, error) {
	n, err := f.c.number(`select coalesce(max(seq), 0) from events`)
	return engine.Cursor(n), err
}
