package storagetest

import (
	"testing"

	"parley/engine"
)

// whole is what a turn reads.
type whole struct {
	conv     engine.Conversation
	inbox    []engine.InboxEntry
	session  engine.Session
	journal  []engine.JournalEntry
	consumer engine.Consumer
}

// testAheadOfSends: the same of what is read before sends, some of it more than once.
func testAheadOfSends(_ *testing.T, f fixture) {
	a, b, c := item("a", "c1", 0), item("b", "c2", 0), item("c", "c3", 0)
	a.To, b.To, c.To, c.Channel = "+1", "+2", "+2", "acme.web"
	f.update(func(t engine.Tx) error {
		for n, out := range []bool{false, true} {
			consent := engine.Consent{Brand: "acme", Channel: a.Channel, Address: a.To, OptedOut: out, At: at(n)}
			if err := t.Consumers().AddConsent(consent); err != nil {
				return err
			}
		}
		return t.Circuits().Add(engine.Circuit{Brand: "acme", Channel: c.Channel, Failures: 1, Since: at(1)})
	})
	items := []engine.OutboxItem{*a, *b, *c, *a}
	f.view(func(t engine.Tx) error {
		t.AheadOfSends(items)
		for _, o := range items {
			consent, err := t.Consumers().Consent(o.Brand, o.Channel, o.To)
			f.equal(consent.OptedOut, o.To == "+1")
			f.equal(engine.CodeOf(err) == engine.NotFound, o.To != "+1")
			circuit, err := t.Circuits().Get(o.Channel)
			f.equal(circuit.Failures == 1, o.Channel == c.Channel)
			f.equal(engine.CodeOf(err) == engine.NotFound, o.Channel != c.Channel)
		}
		return nil
	})
}

// testAhead: what is announced is read as it is otherwise, also what is missing, and what
// is asked for again.
func testAhead(_ *testing.T, f fixture) {
	session := engine.Session{ID: "s2", Brand: "acme", Conversation: "c1", Bot: "b", Version: "v", State: engine.SessionWaiting, CreatedAt: at(2)}
	older := session
	older.ID, older.CreatedAt = "s1", at(1)
	f.update(func(t engine.Tx) error {
		if err := t.Consumers().Add(engine.Consumer{ID: "ann", Brand: "acme", Name: "Ann"}, engine.Identity{Kind: "twilio", Address: "+1"}); err != nil {
			return err
		}
		if err := add([]engine.Conversation{conversation("c1"), conversation("c2")}, t.Conversations().Add); err != nil {
			return err
		}
		for n := range int64(5) {
			if err := t.Inbox().Add(engine.InboxEntry{Conversation: "c1", N: n + 1, Kind: engine.InboxMessage, At: at(int(n))}); err != nil {
				return err
			}
		}
		if err := add([]engine.Session{older, session}, t.Sessions().Add); err != nil {
			return err
		}
		return t.Sessions().Record([]engine.JournalEntry{{Session: "s2", N: 0, Call: "say", At: at(1)}, {Session: "s1", N: 0, Call: "ask", At: at(1)}})
	})
	look := func(t engine.Tx, id string) (w whole, err error) {
		if w.conv, err = t.Conversations().Get("acme", id); engine.UnlessGone(err) != nil {
			return w, err
		}
		if w.inbox, err = t.Inbox().Look(id, 3); err != nil {
			return w, err
		}
		if w.session, err = t.Sessions().Current(id); engine.UnlessGone(err) != nil {
			return w, err
		}
		if w.journal, err = t.Sessions().Journal(w.session.ID); err != nil {
			return w, err
		}
		w.consumer, err = t.Consumers().Get("acme", w.conv.Consumer)
		return w, engine.UnlessGone(err)
	}
	for _, id := range []string{"c1", "c2", "none"} {
		want := read(f, func(t engine.Tx) (whole, error) { return look(t, id) })
		f.view(func(t engine.Tx) error {
			t.Ahead(engine.ConversationRef{Brand: "acme", ID: id}, 3)
			for range 2 {
				got, err := look(t, id)
				if err != nil {
					return err
				}
				f.equal(got.conv, want.conv)
				f.equal(got.inbox, want.inbox)
				f.equal(got.session, want.session)
				f.equal(got.journal, want.journal)
				f.equal(got.consumer, want.consumer)
			}
			return nil
		})
	}
	one := read(f, func(t engine.Tx) (whole, error) { return look(t, "c1") })
	f.equal(one.session.ID, "s2")
	f.equal(len(one.journal), 1)
	f.equal(len(one.inbox), 4)
	f.equal(one.consumer.Name, "Ann")
}
