package dialog_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

func TestTalk(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat)
		chat:say "Hello."
		local name = chat:ask "Your name?"
		local colour = chat:ask("A colour, " .. name.text .. "?")
		chat:set("colour", colour.text)
		chat:tag "painted"
		chat:note("likes " .. colour.text)
		chat:say "Thanks."
	end`)
	c := w.Say("hi")
	is(t, c, engine.Open, engine.OwnerBot)
	w.Say("Kim")
	c = w.Say("red")
	is(t, c, engine.Closed, engine.OwnerNone)
	equal(t, []string{
		"consumer: hi", "bot: Hello.", "bot: Your name?", "consumer: Kim", "bot: A colour, Kim?", "consumer: red",
		"bot note: likes red", "bot: Thanks.",
	}, w.Lines(c.ID))
	equal(t, map[string]string{"colour": "red"}, c.Attributes)
	equal(t, []string{"painted"}, c.Tags)
	if c.ClosedBy != "bot" || c.Outcome != "completed" || c.Ready {
		t.Errorf("closed by %q as %q, ready %t", c.ClosedBy, c.Outcome, c.Ready)
	}
	if s := w.Session(c.ID); s.State != engine.SessionDone {
		t.Errorf("the session is %s", s.State)
	}
	if again := w.Write("one more thing"); again.Conversation.ID == c.ID {
		t.Error("a message after the close did not open a new conversation")
	}
}

func TestMessagesWaitForTheNextQuestion(t *testing.T) {
	t.Parallel()
	w := with(t, `local http = require "http"
	return function(chat)
		local found = http.get "https://shop.example/x"
		local a = chat:ask("It is " .. found.status .. ". And?")
		local b = chat:ask("You said " .. a.text .. ". And?")
		chat:say("At last " .. b.text)
	end`)
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get(enginetest.Brand)
		b.Settings.HTTPHosts = []string{"shop.example"}
		if err != nil {
			return err
		}
		return tx.Brands().Save(b)
	})
	c := w.Say("hi")
	w.Say("one")
	c = w.Say("two")
	if c.Ready || len(w.Inbox(c.ID)) != 2 {
		t.Fatalf("ready %t with %d entries, want two that wait", c.Ready, len(w.Inbox(c.ID)))
	}
	s := w.Session(c.ID)
	w.Update(func(tx engine.Tx) error {
		conv, err := tx.Conversations().Get(c.Brand, c.ID)
		if err != nil {
			return err
		}
		conv.LastInbox++
		conv.Ready = true
		err = tx.Inbox().Add(engine.InboxEntry{
			Conversation: c.ID, N: conv.LastInbox, Kind: engine.InboxResult, Session: s.ID, Step: s.Wait.Step, Data: []byte(`{"status":200,"body":"{}"}`),
		})
		if err != nil {
			return err
		}
		return tx.Conversations().Save(&conv)
	})
	w.Visit(c.ID)
	c = w.Conversation(c.ID)
	is(t, c, engine.Closed, engine.OwnerNone)
	equal(t, []string{
		"consumer: hi", "consumer: one", "consumer: two", "bot: It is 200. And?", "bot: You said one. And?", "bot: At last two",
	}, w.Lines(c.ID))
}

func TestUnreadMessagesKeepAConversationOpen(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{"ends": ``, "closes": `chat:close "answered"`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := with(t, `return function(chat)
				chat:say "Welcome."
				chat:ask "Well?"
				`+end+`
			end`)
			w.Say("hi")
			id := w.Write("fine").Conversation.ID
			w.Write("but my bike is broken")
			w.Visit(id)
			c := w.Conversation(id)
			is(t, c, engine.Open, engine.OwnerBot)
			equal(t, []string{
				"consumer: hi", "bot: Welcome.", "bot: Well?", "consumer: fine", "consumer: but my bike is broken", "bot: Welcome.", "bot: Well?",
			}, w.Lines(id))
			if c = w.Say("thanks"); c.State != engine.Closed {
				t.Error("it never ends")
			}
		})
	}
}

func TestFaultGivesTheConversationToAPerson(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat)
		chat:set("order", "12345")
		chat:ask "What is it?"
		local x = nil
		chat:say(x.y)
	end`)
	w.Say("hi")
	c := w.Say("my brakes squeak")
	is(t, c, engine.Open, engine.OwnerQueue)
	h := c.Handoff
	if h == nil || h.Skill != "care" || !strings.Contains(h.Reason, "The bot failed") || h.Trace == "" || !slices.Contains(h.Facts, engine.Fact{Name: "order", Value: "12345"}) {
		t.Fatalf("the handoff is %+v", h)
	}
	if strings.Contains(h.Summary, "getting a person") {
		t.Errorf("the summary tells our own words: %q", h.Summary)
	}
	var f engine.Fault
	failed := w.Events(c.ID, engine.EventBotFailed)
	if len(failed) != 1 || json.Unmarshal(failed[0].Data, &f) != nil || f.Kind != "error" || f.File != "bots/main.lua" || f.Line != 5 {
		t.Errorf("the event tells %+v", f)
	}
	lines := w.Lines(c.ID)
	equal(t, []string{"system: I can't help further here, so I'm getting a person for you.", "system: Connecting you to Customer care."}, lines[len(lines)-2:])
	if s := w.Session(c.ID); s.State != engine.SessionParked {
		t.Errorf("the session is %s", s.State)
	}
	if _, ok := w.Queued(c.ID); !ok {
		t.Error("nothing waits in the queue")
	}
	w.Say("hello?") // nobody answers in the bot's name
	equal(t, "consumer: hello?", w.Lines(c.ID)[len(lines)])
	equal(t, len(lines)+1, len(w.Lines(c.ID)))
}

func TestFaultWithoutAnySkillCloses(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat) error "no" end`)
	w.Update(func(tx engine.Tx) error { return tx.Brands().SaveSkills(enginetest.Brand, nil) })
	c := w.Say("hi")
	is(t, c, engine.Closed, engine.OwnerNone)
	equal(t, "bot_failed", c.Outcome)
}

// A bot that says nothing but "take over" still leaves the agent a why and what it is about.
func TestAShortHandoffHasAReasonAndASummary(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat) chat:handoff {} end`)
	c := w.Say("my chain is off")
	is(t, c, engine.Open, engine.OwnerQueue)
	equal(t, "The bot handed over", c.Handoff.Reason)
	equal(t, "“my chain is off”", c.Handoff.Summary)
}

func TestHandoffOutcomeGoesOnOnTheNextLine(t *testing.T) {
	t.Parallel()
	const lua = `return function(chat)
		local o = chat:handoff { skill = "sales", reason = "wants to buy", summary = "a bike", facts = { size = "M" } }
		if o.closed then
			local s = chat:ask("How was it with " .. o.agent .. "?")
			chat:note("score " .. s.text)
		else
			chat:say("Back: " .. o.note)
			chat:ask "What else?"
		end
	end`
	t.Run("closed", func(t *testing.T) {
		t.Parallel()
		w := with(t, lua)
		sam := w.Agent("sam", engine.RoleAgent, "sales")
		c := w.Say("hi")
		is(t, c, engine.Open, engine.OwnerQueue)
		equal(t, "Sales", skillName(c.Skill))
		w.Say("hello?")
		c = w.Assign(c.ID, sam)
		c, err := w.Desk.Close(t.Context(), sam, c.ID, c.Rev, "sold", "bought an M", nil)
		if err != nil {
			t.Fatal(err)
		}
		is(t, c, engine.Open, engine.OwnerBot)
		w.Visit(c.ID)
		c = w.Say("5")
		is(t, c, engine.Closed, engine.OwnerNone)
		if c.Outcome != "sold" || c.ClosedBy != "agent" || c.Summary != "bought an M" {
			t.Errorf("the epilogue has changed how it ended: %q by %q, %q", c.Outcome, c.ClosedBy, c.Summary)
		}
		lines := w.Lines(c.ID)
		equal(t, []string{"bot: How was it with Name of sam?", "consumer: 5", "bot note: score 5"}, lines[len(lines)-3:])
	})
	t.Run("returned", func(t *testing.T) {
		t.Parallel()
		w := with(t, lua)
		sam := w.Agent("sam", engine.RoleAgent, "sales")
		c := w.Assign(w.Say("hi").ID, sam)
		if _, err := w.Desk.Return(t.Context(), sam, c.ID, c.Rev, "only asks for the hours"); err != nil {
			t.Fatal(err)
		}
		w.Visit(c.ID)
		c = w.Conversation(c.ID)
		is(t, c, engine.Open, engine.OwnerBot)
		lines := w.Lines(c.ID)
		equal(t, []string{"bot: Back: only asks for the hours", "bot: What else?"}, lines[len(lines)-2:])
	})
}

func skillName(id string) string {
	if id == "sales" {
		return "Sales"
	}
	return id
}

func TestAFailedEpilogueEndsTheConversation(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat) chat:handoff { skill = "care" } error "no survey today" end`)
	sam := w.Agent("sam", engine.RoleAgent, "care")
	c := w.Assign(w.Say("hi").ID, sam)
	if _, err := w.Desk.Close(t.Context(), sam, c.ID, c.Rev, "solved", "", nil); err != nil {
		t.Fatal(err)
	}
	w.Visit(c.ID)
	c = w.Conversation(c.ID)
	is(t, c, engine.Closed, engine.OwnerNone)
	if c.Outcome != "solved" || c.ClosedBy != "agent" || len(w.Events(c.ID, engine.EventBotFailed)) != 1 {
		t.Errorf("it ended as %q by %q", c.Outcome, c.ClosedBy)
	}
}

func TestTransferEndsTheSession(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat)
		local o = chat:ask "Well?"
		chat:transfer { agent = "SAM@acme.example", reason = o.text }
	end`)
	sam := w.Agent("sam", engine.RoleAgent, "care")
	w.Say("hi")
	c := w.Say("my usual person")
	is(t, c, engine.Open, engine.OwnerQueue)
	if e, _ := w.Queued(c.ID); e.Agent != "sam" {
		t.Fatalf("it waits for %q", e.Agent)
	}
	if s := w.Session(c.ID); s.State != engine.SessionDone {
		t.Fatalf("the session is %s", s.State)
	}
	c = w.Assign(c.ID, sam)
	if _, err := w.Desk.Return(t.Context(), sam, c.ID, c.Rev, ""); err != nil {
		t.Fatal(err)
	}
	w.Visit(c.ID)
	lines := w.Lines(c.ID)
	equal(t, "bot: Well?", lines[len(lines)-1])
	for _, e := range w.Events(c.ID, engine.EventBotFailed) {
		t.Errorf("the bot failed: %s", e.Data)
	}
}

func TestRestart(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat)
		local n = chat.state and chat.state.n or 0
		chat:say("Round " .. n)
		chat:ask "Again?"
		chat:restart { n = n + 1 }
	end`)
	c := w.Say("hi")
	w.Say("yes")
	c = w.Say("yes")
	equal(t, []string{
		"consumer: hi", "bot: Round 0", "bot: Again?", "consumer: yes", "bot: Round 1", "bot: Again?", "consumer: yes", "bot: Round 2", "bot: Again?",
	}, w.Lines(c.ID))
}

func TestRestartWithoutWaitingIsAFault(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat) chat:restart {} end`)
	c := w.Say("hi")
	is(t, c, engine.Open, engine.OwnerQueue)
	if s := w.Session(c.ID); s.State != engine.SessionParked {
		t.Errorf("the session is %s", s.State)
	}
}

func TestTimersWakeAndLapse(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat)
		local a = chat:ask("Quick?", { timeout = 600 })
		if a.timed_out then chat:say "Too late." else chat:say "In time." end
		chat:wait(3600)
		chat:ask "Still there?"
	end`)
	fire := func(id string) {
		t.Helper()
		if _, err := w.Timers.Fire(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.Visit(id)
	}
	c := w.Say("hi")
	w.Clock.Advance(10*time.Minute - time.Millisecond)
	fire(c.ID)
	equal(t, 2, len(w.Lines(c.ID)))
	w.Clock.Advance(time.Millisecond)
	fire(c.ID)
	equal(t, "bot: Too late.", w.Lines(c.ID)[2])
	w.Say("are you asleep?") // waits for the next question
	w.Clock.Advance(time.Hour)
	fire(c.ID)
	is(t, w.Conversation(c.ID), engine.Closed, engine.OwnerNone)

	c = w.Say("hi")
	w.Say("yes")
	w.Clock.Advance(11 * time.Minute) // the first time-out has gone with its question
	fire(c.ID)
	equal(t, []string{"consumer: hi", "bot: Quick?", "consumer: yes", "bot: In time."}, w.Lines(c.ID))
}

func TestWaitingSessionsKeepTheirBundle(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat) chat:ask "Old?" chat:say "Old." chat:ask "Old again?" end`)
	c := w.Say("hi")
	w.Seed(map[string]string{"bots/main.lua": `return function(chat) chat:ask "New?" end`})
	w.Say("yes")
	equal(t, []string{"consumer: hi", "bot: Old?", "consumer: yes", "bot: Old.", "bot: Old again?"}, w.Lines(c.ID))
	other := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", Content: engine.Content{Text: "hi"}}).Conversation
	w.Visit(other.ID)
	equal(t, []string{"consumer: hi", "bot: New?"}, w.Lines(other.ID))
}

func TestARemovedChannelOrBundleGoesToAPerson(t *testing.T) {
	t.Parallel()
	t.Run("channel", func(t *testing.T) {
		t.Parallel()
		w := with(t, `return function(chat) chat:ask "Well?" chat:say "Fine." chat:ask "More?" end`)
		waiting := w.Say("hi")
		fresh := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", Content: engine.Content{Text: "hi"}}).Conversation
		w.Update(func(tx engine.Tx) error { return tx.Brands().SaveChannels(enginetest.Brand, nil) })
		w.Visit(fresh.ID)
		is(t, w.Conversation(fresh.ID), engine.Open, engine.OwnerQueue)
		is(t, w.Conversation(waiting.ID), engine.Open, engine.OwnerBot)
	})
	t.Run("bundle", func(t *testing.T) {
		t.Parallel()
		w := with(t, `return function(chat) end`)
		w.Update(func(tx engine.Tx) error {
			b, err := tx.Brands().Get(enginetest.Brand)
			b.Version = "lost"
			if err != nil {
				return err
			}
			return tx.Brands().Save(b)
		})
		is(t, w.Say("hi"), engine.Open, engine.OwnerQueue)
	})
}

func TestEscapeWordHandsOver(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat) chat:ask "Well?" end`)
	w.Say("hi")
	c := w.Say("agent")
	is(t, c, engine.Open, engine.OwnerQueue)
	equal(t, "care", c.Handoff.Skill)
}
