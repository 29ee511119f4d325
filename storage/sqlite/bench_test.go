package sqlite

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/engine"
)

const benchClients = 32

func openBench(b *testing.B) *DB {
	b.Helper()
	db, err := Open(context.Background(), Config{Dir: b.TempDir()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return db
}

// drive shares b.N calls among the clients and reports calls per second.
func drive(b *testing.B, fn func(n int) error) {
	b.Helper()
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	start := time.Now()
	for range benchClients {
		wg.Go(func() {
			for n := int(next.Add(1)); n <= b.N; n = int(next.Add(1)) {
				if err := fn(n); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(b.N)/time.Since(start).Seconds(), "tx/s")
}

func benchID(prefix string, n int) string {
	return fmt.Sprintf("0197%s-%012d-7d3c-9a5e7f00a1b2", prefix, n)
}

func benchConversation(n int, at time.Time) engine.Conversation {
	return engine.Conversation{
		ID: benchID("c", n), Brand: "acme", Channel: "acme.sms", Kind: "twilio", Consumer: benchID("p", n), Address: fmt.Sprintf("+1555%07d", n),
		State: engine.Open, Owner: engine.OwnerBot, Language: "en", CreatedAt: at, LastAt: at,
	}
}

// ingest is what one webhook writes: find the conversation, add the message,
// move the conversation on, fill the inbox, log the event.
func ingest(t engine.Tx, n, conversations int, at time.Time) error {
	c, err := t.Conversations().OpenByAddress("acme.sms", fmt.Sprintf("+1555%07d", n*7919%conversations))
	if err != nil {
		return err
	}
	text := "Hello, where is my order number " + fmt.Sprint(n)
	c.LastSeq++
	c.LastInbox++
	c.Ready, c.LastAt, c.Preview, c.PreviewAuthor, c.WaitingSince = true, at, text, engine.AuthorConsumer, at
	m := engine.Message{
		ID: benchID("m", n), Brand: c.Brand, Conversation: c.ID, Consumer: c.Consumer, Seq: c.LastSeq, Author: engine.AuthorConsumer,
		Content: engine.Content{Text: text}, State: engine.Received, Channel: c.Channel, ProviderID: fmt.Sprintf("SM%032x", uint64(n)*0x9e3779b97f4a7c15), At: at,
	}
	if err := t.Messages().Add(m); err != nil {
		return err
	}
	if err := t.Conversations().Save(&c); err != nil {
		return err
	}
	data := []byte(`{"text":"` + text + `"}`)
	if err := t.Inbox().Add(engine.InboxEntry{Conversation: c.ID, N: c.LastInbox, Kind: engine.InboxMessage, Message: m.ID, Data: data, At: at}); err != nil {
		return err
	}
	return t.Events().Add(&engine.Event{At: at, Brand: c.Brand, Conversation: c.ID, Kind: engine.EventMessage, Actor: "consumer", Data: data})
}

func BenchmarkIngest(b *testing.B) {
	db, ctx, conversations := openBench(b), context.Background(), 500
	start := time.Now()
	err := db.Update(ctx, func(t engine.Tx) error {
		for i := range conversations {
			if err := t.Conversations().Add(benchConversation(i, start)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	drive(b, func(n int) error {
		return db.Update(ctx, func(t engine.Tx) error {
			return ingest(t, n, conversations, start.Add(time.Duration(n)*time.Millisecond))
		})
	})
}

// BenchmarkInsert is the cheapest update there is: a small row in a table with
// one key.
func BenchmarkInsert(b *testing.B) {
	db, ctx, at := openBench(b), context.Background(), time.Now()
	drive(b, func(n int) error {
		return db.Update(ctx, func(t engine.Tx) error {
			return t.Events().Add(&engine.Event{At: at, Brand: "acme", Kind: engine.EventPublished, Actor: "system", Data: []byte(`{"bundle":"x"}`)})
		})
	})
}

// BenchmarkInsertMessage is the bare measure for what an ingest must keep: the
// message's row with its keys, and nothing else.
func BenchmarkInsertMessage(b *testing.B) {
	db, ctx, at := openBench(b), context.Background(), time.Now()
	drive(b, func(n int) error {
		m := engine.Message{
			ID: benchID("m", n), Brand: "acme", Conversation: benchID("c", n*7919%500), Consumer: benchID("p", n*7919%500), Seq: int64(n), Author: engine.AuthorConsumer,
			Content: engine.Content{Text: fmt.Sprint("Hello, where is my order number ", n)}, State: engine.Received, Channel: "acme.sms",
			ProviderID: fmt.Sprintf("SM%032x", uint64(n)*0x9e3779b97f4a7c15), At: at,
		}
		return db.Update(ctx, func(t engine.Tx) error { return t.Messages().Add(m) })
	})
}

// BenchmarkClaim polls an outbox with 100,000 items done and 20 active, of
// which none is due, and then claims and settles the due ones.
func BenchmarkClaim(b *testing.B) {
	db, ctx, at := openBench(b), context.Background(), time.UnixMilli(1_000_000)
	put := func(from, n int, change func(*engine.OutboxItem)) {
		err := db.Update(ctx, func(t engine.Tx) error {
			for i := range n {
				o := engine.OutboxItem{ID: benchID("o", from+i), Brand: "acme", Conversation: benchID("c", i%1000), Kind: engine.OutboxMessage, State: engine.OutboxDone, DueAt: at}
				change(&o)
				if err := t.Outbox().Add(&o); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	put(0, 100_000, func(*engine.OutboxItem) {})
	put(100_000, 20, func(o *engine.OutboxItem) { o.State, o.DueAt = engine.OutboxPending, at.Add(time.Hour) })
	b.Run("idle", func(b *testing.B) {
		for b.Loop() {
			err := db.Update(ctx, func(t engine.Tx) error {
				got, err := t.Outbox().Claim(at, at.Add(time.Minute), 10)
				if len(got) != 0 {
					b.Errorf("claimed %d", len(got))
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("due", func(b *testing.B) {
		now := at.Add(2 * time.Hour)
		for b.Loop() {
			err := db.Update(ctx, func(t engine.Tx) error {
				got, err := t.Outbox().Claim(now, now.Add(time.Minute), 10)
				if err != nil || len(got) != 10 {
					b.Errorf("claimed %d: %v", len(got), err)
				}
				for _, o := range got {
					o.State = engine.OutboxPending
					if err := t.Outbox().Save(o); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkClaimBlocked claims and settles ten items of one channel while
// another has 20,000 conversations that wait, with two sends each: their heads
// back off, or the channel's circuit is open. Neither may cost more than nothing.
func BenchmarkClaimBlocked(b *testing.B) {
	at := time.UnixMilli(1_000_000)
	for _, blocked := range []struct {
		name string
		n    int
		open bool
	}{{"none", 0, false}, {"heads back off", 20_000, false}, {"open circuit", 20_000, true}} {
		b.Run(blocked.name, func(b *testing.B) {
			db, ctx := openBench(b), context.Background()
			err := db.Update(ctx, func(t engine.Tx) error {
				for i := range 2*blocked.n + 10 {
					o := engine.OutboxItem{
						ID: benchID("o", i), Brand: "acme", Channel: "acme.sms", Conversation: benchID("c", i/2), Kind: engine.OutboxMessage,
						State: engine.OutboxPending, DueAt: at,
					}
					switch {
					case i >= 2*blocked.n:
						o.Channel, o.Conversation = "acme.web", benchID("w", i)
					case i%2 == 0 && !blocked.open:
						o.DueAt = at.Add(time.Hour)
					}
					if err := t.Outbox().Add(&o); err != nil {
						return err
					}
				}
				if blocked.open {
					return t.Circuits().Save(engine.Circuit{Brand: "acme", Channel: "acme.sms", Class: engine.SendRetry, ProbeAt: at.Add(time.Hour)})
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				err := db.Update(ctx, func(t engine.Tx) error {
					got, err := t.Outbox().Claim(at, at.Add(time.Minute), 10)
					if err != nil || len(got) != 10 {
						b.Errorf("claimed %d: %v", len(got), err)
					}
					for _, o := range got {
						o.State = engine.OutboxPending
						if err := t.Outbox().Save(o); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkHistory reads the figures of 50,000 sessions of two versions, as the
// page of versions does, and what the circuit breaker asks after a fault.
func BenchmarkHistory(b *testing.B) {
	db, ctx, at := openBench(b), context.Background(), time.UnixMilli(1_000_000)
	const sessions = 50_000
	for from := 0; from < sessions; from += 1000 {
		err := db.Update(ctx, func(t engine.Tx) error {
			for n := from; n < from+1000; n++ {
				c := benchConversation(n, at)
				s := engine.Session{
					ID: benchID("s", n), Brand: c.Brand, Conversation: c.ID, Bot: "concierge", Version: fmt.Sprint("bundle", n%2),
					State: engine.SessionWaiting, CreatedAt: at.Add(time.Duration(n) * time.Second),
				}
				if n%4 > 0 {
					s.State, c.State, c.Owner = engine.SessionDone, engine.Closed, engine.OwnerNone
				}
				if err := t.Conversations().Add(c); err != nil {
					return err
				}
				if err := t.Sessions().Add(s); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	for name, ask := range map[string]func(engine.History) error{
		"figures": func(h engine.History) error { _, err := h.Figures("acme", at); return err },
		"begun": func(h engine.History) error {
			_, _, err := h.Begun("acme", "bundle1", at.Add((sessions-3600)*time.Second))
			return err
		},
		"waiting": func(h engine.History) error { _, err := h.Waiting("acme", benchID("s", sessions/2), 100); return err },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := db.View(ctx, func(t engine.Tx) error { return ask(t.History()) }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
