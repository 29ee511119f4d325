package storagetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"parley/engine"
)

func item(id, conversation string, due int) *engine.OutboxItem {
	return &engine.OutboxItem{
		ID: id, Brand: "acme", Channel: "acme.sms", Conversation: conversation, Kind: engine.OutboxMessage, To: "+1", Message: "m-" + id, Parts: 1,
		Content: engine.Content{Text: "hi"}, State: engine.OutboxPending, DueAt: at(due), CreatedAt: at(0),
	}
}

func (f fixture) put(items ...*engine.OutboxItem) {
	f.t.Helper()
	f.update(func(t engine.Tx) error { return add(items, t.Outbox().Add) })
}

func (f fixture) claim(now, limit int) []engine.OutboxItem {
	f.t.Helper()
	var got []engine.OutboxItem
	f.update(func(t engine.Tx) (err error) {
		got, err = t.Outbox().Claim(at(now), at(now+100), limit)
		return err
	})
	return got
}

func (f fixture) claimed(now, limit int) string {
	f.t.Helper()
	return ids(f.claim(now, limit), func(o engine.OutboxItem) string { return o.ID })
}

func (f fixture) settle(o engine.OutboxItem, s engine.OutboxState) {
	f.t.Helper()
	o.State = s
	f.update(func(t engine.Tx) error { return t.Outbox().Save(o) })
}

func testOutbox(_ *testing.T, f fixture) {
	a := item("a", "c1", 10)
	b := &engine.OutboxItem{
		ID: "b", Brand: "acme", Channel: "acme.sms", Conversation: "c1", Kind: engine.OutboxHTTP, Session: "s1", Step: 7, Request: []byte(`{"method":"GET"}`),
		State: engine.OutboxPending, DueAt: at(10), CreatedAt: at(1),
	}
	f.put(a, b)
	if a.Seq <= 0 || b.Seq <= a.Seq {
		f.t.Fatalf("sequence numbers %d and %d do not grow", a.Seq, b.Seq)
	}
	get := func(id string) engine.OutboxItem {
		return read(f, func(t engine.Tx) (engine.OutboxItem, error) { return t.Outbox().Get(id) })
	}
	f.equal(get("a"), *a)
	f.equal(get("b"), *b)
	f.missing(func(t engine.Tx) error { _, err := t.Outbox().Get("x"); return err })

	got := f.claim(10, 10)
	a.State, a.Attempt, a.LeaseUntil, a.TriedAt = engine.OutboxLeased, 1, at(110), at(10)
	b.State, b.Attempt, b.LeaseUntil, b.TriedAt = engine.OutboxLeased, 1, at(110), at(10)
	f.equal(got, []engine.OutboxItem{*a, *b})
	f.equal(get("a"), *a)

	stale := *a
	stale.Attempt = 0
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Outbox().Save(stale) })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Outbox().Save(engine.OutboxItem{ID: "x"}) })
	a.State, a.ProviderID, a.Receipt, a.Failure, a.DueAt, a.LeaseUntil = engine.OutboxDone, "SM1", engine.Delivered, "late", at(20), time.Time{}
	a.Tries, a.Lookups, a.DeniedAt, a.Apart = 3, 2, at(15), time.Minute
	f.update(func(t engine.Tx) error { return t.Outbox().Save(*a) })
	f.equal(get("a"), *a)
	f.equal(read(f, func(t engine.Tx) (engine.OutboxItem, error) { return t.Outbox().ByProvider("acme.sms", "SM1") }), *a)
	f.missing(func(t engine.Tx) error { _, err := t.Outbox().ByProvider("acme.web", "SM1"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Outbox().ByProvider("acme.sms", ""); return err })
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Outbox().Add(item("a", "c9", 0)) })
	begun := *a
	begun.State = engine.OutboxPending
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Outbox().Save(begun) }) // what has ended has ended
}

// testSettle: what was claimed is settled in one step, unless a receipt or another attempt was quicker.
func testSettle(_ *testing.T, f fixture) {
	settle := func(claimed engine.OutboxItem) bool {
		done := claimed
		done.State, done.ProviderID, done.Receipt, done.LeaseUntil = engine.OutboxDone, "SM-"+claimed.ID, engine.Sent, time.Time{}
		get := func() engine.OutboxItem {
			return read(f, func(t engine.Tx) (engine.OutboxItem, error) { return t.Outbox().Get(claimed.ID) })
		}
		want := get()
		err := f.store.Update(f.t.Context(), func(t engine.Tx) error { return t.Outbox().Settle(claimed, done) })
		if err == nil {
			want = done
		} else {
			f.equal(engine.CodeOf(err), engine.Conflict)
		}
		f.equal(get(), want)
		return err == nil
	}
	f.put(item("a", "c1", 0), item("b", "c1", 0), item("c", "c1", 0))
	a := f.claim(0, 10)[0]
	f.equal(settle(a), true)
	f.equal(settle(a), false) // it has ended

	b := f.claim(0, 10)[0]
	f.equal(b.ID, "b") // the one before it let go
	quicker := b
	quicker.Receipt = engine.Delivered
	f.update(func(t engine.Tx) error { return t.Outbox().Save(quicker) })
	f.equal(settle(b), false)
	f.equal(settle(quicker), true)

	c := f.claim(0, 10)[0]
	again := c
	again.State = engine.OutboxPending
	f.update(func(t engine.Tx) error { return t.Outbox().Save(again) })
	f.equal(settle(c), false) // given back
	f.equal(f.claim(0, 10)[0].Attempt, 2)
	f.equal(settle(c), false) // the first attempt is over
}

// testHeadOfLine: an active item holds back what follows it in its
// conversation and kind, whatever its state, and nothing else.
func testHeadOfLine(_ *testing.T, f fixture) {
	web := item("h", "c1", 0)
	web.Kind = engine.OutboxHTTP
	f.put(item("a1", "c1", 5), item("a2", "c1", 0), item("b1", "c2", 50), item("b2", "c2", 0), item("d1", "c3", 1), web)
	f.equal(f.claimed(0, 10), "[h]")
	f.equal(f.claimed(4, 10), "[d1]")
	got := f.claim(10, 10)
	f.equal(ids(got, func(o engine.OutboxItem) string { return o.ID }), "[a1]")
	f.equal(f.claimed(10, 10), "[]") // leased holds back
	f.settle(got[0], engine.OutboxUnsure)
	f.equal(f.claimed(10, 10), "[]") // unknown holds back
	got[0].DueAt = at(30)
	f.settle(got[0], engine.OutboxPending)
	f.equal(f.claimed(10, 10), "[]") // a retry holds back
	again := f.claim(30, 10)
	f.equal(again[0].Attempt, 2)
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Outbox().Save(got[0]) }) // the first attempt is over
	f.settle(again[0], engine.OutboxFailed)
	f.equal(f.claimed(30, 10), "[a2]") // failed lets go
	f.equal(f.claimed(50, 10), "[b1]")
	b1 := read(f, func(t engine.Tx) (engine.OutboxItem, error) { return t.Outbox().Get("b1") })
	f.settle(b1, engine.OutboxDone)
	f.equal(f.claimed(50, 10), "[b2]") // done lets go

	f.put(item("x1", "x", 90), item("y1", "y", 80), item("z1", "z", 70))
	f.equal(f.claimed(99, 2), "[z1 y1]") // the longest due first
	f.equal(f.claimed(99, 2), "[x1]")
}

// testClaimRace has 16 workers claim and settle; every item goes out once and
// in order within its conversation.
func testClaimRace(t *testing.T, f fixture) {
	const conversations, each = 10, 12
	f.update(func(t engine.Tx) error {
		for i := range each {
			for c := range conversations {
				if err := t.Outbox().Add(item(fmt.Sprintf("%d-%02d", c, i), fmt.Sprint("c", c), 0)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	var mu sync.Mutex
	sent := map[string][]string{}
	total := 0
	errs := concurrently(16, func(int) error {
		for {
			mu.Lock()
			done := total == conversations*each
			mu.Unlock()
			if done {
				return nil
			}
			var got []engine.OutboxItem
			err := f.store.Update(context.Background(), func(t engine.Tx) (err error) {
				got, err = t.Outbox().Claim(at(1), at(100), 3)
				return err
			})
			if err != nil {
				return err
			}
			for _, o := range got {
				mu.Lock()
				sent[o.Conversation] = append(sent[o.Conversation], o.ID)
				total++
				mu.Unlock()
				o.State = engine.OutboxDone
				if err := f.store.Update(context.Background(), func(t engine.Tx) error { return t.Outbox().Save(o) }); err != nil {
					return err
				}
			}
		}
	})
	if n := count(errs, ""); n != 16 {
		t.Fatalf("workers failed: %v", errs)
	}
	for c, list := range sent {
		for i, id := range list {
			if want := fmt.Sprintf("%s-%02d", c[1:], i); id != want {
				t.Fatalf("%s sent %s at place %d", c, id, i)
			}
		}
		f.equal(len(list), each)
	}
}

func testStale(_ *testing.T, f fixture) {
	f.put(item("a", "c1", 0), item("b", "c2", 0), item("d", "c3", 0))
	for _, o := range f.claim(0, 10) { // leased until 100
		if o.ID == "b" {
			o.DueAt = at(40)
			f.settle(o, engine.OutboxUnsure)
		}
		if o.ID == "d" {
			f.settle(o, engine.OutboxDone)
		}
	}
	stale := func(now, limit int) string {
		return ids(read(f, func(t engine.Tx) ([]engine.OutboxItem, error) { return t.Outbox().Stale(at(now), limit) }),
			func(o engine.OutboxItem) string { return o.ID })
	}
	f.equal(stale(39, 10), "[]")
	f.equal(stale(40, 10), "[b]")
	f.equal(stale(100, 10), "[a b]")
	f.equal(stale(100, 1), "[a]")
}

func testExpireNext(_ *testing.T, f fixture) {
	next := func() time.Time {
		return read(f, func(t engine.Tx) (time.Time, error) { return t.Outbox().Next() })
	}
	f.equal(next(), time.Time{})
	f.put(item("a", "c1", 20), item("b", "c2", 10))
	f.equal(next(), at(10))
	got := f.claim(10, 10)
	f.equal(next(), at(20)) // a lease is nothing to wait for
	got[0].DueAt = at(5)
	f.settle(got[0], engine.OutboxUnsure)
	f.equal(next(), at(5))
	f.equal(f.claimed(20, 10), "[a]")
	f.update(func(t engine.Tx) error { return t.Outbox().Expire(at(30)) })
	list := read(f, func(t engine.Tx) ([]engine.OutboxItem, error) { return t.Outbox().Stale(at(30), 10) })
	f.equal(ids(list, func(o engine.OutboxItem) string { return o.ID }), "[a b]")
	f.equal(list[0].LeaseUntil, at(30))
}

// testCircuit: an open circuit lets one message pass when its time has come,
// and holds back no other channel and no outside call.
func testCircuit(_ *testing.T, f fixture) {
	call := item("call", "c1", 0)
	call.Kind = engine.OutboxHTTP
	web := item("w", "c4", 2)
	web.Channel = "acme.web"
	f.put(item("a1", "c1", 0), item("a2", "c1", 0), item("b", "c2", 1), item("d", "c3", 3), call, web)
	c := engine.Circuit{
		Brand: "acme", Channel: "acme.sms", Class: engine.SendAuth, Code: "20003", Message: "wrong", Failures: 3, Since: at(5), ProbeAt: at(50),
		Probe: "x", Settings: "digest", Told: true,
	}
	get := func() engine.Circuit {
		return read(f, func(t engine.Tx) (engine.Circuit, error) { return t.Circuits().Get("acme.sms") })
	}
	next := func() time.Time {
		return read(f, func(t engine.Tx) (time.Time, error) { return t.Outbox().Next() })
	}
	f.missing(func(t engine.Tx) error { _, err := t.Circuits().Get("acme.sms"); return err })
	f.update(func(t engine.Tx) error { return t.Circuits().Save(c) })
	f.equal(get(), c)
	f.equal(c.Open(), true)
	f.equal(next(), at(0)) // the call
	f.equal(f.claimed(49, 10), "[call w]")
	f.equal(next(), at(50))
	got := f.claim(50, 10)
	f.equal(ids(got, func(o engine.OutboxItem) string { return o.ID }), "[a1]")
	c.Probe, c.ProbeAt = "a1", at(150)
	f.equal(get(), c)
	f.equal(f.claimed(149, 10), "[]") // nobody else tries meanwhile
	f.equal(next(), at(150))
	got[0].DueAt = at(900)
	f.settle(got[0], engine.OutboxPending)
	f.equal(f.claimed(150, 10), "[b]") // the next one of those that wait

	c.ProbeAt = time.Time{} // closed, though something failed
	f.update(func(t engine.Tx) error { return t.Circuits().Save(c) })
	f.equal(f.claimed(150, 10), "[d]")

	overdue := func(channel string, now, limit int) string {
		return ids(read(f, func(t engine.Tx) ([]engine.OutboxItem, error) { return t.Sends().Overdue(channel, at(now), limit) }),
			func(o engine.OutboxItem) string { return o.ID })
	}
	f.put(item("e", "c5", 160), item("g", "c6", 170))
	f.equal(overdue("acme.sms", 159, 10), "[]")
	f.equal(overdue("acme.sms", 1000, 10), "[e g a1]")
	f.equal(overdue("acme.sms", 1000, 2), "[e g]")
	f.equal(overdue("acme.web", 1000, 2), "[]")
	f.update(func(t engine.Tx) error { return t.Sends().Hurry("acme.sms", at(160), at(899)) })
	f.equal(overdue("acme.sms", 160, 10), "[e g]")
	f.update(func(t engine.Tx) error { return t.Sends().Hurry("acme.web", at(160), at(900)) })
	f.update(func(t engine.Tx) error { return t.Sends().Hurry("acme.sms", at(160), at(900)) })
	f.equal(overdue("acme.sms", 160, 10), "[a1 e g]")

	other := engine.Circuit{Brand: "beta", Channel: "beta.sms", Class: engine.SendRetry, Failures: 1, Since: at(1)}
	f.update(func(t engine.Tx) error { return t.Circuits().Save(other) })
	list := func(brand string) []engine.Circuit {
		return read(f, func(t engine.Tx) ([]engine.Circuit, error) { return t.Circuits().List(brand) })
	}
	f.equal(list(""), []engine.Circuit{c, other})
	f.equal(list("beta"), []engine.Circuit{other})
	f.update(func(t engine.Tx) error { return t.Circuits().Remove("acme.sms") })
	f.update(func(t engine.Tx) error { return t.Circuits().Remove("acme.sms") })
	f.equal(list("acme"), []engine.Circuit(nil))
}

// testSends finds the sends of a message and those that wait behind another.
func testSends(_ *testing.T, f fixture) {
	part := func(message string, part, round int, conversation string) *engine.OutboxItem {
		o := item(engine.SendID(message, part, round), conversation, 0)
		o.Message, o.Part, o.Parts = message, part, 11
		return o
	}
	f.put(part("m1", 10, 0, "c1"), part("m1", 2, 0, "c1"), part("m10", 0, 0, "c1"), part("m1", 2, 1, "c2"))
	of := func(message string) string {
		return ids(read(f, func(t engine.Tx) ([]engine.OutboxItem, error) { return t.Sends().Of(message) }), func(o engine.OutboxItem) string { return o.ID })
	}
	f.equal(of("m1"), "[m1.2 m1.2.1 m1.10]")
	f.equal(of("m10"), "[m10.0]")
	f.equal(of("m"), "[]")
	waiting := func(conversation string, limit int) string {
		return ids(read(f, func(t engine.Tx) ([]engine.OutboxItem, error) { return t.Sends().Waiting(conversation, limit) }),
			func(o engine.OutboxItem) string { return o.ID })
	}
	f.equal(waiting("c1", 10), "[m1.10 m1.2 m10.0]")
	f.equal(waiting("c1", 1), "[m1.10]")
	f.equal(f.claimed(0, 1), "[m1.10]")
	f.equal(waiting("c1", 10), "[m1.2 m10.0]")
	f.equal(waiting("c9", 10), "[]")
}
