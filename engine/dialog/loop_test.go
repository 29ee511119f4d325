package dialog_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

const (
	// sayAndClose ends each conversation with its answer, so that each text opens one.
	sayAndClose = `return function(chat) chat:say("We got: " .. chat.opening.text) chat:close "told" end`
	// askOn stays in one conversation.
	askOn = `return function(chat)
		local heard = chat.opening.text
		local n = 0
		while true do n = n + 1 heard = chat:ask("We got " .. heard .. " for question " .. n .. ". More?").text end
	end`
	// handOver gives the conversation to people, who never come, and begins again.
	handOver = `return function(chat)
		local n = 0
		while true do
			n = n + 1
			chat:handoff { skill = "care", max_wait = 30 * 60 }
			chat:say("Nobody is free, try " .. n)
		end
	end`
)

// machines lets another machine answer whatever comes to the address, after a
// while each time, until nothing comes any more or it has written most texts. It
// gives how many texts it wrote, and the last conversation.
func machines(t *testing.T, w *enginetest.World, channel, address string, most int, after time.Duration, text func(n int) string) (int, engine.Conversation) {
	t.Helper()
	heard, last := "", engine.Conversation{}
	for n := range most {
		w.Clock.Advance(after)
		taken := w.WriteAs(channel, engine.Inbound{From: address, ProviderID: w.ID(), Content: engine.Content{Text: text(n)}})
		w.Visit(taken.Conversation.ID)
		last = w.Conversation(taken.Conversation.ID)
		id := latest(w, last)
		if id == heard {
			return n + 1, last
		}
		heard = id
	}
	return most, last
}

// latest is the last message to the address: what a machine there would answer.
func latest(w *enginetest.World, c engine.Conversation) string {
	for _, m := range slices.Backward(w.Messages(c.ID)) {
		if m.Author != engine.AuthorConsumer && !m.Note {
			return m.ID
		}
	}
	return ""
}

// botMessages counts what bots wrote to a consumer.
func botMessages(w *enginetest.World, consumer string) (n int) {
	for _, m := range thread(w, consumer) {
		if m.Author == engine.AuthorBot && !m.Note {
			n++
		}
	}
	return n
}

func thread(w *enginetest.World, consumer string) []engine.Message {
	return enginetest.Read(w, func(tx engine.Tx) ([]engine.Message, error) {
		return tx.Messages().Thread(enginetest.Brand, consumer, "", 10_000)
	})
}

// withAPerson checks that a person has the conversation, why, and that the loop was told.
func withAPerson(t *testing.T, w *enginetest.World, c engine.Conversation, kind string) {
	t.Helper()
	is(t, c, engine.Open, engine.OwnerQueue)
	events := w.Events(c.ID, engine.EventLoop)
	var d engine.LoopData
	if len(events) != 1 || json.Unmarshal(events[0].Data, &d) != nil || d.Kind != kind || d.Limit == 0 || d.Text == "" {
		t.Fatalf("told %s of %+v, want %s", d.Kind, events, kind)
	}
	noted := slices.ContainsFunc(w.Lines(c.ID), func(l string) bool { return strings.HasPrefix(l, "system note: The bot was stopped: ") })
	if e, ok := w.Queued(c.ID); !noted || !ok || e.Skill != "care" || c.Handoff == nil || !strings.Contains(c.Handoff.Reason, d.Text) {
		t.Errorf("noted %v, queued %v %+v, handed over with %+v", noted, ok, e, c.Handoff)
	}
}

func TestMachinesThatAnswerEachOther(t *testing.T) {
	t.Parallel()
	varied := func(n int) string { return fmt.Sprintf("I am away, this is note %c%c.", 'a'+n/26%26, 'a'+n%26) }
	for _, tt := range []struct {
		name, bot, channel, kind string
		after                    time.Duration
		text                     func(int) string
		most                     int // bot messages
	}{
		{"says and closes, at once", sayAndClose, enginetest.Phone, "burst", 0, varied, 31},
		{"says and closes, after 30 s", sayAndClose, enginetest.Phone, "conversations", 30 * time.Second, varied, 35},
		{"says and closes, after 5 min", sayAndClose, enginetest.Phone, "conversations", 5 * time.Minute, varied, 40},
		{"says and closes, after 20 min", sayAndClose, enginetest.Phone, "conversations", 20 * time.Minute, varied, 60},
		{"asks on, at once", askOn, enginetest.Phone, "burst", 0, varied, 31},
		{"asks on, after 30 s", askOn, enginetest.Phone, "answers", 30 * time.Second, varied, 65},
		{"asks on, after 5 min", askOn, enginetest.Phone, "answers", 5 * time.Minute, varied, 80},
		{"on the web", sayAndClose, enginetest.Web, "burst", 0, varied, 31},
		{"the same sentence", sayAndClose, enginetest.Phone, "same", time.Hour, func(n int) string { return fmt.Sprintf("Thank you for ticket #%d, we will be back.", n) }, 5},
		{"a word", sayAndClose, enginetest.Phone, "burst", 0, func(int) string { return "ok" }, 31},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := with(t, tt.bot)
			n, c := machines(t, w, tt.channel, enginetest.Address, 500, tt.after, tt.text)
			withAPerson(t, w, c, tt.kind)
			bots := botMessages(w, c.Consumer)
			if bots > tt.most {
				t.Errorf("the bot wrote %d messages, %d texts came", bots, n)
			}
			wrote := 0
			for _, m := range thread(w, c.Consumer) {
				if m.Author == engine.AuthorConsumer {
					wrote++
				}
			}
			if wrote != n {
				t.Errorf("%d of %d texts were kept", wrote, n)
			}
			// What comes later goes to the person, and no bot says a word.
			for range 20 {
				w.Clock.Advance(tt.after)
				late := w.WriteAs(tt.channel, engine.Inbound{From: enginetest.Address, ProviderID: w.ID(), Content: engine.Content{Text: "more"}})
				w.Visit(late.Conversation.ID)
				if late.Conversation.ID != c.ID || late.Conversation.Owner != engine.OwnerQueue {
					t.Fatalf("it went to %+v", late.Conversation)
				}
			}
			if botMessages(w, c.Consumer) != bots {
				t.Error("the bot went on")
			}
			// Other addresses hear the bot as ever.
			other := w.WriteAs(tt.channel, engine.Inbound{From: "+15559999", ProviderID: w.ID(), Content: engine.Content{Text: "hi"}}).Conversation
			w.Visit(other.ID)
			if botMessages(w, other.Consumer) != 1 {
				t.Error("another address gets no answer")
			}
		})
	}
}

// TestPeopleAreNoMachines: who writes fast, or for long, is answered.
func TestPeopleAreNoMachines(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bot   string
		texts int
		every time.Duration
	}{
		"ten texts in a minute":                       {sayAndClose, 10, 6 * time.Second},
		"ten texts in a second":                       {sayAndClose, 10, 100 * time.Millisecond},
		"twenty-five in two minutes":                  {askOn, 25, 5 * time.Second},
		"an hour of questions":                        {askOn, 50, 72 * time.Second},
		"two texts an hour, for days":                 {askOn, 120, 30 * time.Minute},
		"one conversation an hour, for days":          {sayAndClose, 100, time.Hour},
		"yes and yes and yes, as the bot asks for it": {askOn, 20, 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := with(t, tt.bot)
			n, c := machines(t, w, enginetest.Phone, enginetest.Address, tt.texts, tt.every, func(n int) string {
				if strings.HasPrefix(name, "yes") {
					return "yes"
				}
				return fmt.Sprintf("where is my order %c%c", 'a'+n/26%26, 'a'+n%26)
			})
			if n != tt.texts || c.Owner == engine.OwnerQueue || len(w.Events(c.ID, engine.EventLoop)) > 0 {
				t.Errorf("stopped after %d texts: %v", n, w.Lines(c.ID))
			}
		})
	}
}

// TestAPersonOfTheTeamEndsALoop: after an agent's word the bot may speak again.
func TestAPersonOfTheTeamEndsALoop(t *testing.T) {
	t.Parallel()
	w := with(t, sayAndClose)
	_, c := machines(t, w, enginetest.Phone, enginetest.Address, 100, 0, func(n int) string { return fmt.Sprint("no ", n) })
	is(t, c, engine.Open, engine.OwnerQueue)
	bots := botMessages(w, c.Consumer)
	u := w.Agent("u1", engine.RoleAgent, "care")
	closes := func(c engine.Conversation, words string) {
		t.Helper()
		w.Assign(c.ID, u)
		if words != "" {
			if _, err := w.Desk.Reply(t.Context(), u, c.ID, w.ID(), words, w.Cursor()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Desk.Close(t.Context(), u, c.ID, w.Conversation(c.ID).Rev, "solved", "", nil); err != nil {
			t.Fatal(err)
		}
	}
	closes(c, "")
	c = w.Say("still there")
	is(t, c, engine.Open, engine.OwnerQueue) // nobody said a word, and it is full yet
	withAPerson(t, w, c, "burst")
	closes(c, "Are you a person?")
	if c = w.Say("yes"); botMessages(w, c.Consumer) != bots+1 || c.State != engine.Closed {
		t.Errorf("the bot is silent: %v", w.Lines(c.ID))
	}
}

// TestALoopWithoutPeople: where nobody can look at it, the bot falls silent.
func TestALoopWithoutPeople(t *testing.T) {
	t.Parallel()
	w := with(t, sayAndClose)
	w.Update(func(tx engine.Tx) error { return tx.Brands().SaveSkills(enginetest.Brand, nil) })
	n, c := machines(t, w, enginetest.Phone, enginetest.Address, 100, 0, func(n int) string { return fmt.Sprint("no ", n) })
	is(t, c, engine.Closed, engine.OwnerNone)
	bots := botMessages(w, c.Consumer)
	if n > 33 || c.Outcome != "loop" || bots > 31 {
		t.Errorf("%d texts, %d answers, outcome %s", n, bots, c.Outcome)
	}
	w.Clock.Advance(24 * time.Hour)
	if w.Say("hello"); botMessages(w, c.Consumer) != bots+1 {
		t.Error("a day later it is silent yet")
	}
}

// TestSoliloquies: a bot to which nobody answers is stopped however it goes on.
func TestSoliloquies(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		bot  string
		step time.Duration
		most int
	}{
		"follow-ups that plan themselves": {`local schedule = require "schedule"
			return function(chat)
				local n = chat.state and chat.state.n or 0
				chat:say("Hello " .. n) chat:say("How are " .. n) chat:say("you " .. n)
				schedule.after(0, { name = "again", state = { n = n + 1 } })
				chat:close "told"
			end`, time.Second, 40},
		"silent follow-ups that plan themselves": {`local schedule = require "schedule"
			return function(chat)
				schedule.after(0, { name = "again", state = {} })
				chat:close "told"
			end`, time.Second, 0},
		"a follow-up every half hour": {`local schedule = require "schedule"
			return function(chat)
				local n = chat.state and chat.state.n or 0
				chat:say("Hello " .. n)
				schedule.after(1800, { name = "again", state = { n = n + 1 } })
				chat:close "told"
			end`, 15 * time.Minute, 60},
		"follow-ups of new names": {`local schedule = require "schedule"
			return function(chat)
				local n = chat.state and chat.state.n or 0
				chat:say("Hello " .. n)
				schedule.after(60, { name = "n" .. n, state = { n = n + 1 } })
			end`, 30 * time.Second, 40},
		"waiting and saying": {`return function(chat)
				local n = 0
				while true do n = n + 1 chat:say("Reminder " .. n) chat:wait(600) end
			end`, 300 * time.Second, 60},
		"handing over to nobody": {handOver, 15 * time.Minute, 60},
		"beginning anew": {`return function(chat)
				local n = chat.state and chat.state.n or 0
				chat:say("Turn " .. n) chat:wait(1800) chat:restart { n = n + 1 }
			end`, 15 * time.Minute, 60},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := with(t, tt.bot)
			c := w.Say("hi")
			silent := 0
			for range 700 { // moments
				w.Clock.Advance(tt.step)
				fireAll(t, w)
				c = newest(w, c)
				w.Visit(c.ID)
				if c = w.Conversation(c.ID); c.Owner == engine.OwnerQueue {
					silent++
				} else {
					silent = 0
				}
			}
			is(t, c, engine.Open, engine.OwnerQueue)
			bots := botMessages(w, c.Consumer)
			if bots > tt.most || silent < 200 {
				t.Errorf("the bot wrote %d messages; a person has it for %d moments", bots, silent)
			}
			if w.Say("hello?"); botMessages(w, c.Consumer) != bots {
				t.Error("the person does not have it")
			}
		})
	}
}

// TestAConsumersWordEndsAChain: follow-ups that are answered go on for ever.
func TestAConsumersWordEndsAChain(t *testing.T) {
	t.Parallel()
	w := with(t, `local schedule = require "schedule"
		return function(chat)
			local n = chat.state and chat.state.n or 0
			chat:say("Day " .. n)
			schedule.after(3600, { name = "again", state = { n = n + 1 } })
			chat:ask "How are you?"
		end`)
	c := w.Say("hi")
	for n := range 200 {
		w.Clock.Advance(time.Hour)
		fireAll(t, w)
		c = newest(w, c)
		w.Visit(c.ID)
		w.Clock.Advance(5 * time.Minute)
		if c = w.Say(fmt.Sprint("fine ", n)); c.Owner == engine.OwnerQueue {
			t.Fatalf("stopped after %d follow-ups: %v", n, w.Lines(c.ID))
		}
		w.Clock.Advance(15 * time.Minute)
	}
}

func fireAll(t *testing.T, w *enginetest.World) {
	t.Helper()
	if _, err := w.Followup.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Timers.Fire(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// newest is the consumer's latest conversation.
func newest(w *enginetest.World, c engine.Conversation) engine.Conversation {
	w.View(func(tx engine.Tx) error {
		open, err := tx.Conversations().OpenByAddress(c.Channel, c.Address)
		if err == nil {
			c = open
		}
		if engine.CodeOf(err) == engine.NotFound {
			return nil
		}
		return err
	})
	return c
}

// TestALongInbox: a bot that comes late reads all that waits, in order, once.
func TestALongInbox(t *testing.T) {
	t.Parallel()
	w := with(t, `return function(chat)
		chat:note(chat.opening.text)
		while true do chat:note(chat:ask("?" .. os.time()).text) end
	end`)
	w.Configure(func(s *engine.BrandSettings) { s.Gather = 1 })
	var want []string
	var id string
	for n := range 400 {
		want = append(want, fmt.Sprint("line ", n))
		id = w.Write(want[n]).Conversation.ID
	}
	for range 30 {
		w.Clock.Advance(time.Minute)
		w.Visit(id)
	}
	var got []string
	for _, m := range w.Messages(id) {
		if m.Note {
			got = append(got, strings.Split(m.Content.Text, "\n")...)
		}
	}
	equal(t, want, got)
	equal(t, 0, len(w.Inbox(id)))
}

// TestTooMuchWaits: what a bot will not come to read goes to a person, all of it.
func TestTooMuchWaits(t *testing.T) {
	t.Parallel()
	w := with(t, `local http = require "http" return function(chat) http.get "https://shop.example/" end`)
	w.Configure(func(s *engine.BrandSettings) { s.HTTPHosts = []string{"shop.example"} })
	id := w.Say("hi").ID
	for n := range 1010 {
		if other := w.Write(fmt.Sprint(n)).Conversation.ID; other != id {
			t.Fatal("it opened another conversation")
		}
	}
	withAPerson(t, w, w.Conversation(id), "waiting")
	equal(t, 0, len(w.Inbox(id)))
	wrote := 0
	for _, m := range w.Messages(id) {
		if m.Author == engine.AuthorConsumer {
			wrote++
		}
	}
	equal(t, 1011, wrote)
}
