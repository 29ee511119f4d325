package conversation_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/enginetest"
	"parley/storage/sqlite/sqlitetest"
)

func world(t *testing.T) *enginetest.World {
	t.Helper()
	store := sqlitetest.Open(t)
	return enginetest.New(t, store, nil).Seed(nil)
}

func equal(t testing.TB, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("expected (-), got (+):\n%s", diff)
	}
}

func enqueue(w *enginetest.World, id string, e conversation.Entering) error {
	return w.Change(id, func(c *conversation.Change) error { return c.HandOver(e) })
}

func last(w *enginetest.World, id string) string {
	lines := w.Lines(id)
	return lines[len(lines)-1]
}

func TestEnqueueTellsTheConsumer(t *testing.T) {
	t.Parallel()
	to := func(skill string) conversation.Entering {
		return conversation.Entering{Handoff: engine.Handoff{Skill: skill, Reason: "asked"}, Actor: "bot:main"}
	}
	agent := to("care")
	agent.Agent, agent.Name = "sam", "Sam"
	silent := to("care")
	silent.Silent = true
	passed := to("sales")
	passed.Passed = true
	tests := []struct {
		name    string
		enter   conversation.Entering
		ahead   int // others in care
		closed  bool
		want    string
		skill   string
		queueAs int // priority
	}{
		{"nobody waits", to("care"), 0, false, "system: Connecting you to Customer care.", "care", 5},
		{"two wait", to("care"), 2, false, "system: Connecting you to Customer care. You are number 3 in the queue.", "care", 5},
		{"others wait for something else", to("sales"), 2, false, "system: Connecting you to Sales.", "sales", 3},
		{"an unknown skill", to("none"), 0, false, "system: Connecting you to Customer care.", "care", 5},
		{"no skill", to(""), 0, false, "system: Connecting you to Customer care.", "care", 5},
		{"off hours", to("care"), 0, true, "system: Customer care is closed right now and back tomorrow at 09:00. Your messages are kept, and somebody will answer then.", "care", 5},
		{"one agent", agent, 2, false, "system: Passing you on to Sam.", "care", 5},
		{"passed on", passed, 0, false, "system: Passing you on to Sales.", "sales", 3},
		{"silently", silent, 0, false, "consumer: hi", "care", 5},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			if tt.closed {
				w.Update(func(tx engine.Tx) error {
					skills, err := tx.Brands().Skills(enginetest.Brand)
					if err != nil {
						return err
					}
					week := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
					skills[0].Hours = &engine.Hours{Shifts: []engine.Shift{{Days: week, Span: engine.Span{From: 9 * 60, Until: 11 * 60}}}}
					return tx.Brands().SaveSkills(enginetest.Brand, skills)
				})
			}
			for i := range tt.ahead {
				c := w.WriteAs(enginetest.Web, engine.Inbound{From: string(rune('a' + i)), Content: engine.Content{Text: "hi"}}).Conversation
				if err := enqueue(w, c.ID, to("care")); err != nil {
					t.Fatal(err)
				}
				w.Clock.Advance(time.Second)
			}
			id := w.Write("hi").Conversation.ID
			w.Write("hi")
			if err := enqueue(w, id, tt.enter); err != nil {
				t.Fatal(err)
			}
			equal(t, tt.want, last(w, id))
			c := w.Conversation(id)
			e, _ := w.Queued(id)
			var until time.Time
			if tt.enter.Agent != "" {
				until = w.Clock.Now().Add(engine.DefaultTransferWait)
			}
			equal(t, engine.QueueEntry{
				Conversation: id, Brand: enginetest.Brand, Skill: tt.skill, Priority: tt.queueAs, EnteredAt: w.Clock.Now(), Agent: tt.enter.Agent,
				AgentUntil: until,
			}, utc(e))
			if c.Owner != engine.OwnerQueue || c.Skill != tt.skill || c.Ready || c.Handoff.Skill != tt.skill || len(w.Inbox(id)) != 0 {
				t.Errorf("it is %+v", c)
			}
		})
	}
}

func utc(e engine.QueueEntry) engine.QueueEntry {
	e.EnteredAt, e.AgentUntil = e.EnteredAt.UTC(), e.AgentUntil.UTC()
	return e
}

func TestEnqueueWithoutADefault(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get(enginetest.Brand)
		if err != nil {
			return err
		}
		b.Settings.DefaultSkill = "gone"
		return tx.Brands().Save(b)
	})
	if err := enqueue(w, id, conversation.Entering{}); err != nil {
		t.Fatal(err)
	}
	equal(t, "care", w.Conversation(id).Skill)
	w.Update(func(tx engine.Tx) error { return tx.Brands().SaveSkills(enginetest.Brand, nil) })
	if err := enqueue(w, id, conversation.Entering{}); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("without skills: %v", err)
	}
}

func offer(w *enginetest.World, id, agent string) {
	w.Update(func(tx engine.Tx) error {
		e, err := tx.Queue().Get(id)
		if err != nil {
			return err
		}
		e.OfferedTo, e.OfferExpires = agent, w.Clock.Now().Add(time.Minute)
		return tx.Queue().Put(e)
	})
}

func TestOpenOffersEnd(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]func(w *enginetest.World, id string) error{
		"close": func(w *enginetest.World, id string) error {
			return w.Change(id, func(c *conversation.Change) error {
				return c.Close("system", "done", "")
			})
		},
		"another queue": func(w *enginetest.World, id string) error {
			return enqueue(w, id, conversation.Entering{Handoff: engine.Handoff{Skill: "sales"}})
		},
	} {
		for _, agent := range []string{"sam", "removed"} {
			t.Run(name+" "+agent, func(t *testing.T) {
				t.Parallel()
				w := world(t)
				w.Agent("sam", engine.RoleAgent, "care")
				id := w.Write("hi").Conversation.ID
				if err := enqueue(w, id, conversation.Entering{}); err != nil {
					t.Fatal(err)
				}
				offer(w, id, agent)
				if err := do(w, id); err != nil {
					t.Fatal(err)
				}
				ended := w.Events(id, engine.EventOfferEnded)
				var d engine.OfferData
				if len(ended) != 1 || json.Unmarshal(ended[0].Data, &d) != nil || d.Agent != agent || d.End != "withdrawn" || ended[0].Actor != "system" {
					t.Fatalf("the log tells %+v", ended)
				}
				if e, ok := w.Queued(id); ok && (e.OfferedTo != "" || e.Skill != "sales") {
					t.Errorf("it waits as %+v", e)
				}
				load := enginetest.Read(w, func(tx engine.Tx) (map[string]float64, error) { return tx.Conversations().Load(enginetest.Brand) })
				equal(t, 0.0, load[agent])
			})
		}
	}
}

func TestCloseEndsEverything(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	w.Update(func(tx engine.Tx) error {
		s := engine.Session{ID: "s1", Brand: enginetest.Brand, Conversation: id, State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitMessage, Step: 2, Until: w.Clock.Now()}, CreatedAt: w.Clock.Now()}
		if err := tx.Sessions().Add(s); err != nil {
			return err
		}
		return tx.Timers().Add(engine.Timer{ID: "t1", Brand: enginetest.Brand, Conversation: id, Session: "s1", Step: 2, At: w.Clock.Now()})
	})
	err := w.Change(id, func(c *conversation.Change) error {
		c.Pending = &engine.PendingChoices{}
		return c.Close("system", "done", "all well")
	})
	if err != nil {
		t.Fatal(err)
	}
	c := w.Conversation(id)
	if c.State != engine.Closed || c.Owner != engine.OwnerNone || c.Ready || c.Pending != nil || !c.WaitingSince.IsZero() ||
		!c.ClosedAt.Equal(w.Clock.Now()) || c.Outcome != "done" || c.Summary != "all well" || c.ClosedBy != "system" {
		t.Errorf("it is %+v", c)
	}
	equal(t, 0, len(w.Inbox(id)))
	equal(t, engine.SessionDone, w.Session(id).State)
	equal(t, engine.Wait{}, w.Session(id).Wait)
	due := enginetest.Read(w, func(tx engine.Tx) ([]engine.Timer, error) { return tx.Timers().Due(w.Clock.Now().Add(time.Hour), 10) })
	equal(t, 0, len(due))
	equal(t, 1, len(w.Events(id, engine.EventClosed)))
}

func TestRestartBeginsWithTheConsumersLastWords(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("my brakes squeak").Conversation.ID
	for range 3 {
		w.Queue(id, fifty()...)
	}
	w.Update(func(tx engine.Tx) error { return tx.Inbox().Clear(id) })
	err := w.Change(id, func(c *conversation.Change) error {
		return c.Restart("agent:sam")
	})
	if err != nil {
		t.Fatal(err)
	}
	in := w.Inbox(id)
	var c engine.Content
	if len(in) != 1 || json.Unmarshal(in[0].Data, &c) != nil || c.Text != "my brakes squeak" || in[0].Kind != engine.InboxMessage {
		t.Errorf("the inbox has %+v", in)
	}
}

func fifty() []string {
	out := make([]string, 50)
	for i := range out {
		out[i] = "something of ours"
	}
	return out
}

func TestReturnNeedsASessionThatWaits(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	try := func(want bool) {
		t.Helper()
		err := w.Change(id, func(c *conversation.Change) error {
			got, err := c.Return(engine.HandoffOutcome{Kind: "returned"}, "agent:sam")
			if got != want {
				t.Errorf("a session waits: %t, want %t", got, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	try(false) // no session
	add := func(s engine.Session) {
		s.Brand, s.Conversation, s.CreatedAt = enginetest.Brand, id, w.Clock.Now()
		w.Clock.Advance(time.Second)
		w.Update(func(tx engine.Tx) error { return tx.Sessions().Add(s) })
	}
	add(engine.Session{ID: "s1", State: engine.SessionDone})
	try(false)
	add(engine.Session{ID: "s2", State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitMessage}})
	try(false)
	before := len(w.Inbox(id))
	add(engine.Session{ID: "s3", State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitOutcome}})
	try(true)
	in := w.Inbox(id)
	if len(in) != before+1 || in[before].Session != "s3" || in[before].Kind != engine.InboxOutcome || !w.Conversation(id).Ready {
		t.Errorf("the inbox has %+v", in)
	}
}
