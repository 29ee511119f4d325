package routing_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/bus"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/routing"
	"parley/storage/sqlite/sqlitetest"
)

const brand = "acme"

// world is a real store with one brand, and a clock that tests move.
type world struct {
	t      *testing.T
	store  engine.Store
	bus    *bus.Bus
	writer conversation.Writer

	mu  sync.Mutex
	now time.Time // zero for the real one
	ids atomic.Int64
}

func newWorld(t *testing.T, skills ...engine.Skill) *world {
	t.Helper()
	return newWorldOn(t, sqlitetest.Open(t), skills...)
}

func newWorldOn(t *testing.T, store engine.Store, skills ...engine.Skill) *world {
	t.Helper()
	w := &world{t: t, store: store, bus: bus.New(), now: noon()}
	store.Notify(w.bus.Publish)
	w.writer = conversation.Writer{NewID: w.id, Render: func(ch engine.Channel, c engine.Content, _ string) []engine.Content {
		if ch.ID == mute {
			panic("nobody can tell them")
		}
		return nil
	}}
	for i := range skills {
		skills[i].Brand = brand
	}
	w.update(func(tx engine.Tx) error {
		if err := tx.Brands().Save(engine.Brand{ID: brand, Name: "Acme"}); err != nil {
			return err
		}
		if err := tx.Brands().SaveChannels(brand, []engine.Channel{{Brand: brand, ID: mute}}); err != nil {
			return err
		}
		return tx.Brands().SaveSkills(brand, skills)
	})
	return w
}

// mute is a channel that nothing can be said on.
const mute = "acme.mute"

func (w *world) id() string { return fmt.Sprintf("id-%06d", w.ids.Add(1)) }

// assign gives a conversation to an agent.
func (w *world) assign(tx engine.Tx, conv engine.Conversation, agent engine.User) error {
	c := w.writer.Change(tx, w.clock(), conv)
	if err := c.Assign(agent, nil); err != nil {
		return err
	}
	return c.Save()
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now.IsZero() {
		return time.Now()
	}
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) update(fn func(engine.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) view(fn func(engine.Tx) error) {
	w.t.Helper()
	if err := w.store.View(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) addAgent(u engine.User) {
	w.t.Helper()
	u.Brand, u.Role, u.Presence, u.SeenAt = brand, engine.RoleAgent, engine.Online, w.clock()
	u.Email, u.Name = u.ID+"@acme.example", strings.ToUpper(u.ID)
	w.update(func(tx engine.Tx) error { return tx.Users().Save(u) })
}

// addWaiting puts a conversation into the queue; each waits longer than the one added after it.
func (w *world) addWaiting(id, skill string) {
	w.t.Helper()
	w.advance(time.Second)
	w.update(func(tx engine.Tx) error { return putWaiting(tx, id, skill, id, w.clock()) })
}

func putWaiting(tx engine.Tx, id, skill, address string, now time.Time) error {
	err := tx.Conversations().Add(engine.Conversation{
		ID: id, Brand: brand, Channel: cmp.Or(map[string]string{"unspeakable": mute}[address], "acme.web"), Kind: "webchat", Consumer: "p-" + id, Address: address,
		State: engine.Open, Owner: engine.OwnerQueue, Skill: skill, Priority: 5, CreatedAt: now, LastAt: now,
		Handoff: &engine.Handoff{Skill: skill, Reason: "asked for a person", At: now},
	})
	if err != nil {
		return err
	}
	return tx.Queue().Put(engine.QueueEntry{Conversation: id, Brand: brand, Skill: skill, Priority: 5, EnteredAt: now})
}

func (w *world) conversation(id string) (c engine.Conversation) {
	w.t.Helper()
	w.view(func(tx engine.Tx) (err error) { c, err = tx.Conversations().Get(brand, id); return err })
	return c
}

func (w *world) entry(id string) (e engine.QueueEntry) {
	w.t.Helper()
	w.view(func(tx engine.Tx) (err error) { e, err = tx.Queue().Get(id); return err })
	return e
}

// story is the log in short lines.
func (w *world) story() []string {
	w.t.Helper()
	var out []string
	for _, e := range w.events() {
		line := fmt.Sprintf("%s %s %s", e.Conversation, e.Kind, e.Actor)
		switch e.Kind {
		case engine.EventOffered, engine.EventOfferEnded:
			d := decode[engine.OfferData](w.t, e)
			line += fmt.Sprintf(" %s expires=%t end=%s why=%t", d.AgentName, d.Expires > 0, d.End, d.Why != nil)
		case engine.EventMessage:
			continue
		case engine.EventOwner:
			d := decode[engine.ConversationData](w.t, e)
			line += fmt.Sprintf(" %s %s rev=%d", d.Owner, d.AgentName, d.Rev)
		}
		out = append(out, line)
	}
	return out
}

func (w *world) events() (all []engine.Event) {
	w.t.Helper()
	w.view(func(tx engine.Tx) (err error) {
		all, err = tx.Events().List(engine.EventFilter{Brand: brand, Limit: 100_000})
		return err
	})
	return all
}

func decode[T any](t *testing.T, e engine.Event) (v T) {
	t.Helper()
	if err := json.Unmarshal(e.Data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// work runs a worker until done gives true after one of its commits, or at the start.
func (w *world) work(done func() bool) {
	w.t.Helper()
	stop := w.start()
	defer stop()
	w.await(done)
}

// start runs a worker until the returned function is called.
func (w *world) start() (stop func()) {
	w.t.Helper()
	worker := routing.New(routing.Config{Store: w.store, Bus: w.bus, Clock: w.clock, Catalog: catalog.New(w.store, w.bus, w.clock, time.Second), Writer: w.writer, Log: slog.New(slog.DiscardHandler)})
	ctx, cancel := contextOf(w.t)
	ended := make(chan error, 1)
	go func() { ended <- worker.Run(ctx) }()
	return sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
}

// await waits for done, asking again after each commit of a worker.
func (w *world) await(done func() bool) {
	w.t.Helper()
	committed := make(chan struct{}, 1)
	defer w.bus.Subscribe(engine.TopicEvents, func(engine.Signal) {
		select {
		case committed <- struct{}{}:
		default:
		}
	})()
	timeout := time.After(30 * time.Second)
	for !done() {
		select {
		case <-committed:
		case <-timeout:
			w.t.Fatalf("it did not come to pass; the log says\n%s", strings.Join(w.story(), "\n"))
		}
	}
}

func (w *world) owner(id string) engine.Owner { return w.conversation(id).Owner }

func (w *world) wake() {
	w.bus.Publish(engine.Signal{Topic: engine.TopicRouting, Brand: brand, Key: brand})
}

func TestWorkerAssignsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care", Name: "Care"})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 1})
	w.addWaiting("c1", "care")
	w.addWaiting("c2", "care")
	w.work(func() bool { return w.owner("c1") == engine.OwnerAgent })

	c := w.conversation("c1")
	if c.Agent != "ana" || c.Handoff == nil || c.Handoff.Reason != "asked for a person" || c.Rev != 1 {
		t.Errorf("got %+v", c)
	}
	want := []string{
		"c1 offered system ANA expires=false end= why=true",
		"c1 owner system agent ANA rev=1",
	}
	if diff := gocmp.Diff(want, w.story()); diff != "" {
		t.Error(diff)
	}
	said := []string{}
	w.view(func(tx engine.Tx) error {
		all, err := tx.Messages().List(brand, "c1", 0, 10)
		for _, m := range all {
			said = append(said, m.Content.Event+": "+m.Content.Text)
		}
		return err
	})
	if diff := gocmp.Diff([]string{"assigned: You are now talking with ANA."}, said); diff != "" {
		t.Error(diff)
	}
	if w.owner("c2") != engine.OwnerQueue {
		t.Error("c2 went to a full agent")
	}
	w.view(func(tx engine.Tx) error {
		if _, err := tx.Queue().Get("c1"); engine.CodeOf(err) != engine.NotFound {
			t.Errorf("the queue still has c1: %v", err)
		}
		u, err := tx.Users().Get(brand, "ana")
		if !u.AssignedAt.Equal(w.clock()) {
			t.Errorf("assigned at %v, want %v", u.AssignedAt, w.clock())
		}
		return err
	})
}

// TestRaisedWhileItWaits: a conversation that is raised goes before those that wait longer.
func TestRaisedWhileItWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care", Priority: 5})
	w.addWaiting("c1", "care")
	w.addWaiting("c2", "care")
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 1})
	w.update(func(tx engine.Tx) error {
		c, err := w.writer.Load(tx, w.clock(), brand, "c2")
		if err != nil {
			return err
		}
		c.In(catalog.Entry{Brand: engine.Brand{Settings: engine.BrandSettings{Sentiment: engine.SentimentSettings{Priority: 2}}}})
		c.Mood = engine.Mood{Sum: -2, Weight: 2, Tone: engine.ToneNegative}
		return errors.Join(c.Turned("", "system"), c.Save())
	})
	if p := w.entry("c2").Priority; p != 3 {
		t.Errorf("its priority is %d", p)
	}
	w.work(func() bool { return w.owner("c2") == engine.OwnerAgent })
	if w.owner("c1") != engine.OwnerQueue {
		t.Error("the one that waited longer was served too")
	}
	for _, e := range w.events() {
		if e.Kind == engine.EventOffered {
			if why := decode[engine.OfferData](t, e).Why; why.Priority != 3 || why.Raised != 2 {
				t.Errorf("the reasons are %+v", why)
			}
		}
	}
}

func TestOfferAcceptedDeclinedExpired(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care", AcceptSeconds: 30})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 1})
	w.addAgent(engine.User{ID: "bo", Skills: []string{"care"}, Slots: 1})
	w.addWaiting("c1", "care")
	stop := w.start()
	defer stop()
	offeredTo := func(agent string) func() bool { return func() bool { return w.entry("c1").OfferedTo == agent } }
	w.await(offeredTo("ana"))
	if got := w.entry("c1").OfferExpires; !got.Equal(w.clock().Add(30 * time.Second)) {
		t.Errorf("expires at %v", got)
	}

	w.advance(30 * time.Second)
	w.wake()
	w.await(offeredTo("bo"))

	w.update(func(tx engine.Tx) error {
		e, err := tx.Queue().Get("c1")
		if err != nil {
			return err
		}
		return conversation.EndOffer(tx, w.clock(), e, conversation.Declined)
	})
	if got := w.entry("c1").Avoid; !gocmp.Equal(got, []string{"ana", "bo"}) {
		t.Errorf("avoid is %v", got)
	}
	w.advance(routing.AvoidPause)
	w.update(func(tx engine.Tx) error {
		return errors.Join(tx.Users().Seen(brand, "ana", w.clock()), tx.Users().Seen(brand, "bo", w.clock()))
	})
	w.wake()
	w.await(offeredTo("ana")) // both turned it down a minute ago, ana is idle for longer

	w.update(func(tx engine.Tx) error {
		c, err := tx.Conversations().Get(brand, "c1")
		if err != nil {
			return err
		}
		ana, err := tx.Users().Get(brand, "ana")
		if err != nil {
			return err
		}
		return w.assign(tx, c, ana)
	})
	want := []string{
		"c1 offered system ANA expires=true end= why=true",
		"c1 offer_ended system ANA expires=false end=expired why=false",
		"c1 offered system BO expires=true end= why=true",
		"c1 offer_ended agent:bo BO expires=false end=declined why=false",
		"c1 offered system ANA expires=true end= why=true",
		"c1 offer_ended agent:ana ANA expires=false end=accepted why=false",
		"c1 owner agent:ana agent ANA rev=1",
	}
	if diff := gocmp.Diff(want, w.story()); diff != "" {
		t.Error(diff)
	}
}

func TestAutoAcceptSkipsTheOffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care", AcceptSeconds: 30})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 1, AutoAccept: true})
	w.addWaiting("c1", "care")
	w.work(func() bool { return w.owner("c1") == engine.OwnerAgent })
}

func TestOffersOfSomebodyGoneAreWithdrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care", AcceptSeconds: 3600})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 2})
	w.addWaiting("c1", "care")
	w.addWaiting("c2", "care")
	stop := w.start()
	defer stop()
	w.await(func() bool { return w.entry("c1").OfferedTo == "ana" && w.entry("c2").OfferedTo == "ana" })

	w.advance(engine.PresenceTTL) // ana is silent
	w.wake()
	w.await(func() bool { return w.entry("c1").OfferedTo == "" && w.entry("c2").OfferedTo == "" })
	if got := w.entry("c1").Avoid; len(got) != 0 {
		t.Errorf("avoid is %v: somebody who lost the connection has not turned it down", got)
	}

	w.addAgent(engine.User{ID: "bo", Skills: []string{"care"}, Slots: 2})
	w.wake()
	w.await(func() bool { return w.entry("c1").OfferedTo == "bo" && w.entry("c2").OfferedTo == "bo" })
	stop()
	w.update(func(tx engine.Tx) error {
		n, err := conversation.Withdraw(tx, w.clock(), brand, "bo")
		if n != 2 {
			t.Errorf("withdrew %d offers, want 2", n)
		}
		return err
	})
	if w.entry("c1").OfferedTo != "" {
		t.Error("c1 is still offered")
	}
}

func TestAssignRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care"})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 2})
	w.addWaiting("c1", "care")
	ana := engine.User{ID: "ana", Brand: brand, Name: "ANA"}
	base := w.conversation("c1")
	stale, closed, mine := base, base, base
	stale.Rev = 7
	closed.State = engine.Closed
	mine.Owner, mine.Agent = engine.OwnerAgent, "ana"
	tests := []struct {
		name  string
		conv  engine.Conversation
		agent engine.User
		want  engine.Code
	}{
		{"another brand's agent", base, engine.User{ID: "ana", Brand: "other"}, engine.NotFound},
		{"closed", closed, ana, engine.Conflict},
		{"his already", mine, ana, engine.Conflict},
		{"changed meanwhile", stale, ana, engine.Conflict},
	}
	for _, tt := range tests {
		err := w.store.Update(t.Context(), func(tx engine.Tx) error { return w.assign(tx, tt.conv, tt.agent) })
		if engine.CodeOf(err) != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
	if len(w.story()) != 0 || w.entry("c1").Conversation != "c1" {
		t.Errorf("a refused assignment left something: %v", w.story())
	}
}

func TestTakingSomebodyElsesOffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care", AcceptSeconds: 30})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 2})
	w.addAgent(engine.User{ID: "sue"})
	w.addWaiting("c1", "care")
	w.work(func() bool { return w.entry("c1").OfferedTo == "ana" })
	w.update(func(tx engine.Tx) error {
		c, err := tx.Conversations().Get(brand, "c1")
		if err != nil {
			return err
		}
		return w.assign(tx, c, engine.User{ID: "sue", Brand: brand, Name: "SUE"})
	})
	want := []string{
		"c1 offer_ended system ANA expires=false end=withdrawn why=false",
		"c1 owner agent:sue agent SUE rev=1",
	}
	if diff := gocmp.Diff(want, w.story()[1:]); diff != "" {
		t.Error(diff)
	}
}

func TestOneThatFailsDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care"})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 1})
	w.update(func(tx engine.Tx) error { return putWaiting(tx, "bad", "care", "unspeakable", w.clock()) })
	w.addWaiting("c1", "care")
	w.work(func() bool { return w.owner("c1") == engine.OwnerAgent })
	if w.owner("bad") != engine.OwnerQueue || w.entry("bad").OfferedTo != "" {
		t.Error("the failed one must still wait")
	}
}

func TestLeftoverEntriesAreRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care"})
	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 1})
	w.update(func(tx engine.Tx) error {
		return tx.Queue().Put(engine.QueueEntry{Conversation: "ghost", Brand: brand, Skill: "care", Priority: 1, EnteredAt: w.clock()})
	})
	w.addWaiting("c1", "care")
	w.work(func() bool { return w.owner("c1") == engine.OwnerAgent })
	w.view(func(tx engine.Tx) error {
		if _, err := tx.Queue().Get("ghost"); engine.CodeOf(err) != engine.NotFound {
			t.Errorf("the ghost is still there: %v", err)
		}
		return nil
	})
}
