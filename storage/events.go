package storage

import "parley/engine"

type events struct{ c *conn }

func (f events) Add(e *engine.Event) (err error) {
	e.Seq, err = f.c.dialect.insertSeq(f.c, "event", `insert into events (at, brand, conversation, kind, actor, data) values ($1, $2, $3, $4, $5, $6)`,
		ms(e.At), e.Brand, e.Conversation, string(e.Kind), e.Actor, string(e.Data))
	return err
}

const eventColumns = `e.seq, e.at, e.brand, e.conversation, e.kind, e.actor, e.data`

func (f events) List(w engine.EventFilter) ([]engine.Event, error) {
	q := newWhere("e.seq > ", int64(w.After))
	if w.Brand != "" {
		q.and("e.brand = ", w.Brand)
	}
	if w.Conversation != "" {
		q.and("e.conversation = ", w.Conversation)
	}
	if w.Consumer != "" {
		q.and("e.conversation <> '' and e.conversation in (select id from conversations where consumer = ", w.Consumer).raw(")")
	}
	q.raw(" order by e.seq limit ").arg(int64(w.Limit))
	return all(f.c.query("select "+eventColumns+" from events e where "+q.String(), q.args...), func(r *rows) engine.Event {
		return engine.Event{
			Seq: r.int(0), At: r.time(1), Brand: r.text(2), Conversation: r.text(3), Kind: engine.EventKind(r.text(4)), Actor: r.text(5), Data: r.bytes(6),
		}
	})
}

func (f events) Last() (engine.Cursor, error) {
	n, err := f.c.number(`select coalesce(max(seq), 0) from events`)
	return engine.Cursor(n), err
}
