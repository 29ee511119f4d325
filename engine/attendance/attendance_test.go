package attendance_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/attendance"
	"parley/engine/enginetest"
	"parley/storage/sqlite/sqlitetest"
)

type world struct {
	*enginetest.World
	sweeper  *attendance.Sweeper
	sam, kim engine.User
}

func newWorld(t *testing.T) *world {
	t.Helper()
	store := sqlitetest.Open(t)
	w := &world{World: enginetest.New(t, store, nil).Seed(nil)}
	w.sweeper = w.process()
	w.sam, w.kim = w.Agent("sam", engine.RoleAgent, "care"), w.Agent("kim", engine.RoleAgent, "care")
	return w
}

// process is another process's sweeper on the same store.
func (w *world) process() *attendance.Sweeper {
	return &attendance.Sweeper{
		Rules: attendance.Rules{Store: w.Store, Clock: w.Clock.Now, Writer: w.Writer}, Log: slog.New(slog.DiscardHandler),
	}
}

// held is a conversation that sam took out of the queue.
func (w *world) held(from string) engine.Conversation {
	w.T.Helper()
	id := w.WriteAs(enginetest.Web, engine.Inbound{From: from, ProviderID: w.ID(), Content: engine.Content{Text: "my chain is off"}}).Conversation.ID
	w.Enqueue(id, 0)
	w.Clock.Advance(time.Minute)
	return w.Assign(id, w.sam)
}

// pass lets time go by with its sweeps; fn shows signs of life before each.
func (w *world) pass(d time.Duration, fn func()) {
	w.T.Helper()
	for end := w.Clock.Now().Add(d); w.Clock.Now().Before(end); {
		w.Clock.Advance(min(10*time.Second, end.Sub(w.Clock.Now())))
		if fn != nil {
			fn()
		}
		w.sweeper.Sweep(w.T.Context())
	}
}

func (w *world) change(id string, fn func(*engine.User)) {
	w.T.Helper()
	w.Update(func(tx engine.Tx) error {
		u, err := tx.Users().Get(enginetest.Brand, id)
		if err != nil {
			return err
		}
		fn(&u)
		return tx.Users().Save(u)
	})
}

func (w *world) seen() {
	w.Update(func(tx engine.Tx) error { return tx.Users().Seen(enginetest.Brand, "sam", w.Clock.Now()) })
}

func (w *world) notices(agent string) []engine.Notice {
	w.T.Helper()
	return enginetest.Read(w.World, func(tx engine.Tx) ([]engine.Notice, error) { return tx.Notices().List(enginetest.Brand, agent) })
}

func equal(t testing.TB, what string, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s: expected (-), got (+):\n%s", what, diff)
	}
}

func TestWhoIsGone(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		happens func(*world)
		stays   time.Duration // her conversations stay so long, and are back 10 s later
		lives   bool          // she shows signs of life all the time
		why     engine.NoticeKind
		reason  string
	}{
		"the connection is lost":          {func(w *world) { w.change("sam", func(u *engine.User) { u.LeftAt = w.Clock.Now() }) }, 5*time.Minute - 10*time.Second, false, engine.NoticeLost, "Name of sam lost the connection"},
		"her process died without a word": {func(*world) {}, 4 * time.Minute, false, engine.NoticeLost, "Name of sam lost the connection"},
		"disabled":                        {func(w *world) { w.change("sam", func(u *engine.User) { u.Disabled = true }) }, 0, true, engine.NoticeDisabled, "Name of sam is no longer on the team"},
		"the role is taken away":          {func(w *world) { w.change("sam", func(u *engine.User) { u.Role = "" }) }, 0, true, engine.NoticeDisabled, "Name of sam is no longer on the team"},
		"the skill is taken away":         {func(w *world) { w.change("sam", func(u *engine.User) { u.Skills = []string{"sales"} }) }, 0, true, engine.NoticeSkill, "Name of sam no longer has the skill"},
		"offline, and nothing released": {func(w *world) {
			w.change("sam", func(u *engine.User) { u.Presence, u.PresenceSince = engine.Offline, w.Clock.Now() })
		}, 0, true, engine.NoticeOffline, "Name of sam went offline"},
		"away for hours": {func(w *world) {
			w.change("sam", func(u *engine.User) { u.Presence, u.PresenceSince = engine.Away, w.Clock.Now() })
		}, 2*time.Hour - 10*time.Second, true, engine.NoticeAway, "Name of sam was away for long"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.held("zoe")
			w.seen()
			w.sweeper.Sweep(t.Context()) // it watches from here on
			tt.happens(w)
			alive := w.seen
			if !tt.lives {
				alive = nil
			}
			w.pass(tt.stays, alive)
			if tt.stays > 0 {
				equal(t, "before", engine.OwnerAgent, w.Conversation(c.ID).Owner)
			}
			w.pass(70*time.Second, alive)
			got := w.Conversation(c.ID)
			equal(t, "owner", engine.OwnerQueue, got.Owner)
			equal(t, "agent", "", got.Agent)
			equal(t, "reason", tt.reason, got.Handoff.Reason)
			n := w.notices("sam")
			if len(n) != 1 || n[0].Kind != tt.why || n[0].Conversation != c.ID || n[0].By != "" || n[0].To != "Customer care" {
				t.Errorf("sam is told %+v", n)
			}
			var d engine.ConversationData
			owners := w.Events(c.ID, engine.EventOwner)
			if err := json.Unmarshal(owners[len(owners)-1].Data, &d); err != nil {
				t.Fatal(err)
			}
			if d.From != "sam" || d.FromName != "Name of sam" || d.Reason != tt.reason || d.Rev != got.Rev {
				t.Errorf("the event says %+v, the conversation has rev %d", d, got.Rev)
			}
		})
	}
}

func TestStays(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		happens func(*world)
		alive   bool
		hours   int
	}{
		"she is there and says nothing": {func(*world) {}, true, 12},
		"away, and the consumer has their answer": {func(w *world) {
			w.change("sam", func(u *engine.User) { u.Presence, u.PresenceSince = engine.Away, w.Clock.Now() })
			w.Update(func(tx engine.Tx) error {
				all, err := tx.Conversations().List(engine.ConversationFilter{Brand: enginetest.Brand, Limit: 9})
				all[0].WaitingSince = time.Time{}
				if err == nil {
					err = tx.Conversations().Save(&all[0])
				}
				return err
			})
		}, true, 12},
		"never is never": {func(w *world) {
			w.Configure(func(s *engine.BrandSettings) { s.Desk = engine.DeskSettings{LostSeconds: -1, AwaySeconds: -1} })
			w.change("sam", func(u *engine.User) { u.Presence, u.PresenceSince = engine.Away, w.Clock.Now() })
		}, false, 30},
		"a supervisor without the skill": {func(w *world) {
			w.change("sam", func(u *engine.User) { u.Role, u.Skills = engine.RoleSupervisor, nil })
		}, true, 1},
		"she took it although she is offline": {func(w *world) {
			w.change("sam", func(u *engine.User) {
				u.Presence, u.PresenceSince = engine.Offline, w.Clock.Now().Add(-time.Hour)
			})
		}, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.held("zoe")
			w.seen()
			tt.happens(w)
			for range tt.hours * 60 {
				w.Clock.Advance(time.Minute)
				if tt.alive {
					w.seen()
				}
				w.sweeper.Sweep(t.Context())
			}
			equal(t, "owner", engine.OwnerAgent, w.Conversation(c.ID).Owner)
			equal(t, "notices", 0, len(w.notices("sam")))
		})
	}
}

// TestBackAtTheOldPlace: what comes back is served before what came later, at
// the priority that it had, and says so once.
func TestBackAtTheOldPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	old := w.held("zoe")
	entered := old.QueuedAt
	w.Clock.Advance(time.Minute)
	later := w.WriteAs(enginetest.Web, engine.Inbound{From: "ann", ProviderID: w.ID(), Content: engine.Content{Text: "hi"}}).Conversation.ID
	w.Enqueue(later, 0)
	w.Update(func(tx engine.Tx) error { // it was raised, and the mood is better now
		c, err := tx.Conversations().Get(enginetest.Brand, old.ID)
		if err == nil {
			c.Priority = 3
			err = tx.Conversations().Save(&c)
		}
		return err
	})
	if err := w.Desk.SetPresence(t.Context(), w.sam, engine.Offline); err != nil {
		t.Fatal(err)
	}
	e, ok := w.Queued(old.ID)
	if !ok || !e.EnteredAt.Equal(entered) || e.Priority != 3 || e.Raised != 2 || len(e.Avoid) != 0 || !e.ReturnedAt.Equal(w.Clock.Now()) {
		t.Errorf("it waits as %+v, entered %s", e, entered)
	}
	equal(t, "position", 1, enginetest.Read(w.World, func(tx engine.Tx) (int, error) { return tx.Queue().Position(old.ID) }))
	lines := w.Lines(old.ID)
	equal(t, "told", "system: Name of sam had to leave. A colleague will take over as soon as possible.", lines[len(lines)-1])
	w.pass(time.Hour, nil)
	equal(t, "told once", len(lines), len(w.Lines(old.ID)))

	c := w.Assign(old.ID, w.kim)
	equal(t, "kim has it", "kim", c.Agent)
	equal(t, "its place is kept", entered.UnixMilli(), c.QueuedAt.UnixMilli())
	equal(t, "the facts stay", old.Handoff.Facts, c.Handoff.Facts)
}

func TestOnlyWhoWouldNoticeIsTold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		silent time.Duration
		waits  bool
		told   bool
	}{
		"waits for an answer since yesterday": {24 * time.Hour, true, true},
		"answered a minute ago":               {time.Minute, false, true},
		"answered yesterday":                  {24 * time.Hour, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.held("zoe")
			if !tt.waits {
				if _, err := w.Desk.Reply(t.Context(), w.sam, c.ID, "r", "here you are", w.Cursor()); err != nil {
					t.Fatal(err)
				}
			}
			before := len(w.Lines(c.ID))
			w.Clock.Advance(tt.silent)
			if err := w.Desk.SignedOut(t.Context(), w.sam, "here"); err != nil {
				t.Fatal(err)
			}
			equal(t, "owner", engine.OwnerQueue, w.Conversation(c.ID).Owner)
			equal(t, "told", tt.told, len(w.Lines(c.ID)) > before)
			u := enginetest.Read(w.World, func(tx engine.Tx) (engine.User, error) { return tx.Users().Get(enginetest.Brand, "sam") })
			if u.Presence != engine.Offline || u.There(w.Clock.Now()) {
				t.Errorf("sam is %s and there: %v", u.Presence, u.There(w.Clock.Now()))
			}
			if err := w.Desk.SignedIn(t.Context(), u); err != nil {
				t.Fatal(err)
			}
			u = enginetest.Read(w.World, func(tx engine.Tx) (engine.User, error) { return tx.Users().Get(enginetest.Brand, "sam") })
			equal(t, "back at the next sign-in", engine.Online, u.Presence)
			equal(t, "and told", engine.NoticeSignedOut, w.notices("sam")[0].Kind)
		})
	}
}

func TestTheConsumersLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.held("zoe")
	w.Update(func(tx engine.Tx) error {
		c, err := tx.Conversations().Get(enginetest.Brand, c.ID)
		if err == nil {
			c.Language = "de"
			err = tx.Conversations().Save(&c)
		}
		return err
	})
	if err := w.Desk.SetPresence(t.Context(), w.sam, engine.Offline); err != nil {
		t.Fatal(err)
	}
	lines := w.Lines(c.ID)
	equal(t, "told", "system: Name of sam ist nicht mehr da. So bald wie möglich übernimmt jemand aus dem Team.", lines[len(lines)-1])
}

// TestARestartIsNoAbsence: while nothing ran, nobody could show a sign of life;
// after it they have the usual time. Who never comes back is gone then.
func TestARestartIsNoAbsence(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.held("zoe")
	w.pass(time.Minute, w.seen)
	w.Clock.Advance(3 * time.Hour) // the machine is off
	w.sweeper = w.process()
	w.pass(4*time.Minute, nil)
	equal(t, "after the start", engine.OwnerAgent, w.Conversation(c.ID).Owner)
	w.pass(time.Minute, w.seen) // she is back
	w.pass(4*time.Minute, nil)
	equal(t, "she was back", engine.OwnerAgent, w.Conversation(c.ID).Owner)
	w.Clock.Advance(time.Hour) // the machine slept, and the process lives on
	w.pass(4*time.Minute, nil)
	equal(t, "after the sleep", engine.OwnerAgent, w.Conversation(c.ID).Owner)
	w.pass(90*time.Second, nil)
	equal(t, "she never came back", engine.OwnerQueue, w.Conversation(c.ID).Owner)
}

// TestAnotherProcessHasHer: a connection or a session that ends here is no absence
// while another process has a connection.
func TestAnotherProcessHasHer(t *testing.T) {
	t.Parallel()
	for name, ends := range map[string]func(*world, string) error{
		"gone":       func(w *world, process string) error { return w.Desk.Gone(t.Context(), w.sam, process) },
		"signed out": func(w *world, process string) error { return w.Desk.SignedOut(t.Context(), w.sam, process) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, process := range []string{"one", "two"} {
				if err := w.Desk.Seen(t.Context(), w.sam, process, true); err != nil {
					t.Fatal(err)
				}
			}
			there := func() bool {
				u := enginetest.Read(w.World, func(tx engine.Tx) (engine.User, error) { return tx.Users().Get(enginetest.Brand, "sam") })
				return u.Available(w.Clock.Now())
			}
			at := w.Cursor()
			if err := ends(w, "one"); err != nil {
				t.Fatal(err)
			}
			equal(t, "connected to two", true, there())
			equal(t, "nothing is told", at, w.Cursor())
			if err := ends(w, "two"); err != nil {
				t.Fatal(err)
			}
			equal(t, "gone from both", false, there())
		})
	}
}

func TestARemovedAgent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.held("zoe")
	w.Update(func(tx engine.Tx) error { return tx.Users().Remove(enginetest.Brand, "sam") })
	w.sweeper.Sweep(t.Context())
	got := w.Conversation(c.ID)
	equal(t, "owner", engine.OwnerQueue, got.Owner)
	equal(t, "reason", "The agent is no longer on the team", got.Handoff.Reason)
}

// TestManySweepers: several processes look at once, and each conversation comes
// back once; so many that they need pages.
func TestManySweepers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const n = 230
	for i := range n {
		w.held(fmt.Sprint("visitor-", i))
	}
	w.change("sam", func(u *engine.User) { u.Disabled = true })
	done := make(chan struct{})
	for range 3 {
		s := w.process()
		go func() {
			s.Sweep(context.WithoutCancel(t.Context()))
			done <- struct{}{}
		}()
	}
	for range 3 {
		<-done
	}
	equal(t, "none is left", 0, enginetest.Read(w.World, func(tx engine.Tx) (int, error) {
		return tx.Conversations().Count(engine.ConversationFilter{Brand: enginetest.Brand, State: engine.Open, Owner: engine.OwnerAgent})
	}))
	equal(t, "all wait", n, len(enginetest.Read(w.World, func(tx engine.Tx) ([]engine.QueueEntry, error) { return tx.Queue().List(enginetest.Brand) })))
	equal(t, "the newest are told", engine.MaxNotices, len(w.notices("sam")))
}

// TestNobodyBringsThemBackForHours runs the sweeper itself in virtual time.
func TestNobodyBringsThemBackForHours(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes hours, in virtual time")
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Clock.Real = true
		w.seen()
		id := w.WriteAs(enginetest.Web, engine.Inbound{From: "zoe", ProviderID: w.ID(), Content: engine.Content{Text: "hi"}}).Conversation.ID
		w.Enqueue(id, 0)
		w.Assign(id, w.sam)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- w.sweeper.Run(ctx) }()
		for range 8 * 60 * 2 {
			time.Sleep(30 * time.Second)
			w.seen()
		}
		equal(t, "after eight hours", engine.OwnerAgent, w.Conversation(id).Owner)
		time.Sleep(6 * time.Minute)
		equal(t, "after six minutes without her", engine.OwnerQueue, w.Conversation(id).Owner)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
