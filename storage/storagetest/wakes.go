package storagetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"parley/engine"
)

// woken is what a store has sent.
type woken struct {
	mu  sync.Mutex
	all []engine.Signal
}

func (w *woken) note(s engine.Signal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, s)
}

// take gives what was sent since the last time, as words.
func (w *woken) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []string
	for _, s := range w.all {
		out = append(out, string(s.Topic)+" "+s.Key+string(s.Data))
	}
	w.all = nil
	return out
}

// testWakes: signals go out once, after the commit, and those of what failed never.
func testWakes(t *testing.T, f fixture) {
	var sent woken
	ctx := context.Background()
	say := func(s string) engine.Signal { return engine.Signal{Topic: engine.TopicDialog, Brand: "acme", Key: s} }
	f.update(func(tx engine.Tx) error { tx.Wake(say("nobody listens yet")); return nil })
	f.store.Notify(sent.note)

	f.update(func(tx engine.Tx) error {
		tx.Wake(say("a"))
		tx.Wake(say("b"))
		tx.Wake(say("a"))
		tx.Wake(engine.Signal{Topic: engine.TopicPass, Key: "p", Data: []byte("1")})
		tx.Wake(engine.Signal{Topic: engine.TopicPass, Key: "p", Data: []byte("1")})
		f.equal(sent.take(), []string(nil))
		return nil
	})
	f.equal(sent.take(), []string{"dialog a", "dialog b", "pass p1", "pass p1"})

	own := errors.New("own error")
	err := f.store.Update(ctx, func(tx engine.Tx) error {
		tx.Wake(say("a"))
		return errors.Join(tx.Timers().Add(timer("t")), own)
	})
	if !errors.Is(err, own) {
		t.Errorf("the update gave %v", err)
	}
	f.view(func(tx engine.Tx) error { tx.Wake(say("a view writes nothing")); return nil })
	f.equal(sent.take(), []string(nil))

	// What is put up for a worker wakes it.
	f.update(func(tx engine.Tx) error {
		return errors.Join(
			tx.Timers().Add(timer("t")),
			tx.Followups().Add(engine.Followup{ID: "f", Brand: "acme", Consumer: "ann", FollowupData: engine.FollowupData{Name: "n"}}),
			tx.Outbox().Add(&engine.OutboxItem{ID: "o", Brand: "acme", State: engine.OutboxPending}),
			tx.Queue().Put(engine.QueueEntry{Conversation: "c", Brand: "acme"}),
			tx.Events().Add(&engine.Event{Brand: "acme", Kind: engine.EventBotLog, Data: []byte("{}")}),
			tx.Brands().Save(brand("acme")), tx.Brands().SaveChannels("acme", nil), tx.Brands().SaveSkills("acme", nil),
		)
	})
	f.equal(sent.take(), []string{"timers ", "delivery ", "routing acme", "events ", "brand acme"})

	// Many at once, of which some fail and make the others run again.
	concurrently(64, func(i int) error {
		return f.store.Update(ctx, func(tx engine.Tx) error {
			tx.Wake(say(fmt.Sprintf("%02d", i)))
			if err := tx.Timers().Add(timer(fmt.Sprint(i))); err != nil || i%3 > 0 {
				return err
			}
			return own
		})
	})
	var want []string
	for i := range 64 {
		if i%3 > 0 {
			want = append(want, fmt.Sprintf("dialog %02d", i))
		}
	}
	got := slices.DeleteFunc(sent.take(), func(s string) bool { return s == "timers " })
	slices.Sort(got)
	f.equal(got, want)
}

// testLineWakes: who ends an item wakes for the next of its line, and for nothing otherwise.
func testLineWakes(_ *testing.T, f fixture) {
	other := item("other", "c1", 0)
	other.Kind = engine.OutboxHTTP
	f.put(item("a", "c1", 0), item("b", "c1", 50), item("alone", "c2", 0), other)
	var sent woken
	f.store.Notify(sent.note)
	got := f.claim(0, 10)
	f.equal(ids(got, func(o engine.OutboxItem) string { return o.ID }), "[a alone other]")
	for _, o := range got {
		want := []string(nil)
		if o.ID == "a" {
			want = []string{"delivery "}
		}
		unsure := o
		unsure.State = engine.OutboxUnsure
		f.update(func(t engine.Tx) error { return t.Outbox().Save(unsure) })
		f.equal(sent.take(), []string(nil))
		f.settle(unsure, engine.OutboxDone)
		f.equal(sent.take(), want)
	}
	b := f.claim(50, 10)[0]
	f.put(item("d", "c1", 50))
	sent.take()
	done := b
	done.State = engine.OutboxDone
	f.update(func(t engine.Tx) error { return t.Outbox().Settle(b, done) })
	f.equal(sent.take(), []string{"delivery "})
	f.equal(f.claimed(50, 10), "[d]")
}
