package postgres

import (
	"github.com/jackc/pgx/v5/pgconn"

	"parley/engine"
	"parley/storage/relational"
)

// events is the log. An event's number is made of its transaction's number and its place
// in the transaction. A transaction takes its number after it got the row of the
// conversation that it changes, so that numbers grow along each conversation; where one
// did not, it is run again. All that a reader can still miss has the number of a
// transaction that was under way when it looked, or a higher one: it reads up to there.
// What is under way ends soon (idleInUpdate, longStatement).
type events struct{ c *session }

// maxEvents is how many events an update may have: the places behind a transaction's
// number (migrations, event_seq).
const maxEvents = 1 << 14

// addEvent fails when the conversation is missing, or has an event with a higher number.
const addEvent = `with added as (
		insert into events (seq, at, brand, conversation, kind, actor, data, version)
		select event_seq($9::bigint, $1::bigint), $2::bigint, $3::text, $4::text, $5::text, $6::text, $7::text, $8::bigint
		where $4::text = '' or exists (select 1 from conversations where id = $4::text)
		returning seq, $4::text <> '' and exists (select 1 from events e where e.conversation = $4::text and e.conversation <> '' and e.seq > event_seq($9::bigint, $1::bigint)) as late
	) select max(seq), 1 / count(*), case when bool_or(late) then cast('late ' || max(seq) as int) end from added`

// Add travels with the next statement: Seq is set then.
func (f events) Add(e *engine.Event) error {
	c := f.c
	if err := c.facets.MayWrite(); err != nil {
		return err
	}
	if c.events == maxEvents {
		return engine.Errorf(engine.TooLarge, "an update has at most %d events", maxEvents)
	}
	base := c.db.base.Load()
	c.facets.Wake(engine.Signal{Topic: engine.TopicEvents})
	e.Version = engine.EventVersion
	args := []any{c.events, relational.MS(e.At), e.Brand, e.Conversation, string(e.Kind), e.Actor, string(e.Data), int64(e.Version), base}
	c.putOff(addEvent, args, relational.None{What: "conversation"}, func(from *pgconn.ResultReader) error {
		var r result
		if err := r.read(from); err != nil {
			return err
		}
		if row, _ := r.Step(); row {
			e.Seq = r.Int(0)
			c.xid = e.Seq/maxEvents - base
		}
		return nil
	})
	c.events++
	return c.broken
}

func (f events) List(w engine.EventFilter) ([]engine.Event, error) {
	q := relational.NewWhere("select seq, at, brand, conversation, kind, actor, data, version from events where seq > ", int64(w.After))
	if w.Conversation != "" {
		q.And("conversation = ", w.Conversation)
	}
	if w.Consumer != "" {
		q.Raw(" and conversation in (select id from conversations where consumer = ").Arg(w.Consumer).Raw(")")
	}
	// Who goes on from what he gets must not pass what is still to come. An update that
	// keeps its conversation has all of it before: numbers grow along a conversation.
	one := w.Conversation != "" && (w.After == 0 || !f.c.facets.ReadOnly)
	if !one && (w.After > 0 || w.Consumer == "") {
		f.settled(q.Raw(" and "))
	}
	if w.Brand != "" {
		q.And("brand = ", w.Brand)
	}
	if !w.Since.IsZero() {
		q.And("at >= ", w.Since)
	}
	relational.In(q, "kind", w.Kinds).Raw(" order by seq limit ").Arg(w.Limit)
	return relational.All(f.c.facets.Query(q.String(), q.Args...), func(e *engine.Event, to []any) []any {
		return append(to, &e.Seq, &e.At, &e.Brand, &e.Conversation, (*string)(&e.Kind), &e.Actor, &e.Data, &e.Version)
	})
}

// settled leaves out what others may still get in front of. An update sees its own.
func (f events) settled(q *relational.Where) {
	base := f.c.db.base.Load()
	q.Raw("(seq <= (select event_end(").Arg(base).Raw("))")
	if !f.c.facets.ReadOnly {
		q.Raw(" or seq >> 14 = pg_current_xact_id_if_assigned()::text::bigint + ").Arg(base)
	}
	q.Raw(")")
}

func (f events) Last() (engine.Cursor, error) {
	q := relational.NewWhere("select coalesce(max(seq), 0) from events where seq > ", int64(0))
	f.settled(q.Raw(" and "))
	n, err := f.c.facets.Number(q.String(), q.Args...)
	return engine.Cursor(n), err
}
