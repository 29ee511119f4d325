package storagetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"parley/engine"
)

// life is a conversation with a row of every kind.
func life(t engine.Tx, c engine.Conversation) error {
	done, waits := item(c.ID+"-done", c.ID, 0), item(c.ID+"-waits", c.ID, 0)
	done.State, done.Brand, waits.Brand = engine.OutboxDone, c.Brand, c.Brand
	s := engine.Session{ID: "s-" + c.ID, Brand: c.Brand, Conversation: c.ID, State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitMessage, Step: 1}, Start: []byte(`1`)}
	m := message("m-"+c.ID, c.ID, 1)
	m.Brand = c.Brand
	ring := timer("t-" + c.ID)
	ring.Conversation, ring.Session = c.ID, s.ID
	told := event(c.ID, `"secret"`)
	told.Brand = c.Brand
	file := blob("b-" + c.ID)
	file.Brand, file.Conversation, file.State, file.Name, file.DueAt = c.Brand, c.ID, engine.BlobReady, "secret", time.Time{}
	return errors.Join(
		t.Conversations().Add(c), t.Messages().Add(m), t.Sessions().Add(s), t.Timers().Add(ring), t.Events().Add(told),
		t.Sessions().Record([]engine.JournalEntry{{Session: s.ID, N: 0, Call: "ask", Answer: []byte(`"secret"`)}}),
		t.Inbox().Add(engine.InboxEntry{Conversation: c.ID, N: 1, Kind: engine.InboxMessage, Data: []byte(`"secret"`)}),
		t.Utterances().Add(&engine.Utterance{Brand: c.Brand, Conversation: c.ID, Text: "secret", State: engine.UtteranceOpen}),
		t.Faults().Record(engine.FaultGroup{Brand: c.Brand, ID: c.ID, Last: at(1), Fault: engine.Fault{Message: "secret"}}, c.ID),
		t.Outbox().Add(done), t.Outbox().Add(waits), t.Blobs().Add(file),
	)
}

func testErasure(_ *testing.T, f fixture) {
	c, other := fullConversation("c1"), conversation("c2")
	c.LastInbox, other.Consumer = 1, "bob"
	f.update(func(t engine.Tx) error {
		for _, id := range []string{"ann", "bob"} {
			address := map[string]string{"ann": c.Address, "bob": other.Address}[id]
			err := errors.Join(
				t.Consumers().Add(engine.Consumer{ID: id, Brand: "acme", Name: "N", Language: "de", Attributes: map[string]string{"a": "b"}}, engine.Identity{Brand: "acme", Kind: "twilio", Address: address, Consumer: id}),
				t.Consumers().AddConsent(engine.Consent{Brand: "acme", Channel: "acme.sms", Address: address, OptedOut: true, At: at(1)}),
				t.Followups().Add(engine.Followup{ID: "f-" + id, Brand: "acme", Consumer: id, FollowupData: engine.FollowupData{Name: "n"}}),
			)
			if err != nil {
				return err
			}
		}
		return errors.Join(life(t, c), life(t, other))
	})
	f.equal(read(f, func(t engine.Tx) ([]string, error) { return t.Erasure().Conversations("acme", "ann", "", 10) }), []string{"c1"})
	f.equal(len(read(f, func(t engine.Tx) ([]string, error) { return t.Erasure().Conversations("acme", "ann", "c1", 10) })), 0)
	f.equal(len(read(f, func(t engine.Tx) ([]string, error) { return t.Erasure().Conversations("beta", "ann", "", 10) })), 0)

	erase := func(brand, id string) (n int, err error) {
		err = f.store.Update(f.t.Context(), func(t engine.Tx) (err error) {
			n, err = t.Erasure().Conversation(brand, id)
			return err
		})
		return n, err
	}
	code := func(brand, id string) engine.Code { _, err := erase(brand, id); return engine.CodeOf(err) }
	f.equal(code("acme", "c1"), engine.Conflict) // it is open
	ended := closed(c)
	f.update(func(t engine.Tx) error { return t.Conversations().Save(&ended) })
	f.equal(code("beta", "c1"), engine.NotFound)
	n, err := erase("acme", "c1")
	if n != 1 || err != nil {
		f.t.Fatalf("erased %d, %v", n, err)
	}
	left := engine.Conversation{
		ID: "c1", Brand: "acme", Channel: c.Channel, Kind: c.Kind, Consumer: "ann", State: engine.Closed, Owner: engine.OwnerNone, Agent: c.Agent, Skill: c.Skill,
		Priority: c.Priority, Rev: ended.Rev + 1, Language: c.Language, LastInbox: 1, LastSeq: c.LastSeq, LastAt: c.LastAt, CreatedAt: c.CreatedAt, ClosedAt: ended.ClosedAt,
		Outcome: c.Outcome, ClosedBy: c.ClosedBy,
	}
	f.equal(read(f, getConversation("c1")), left)
	f.view(func(t engine.Tx) error {
		for i, id := range []string{"c1", "c2"} {
			messages, err := t.Messages().List("acme", id, 0, 10)
			inbox, err1 := t.Inbox().List(id)
			journal, err2 := t.Sessions().Journal("s-" + id)
			session, err3 := t.Sessions().Get("s-" + id)
			events, err4 := t.Events().List(engine.EventFilter{Conversation: id, Limit: 10})
			_, fault := t.Faults().Get("acme", id)
			_, said := t.Utterances().Find("acme", id, "secret")
			_, sent := t.Outbox().Get(id + "-done")
			_, waits := t.Outbox().Get(id + "-waits")
			gone := func(err error) int {
				if engine.CodeOf(err) == engine.NotFound {
					return 0
				}
				return 1
			}
			f.equal([]int{len(messages), len(inbox), len(journal), len(session.Start), session.Wait.Step, gone(fault), gone(said), gone(waits)}, []int{i, i, i, i, i, i, i, i})
			f.equal(len(events), 1)
			f.equal(len(events[0].Data) > 0, i == 1)
			f.equal(gone(sent), 1) // the consumer's erasure takes it
			if err := errors.Join(err, err1, err2, err3, err4); err != nil {
				return err
			}
		}
		return nil
	})
	f.equal(timerIDs(f), "[t-c2]")
	f.update(func(t engine.Tx) error { // what is left is to have the bytes removed
		gone, err := t.Blobs().Claim(at(0), at(1), 10)
		if f.equal(blobIDs(gone), "[b-c1]"); len(gone) == 1 {
			f.equal([]string{string(gone[0].State), gone[0].Name}, []string{string(engine.BlobGone), ""})
		}
		return err
	})

	items := read(f, func(t engine.Tx) ([]int64, error) { return t.Erasure().Outbox("acme", "ann") })
	f.equal(len(items), 1)
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Erasure().Consumer("beta", "ann", nil) })
	f.update(func(t engine.Tx) error { return t.Erasure().Consumer("acme", "ann", items) })
	f.missing(func(t engine.Tx) error { _, err := t.Outbox().Get("c1-done"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Consumers().ByAddress("acme", "twilio", c.Address); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Consumers().Consent("acme", "acme.sms", c.Address); return err })
	ann := read(f, func(t engine.Tx) (engine.Consumer, error) { return t.Consumers().Get("acme", "ann") })
	f.equal(ann.Name+ann.Language+fmt.Sprint(len(ann.Attributes)), "0")
	bob := read(f, func(t engine.Tx) (engine.Consumer, error) {
		return t.Consumers().ByAddress("acme", "twilio", other.Address)
	})
	f.equal(bob.Name, "N")
	f.equal(ids(read(f, func(t engine.Tx) ([]engine.Followup, error) { return t.Followups().Due(at(9), 10) }), func(p engine.Followup) string { return p.ID }), "[f-bob]")
}

func testRetention(_ *testing.T, f fixture) {
	f.update(func(t engine.Tx) error {
		for i := range 6 {
			c := closed(conversation(fmt.Sprint("c", i)))
			c.ClosedAt = at(10 * i)
			if i == 1 {
				c.Brand = "beta"
			}
			if i == 2 {
				c.State, c.Owner = engine.Open, engine.OwnerBot
			}
			if err := life(t, c); err != nil {
				return err
			}
		}
		return nil
	})
	// Sends: an active one of the brand stops the sweep, until it is settled.
	sends := func(before, limit int) (more bool) {
		f.update(func(t engine.Tx) (err error) { more, err = t.Retention().Sends("acme", at(before), limit); return err })
		return more
	}
	has := func(id string) bool {
		found := true
		f.view(func(t engine.Tx) error {
			_, err := t.Outbox().Get(id)
			found = engine.CodeOf(err) != engine.NotFound
			return nil
		})
		return found
	}
	f.equal(sends(0, 10), false) // nothing was made before
	f.equal(has("c0-done"), true)
	f.equal(sends(1, 10), false)
	f.equal([]bool{has("c0-done"), has("c0-waits"), has("c2-done")}, []bool{false, true, true})
	first := read(f, func(t engine.Tx) (engine.OutboxItem, error) { return t.Outbox().Get("c0-waits") })
	f.settle(first, engine.OutboxFailed)
	f.equal(sends(1, 3), true) // c0's, then two of the other brand, which stay
	f.equal([]bool{has("c0-waits"), has("c1-done"), has("c1-waits"), has("c2-done")}, []bool{false, true, true, true})
	f.equal(sends(1, 10), false)
	f.equal([]bool{has("c2-done"), has("c2-waits")}, []bool{false, true})

	// Journals and conversations: those that ended before, in the order they ended, each once.
	journals := func(before, limit int) (more bool) {
		f.update(func(t engine.Tx) (err error) {
			more, err = t.Retention().Journals("acme", at(before), limit)
			return err
		})
		return more
	}
	kept := func() (out string) {
		f.view(func(t engine.Tx) error {
			for i := range 6 {
				entries, err := t.Sessions().Journal(fmt.Sprint("s-c", i))
				if err != nil {
					return err
				}
				out += fmt.Sprint(len(entries))
			}
			return nil
		})
		return out
	}
	f.equal(journals(40, 1), true)
	f.equal(kept(), "011111")
	f.equal(journals(40, 10), false)
	f.equal(kept(), "011011") // neither the other brand's nor the open one's

	over := func(before, limit int) (ids []string, mark engine.RetentionMark) {
		f.view(func(t engine.Tx) (err error) {
			ids, mark, err = t.Retention().Conversations("acme", at(before), limit)
			return err
		})
		return ids, mark
	}
	list, mark := over(50, 2)
	f.equal(list, []string{"c0", "c3"})
	f.equal(mark.At, at(30))
	again, _ := over(50, 2)
	f.equal(again, list) // until it is said that they are done
	f.update(func(t engine.Tx) error { return t.Retention().Reached("acme", mark) })
	list, _ = over(50, 2)
	f.equal(list, []string{"c4"})
	list, _ = over(51, 2)
	f.equal(list, []string{"c4", "c5"})
}
