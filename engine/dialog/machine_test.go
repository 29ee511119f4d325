package dialog_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/outbox"
	"parley/engine/routing"
	"parley/storage/memory"
	"parley/storage/postgres/postgrestest"
)

// machineBot does what the consumer's first word says.
const machineBot = `local http = require "http"
return function(chat)
	chat:say "Hello."
	local a = chat:ask("Well?", { timeout = 5 })
	local word = a.text:match "^%a+"
	if word == "call" then http.get "https://shop.example/" end
	if word == "sleep" then chat:wait(5) end
	if word == "fail" then error "no" end
	if word == "bye" then return chat:close "answered" end
	if word == "pass" then return chat:transfer { skill = "sales" } end
	if word == "again" then chat:restart {} end
	local o = chat:handoff { skill = "care" }
	if o.closed then chat:ask("Score?", { timeout = 5 }) else chat:ask "Back. And?" end
	chat:say "Bye."
end`

// machine is one consumer, two agents, a supervisor and all workers, which
// crash now and then.
type machine struct {
	*enginetest.World
	agents []engine.User
	words  []string
	gather time.Duration
	retry  time.Duration
	stop   func()

	address  string
	said     []string // by the consumer, in order
	last     engine.Inbound
	revs     map[string]int64
	sessions map[string]bool
}

// start runs all workers as a process would.
func (m *machine) start() {
	ctx, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	router := routing.New(routing.Config{Store: m.Store, Bus: m.Bus, Clock: m.Clock.Now, Catalog: m.Catalog, Writer: m.Writer, Log: slog.New(slog.DiscardHandler)})
	for _, run := range []func(context.Context) error{m.Dialog.Run, m.Delivery.Run, m.Timers.Run, m.Followup.Run, router.Run} {
		group.Go(func() {
			if err := run(ctx); err != nil {
				m.T.Error(err)
			}
		})
	}
	m.stop = func() { cancel(); group.Wait() }
}

// lives is how many consumers a run without -v plays: each is some thirty
// steps on a real disk.
const lives = 10

func TestEverythingTogether(t *testing.T) {
	t.Parallel()
	for name, store := range map[string]func(testing.TB) engine.Store{
		"on disk": open, "in memory": func(testing.TB) engine.Store { return memory.New() },
		"on PostgreSQL": func(t testing.TB) engine.Store { return postgrestest.Store(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			everything(t, func(t *testing.T) *enginetest.World { return on(t, store(t), machineBot) }, 0,
				[]string{"hello", "call", "sleep", "fail", "bye", "pass", "again", "agent", "STOP", "HELP"})
		})
	}
}

// The same with a bot that does what Lua bots cannot easily be brought to do
// at random: queries, interrupts, recalls, follow-ups, and bursts.
func TestEverythingElseTogether(t *testing.T) {
	t.Parallel()
	words := []string{"hello", "call", "ring", "sleep", "fail", "bye", "pass", "again", "store", "plan", "later", "cancel", "STOP", "START"}
	for name, gather := range map[string]float64{"one by one": 0, "in bursts": 0.7} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			everything(t, func(t *testing.T) *enginetest.World { return gathering(scripted(t, actor), gather) }, gather, words)
		})
	}
}

func everything(t *testing.T, world func(*testing.T) *enginetest.World, gather float64, words []string) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	synctest.Test(t, func(t *testing.T) {
		w := world(t)
		w.Clock.Real = true
		fetch := w.Delivery.Fetch
		w.Delivery.Fetch = func(ctx context.Context, c outbox.Call) outbox.Answer {
			time.Sleep(2 * time.Second) // somebody may write meanwhile
			return fetch(ctx, c)
		}
		w.Update(func(tx engine.Tx) error {
			b, err := tx.Brands().Get(enginetest.Brand)
			if err != nil {
				return err
			}
			b.Settings.HTTPHosts = []string{"shop.example"}
			skills, err := tx.Brands().Skills(enginetest.Brand)
			if err != nil {
				return err
			}
			skills[0].AcceptSeconds = 3
			if err := tx.Brands().SaveSkills(enginetest.Brand, skills); err != nil {
				return err
			}
			return tx.Brands().Save(b)
		})
		agents := []engine.User{w.Agent("sam", engine.RoleAgent, "care"), w.Agent("kim", engine.RoleAgent, "care", "sales"), w.Agent("sup", engine.RoleSupervisor)}
		n, passed := 0, 0
		rapid.Check(struct{ testing.TB }{t}, func(rt *rapid.T) { // a bubble has no deadline
			if passed == lives && !testing.Verbose() {
				return
			}
			n++
			m := &machine{
				World: w, agents: agents, words: words, gather: time.Duration(gather * float64(time.Second)), retry: 250 * time.Millisecond,
				address: fmt.Sprint("+1555", n), revs: map[string]int64{}, sessions: map[string]bool{},
			}
			m.start()
			defer func() { m.stop() }()
			rt.Repeat(map[string]func(*rapid.T){
				"write":   m.write,
				"twice":   m.twice,
				"pass":    m.pass,
				"command": m.command,
				"crash":   m.crash,
				"":        m.check,
			})
			passed++
		})
	})
}

func (m *machine) write(t *rapid.T) {
	word := rapid.SampledFrom(m.words).Draw(t, "word")
	for range rapid.IntRange(1, 3).Draw(t, "messages") {
		text := fmt.Sprint(word, " ", len(m.said))
		if word == strings.ToUpper(word) {
			text = word
		}
		m.last = engine.Inbound{From: m.address, ProviderID: fmt.Sprint(m.address, "-", len(m.said)), Content: engine.Content{Text: text}}
		if _, err := m.Receive(enginetest.Phone, m.last); err != nil {
			t.Fatal(err)
		}
		m.said = append(m.said, text)
	}
}

// twice delivers the last message again.
func (m *machine) twice(t *rapid.T) {
	if m.last.From == "" {
		return
	}
	taken, err := m.Receive(enginetest.Phone, m.last)
	if err != nil || !taken.Duplicate {
		t.Fatalf("a duplicate gave %+v, %v", taken, err)
	}
}

func (m *machine) pass(t *rapid.T) {
	time.Sleep(rapid.SampledFrom([]time.Duration{time.Millisecond, time.Second, 6 * time.Second, 20 * time.Second}).Draw(t, "time"))
}

// crash starts the workers anew; sends may be cut off between claim and settling.
func (m *machine) crash(t *rapid.T) {
	m.stop()
	if rapid.Bool().Draw(t, "in a send") {
		m.Update(func(tx engine.Tx) error {
			_, err := tx.Outbox().Claim(time.Now(), time.Now().Add(time.Minute), 1)
			return err
		})
	}
	if err := m.Delivery.Recover(context.Background()); err != nil {
		t.Fatal(err)
	}
	m.start()
}

// command lets somebody of the team do something, sensible or not.
func (m *machine) command(t *rapid.T) {
	all := m.thread(t)
	if len(all) == 0 {
		return
	}
	c := all[len(all)-1]
	u := rapid.SampledFrom(m.agents).Draw(t, "who")
	rev := c.Rev - int64(rapid.SampledFrom([]int{0, 0, 0, 1}).Draw(t, "behind"))
	ctx := context.Background()
	var err error
	switch name := rapid.SampledFrom([]string{"accept", "decline", "take", "reply", "note", "transfer", "send", "requeue", "return", "close", "here", "gone"}).Draw(t, "command"); name {
	case "accept":
		_, err = m.Desk.Accept(ctx, u, c.ID)
	case "decline":
		_, err = m.Desk.Decline(ctx, u, c.ID)
	case "take":
		_, err = m.Desk.Take(ctx, u, c.ID, rev)
	case "reply":
		_, err = m.Desk.Reply(ctx, u, c.ID, m.ID(), "answer", m.Cursor())
	case "note":
		_, err = m.Desk.Note(ctx, u, c.ID, m.ID(), "note")
	case "transfer":
		_, err = m.Desk.Transfer(ctx, u, c.ID, rev, deskTarget("", "kim"), "note")
	case "send":
		_, err = m.Desk.Transfer(ctx, u, c.ID, rev, deskTarget("sales", ""), "note")
	case "requeue":
		_, err = m.Desk.Requeue(ctx, u, c.ID, rev, "")
	case "return":
		_, err = m.Desk.Return(ctx, u, c.ID, rev, "note")
	case "close":
		_, err = m.Desk.Close(ctx, u, c.ID, rev, "solved", "", nil)
	case "here":
		err = m.Desk.SetPresence(ctx, u, engine.Online)
	case "gone":
		err = m.Desk.Gone(ctx, u, "here")
	}
	switch engine.CodeOf(err) {
	case "", engine.Conflict, engine.Forbidden, engine.Invalid:
	default:
		t.Fatalf("a command failed: %v", err)
	}
}

// thread lists the consumer's conversations, oldest first.
func (m *machine) thread(t *rapid.T) (out []engine.Conversation) {
	synctest.Wait()
	for range 2 { // bursts end, and updates that were in each other's way are tried again
		time.Sleep(m.gather + m.retry)
		synctest.Wait()
	}
	m.View(func(tx engine.Tx) error {
		p, err := tx.Consumers().ByAddress(enginetest.Brand, "phone", m.address)
		if engine.CodeOf(err) == engine.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		out, err = tx.Conversations().List(engine.ConversationFilter{Brand: enginetest.Brand, Consumer: p.ID, Limit: 200})
		return err
	})
	slices.SortFunc(out, func(a, b engine.Conversation) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// check holds what must always be true, once all workers are at rest.
func (m *machine) check(t *rapid.T) {
	open := 0
	var said []string
	thread := m.thread(t)
	m.checkHeard(t, thread)
	for _, c := range thread {
		if c.State == engine.Open {
			open++
		}
		m.checkOwner(t, c)
		m.checkSession(t, c)
		if c.Rev < m.revs[c.ID] {
			t.Fatalf("the revision went from %d to %d", m.revs[c.ID], c.Rev)
		}
		m.revs[c.ID] = c.Rev
		for i, msg := range m.Messages(c.ID) {
			if msg.Seq != int64(i+1) {
				t.Fatalf("message %d has seq %d", i+1, msg.Seq)
			}
			if msg.Author == engine.AuthorConsumer {
				said = append(said, msg.Content.Text)
			}
		}
	}
	if open > 1 {
		t.Fatalf("%d conversations are open", open)
	}
	if !slices.Equal(said, m.said) {
		t.Fatalf("the thread has %q, the consumer wrote %q", said, m.said)
	}
	items := map[string]bool{}
	for _, out := range m.Provider.Outbound() {
		if items[out.Item] {
			t.Fatalf("sent twice: %q", out.Content.Text)
		}
		items[out.Item] = true
	}
}

func (m *machine) checkOwner(t *rapid.T, c engine.Conversation) {
	e, queued := m.Queued(c.ID)
	switch {
	case (c.State == engine.Closed) != (c.Owner == engine.OwnerNone):
		t.Fatalf("%s with %s", c.State, c.Owner)
	case (c.Owner == engine.OwnerAgent) != (c.Agent != ""):
		t.Fatalf("with %s, agent %q", c.Owner, c.Agent)
	case (c.Owner == engine.OwnerQueue) != queued:
		t.Fatalf("with %s, in the queue: %t", c.Owner, queued)
	case queued && (e.Skill != c.Skill || e.Priority != c.Priority):
		t.Fatalf("waits for %s at %d, is for %s at %d", e.Skill, e.Priority, c.Skill, c.Priority)
	case c.Owner != engine.OwnerBot && len(m.Inbox(c.ID)) > 0:
		t.Fatalf("with %s, the inbox has %+v", c.Owner, m.Inbox(c.ID))
	case c.State == engine.Closed && (c.Ready || c.Pending != nil || !c.WaitingSince.IsZero() || c.ClosedAt.IsZero()):
		t.Fatalf("closed is %+v", c)
	}
}

func (m *machine) checkSession(t *rapid.T, c engine.Conversation) {
	var current engine.Session
	m.View(func(tx engine.Tx) error {
		s, err := tx.Sessions().Current(c.ID)
		if engine.CodeOf(err) == engine.NotFound {
			return nil
		}
		current = s
		return err
	})
	switch {
	case c.Ready && !m.held(c):
		t.Fatalf("it has news, and everybody rests: %+v", m.Inbox(c.ID))
	case current.ID == "" && c.Owner == engine.OwnerBot:
		t.Fatal("with the bot, and there is no session")
	case current.ID == "":
		return
	}
	m.sessions[current.ID] = true
	waiting := 0
	for id := range m.sessions {
		s := enginetest.Read(m.World, func(tx engine.Tx) (engine.Session, error) { return tx.Sessions().Get(id) })
		if s.Conversation == c.ID && s.State == engine.SessionWaiting {
			waiting++
		}
	}
	timers := 0
	m.View(func(tx engine.Tx) error {
		due, err := tx.Timers().Due(time.Now().Add(24*time.Hour), 1000)
		for _, timer := range due {
			if timer.Conversation == c.ID {
				timers++
			}
		}
		return err
	})
	switch {
	case waiting > 1:
		t.Fatalf("%d sessions wait", waiting)
	case c.State == engine.Closed && (waiting > 0 || timers > 0):
		t.Fatalf("closed with %d sessions that wait and %d timers", waiting, timers)
	case timers > 1:
		t.Fatalf("%d timers", timers)
	case c.Owner == engine.OwnerBot && waiting == 0:
		t.Fatal("with the bot, and no session waits")
	case c.Owner == engine.OwnerBot && current.Wait.Kind == engine.WaitMessage && len(m.Inbox(c.ID)) > 0 && !m.held(c):
		t.Fatalf("the bot waits for a message and has %+v", m.Inbox(c.ID))
	case c.Owner == engine.OwnerBot && (current.Wait.Kind == engine.WaitOutcome || current.Wait.Kind == engine.WaitStart):
		t.Fatalf("with the bot, which waits for %s", current.Wait.Kind)
	}
}

// held says whether a follow-up waits for a pause in the talk.
func (m *machine) held(c engine.Conversation) bool {
	in := m.Inbox(c.ID)
	return len(in) > 0 && !slices.ContainsFunc(in, func(e engine.InboxEntry) bool { return e.Kind != engine.InboxFollowup })
}

// checkHeard holds that bots hear each message at most once, in order, and
// that each follow-up begins at most once. Only actor tells what it heard.
func (m *machine) checkHeard(t *rapid.T, thread []engine.Conversation) {
	heard, begun := map[string]bool{}, map[string]bool{}
	for _, c := range thread {
		sessions := enginetest.Read(m.World, func(tx engine.Tx) ([]engine.Session, error) { return tx.History().Sessions(enginetest.Brand, c.ID) })
		for i, s := range sessions {
			for _, e := range enginetest.Read(m.World, func(tx engine.Tx) ([]engine.JournalEntry, error) { return tx.Sessions().Journal(s.ID) }) {
				switch kind, text, _ := strings.Cut(string(e.Args), ":"); kind {
				case "heard":
					for _, line := range strings.Split(text, "\n") {
						// A fresh session after an agent's return begins with the last message.
						if heard[line] && (i == 0 || e.N > 0) {
							t.Fatalf("%q was heard twice", line)
						}
						heard[line] = true
					}
				case "followup":
					if begun[text] {
						t.Fatalf("follow-up %s began twice", text)
					}
					begun[text] = true
				}
			}
		}
	}
}
