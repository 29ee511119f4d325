package move_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/postgres"
	"parley/storage/sqlite"
)

// greeter says hello and waits, says what it heard twice, and hands over at the third message.
type greeter struct{}

func (greeter) Traits(string) engine.Traits { return 0 }

func (g greeter) Bot(string, string, func() (engine.Bundle, error)) (engine.Bot, error) {
	return g, nil
}

func (greeter) Step(t engine.Turn) (engine.Outcome, error) {
	if t.First == nil && t.Session.Steps > 1 {
		return engine.Outcome{State: engine.SessionDone, UsedInput: true, Effects: []engine.Effect{{Handoff: &engine.HandoffEffect{}}}}, nil
	}
	return engine.Outcome{
		State: engine.SessionWaiting, UsedInput: true, Effects: []engine.Effect{{Say: &engine.Content{Text: "hello"}}, {Say: &engine.Content{Text: "again"}}},
		Wait: engine.Wait{Kind: engine.WaitMessage, Step: t.Session.Steps},
	}, nil
}

// broken is a text that only SQLite can hold, and whole what PostgreSQL makes of it.
const (
	broken = "Zoe\x00 \xff!"
	whole  = "Zoe\uFFFD \uFFFD!"
)

// world is a data folder with conversations in every state, and something in every table.
func world(t testing.TB) (dir string) {
	t.Helper()
	dir = t.TempDir()
	db, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	fill(enginetest.New(t, db, greeter{}).Seed(map[string]string{"bots/main.lua": "chat:say('hello')"}))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

func fill(w *enginetest.World) {
	ana := w.Agent("ana", engine.RoleAgent, "care")
	w.Agent("ben", engine.RoleSupervisor, "care", "sales")
	first := w.Say("hi") // two sends wait in the line of the phone
	w.Queue(first.ID, "three", "four")
	queued := w.Visitor("queued", "hi")
	w.Enqueue(queued.ID, 2)
	assigned := w.Visitor("assigned", "hi")
	w.Enqueue(assigned.ID, 0)
	w.Assign(assigned.ID, ana)
	closed := w.Visitor("closed", "hi")
	w.Close(closed.ID)
	w.Visitor("closed", "me again")
	long := w.WriteAs(enginetest.Web, engine.Inbound{From: "long", ProviderID: w.ID(), Content: engine.Content{Text: "0"}}).Conversation
	for i := range 90 {
		w.Clock.Advance(time.Second)
		w.WriteAs(enginetest.Web, engine.Inbound{From: "long", ProviderID: w.ID(), Content: engine.Content{Text: fmt.Sprint(i + 1)}})
		if i == 40 || i == 80 {
			w.Update(func(tx engine.Tx) error {
				c, err := tx.Conversations().Get(enginetest.Brand, long.ID)
				if err != nil {
					return err
				}
				c.LastInbox++
				return errors.Join(tx.Inbox().Add(engine.InboxEntry{Conversation: c.ID, N: c.LastInbox, Kind: engine.InboxTimer, Session: "s", Step: 3, At: w.Clock.Now()}), tx.Conversations().Save(&c))
			})
		}
	}
	w.Update(func(tx engine.Tx) error {
		return errors.Join(tx.Inbox().Remove(long.ID, 5), tx.Inbox().Remove(long.ID, 70))
	})
	w.Update(func(tx engine.Tx) error { return others(w, tx, first) })
}

// others puts something into the tables that no conversation has filled.
func others(w *enginetest.World, tx engine.Tx, c engine.Conversation) error {
	now := w.Clock.Now()
	who, err := tx.Consumers().Get(c.Brand, c.Consumer)
	if err != nil {
		return err
	}
	who.Name = broken
	said, err := tx.Messages().List(c.Brand, c.ID, 0, 1)
	if err != nil {
		return err
	}
	session, err := tx.Sessions().Current(c.ID)
	if err != nil {
		return err
	}
	last, err := tx.Events().Last()
	if err != nil {
		return err
	}
	put := func(key, value string) error {
		_, err := tx.Values().Put(engine.Value{Brand: c.Brand, Key: key, Data: []byte(value)}, false, now)
		return err
	}
	_, leased := tx.Leases().Take("sweep", "nobody", now, now.Add(time.Minute))
	return errors.Join(leased,
		tx.Consumers().Save(who),
		tx.Sessions().Record([]engine.JournalEntry{
			{Session: session.ID, N: 0, Call: "ask", Hash: "h", Answer: []byte(`"yes"`), Line: "bots/main.lua:1", At: now},
			{Session: session.ID, N: 1, Call: "ask", Hash: "i", Line: "bots/main.lua:2", At: now}, // waits
		}),
		tx.Logins().Add(engine.Login{TokenHash: "hash", User: "ana", Brand: c.Brand, CreatedAt: now, UsedAt: now, ExpiresAt: now.Add(time.Hour)}),
		tx.Logins().AddToken(engine.Token{ID: "t1", Brand: c.Brand, Name: "ci", Role: engine.RoleAdmin, SecretHash: "secret", CreatedAt: now}),
		tx.Notices().Add(&engine.Notice{Brand: c.Brand, Agent: "ana", Conversation: c.ID, At: now}),
		tx.Consumers().AddConsent(engine.Consent{Brand: c.Brand, Channel: enginetest.Phone, Address: "+15550000001", OptedOut: true, Source: "STOP", At: now}),
		tx.Circuits().Save(engine.Circuit{Brand: c.Brand, Channel: enginetest.Web, Class: engine.SendRetry, Failures: 1, Since: now}),
		tx.Timers().Add(engine.Timer{ID: "timer", Brand: c.Brand, Conversation: c.ID, Session: session.ID, Step: 1, At: now.Add(time.Hour)}),
		tx.Followups().Add(engine.Followup{ID: "plan", Brand: c.Brand, Channel: enginetest.Phone, Consumer: c.Consumer, Address: c.Address, At: now.Add(time.Hour), FollowupData: engine.FollowupData{Name: "care"}}),
		tx.Blobs().Add(engine.Blob{ID: "blob", Brand: c.Brand, Channel: enginetest.Phone, Conversation: c.ID, Message: said[0].ID, State: engine.BlobReady, MIME: "image/png", Size: 7, CreatedAt: now}),
		put("counter", "7"), put("text", `"`+broken+`"`),
		tx.VersionChanges().Add(engine.VersionChange{Brand: c.Brand, Version: "v1", Kind: engine.VersionActivated, Actor: "system", At: now}),
		tx.Faults().Record(engine.FaultGroup{Brand: c.Brand, ID: "g", Last: now, Fault: engine.Fault{Message: "it failed"}}, c.ID),
		tx.Utterances().Add(&engine.Utterance{Brand: c.Brand, Conversation: c.ID, Text: "what?", Source: engine.FromIntent, State: engine.UtteranceOpen, At: now}),
		tx.Tones().Judge(c.Brand, said[0].ID, engine.Heard{Score: -0.25, Tone: engine.ToneNegative, By: "agent:ana"}),
		tx.Feedback().Add(engine.FAQFeedback{Brand: c.Brand, Question: "How?", Helped: 2, Unhelped: 1, At: now}),
		tx.Retention().Reached(c.Brand, engine.RetentionMark{At: now, N: 1}),
		tx.Projections().Move("speed", engine.Position{}, engine.Position{Version: 1, At: last - 3}),
		tx.Projections().SaveRow("speed", engine.ProjectionRow{Key: "acme/1", Value: []byte("3")}),
		tx.Marks().Set("mark", now.Add(time.Hour)), tx.Keys().Add("visitors", []byte{0, 1, 255}),
		tx.Events().Add(&engine.Event{At: now, Brand: c.Brand, Kind: engine.EventMessage}),
	)
}

// picture is what a store gives to those who read it.
func picture(t testing.TB, s engine.Store) (all []any) {
	t.Helper()
	err := s.View(t.Context(), func(tx engine.Tx) error {
		all = nil
		add := func(v any, err error) error { all = append(all, v); return err }
		brand, err := tx.Brands().Get(enginetest.Brand)
		list, lerr := tx.Conversations().List(engine.ConversationFilter{Brand: brand.ID, Limit: 200})
		waits, werr := tx.Queue().Waiting(brand.ID)
		ready, rerr := tx.Ready().List(1000)
		place, perr := tx.Projections().Position("speed")
		if err := errors.Join(err, lerr, werr, rerr, perr); err != nil {
			return err
		}
		slices.SortFunc(list, func(a, b engine.Conversation) int { return cmp.Compare(a.ID, b.ID) })
		slices.SortFunc(ready, func(a, b engine.ConversationRef) int { return cmp.Compare(a.ID, b.ID) })
		all = append(all, brand, list, waits, ready, place)
		for _, c := range list {
			err := errors.Join(
				add(tx.Messages().List(c.Brand, c.ID, 0, 1000)), add(tx.Inbox().List(c.ID)), add(tx.Inbox().Look(c.ID, 10)),
				add(tx.Events().List(engine.EventFilter{Conversation: c.ID, Limit: 1000})), add(tx.Sends().Waiting(c.ID, 100)),
				add(tx.Consumers().Get(c.Brand, c.Consumer)), add(tx.Consumers().Identities(c.Brand, c.Consumer)),
			)
			sessions, serr := tx.History().Sessions(c.Brand, c.ID)
			for _, s := range sessions {
				err = errors.Join(err, add(tx.Sessions().Journal(s.ID)))
			}
			if all = append(all, sessions); errors.Join(err, serr) != nil {
				return errors.Join(err, serr)
			}
		}
		for _, f := range []engine.ConversationFilter{{Brand: brand.ID, State: engine.Open, Owner: engine.OwnerBot}, {Brand: brand.ID, State: engine.Open, Owner: engine.OwnerAgent, Agent: "ana"}, {Brand: brand.ID, State: engine.Closed}} {
			if err := add(tx.Conversations().Count(f)); err != nil {
				return err
			}
		}
		end := enginetest.Noon().Add(100 * time.Hour)
		return errors.Join(
			add(tx.Events().List(engine.EventFilter{Limit: 10_000})), add(tx.Events().List(engine.EventFilter{After: engine.Cursor(place.At), Limit: 10_000})),
			add(tx.Queue().List(brand.ID)), add(tx.Bundles().List(brand.ID, 10)), add(tx.Users().List(brand.ID)), add(tx.Brands().Channels(brand.ID)),
			add(tx.Brands().Skills(brand.ID)), add(tx.Logins().Get("hash")), add(tx.Logins().Tokens(brand.ID)), add(tx.Notices().List(brand.ID, "ana")),
			add(tx.Consumers().Consent(brand.ID, enginetest.Phone, "+15550000001")), add(tx.Circuits().List("")),
			add(tx.Timers().Due(end, 10)), add(tx.Followups().Due(end, 10)), add(tx.Values().Get(brand.ID, "counter", end)), add(tx.Values().Get(brand.ID, "text", end)),
			add(tx.VersionChanges().List(brand.ID, 10)), add(tx.Faults().List(brand.ID, time.Time{}, 10)), add(tx.Faults().Conversations(brand.ID, "g", 10)),
			add(tx.Utterances().List(engine.UtteranceFilter{Brand: brand.ID, Limit: 10})), add(tx.Tones().Version(brand.ID)), add(tx.Tones().Judged(brand.ID, 10)),
			add(tx.Feedback().List(brand.ID)), add(tx.Projections().Rows("speed", "", "\xff", 10)), add(tx.Blobs().Get(brand.ID, "blob")), add(tx.Marks().Get("mark")), add(tx.Keys().Get("visitors")),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func openSQLite(t testing.TB, dir string) engine.Store {
	t.Helper()
	db, err := sqlite.Open(t.Context(), sqlite.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func openPostgres(t testing.TB, url string) engine.Store {
	t.Helper()
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// goesOn lets the engine go on where it was: a turn, sends, and events behind the old ones.
func goesOn(t testing.TB, s engine.Store) {
	t.Helper()
	w := enginetest.New(t, s, greeter{})
	for range 10_000 { // ids that were given are not given again
		w.ID()
	}
	w.Clock.Advance(time.Hour)
	before := w.Cursor()
	old, err := engine.View(context.Background(), s, func(tx engine.Tx) (engine.Conversation, error) {
		return tx.Conversations().OpenByAddress(enginetest.Phone, enginetest.Address)
	})
	if err != nil {
		t.Fatal(err)
	}
	was := w.Events(old.ID)
	waiting := enginetest.Read(w, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Sends().Waiting(old.ID, 100) })
	c := w.Say("go on")
	events := w.Events(c.ID)
	if c.ID != old.ID || len(events) <= len(was) || !slices.IsSortedFunc(events, func(a, b engine.Event) int { return int(a.Seq - b.Seq) }) {
		t.Fatalf("%s has %d events, had %d in %s", c.ID, len(events), len(was), old.ID)
	}
	for _, e := range events[len(was):] {
		if e.Seq <= int64(before) {
			t.Errorf("the event %d is not behind %d", e.Seq, before)
		}
	}
	added := enginetest.Read(w, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Sends().Waiting(old.ID, 100) })
	for i, item := range added {
		if i < len(waiting) && item.ID != waiting[i].ID || i > 0 && item.Seq <= added[i-1].Seq {
			t.Errorf("the line changed at %d: %d, %s", i, item.Seq, item.ID)
		}
	}
	claimed, err := engine.Update(context.Background(), s, func(tx engine.Tx) ([]engine.OutboxItem, error) {
		return tx.Outbox().Claim(w.Clock.Now(), w.Clock.Now().Add(time.Minute), 10)
	})
	claimed = slices.DeleteFunc(claimed, func(i engine.OutboxItem) bool { return i.Conversation != old.ID })
	if err != nil || len(claimed) != 1 || claimed[0].ID != added[0].ID {
		t.Errorf("the first in line is not the one that is claimed: %v, %v", claimed, err)
	}
	fresh := w.Visitor("somebody new", "hi")
	if lines := w.Lines(fresh.ID); !slices.Equal(lines, []string{"consumer: hi", "bot: hello", "bot: again"}) {
		t.Errorf("somebody new reads %q", lines)
	}
	long := enginetest.Read(w, func(tx engine.Tx) (engine.Conversation, error) {
		return tx.Conversations().OpenByAddress(enginetest.Web, "long")
	})
	w.Visit(long.ID)
	if left := w.Inbox(long.ID); len(left) > 0 {
		t.Errorf("%d entries are left of the long inbox", len(left))
	}
}
