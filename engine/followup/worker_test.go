package followup_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/sqlite/sqlitetest"
)

// planner is a bot that plans a follow-up when it is told "later", cancels it
// on "never mind", ends on "bye" and waits for a message else.
type planner struct {
	effect func(engine.Turn) []engine.Effect
	turns  []engine.Turn
}

func (p *planner) Traits(string) engine.Traits { return 0 }

func (p *planner) Bot(string, string, func() (engine.Bundle, error)) (engine.Bot, error) {
	return p, nil
}

func (p *planner) Step(t engine.Turn) (engine.Outcome, error) {
	p.turns = append(p.turns, t)
	out := engine.Outcome{State: engine.SessionWaiting, UsedInput: true, Wait: engine.Wait{Kind: engine.WaitMessage, Step: t.Session.Steps}}
	word := ""
	if t.First != nil {
		word = t.First.Text
	}
	if t.Input != nil {
		var c engine.Content
		if err := json.Unmarshal(t.Input.Data, &c); err != nil {
			return out, err
		}
		word = c.Text
	}
	name := "care"
	switch {
	case t.Followup != "":
		out.Effects = []engine.Effect{{Say: &engine.Content{Text: "Follow-up " + t.Followup + " " + string(t.Session.Start)}}}
	case word == "later" && p.effect != nil:
		out.Effects = p.effect(t)
	case word == "never mind":
		out.Effects = []engine.Effect{{Cancel: &name}}
	case word == "person":
		out.State, out.Wait = engine.SessionDone, engine.Wait{}
		out.Effects = []engine.Effect{{Handoff: &engine.HandoffEffect{}}}
	case word == "bye":
		out.State, out.Wait = engine.SessionDone, engine.Wait{}
	}
	return out, nil
}

func world(t *testing.T, p *planner) *enginetest.World {
	t.Helper()
	store := sqlitetest.Open(t)
	if p.effect == nil {
		p.effect = func(t engine.Turn) []engine.Effect {
			return []engine.Effect{{Query: &engine.Query{Schedule: &engine.FollowupEffect{Name: "care", At: t.Now.Add(24 * time.Hour), State: []byte(`{"n":1}`)}}}}
		}
	}
	return enginetest.New(t, store, p).Seed(nil)
}

func fire(t *testing.T, w *enginetest.World) time.Duration {
	t.Helper()
	pause, err := w.Followup.Fire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return pause
}

// open gives the open conversation of the consumer, if there is one.
func open(w *enginetest.World, channel, address string) (c engine.Conversation) {
	w.View(func(tx engine.Tx) (err error) {
		if c, err = tx.Conversations().OpenByAddress(channel, address); engine.CodeOf(err) == engine.NotFound {
			return nil
		}
		return err
	})
	return c
}

func TestAFollowupOpensAConversation(t *testing.T) {
	t.Parallel()
	bot := &planner{}
	w := world(t, bot)
	old := w.Say("later")
	w.Say("bye")
	w.Clock.Advance(24*time.Hour - 500*time.Millisecond)
	if pause := fire(t, w); pause != 500*time.Millisecond {
		t.Errorf("the next is in %s", pause)
	}
	w.Clock.Advance(500 * time.Millisecond)
	if pause := fire(t, w); pause != time.Second {
		t.Errorf("with none, it looks again in %s", pause)
	}
	c := open(w, enginetest.Phone, enginetest.Address)
	if c.ID == "" || c.ID == old.ID || c.Consumer != old.Consumer || c.Language != "en" || c.Owner != engine.OwnerBot {
		t.Fatalf("it opened %+v", c)
	}
	w.Visit(c.ID)
	if got := w.Lines(c.ID); !slices.Equal(got, []string{`bot: Follow-up care {"n":1}`}) {
		t.Errorf("said %q", got)
	}
	last := bot.turns[len(bot.turns)-1]
	if last.First != nil || last.Followup != "care" || string(last.Session.Start) != `{"n":1}` || last.Session.Bot != "main" {
		t.Errorf("the turn is %+v", last)
	}
	if fire(t, w); len(w.Lines(c.ID)) != 1 {
		t.Error("it came twice")
	}
}

func TestAFollowupIsReplacedAndCancelled(t *testing.T) {
	t.Parallel()
	w := world(t, &planner{})
	w.Say("later")
	w.Clock.Advance(time.Hour)
	w.Say("later") // replaces the first
	w.Clock.Advance(23 * time.Hour)
	if pause := fire(t, w); pause != time.Second {
		t.Errorf("the next is in %s", pause)
	}
	next := enginetest.Read(w, func(tx engine.Tx) (time.Time, error) { return tx.Followups().Next() })
	if !next.Equal(enginetest.Noon().Add(25 * time.Hour)) {
		t.Errorf("it is planned for %s", next)
	}
	w.Say("never mind")
	next = enginetest.Read(w, func(tx engine.Tx) (time.Time, error) { return tx.Followups().Next() })
	if !next.IsZero() {
		t.Errorf("it is planned for %s", next)
	}
}

func logged(w *enginetest.World, id string) (out []string) {
	for _, e := range w.Events(id, engine.EventBotLog) {
		out = append(out, string(e.Data))
	}
	return out
}

func TestAFollowupThatCannotBeSentIsLogged(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		last string
		do   func(*enginetest.World)
		why  string
	}{
		"opted out": {"STOP", nil, "opted out"},
		"a person":  {"person", nil, "a person has the conversation"},
		"a lost channel": {"bye", func(w *enginetest.World) {
			w.Update(func(tx engine.Tx) error { return tx.Brands().SaveChannels(enginetest.Brand, nil) })
		}, "its channel is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bot := &planner{}
			w := world(t, bot)
			w.Say("later")
			c := w.Say(tt.last)
			if tt.do != nil {
				tt.do(w)
			}
			turns := len(bot.turns)
			w.Clock.Advance(24 * time.Hour)
			fire(t, w)
			if c := open(w, enginetest.Phone, enginetest.Address); c.ID != "" {
				w.Visit(c.ID)
			}
			got := logged(w, c.ID)
			if len(got) != 1 || !strings.Contains(got[0], "follow-up care was not sent: ") || !strings.Contains(got[0], tt.why) {
				t.Errorf("logged %q", got)
			}
			if len(bot.turns) != turns {
				t.Errorf("the bot had a turn: %+v", bot.turns[turns:])
			}
		})
	}
}

func TestAFollowupWaitsForAPauseInTheTalk(t *testing.T) {
	t.Parallel()
	bot := &planner{}
	w := world(t, bot)
	c := w.Say("later")
	w.Clock.Advance(24*time.Hour - time.Minute)
	w.Say("wait")
	w.Clock.Advance(time.Minute)
	fire(t, w)
	w.Visit(c.ID)
	if len(w.Lines(c.ID)) != 2 {
		t.Fatalf("said %q in the middle of the talk", w.Lines(c.ID))
	}
	w.Clock.Advance(9 * time.Minute)
	fire(t, w)
	before := w.Session(c.ID)
	w.Visit(c.ID)
	if got := w.Lines(c.ID); got[len(got)-1] != `bot: Follow-up care {"n":1}` {
		t.Errorf("said %q", got)
	}
	old := enginetest.Read(w, func(tx engine.Tx) (engine.Session, error) { return tx.Sessions().Get(before.ID) })
	if old.State != engine.SessionDone || w.Session(c.ID).ID == old.ID {
		t.Errorf("the session before is %s", old.State)
	}
	if c = w.Say("thanks"); c.State != engine.Open {
		t.Errorf("it is %s", c.State)
	}
}

// It comes in while the bot is still talking: it begins when the bot is done.
func TestAFollowupInTheInboxBeginsWhenTheBotIsDone(t *testing.T) {
	t.Parallel()
	for name, word := range map[string]string{"done": "bye", "a person": "person"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t, &planner{})
			c := w.Say("hi")
			w.Update(func(tx engine.Tx) error {
				conv, err := tx.Conversations().Get(c.Brand, c.ID)
				if err != nil {
					return err
				}
				conv.LastInbox++
				conv.Ready = true
				err = tx.Inbox().Add(engine.InboxEntry{Conversation: c.ID, N: conv.LastInbox, Kind: engine.InboxFollowup, Data: []byte(`{"name":"care"}`)})
				if err != nil {
					return err
				}
				return tx.Conversations().Save(&conv)
			})
			w.Visit(c.ID)
			if c = w.Conversation(c.ID); !c.Ready || len(w.Inbox(c.ID)) != 1 {
				t.Fatalf("ready %t with %+v", c.Ready, w.Inbox(c.ID))
			}
			c = w.Say(word)
			lines := w.Lines(c.ID)
			if word == "person" {
				if got := logged(w, c.ID); len(got) != 1 || !strings.Contains(got[0], "follow-up care was not sent") {
					t.Errorf("logged %q", got)
				}
			} else if lines[len(lines)-1] != "bot: Follow-up care " || c.State != engine.Open {
				t.Errorf("it is %s after %q", c.State, lines)
			}
		})
	}
}

func TestWhereAFollowupGoes(t *testing.T) {
	t.Parallel()
	channel := ""
	bot := &planner{effect: func(t engine.Turn) []engine.Effect {
		return []engine.Effect{{Query: &engine.Query{Schedule: &engine.FollowupEffect{Name: "care", At: t.Now, Channel: channel, Bot: "other"}}}}
	}}
	w := world(t, bot)
	for _, tt := range []struct{ channel, planned string }{
		{"acme.fax", "there is no channel"}, {"web", "has no address on acme.web"},
	} {
		channel = tt.channel
		c := w.Say("later")
		if got := logged(w, c.ID); len(got) != 1 || !strings.Contains(got[0], tt.planned) {
			t.Errorf("%s: logged %q", tt.channel, got)
		}
		w.Say("bye")
	}
	channel = enginetest.Phone
	w.Say("later")
	w.Say("bye")
	fire(t, w)
	w.Visit(open(w, enginetest.Phone, enginetest.Address).ID)
	if last := bot.turns[len(bot.turns)-1]; last.Session.Bot != "other" || last.Followup != "care" {
		t.Errorf("the turn is %+v", last)
	}
}

func TestAConsumerHasTwentyFollowups(t *testing.T) {
	t.Parallel()
	bot := &planner{effect: func(t engine.Turn) (out []engine.Effect) {
		for i := range 22 {
			out = append(out, engine.Effect{Query: &engine.Query{Schedule: &engine.FollowupEffect{Name: string(rune('a' + i%21)), At: t.Now.Add(time.Hour)}}})
		}
		return out
	}}
	w := world(t, bot)
	c := w.Say("later")
	n := enginetest.Read(w, func(tx engine.Tx) (int, error) { return tx.Followups().Count(c.Brand, c.Consumer) })
	if got := logged(w, c.ID); n != 20 || len(got) != 1 || !strings.Contains(got[0], "follow-up u was not planned: the consumer has 20 already") {
		t.Errorf("%d are planned, logged %q", n, got)
	}
}

func TestRun(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bot := &planner{}
		w := world(t, bot)
		w.Clock.Real = true
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 2)
		go func() { ended <- w.Followup.Run(ctx) }()
		go func() { ended <- w.Dialog.Run(ctx) }()
		w.Write("later")
		synctest.Wait()
		w.Write("bye")
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		c := open(w, enginetest.Phone, enginetest.Address)
		if got := w.Lines(c.ID); !slices.Equal(got, []string{`bot: Follow-up care {"n":1}`}) {
			t.Errorf("said %q", got)
		}
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
	})
}
