package dialog_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

func TestAFaultIsNotedCountedAndReported(t *testing.T) {
	t.Parallel()
	w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
		return engine.Outcome{State: engine.SessionParked, Fault: &engine.Fault{
			Kind: "error", Message: `no order "` + turn.First.Text + `"`, File: "bots/main.lua", Line: 7, Traceback: "in function 'order'", Bot: "main", Version: turn.Session.Version,
		}}, nil
	})
	var told []string
	w.Dialog.Failed = func(tx engine.Tx, brand, version string, now time.Time) error {
		_, err := tx.Brands().Get(brand)
		told = append(told, version)
		return err
	}
	c := w.Say("123")
	lines := w.Lines(c.ID)
	equal(t, []string{
		"consumer: 123", "system: I can't help further here, so I'm getting a person for you.", "system: Connecting you to Customer care.",
	}, lines)
	h := w.Conversation(c.ID).Handoff // what its author needs is in the trace, and nowhere else
	equal(t, "The bot failed", h.Reason)
	equal(t, "no order \"123\"\nbots/main.lua:7\nin function 'order'", h.Trace)
	other := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", Content: engine.Content{Text: "456"}}).Conversation
	w.Visit(other.ID)
	groups := enginetest.Read(w, func(tx engine.Tx) ([]engine.FaultGroup, error) {
		return tx.Faults().List(enginetest.Brand, w.Clock.Now().Add(-time.Hour), 10)
	})
	if len(groups) != 1 || groups[0].Conversations != 2 || groups[0].Fault.Line != 7 || strings.Contains(groups[0].Fault.Message, "123") {
		t.Errorf("the faults are %+v", groups)
	}
	if len(told) != 2 || told[0] == "" || told[0] != w.Session(c.ID).Version {
		t.Errorf("the breaker heard of %q", told)
	}
}

func TestABreakerThatCannotDecideKeepsTheTurnForLater(t *testing.T) {
	t.Parallel()
	w := scripted(t, func(engine.Turn) (engine.Outcome, error) { return engine.Outcome{}, errors.New("no") })
	w.Dialog.Failed = func(engine.Tx, string, string, time.Time) error {
		return engine.Errorf(engine.Unavailable, "not now")
	}
	id := w.Write("hi").Conversation.ID
	if _, err := w.Dialog.Visit(t.Context(), engine.ConversationRef{Brand: enginetest.Brand, ID: id}); engine.CodeOf(err) != engine.Unavailable {
		t.Fatalf("got %v", err)
	}
	if c := w.Conversation(id); !c.Ready || len(w.Inbox(id)) != 1 {
		t.Errorf("the message is lost: %+v", w.Inbox(id))
	}
}

// loops are bots that would go on for ever.
func TestLoopsAndStormsGoToAPerson(t *testing.T) {
	t.Parallel()
	echo := func(t engine.Turn) engine.Outcome {
		n := t.Session.Steps
		return engine.Outcome{
			State: engine.SessionWaiting, UsedInput: true, Wait: engine.Wait{Kind: engine.WaitMessage, Step: n},
			Journal: []engine.JournalEntry{{Session: t.Session.ID, N: n, Call: "ask", At: t.Now, Line: "bots/main.lua:4"}},
		}
	}
	t.Run("says the same thing", func(t *testing.T) {
		t.Parallel()
		w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
			out := echo(turn)
			out.Effects = []engine.Effect{{Say: text("Pardon?")}}
			return out, nil
		})
		for n := range 4 {
			is(t, w.Say("hi"), engine.Open, engine.OwnerBot)
			_ = n
		}
		c := w.Say("hi")
		is(t, c, engine.Open, engine.OwnerQueue)
		if c.Handoff.Reason != "The bot went round in circles" || !strings.Contains(c.Handoff.Trace, "the same thing 5 times") {
			t.Errorf("the reason is %q, the trace %q", c.Handoff.Reason, c.Handoff.Trace)
		}
	})
	t.Run("restarts across calls", func(t *testing.T) {
		t.Parallel()
		turns := 0
		w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
			turns++
			if turn.Input == nil {
				out := echo(turn)
				out.Wait.Kind = engine.WaitResult
				out.Effects = []engine.Effect{{Query: &engine.Query{Identities: true}}}
				out.Effects[0].Step = out.Wait.Step
				return out, nil
			}
			return engine.Outcome{State: engine.SessionDone, UsedInput: true, Restart: []byte(`{}`)}, nil
		})
		c := w.Say("hi")
		is(t, c, engine.Open, engine.OwnerQueue)
		if !strings.Contains(c.Handoff.Trace, "chat:restart") || turns != 10 {
			t.Errorf("after %d turns: %q", turns, c.Handoff.Reason)
		}
	})
	t.Run("storm", func(t *testing.T) {
		t.Parallel()
		w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) { return echo(turn), nil })
		for n := range 60 {
			is(t, w.Say(fmt.Sprint(n)), engine.Open, engine.OwnerBot)
		}
		is(t, w.Say("61"), engine.Open, engine.OwnerQueue)
	})
	t.Run("a long conversation", func(t *testing.T) {
		t.Parallel()
		w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
			out := echo(turn)
			out.Effects = []engine.Effect{{Say: text("Next?")}}
			return out, nil
		})
		w.Configure(func(s *engine.BrandSettings) { s.Loops = engine.LoopSettings{Burst: 1000, Answers: 1000} })
		for n := range 300 {
			is(t, w.Say(fmt.Sprint(n)), engine.Open, engine.OwnerBot)
			w.Clock.Advance(2 * time.Second)
		}
	})
}

func TestNotUnderstoodAgainAndAgain(t *testing.T) {
	t.Parallel()
	w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
		n := turn.Session.Steps
		out := engine.Outcome{State: engine.SessionWaiting, UsedInput: true, Wait: engine.Wait{Kind: engine.WaitMessage, Step: n}}
		if turn.Input != nil {
			e := turn.Journal[n-1]
			e.Answer = []byte(`{"kind":"again","at":1}`)
			out.Journal = append(out.Journal, e)
		}
		out.Journal = append(out.Journal, engine.JournalEntry{Session: turn.Session.ID, N: n, Call: "ask", Args: []byte(`{"retries":2}`), At: turn.Now, Line: "bots/main.lua:4"})
		return out, nil
	})
	w.Say("hi")
	for n := range 5 {
		is(t, w.Say(fmt.Sprint("what ", n)), engine.Open, engine.OwnerBot)
	}
	c := w.Say("what")
	is(t, c, engine.Open, engine.OwnerQueue)
	lines := w.Lines(c.ID)
	equal(t, "system: Sorry, I still don't understand, so I'm getting a person for you.", lines[len(lines)-2])
	groups := enginetest.Read(w, func(tx engine.Tx) ([]engine.FaultGroup, error) {
		return tx.Faults().List(enginetest.Brand, time.Time{}, 10)
	})
	if len(groups) != 1 || groups[0].Fault.Kind != "misunderstood" || groups[0].Fault.File != "bots/main.lua" || groups[0].Fault.Line != 4 {
		t.Errorf("the faults are %+v", groups)
	}
}

// A bot's turn holds the names of secrets and no value: it is pure, and what it
// cannot see it cannot tell.
func TestATurnHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	const value = "canary-secret-value"
	var got engine.Turn
	w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
		got = turn
		return engine.Outcome{}, errors.New("enough")
	})
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get(enginetest.Brand)
		if err != nil {
			return err
		}
		b.Secrets = map[string]engine.BrandSecret{"CRM": {Value: value, Hosts: []string{"crm.example"}}}
		if err := tx.Brands().Save(b); err != nil {
			return err
		}
		channels, err := tx.Brands().Channels(enginetest.Brand)
		if err != nil {
			return err
		}
		for i := range channels {
			channels[i].Secrets, channels[i].Config = map[string]engine.Secret{"auth_token": value}, map[string]string{"account_sid": value}
		}
		return tx.Brands().SaveChannels(enginetest.Brand, channels)
	})
	w.Say("hi")
	raw, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(raw), value) {
		t.Errorf("the turn holds the value: %s", raw)
	}
	if s, ok := got.Brand.Secrets["CRM"]; !ok || len(s.Hosts) != 1 || got.Channel.ID == "" {
		t.Errorf("the turn lacks the names: %+v", got.Brand.Secrets)
	}
}

// TestHandoffToNobody: a person who is not there is the bot's mistake. The consumer still gets to people, and the
// author learns of it.
func TestHandoffToNobody(t *testing.T) {
	t.Parallel()
	const bot = `return function(chat) chat:handoff { skill = "care", agent = %q } end`
	for agent, wrong := range map[string]bool{"nobody@acme.example": true, "sam": false} {
		w := with(t, fmt.Sprintf(bot, agent))
		w.Agent("sam", engine.RoleAgent, "care")
		c := w.Say("hi")
		is(t, c, engine.Open, engine.OwnerQueue)
		failed := len(w.Events(c.ID, engine.EventBotFailed)) > 0
		if failed != wrong || wrong && !strings.Contains(c.Handoff.Trace, `chat:handoff: there is no agent "nobody@acme.example"`) {
			t.Errorf("%s: failed %v, handoff %+v", agent, failed, c.Handoff)
		}
	}
}
