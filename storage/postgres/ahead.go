package postgres

import (
	"bytes"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/engine"
	"parley/storage/relational"
)

// Ahead has what a turn reads of a conversation travel with the view's first read: the
// facets that ask for it find the answers here.
func (t tx) Ahead(ref engine.ConversationRef, entries int) {
	s := t.c
	if !t.C.ReadOnly {
		return // an update keeps what it reads
	}
	id, brand := ref.ID, ref.Brand
	keep := func(to *result, key func() (string, []any, bool)) func(*pgconn.ResultReader) error {
		return func(from *pgconn.ResultReader) error {
			if err := to.read(from); err != nil {
				return err
			}
			if q, args, ok := key(); ok {
				s.known(q, args, to)
			}
			return nil
		}
	}
	// first gives the first column of a result's only row.
	first := func(r *result) (string, bool) {
		if len(r.ends) == 0 {
			return "", false
		}
		return string((&result{text: r.text, ends: r.ends, fields: r.fields, row: 1}).View(0)), true
	}
	var inbox, session, journal, consumer result
	s.putOff(lookInbox, []any{id, entries}, relational.None{}, keep(&inbox, func() (string, []any, bool) { return lookInbox, []any{id, entries}, true }))
	s.putOff(relational.CurrentSession, []any{id}, relational.None{}, keep(&session, func() (string, []any, bool) {
		return relational.CurrentSession, []any{id}, true
	}))
	s.putOff(journalAhead, []any{id}, relational.None{}, keep(&journal, func() (string, []any, bool) {
		of, ok := first(&session)
		return relational.JournalOf, []any{of}, ok
	}))
	s.putOff(consumerAhead, []any{id, brand}, relational.None{}, keep(&consumer, func() (string, []any, bool) {
		of, ok := first(&consumer)
		return relational.ConsumerOf, []any{of, brand}, ok
	}))
}

// AheadOfSends has consents and circuits travel with the view's first read.
func (t tx) AheadOfSends(items []engine.OutboxItem) {
	s := t.c
	if !t.C.ReadOnly {
		return
	}
	s.asked = map[string]bool{}
	ask := func(q string, args ...any) {
		key := question(q, texts(args))
		if s.asked[key] {
			return
		}
		s.asked[key] = true
		var answer result
		s.putOff(q, args, relational.None{}, func(from *pgconn.ResultReader) error {
			if err := answer.read(from); err != nil {
				return err
			}
			s.known(q, args, &answer)
			return nil
		})
	}
	for _, o := range items {
		ask(relational.ConsentOf, o.Channel, o.To, o.Brand)
		ask(relational.CircuitOf, o.Channel)
	}
}

const (
	journalAhead  = `select ` + relational.JournalColumns + ` from journal where session = (select id from sessions where conversation = $1 order by created_at desc, id desc limit 1) order by n`
	consumerAhead = `select ` + relational.ConsumerColumns + ` from consumers where id = (select consumer from conversations where id = $1) and brand = $2`
)

// known keeps an answer for who asks the question.
func (s *session) known(q string, args []any, answer *result) {
	if s.answers == nil {
		s.answers = map[string]*result{}
	}
	s.answers[question(q, texts(args))] = answer
}

// answered gives an answer that came ahead, once; nil when there is none.
func (s *session) answered(q string, args []any) (r *result, err error) {
	if len(s.answers)+len(s.asked) == 0 {
		return nil, nil
	}
	key := question(q, texts(args))
	if s.asked[key] && len(s.later) > 0 { // it is the first that is read
		err = s.flush()
	}
	r = s.answers[key]
	delete(s.answers, key)
	return r, err
}

func question(q string, args [][]byte) string {
	return q + "\x00" + string(bytes.Join(args, []byte{0}))
}
