package rest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

// on is the same person, asking another process.
func (s *someone) on(w *world) *someone {
	there := *s
	there.w = w
	return &there
}

// TestASocketGoesOnInAnotherProcess from its cursor: nothing is lost and nothing comes
// twice, however often it changes.
func TestASocketGoesOnInAnotherProcess(t *testing.T) {
	t.Parallel()
	one := newWorld(t)
	two, ana := one.beside(), one.as("acme-ana")
	one.open("acme", "c1", "message 0")
	const n = 12 // messages
	var want, got []string
	for i := range n + 1 {
		want = append(want, fmt.Sprint("message ", i))
	}
	cursor, said := "", 0
	for len(got) < len(want) {
		for _, w := range []*world{one, two} {
			c := ana.on(w).live(cursor)
			for range 2 { // one while it is connected, one while it is not
				if said < n {
					said++
					one.says("acme", "c1", fmt.Sprint("message ", said))
				}
				if len(got) == len(want) {
					break
				}
				f := c.until(func(f liveFrame) bool { return f.Message != nil })
				got, cursor = append(got, f.Message.Content.Text), f.Cursor
			}
			_ = c.conn.CloseNow()
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestSigningOutReachesOtherProcesses: who has a tab at another process signs out, and is
// offline as soon as that one has looked, with everything given back.
func TestSigningOutReachesOtherProcesses(t *testing.T) {
	t.Parallel()
	one := newWorld(t, hurry(0, time.Hour, 0, 0))
	two, ana := one.beside(hurry(0, 50*time.Millisecond, 0, 0)), one.as("acme-ana")
	one.mine("acme", "c1", "acme-ana")
	here, there := ana.live(""), ana.on(two).live("")
	here.until(isType("live"))
	there.until(isType("live"))
	one.advance(16 * time.Second)
	must[any](t, ana.on(two).send("GET", "/session", nil), 200) // a sign of life there
	news := make(chan struct{}, 1)
	defer one.bus.Subscribe(engine.TopicEvents, func(engine.Signal) { engine.Poke(news) })()
	must[any](t, ana.send("DELETE", "/session", nil), 204)
	there.ends(4401)
	patience := time.After(deadline)
	for {
		var u engine.User
		var c engine.Conversation
		one.view(func(tx engine.Tx) (err error) {
			if u, err = tx.Users().Get("acme", "acme-ana"); err == nil {
				c, err = tx.Conversations().Get("acme", "c1")
			}
			return err
		})
		if u.Presence == engine.Offline && c.Owner == engine.OwnerQueue {
			return
		}
		select {
		case <-news:
		case <-patience:
			t.Fatalf("she is %s, and the conversation is with the %s", u.Presence, c.Owner)
		}
	}
}

// TestWhoConnectsIsThere at once, for all processes: one that loses her a moment later
// must know.
func TestWhoConnectsIsThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.as("acme-ana")
	must[any](t, ana.send("GET", "/session", nil), 200) // this sign of life was without a connection
	ana.live("").until(isType("live"))
	w.view(func(tx engine.Tx) error {
		last, err := tx.Attendance().Last("acme", "acme-ana")
		if !last.Equal(w.clock()) {
			t.Errorf("she was connected last at %v", last)
		}
		return err
	})
}
