package dialog

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/engine"
	"parley/storage/postgres/postgrestest"
	"parley/storage/sqlite"
)

// turnOf is a turn of a session with this pace.
func turnOf(p engine.Pace, after time.Duration, in *engine.InboxEntry) engine.Turn {
	return engine.Turn{Now: noon().Add(after), Input: in, Session: engine.Session{Wait: engine.Wait{Pace: p}}}
}

func said(texts ...string) (out engine.Outcome) {
	for _, s := range texts {
		out.Effects = append(out.Effects, engine.Effect{Say: &engine.Content{Text: s}})
	}
	return out
}

func wrote(s string) *engine.InboxEntry {
	return &engine.InboxEntry{Kind: engine.InboxMessage, Data: engine.JSON(engine.Content{Text: s})}
}

func TestGuard(t *testing.T) {
	t.Parallel()
	timer, result := &engine.InboxEntry{Kind: engine.InboxTimer}, &engine.InboxEntry{Kind: engine.InboxResult}
	restart, query := engine.Outcome{Restart: []byte(`{}`)}, engine.Outcome{Effects: []engine.Effect{{Query: &engine.Query{Identities: true}}}}
	tests := []struct {
		name  string
		every time.Duration
		turn  func(n int) (*engine.InboxEntry, engine.Outcome)
		want  string
		at    int // the turn of the fault, counted from 1; 0 for none in 500
	}{
		{"sixty-one turns in a minute", 900 * time.Millisecond, func(n int) (*engine.InboxEntry, engine.Outcome) { return wrote(fmt.Sprint(n)), said(fmt.Sprint(n)) }, "storm", 61},
		{"one a second", time.Second, func(n int) (*engine.InboxEntry, engine.Outcome) { return wrote(fmt.Sprint(n)), said(fmt.Sprint(n)) }, "", 0},
		{"timers of a bot that nobody answers", 2 * time.Second, func(n int) (*engine.InboxEntry, engine.Outcome) { return timer, said(fmt.Sprint(n)) }, "storm", 201},
		{"slow timers", time.Minute, func(n int) (*engine.InboxEntry, engine.Outcome) { return timer, said(fmt.Sprint(n)) }, "", 0},
		{"the same reminder every day", 24 * time.Hour, func(int) (*engine.InboxEntry, engine.Outcome) { return timer, said("Take your pill.") }, "", 0},
		{"the same reminder every minute", time.Minute, func(int) (*engine.InboxEntry, engine.Outcome) { return timer, said("Hello?") }, "loop", 5},
		{"the same reply to the same message", time.Minute, func(int) (*engine.InboxEntry, engine.Outcome) { return wrote("hi"), said("Hello?") }, "loop", 5},
		{"the same reply to other messages", time.Minute, func(n int) (*engine.InboxEntry, engine.Outcome) { return wrote(fmt.Sprint(n)), said("Next?") }, "", 0},
		{"the same thing in one turn", time.Minute, func(int) (*engine.InboxEntry, engine.Outcome) { return wrote("hi"), said("a", "b", "b", "b", "b", "b") }, "loop", 1},
		{"other things in one turn", time.Minute, func(n int) (*engine.InboxEntry, engine.Outcome) {
			return wrote(fmt.Sprint(n)), said("a", "b", "a", "b", "a", "b", "a")
		}, "", 0},
		{"restarts", time.Minute, func(n int) (*engine.InboxEntry, engine.Outcome) {
			if n == 0 {
				return wrote("hi"), restart
			}
			return result, restart
		}, "loop", 5},
		{"restarts with a person", time.Minute, func(n int) (*engine.InboxEntry, engine.Outcome) { return wrote(fmt.Sprint(n)), restart }, "", 0},
		{"restarts every hour", time.Hour, func(int) (*engine.InboxEntry, engine.Outcome) { return timer, restart }, "", 0},
		{"queries", time.Millisecond, func(int) (*engine.InboxEntry, engine.Outcome) { return result, query }, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var p engine.Pace
			for n := range 500 {
				in, out := tt.turn(n)
				var f *engine.Fault
				if p, f = guard(turnOf(p, time.Duration(n)*tt.every, in), out); f == nil {
					continue
				}
				if f.Kind != tt.want || n+1 != tt.at {
					t.Errorf("turn %d is a %s (%s), want turn %d a %q", n+1, f.Kind, f.Message, tt.at, tt.want)
				}
				return
			}
			if tt.at != 0 {
				t.Errorf("nothing is wrong, want turn %d a %q", tt.at, tt.want)
			}
		})
	}
}

func TestMisunderstood(t *testing.T) {
	t.Parallel()
	again := `{"kind":"again","text":"x"}`
	for _, tt := range []struct {
		name    string
		answers []string
		args    string
		latest  int // of the answers, how many this turn gave
		want    bool
	}{
		{"six", []string{again, again, again, again, again, again}, "", 1, true},
		{"five", []string{again, again, again, again, again}, "", 1, false},
		{"other calls between", []string{again, `true`, again, `{"status":200}`, again, again, `null`, again, `{"kind":"failed"}`}, "", 1, true},
		{"one understood", []string{again, again, again, `{"kind":"ok"}`, again, again, again}, "", 1, false},
		{"an agent between", []string{again, again, again, `{"kind":"returned"}`, again, again, again}, "", 1, false},
		{"not now", []string{again, again, again, again, again, again, `true`}, "", 1, false},
		{"a patient question", []string{again, again, again, again, again, again, again}, `{"retries":8}`, 1, false},
		{"a patient question at its end", []string{again, again, again, again, again, again, again, again, again, again}, `{"retries":8}`, 1, true},
		{"nothing new", []string{again, again, again, again, again, again}, "", 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var all []engine.JournalEntry
			for n, a := range tt.answers {
				all = append(all, engine.JournalEntry{N: n, Answer: []byte(a), Args: []byte(tt.args)})
			}
			split := len(all) - tt.latest
			old := append([]engine.JournalEntry{}, all[:split]...)
			if tt.latest > 0 { // the entry was there, without its answer
				old = append(old, engine.JournalEntry{N: split})
			}
			if got := misunderstood(old, all[split:]); got != tt.want {
				t.Errorf("misunderstood: %t", got)
			}
		})
	}
}

// TestTheLastPlaces: many who take the last places at once do not take more.
func TestTheLastPlaces(t *testing.T) {
	t.Parallel()
	const most = 5
	store := postgrestest.Store(t)
	if err := store.Update(t.Context(), func(tx engine.Tx) error { return tx.Brands().Save(engine.Brand{ID: "acme"}) }); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			err := store.Update(t.Context(), func(tx engine.Tx) error {
				_, err := value(tx, "acme", engine.ValueQuery{Op: "set", Key: fmt.Sprint("key ", i), Data: []byte(`1`)}, most, noon())
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	n, err := engine.View(t.Context(), store, func(tx engine.Tx) (int, error) { return tx.Values().Count("acme") })
	if err != nil || n != most {
		t.Errorf("there are %d values; %v", n, err)
	}
}

func TestAFullBrandTakesNoMoreValues(t *testing.T) {
	t.Parallel()
	store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	err = store.Update(t.Context(), func(tx engine.Tx) error {
		put := func(key string, ttl float64, now time.Time) engine.ValueAnswer {
			t.Helper()
			a, err := value(tx, "acme", engine.ValueQuery{Op: "set", Key: key, Data: []byte(`1`), TTL: ttl}, 3, now)
			if err != nil {
				t.Fatal(err)
			}
			return a
		}
		if err := tx.Brands().Save(engine.Brand{ID: "acme"}); err != nil {
			return err
		}
		for _, key := range []string{"a", "b", "c"} {
			if a := put(key, 60, noon()); !a.Done || a.Full {
				t.Errorf("%s: %+v", key, a)
			}
		}
		if a := put("d", 0, noon()); a.Done || !a.Full {
			t.Errorf("a fourth: %+v", a)
		}
		if a := put("a", 60, noon()); !a.Done || a.Version != 2 {
			t.Errorf("a known one: %+v", a)
		}
		if a := put("d", 0, noon().Add(time.Hour)); !a.Done || a.Full {
			t.Errorf("when others have expired: %+v", a)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	message := with(start, engine.InboxEntry{N: 1, Kind: engine.InboxMessage})
	returned := with(step, engine.InboxEntry{N: 1, Kind: engine.InboxOutcome, Data: []byte(`{"kind":"returned"}`)})
	closed := with(step, engine.InboxEntry{N: 1, Kind: engine.InboxOutcome, Data: []byte(`{"kind":"closed"}`)})
	timer := with(step, engine.InboxEntry{N: 1, Kind: engine.InboxTimer})
	times := func(n int) []comeback { return make([]comeback, n) }
	bot := engine.Conversation{Owner: engine.OwnerBot}
	queue := engine.Conversation{Owner: engine.OwnerQueue}
	for _, tt := range []struct {
		name    string
		conv    engine.Conversation
		session *engine.Session
		d       decision
		returns []comeback
		want    string
	}{
		{"the first session", bot, nil, message, nil, ""},
		{"after a failure of this version", bot, &engine.Session{State: engine.SessionParked, Version: "b1"}, message, times(1), "still the same"},
		{"after a failure of another version", bot, &engine.Session{State: engine.SessionParked, Version: "b0"}, message, times(1), ""},
		{"the third return", bot, &engine.Session{State: engine.SessionDone}, message, times(3), ""},
		{"the fourth return", bot, &engine.Session{State: engine.SessionDone}, message, times(4), "3 times"},
		{"the fourth outcome", bot, &engine.Session{}, returned, times(4), "3 times"},
		{"an agent's close", bot, &engine.Session{}, closed, times(4), ""},
		{"the third recall", queue, &engine.Session{}, timer, times(2), ""},
		{"the fourth recall", queue, &engine.Session{}, timer, times(3), "3 times"},
		{"a timer of the bot", bot, &engine.Session{}, timer, times(9), ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := look{conv: tt.conv, session: tt.session, returns: tt.returns}
			l.entry.Brand.Version = "b1"
			if got := refusal(l, tt.d); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("refused with %q, want %q", got, tt.want)
			}
		})
	}
}
