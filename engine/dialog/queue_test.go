package dialog_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/desk"
	"parley/engine/enginetest"
)

// patient is a bot that hands over, waits ten minutes for somebody to take the
// conversation, and says what came of it.
type patient struct {
	mu      sync.Mutex
	handoff engine.HandoffEffect
	until   time.Duration
	inputs  []engine.InboxEntry
	after   func(engine.Turn, engine.Outcome) engine.Outcome // nil waits for a message
}

func (p *patient) step(t engine.Turn) (engine.Outcome, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := t.Session.Steps
	out := engine.Outcome{State: engine.SessionWaiting, UsedInput: true, Journal: []engine.JournalEntry{{Session: t.Session.ID, N: n, Call: "x", At: t.Now}}}
	if t.Input == nil {
		h := p.handoff
		h.Await = true
		out.Wait = engine.Wait{Kind: engine.WaitOutcome, Step: n}
		out.Effects = []engine.Effect{{Step: n, Handoff: &h}}
		if p.until > 0 {
			out.Wait.Until = t.Now.Add(p.until)
			out.Effects = append(out.Effects, engine.Effect{Step: n, Timer: &out.Wait.Until})
		}
		return out, nil
	}
	p.inputs = append(p.inputs, *t.Input)
	out.Wait = engine.Wait{Kind: engine.WaitMessage, Step: n}
	if t.Input.Kind == engine.InboxTimer {
		why := "nobody came"
		out.Effects = []engine.Effect{{Step: n, Recall: &why}, {Step: n, Say: text("Sorry.")}}
	}
	if p.after != nil {
		out = p.after(t, out)
	}
	return out, nil
}

// outcomes are the kinds of what the bot got.
func (p *patient) outcomes(t testing.TB) (kinds []string) {
	for _, e := range p.inputs {
		kind := string(e.Kind)
		if e.Kind == engine.InboxOutcome {
			var out engine.HandoffOutcome
			if err := json.Unmarshal(e.Data, &out); err != nil {
				t.Fatal(err)
			}
			kind = out.Kind
		}
		kinds = append(kinds, kind)
	}
	return kinds
}

func fire(t testing.TB, w *enginetest.World, id string) engine.Conversation {
	t.Helper()
	if _, err := w.Timers.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Visit(id)
	return w.Conversation(id)
}

func TestTheHandoffReachesTheQueue(t *testing.T) {
	t.Parallel()
	expects := []engine.ExpectedField{{Name: "refund", Kind: "boolean", Required: true}}
	bot := &patient{handoff: engine.HandoffEffect{Skill: "sales", Level: 3, Language: "de", Expects: expects}}
	w := scripted(t, bot.step)
	c := w.Say("hi")
	e, _ := w.Queued(c.ID)
	equal(t, engine.QueueEntry{Conversation: c.ID, Brand: c.Brand, Skill: "sales", Priority: 3, EnteredAt: e.EnteredAt, Level: 3, Language: "de"}, e)
	if c.Handoff.Level != 3 || c.Handoff.Language != "de" {
		t.Errorf("the handoff is %+v", c.Handoff)
	}
	equal(t, expects, c.Handoff.Expects)
}

func TestNobodyTakesItInTime(t *testing.T) {
	t.Parallel()
	bot := &patient{until: 10 * time.Minute}
	w := scripted(t, bot.step)
	w.Agent("sam", engine.RoleAgent, "care")
	c := w.Say("hi")
	w.Update(func(tx engine.Tx) error { // it is offered, and the agent hesitates
		e, err := tx.Queue().Get(c.ID)
		if err != nil {
			return err
		}
		e.OfferedTo, e.OfferExpires = "sam", w.Clock.Now().Add(time.Hour)
		return tx.Queue().Put(e)
	})
	w.Clock.Advance(10*time.Minute - time.Millisecond)
	is(t, fire(t, w, c.ID), engine.Open, engine.OwnerQueue)
	w.Clock.Advance(time.Millisecond)
	c = fire(t, w, c.ID)
	is(t, c, engine.Open, engine.OwnerBot)
	if _, queued := w.Queued(c.ID); queued {
		t.Error("it is still in the queue")
	}
	equal(t, []string{"timer"}, bot.outcomes(t))
	lines := w.Lines(c.ID)
	equal(t, "bot: Sorry.", lines[len(lines)-1])
	ended := w.Events(c.ID, engine.EventOfferEnded)
	if len(ended) != 1 || !strings.Contains(string(ended[0].Data), "withdrawn") {
		t.Errorf("the offer: %+v", ended)
	}
	moved := w.Events(c.ID, engine.EventOwner)
	var data engine.ConversationData
	if err := json.Unmarshal(moved[len(moved)-1].Data, &data); err != nil || data.Owner != engine.OwnerBot || data.Reason != "nobody came" {
		t.Errorf("the event tells %+v", data)
	}
	w.Say("pity")
	equal(t, []string{"timer", "message"}, bot.outcomes(t))
}

func TestAnAgentEndsTheTimeInTheQueue(t *testing.T) {
	t.Parallel()
	bot := &patient{until: 10 * time.Minute}
	w := scripted(t, bot.step)
	sam := w.Agent("sam", engine.RoleAgent, "care")
	c := w.Assign(w.Say("hi").ID, sam)
	w.Clock.Advance(11 * time.Minute)
	c = fire(t, w, c.ID)
	is(t, c, engine.Open, engine.OwnerAgent)
	if len(w.Inbox(c.ID)) != 0 || len(bot.inputs) != 0 {
		t.Errorf("the bot got %+v, the inbox has %+v", bot.inputs, w.Inbox(c.ID))
	}
	if _, err := w.Desk.Close(t.Context(), sam, c.ID, c.Rev, "solved", "", nil); err != nil {
		t.Fatal(err)
	}
	w.Visit(c.ID)
	equal(t, []string{"closed"}, bot.outcomes(t))
}

func TestAnAgentWhoPutsItBackEndsTheTimeToo(t *testing.T) {
	t.Parallel()
	bot := &patient{until: 10 * time.Minute}
	w := scripted(t, bot.step)
	sam := w.Agent("sam", engine.RoleAgent, "care")
	c := w.Assign(w.Say("hi").ID, sam)
	if _, err := w.Desk.Transfer(t.Context(), sam, c.ID, c.Rev, desk.Target{Skill: "sales"}, "wants to buy"); err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(11 * time.Minute)
	is(t, fire(t, w, c.ID), engine.Open, engine.OwnerQueue)
	equal(t, 0, len(bot.inputs))
}

// An agent takes the conversation while the bot decides to take it back.
func TestAnAgentIsFasterThanTheRecall(t *testing.T) {
	t.Parallel()
	bot := &patient{until: 10 * time.Minute}
	w := scripted(t, bot.step)
	sam := w.Agent("sam", engine.RoleAgent, "care")
	c := w.Say("hi")
	w.Clock.Advance(10 * time.Minute)
	if _, err := w.Timers.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
	other := *w.Dialog
	other.Store = &meddling{Store: w.Store, before: func() { w.Assign(c.ID, sam) }}
	if _, err := other.Visit(t.Context(), engine.ConversationRef{Brand: c.Brand, ID: c.ID}); err != nil {
		t.Fatal(err)
	}
	c = w.Conversation(c.ID)
	is(t, c, engine.Open, engine.OwnerAgent)
	if slices.Contains(w.Lines(c.ID), "bot: Sorry.") || len(w.Inbox(c.ID)) != 0 || w.Session(c.ID).Wait.Kind != engine.WaitOutcome {
		t.Errorf("half of the recall was done: %q", w.Lines(c.ID))
	}
}

func TestTheThirdReturnWithinAnHourIsTheLast(t *testing.T) {
	t.Parallel()
	again := func(turn engine.Turn, out engine.Outcome) engine.Outcome { // hands over at once
		n := turn.Session.Steps
		out.Wait = engine.Wait{Kind: engine.WaitOutcome, Step: n, Until: turn.Now.Add(time.Minute)}
		out.Effects = append(out.Effects, engine.Effect{Step: n, Handoff: &engine.HandoffEffect{Await: true}}, engine.Effect{Step: n, Timer: &out.Wait.Until})
		return out
	}
	t.Run("recalls", func(t *testing.T) {
		t.Parallel()
		bot := &patient{until: time.Minute, after: again}
		w := scripted(t, bot.step)
		c := w.Say("hi")
		for range 6 {
			w.Clock.Advance(time.Minute)
			is(t, fire(t, w, c.ID), engine.Open, engine.OwnerQueue)
		}
		equal(t, []string{"timer", "timer", "timer"}, bot.outcomes(t))
		if !slices.Contains(w.Lines(c.ID), "system note: Not given to the bot: the bot had it back 3 times within the hour.") {
			t.Errorf("nobody is told: %q", w.Lines(c.ID))
		}
		if c = w.Conversation(c.ID); c.Ready || len(w.Inbox(c.ID)) != 0 {
			t.Errorf("ready %t with %+v", c.Ready, w.Inbox(c.ID))
		}
	})
	t.Run("returns", func(t *testing.T) {
		t.Parallel()
		bot := &patient{after: again}
		w := scripted(t, bot.step)
		sam := w.Agent("sam", engine.RoleAgent, "care")
		id := w.Say("hi").ID
		for range 4 {
			c := w.Assign(id, sam)
			if _, err := w.Desk.Return(t.Context(), sam, id, c.Rev, ""); err != nil {
				t.Fatal(err)
			}
			w.Visit(id)
		}
		is(t, w.Conversation(id), engine.Open, engine.OwnerQueue)
		equal(t, []string{"returned", "returned", "returned"}, bot.outcomes(t))
		if e, _ := w.Queued(id); !slices.Equal(e.Avoid, []string{"sam"}) {
			t.Errorf("the queue has %+v", e)
		}
		w.Clock.Advance(time.Hour)
		c := w.Assign(id, sam)
		if _, err := w.Desk.Return(t.Context(), sam, id, c.Rev, ""); err != nil {
			t.Fatal(err)
		}
		w.Visit(id)
		equal(t, 4, len(bot.inputs))
	})
}

func TestAFailedVersionDoesNotGetItBack(t *testing.T) {
	t.Parallel()
	calls := 0
	w := scripted(t, func(engine.Turn) (engine.Outcome, error) { calls++; return engine.Outcome{}, fmt.Errorf("no") })
	sam := w.Agent("sam", engine.RoleAgent, "care")
	back := func(id string) engine.Conversation {
		t.Helper()
		c := w.Assign(id, sam)
		if _, err := w.Desk.Return(t.Context(), sam, id, c.Rev, ""); err != nil {
			t.Fatal(err)
		}
		w.Visit(id)
		return w.Conversation(id)
	}
	id := w.Say("hi").ID
	c := back(id)
	is(t, c, engine.Open, engine.OwnerQueue)
	if calls != 1 || !strings.Contains(c.Handoff.Reason, "its version is still the same") || c.Handoff.Summary != "Has only said hello." {
		t.Errorf("after %d calls, %+v", calls, c.Handoff)
	}
	w.Seed(map[string]string{"bots/main.lua": "return function(chat) end"}) // a new version may try
	back(id)
	equal(t, 2, calls)
}

func TestAbandoned(t *testing.T) {
	t.Parallel()
	for name, assigned := range map[string]bool{"in the queue": false, "with an agent": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bot := &patient{until: 10 * time.Minute, after: func(turn engine.Turn, out engine.Outcome) engine.Outcome {
				n := turn.Session.Steps
				if turn.Input.Kind == engine.InboxResult { // the answer of the query still comes
					out.Effects = []engine.Effect{{Step: n, Say: text("Bye.")}, {Step: n, Log: new(string)}}
					return out
				}
				q := &engine.Query{Value: &engine.ValueQuery{Op: "set", Key: "lost", Data: []byte(`true`)}}
				out.Wait = engine.Wait{Kind: engine.WaitResult, Step: n}
				out.Effects = []engine.Effect{{Step: n, Say: text("Sorry!")}, {Step: n, Tag: &turn.Conversation.Outcome}, {Step: n, Query: q}}
				return out
			}}
			w := scripted(t, bot.step)
			c := w.Say("hi")
			if assigned {
				w.Assign(c.ID, w.Agent("sam", engine.RoleAgent, "care"))
			}
			c = w.Say("STOP")
			is(t, c, engine.Closed, engine.OwnerNone)
			equal(t, []string{"abandoned", "result"}, bot.outcomes(t))
			if c.Outcome != "opted_out" || c.ClosedBy != "consumer" || c.Ready || !slices.Equal(c.Tags, []string{"opted_out"}) {
				t.Errorf("it is %+v", c)
			}
			for _, l := range w.Lines(c.ID) {
				if strings.HasPrefix(l, "bot:") {
					t.Errorf("somebody who opted out hears %q", l)
				}
			}
			w.View(func(tx engine.Tx) error {
				_, err := tx.Values().Get(c.Brand, "lost", w.Clock.Now())
				return err
			})
			s := w.Session(c.ID)
			next := enginetest.Read(w, func(tx engine.Tx) (time.Time, error) { return tx.Timers().Next() })
			if s.State != engine.SessionDone || len(w.Inbox(c.ID)) != 0 || !next.IsZero() {
				t.Errorf("the session is %s, the inbox has %+v, a timer is due %s", s.State, w.Inbox(c.ID), next)
			}
			if again := w.Say("START"); again.ID == c.ID {
				t.Error("it goes on in a closed conversation")
			}
		})
	}
}
