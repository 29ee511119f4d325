package blackbox_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/gateway/api"
	"parley/storage/postgres"
	"parley/storage/sqlite"
)

// conciergeLua asks two questions, hands over when somebody asks for a person,
// and asks how it was.
const conciergeLua = `
local function survey(chat)
  local score = chat:ask("How was it, from 1 to 5?", { match = "^[1-5]$", escape = false })
  chat:set("score", score.text)
  chat:say "Thank you. Goodbye!"
end

local function run(chat)
  chat:say "Hi, I'm Robin, a bot."
  local order = chat:ask("What is your order number?", { match = "^%d+$", hint = "Digits, please." })
  chat:set("order", order.text)
  local problem = chat:ask "What is wrong with it?"
  chat:say("Noted: " .. problem.text)
end

return { run = run, closed = survey }
`

// staffed starts a world with an agent and a supervisor.
func staffed(t *testing.T, cfg twiliotest.Config) (w *world, ana, sofia *agent) {
	t.Helper()
	w = newWorld(t, cfg, map[string]string{"concierge.lua": conciergeLua})
	t.Logf("ready after %v with a new database", w.start()) // people belong to a brand, which this loads
	w.stop()
	first := w.addUser("ana@shop.example", "--name", "Ana Lima")
	second := w.addUser("sofia@shop.example", "--name", "Sofia Rossi", "--role", "supervisor")
	t.Logf("ready after %v with a known one", w.start())
	return w, w.signIn("ana@shop.example", first), w.signIn("sofia@shop.example", second)
}

var usual = twiliotest.Config{Callbacks: []string{"queued", "sent", "delivered"}}

// One conversation from the first message to the answer of the survey.
func TestJourney(t *testing.T) {
	t.Parallel()
	const tom = "+14155550101"
	w, ana, _ := staffed(t, usual)
	w.says(tom, "hello")
	w.hears(tom, "Hi, I'm Robin, a bot.", "What is your order number?")
	w.says(tom, "12345")
	heard := []string{"Hi, I'm Robin, a bot.", "What is your order number?", "What is wrong with it?"}
	w.hears(tom, heard...)
	w.says(tom, "agent")
	heard = append(heard, "Connecting you to Customer care.")
	w.hears(tom, heard...)

	ana.presence(api.Online)
	conv := ana.accept(tom)
	heard = append(heard, "You are now talking with Ana Lima.")
	w.hears(tom, heard...)

	d := ana.detail(conv.Id)
	if d.Handoff == nil || d.Handoff.Skill != "care" || d.Handoff.From != "Robin" {
		t.Fatalf("handoff = %+v", d.Handoff)
	}
	if diff := cmp.Diff([]api.Fact{{Name: "order", Value: "12345"}}, d.Handoff.Facts); diff != "" {
		t.Errorf("facts (-want +got):\n%s", diff)
	}
	type line struct{ Author, Text string }
	var got []line
	for _, m := range ana.messages(conv.Id) {
		got = append(got, line{string(m.Author), m.Content.Text})
	}
	want := []line{
		{"consumer", "hello"}, {"bot", "Hi, I'm Robin, a bot."}, {"bot", "What is your order number?"},
		{"consumer", "12345"}, {"bot", "What is wrong with it?"},
		{"consumer", "agent"}, {"system", "Connecting you to Customer care."}, {"system", "You are now talking with Ana Lima."},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("transcript (-want +got):\n%s", diff)
	}

	var sent api.Message
	if resp := ana.reply(conv.Id, "Hello Tom, Ana here.", d.Cursor, &sent); resp.StatusCode != http.StatusCreated {
		t.Fatalf("replying: %d", resp.StatusCode)
	}
	heard = append(heard, "Hello Tom, Ana here.")
	w.hears(tom, heard...)
	ana.await("the reply is delivered", d.Cursor, func() bool {
		return slices.ContainsFunc(ana.messages(conv.Id), func(m api.Message) bool { return m.Id == sent.Id && m.State == api.Delivered })
	})

	ana.do("POST", "/conversations/"+conv.Id+"/close", map[string]any{
		"rev": ana.detail(conv.Id).Conversation.Rev, "outcome": "solved", "summary": "A new one is on its way.",
	}, &conv)
	if conv.State != api.ConversationStateOpen || conv.Owner != api.OwnerBot {
		t.Errorf("after closing: %s, owner %s; the bot must go on", conv.State, conv.Owner)
	}
	heard = append(heard, "How was it, from 1 to 5?")
	w.hears(tom, heard...)
	w.says(tom, "5")
	heard = append(heard, "Thank you. Goodbye!")
	w.hears(tom, heard...)
	ana.await("the conversation closes", d.Cursor, func() bool { return ana.detail(conv.Id).Conversation.State == api.ConversationStateClosed })
	conv = ana.detail(conv.Id).Conversation
	if conv.Owner != api.OwnerNone || conv.Outcome == nil || *conv.Outcome != "solved" || conv.Summary == nil || *conv.Summary != "A new one is on its way." {
		t.Errorf("closed with owner %s, outcome %v, summary %v", conv.Owner, conv.Outcome, conv.Summary)
	}
	ana.await("every message is delivered", d.Cursor, func() bool {
		return !slices.ContainsFunc(ana.messages(conv.Id), func(m api.Message) bool {
			return m.Author != api.AuthorConsumer && m.State != api.Delivered
		})
	})
	w.stop()
	w.view(func(tx engine.Tx) error {
		c, err := tx.Conversations().Get("shop", conv.Id)
		if err == nil && c.Attributes["score"] != "5" {
			t.Errorf("the survey's answer is %q", c.Attributes["score"])
		}
		return err
	})
}

// view reads the database of a stopped server.
func (w *world) view(fn func(engine.Tx) error) {
	w.t.Helper()
	db := w.store()
	defer db.Close()
	if err := db.View(context.Background(), fn); err != nil {
		w.t.Error(err)
	}
}

// store opens what the server has left, which must be whole.
func (w *world) store() engine.Store {
	w.t.Helper()
	if w.db != "" {
		db, err := postgres.Open(context.Background(), w.db)
		if err != nil {
			w.t.Fatal(err)
		}
		return db
	}
	db, err := sqlite.Open(context.Background(), sqlite.Config{Dir: w.data})
	if err != nil {
		w.t.Fatal(err)
	}
	if err := db.Integrity(context.Background()); err != nil {
		w.t.Error(err)
	}
	return db
}

// A request that the provider has not signed leaves nothing behind.
func TestForgedWebhook(t *testing.T) {
	t.Parallel()
	const eve = "+14155550102"
	w, ana, _ := staffed(t, usual)
	forger := twiliotest.New(twiliotest.Config{AuthToken: "00000000000000000000000000000000"})
	defer forger.Close()
	_, before := ana.list()
	for name, hook := range map[string]twiliotest.Hook{
		"wrong token":        w.hook,
		"another URL signed": {URL: w.hook.URL, Public: w.url + "/hooks/shop.other"},
	} {
		from := w.fake
		if name == "wrong token" {
			from = forger
		}
		reply, err := from.Inbound(t.Context(), hook, twiliotest.Inbound{From: eve, To: shopNumber, Body: "STOP"})
		if err != nil {
			t.Fatal(err)
		}
		if reply.Status != http.StatusForbidden {
			t.Errorf("%s: answered %d %s, want 403", name, reply.Status, reply.Body)
		}
	}
	all, end := ana.list()
	if end != before {
		t.Errorf("events were written: the log ends at %s and was at %s", end, before)
	}
	if len(all) > 0 {
		t.Errorf("there are %d conversations", len(all))
	}
	w.stop()
	if n := w.fake.Calls(); n != 0 {
		t.Errorf("%d messages were sent", n)
	}
	w.view(func(tx engine.Tx) error {
		if _, err := tx.Consumers().ByAddress("shop", "twilio", eve); engine.CodeOf(err) != engine.NotFound {
			t.Errorf("a consumer was made: %v", err)
		}
		if _, err := tx.Consumers().Consent("shop", channelID, eve); engine.CodeOf(err) != engine.NotFound {
			t.Errorf("a consent was made: %v", err)
		}
		return nil
	})
}

// STOP ends the conversation and everything that would be sent later, until START.
func TestStopAndStart(t *testing.T) {
	t.Parallel()
	const kim = "+14155550103"
	w, ana, _ := staffed(t, usual)
	ana.presence(api.Online)
	w.says(kim, "hello")
	w.hears(kim, "Hi, I'm Robin, a bot.", "What is your order number?")
	w.says(kim, "agent")
	w.hears(kim, "Hi, I'm Robin, a bot.", "What is your order number?", "Connecting you to Customer care.")
	first := ana.accept(kim)
	heard := []string{"Hi, I'm Robin, a bot.", "What is your order number?", "Connecting you to Customer care.", "You are now talking with Ana Lima."}
	w.hears(kim, heard...)
	w.says(kim, "Stop")
	d := ana.detail(first.Id)
	if d.Conversation.State != api.ConversationStateClosed || d.Conversation.Outcome == nil || *d.Conversation.Outcome != "opted_out" || !d.Consumer.OptedOut {
		t.Fatalf("after STOP: %s, outcome %v, opted out %v", d.Conversation.State, d.Conversation.Outcome, d.Consumer.OptedOut)
	}
	var refused api.Error
	if resp := ana.reply(first.Id, "Are you sure?", d.Cursor, &refused); resp.StatusCode != http.StatusConflict {
		t.Errorf("a reply after STOP: %d %+v", resp.StatusCode, refused)
	}

	calls := w.fake.Calls()
	w.says(kim, "by the way")
	second := ana.one(kim)
	if second.Id == first.Id {
		t.Fatal("a message after the close did not open a new conversation")
	}
	ana.await("the bot's answer is refused", d.Cursor, func() bool {
		failed := 0
		for _, m := range ana.messages(second.Id) {
			if m.Conversation == second.Id && m.Author == api.AuthorBot && m.State == api.Failed && m.Failure != nil && strings.Contains(*m.Failure, "opted out") {
				failed++
			}
		}
		return failed == 2
	})
	if n := w.fake.Calls(); n != calls {
		t.Errorf("%d sends were tried after STOP", n-calls)
	}
	w.hears(kim, heard...)

	w.says(kim, "START")
	if d := ana.detail(second.Id); d.Consumer.OptedOut || d.Conversation.State != api.ConversationStateOpen {
		t.Errorf("after START: opted out %v, %s", d.Consumer.OptedOut, d.Conversation.State)
	}
	w.says(kim, "77")
	w.hears(kim, append(heard, "What is wrong with it?")...)
}

// The provider repeats a message: it is stored and answered once, also when
// its conversation has ended meanwhile.
func TestDuplicateWebhook(t *testing.T) {
	t.Parallel()
	const lee = "+14155550104"
	w, ana, _ := staffed(t, twiliotest.Config{Callbacks: usual.Callbacks, Duplicate: true, Reorder: true})
	in := twiliotest.Inbound{From: lee, To: shopNumber, Body: "hello", SID: "SM000000000000000000000000000000aa"}
	for range 3 {
		w.sends(in)
	}
	w.hears(lee, "Hi, I'm Robin, a bot.", "What is your order number?")
	w.says(lee, "1")
	w.says(lee, "It rattles.")
	heard := []string{"Hi, I'm Robin, a bot.", "What is your order number?", "What is wrong with it?", "Noted: It rattles."}
	w.hears(lee, heard...)
	conv := ana.one(lee)
	ana.await("the conversation closes", "", func() bool { return ana.detail(conv.Id).Conversation.State == api.ConversationStateClosed })
	w.sends(in)
	if all, _ := ana.list(); len(all) != 1 {
		t.Errorf("there are %d conversations, want 1", len(all))
	}
	var texts []string
	for _, m := range ana.messages(conv.Id) {
		if m.Author == api.AuthorConsumer {
			texts = append(texts, m.Content.Text)
		}
	}
	if diff := cmp.Diff([]string{"hello", "1", "It rattles."}, texts); diff != "" {
		t.Errorf("the consumer's messages (-want +got):\n%s", diff)
	}
	w.stop()
	w.hears(lee, heard...)
}

// Somebody else has answered while the agent wrote.
func TestStaleReply(t *testing.T) {
	t.Parallel()
	const joe = "+14155550105"
	w, ana, sofia := staffed(t, usual)
	ana.presence(api.Online)
	w.says(joe, "agent")
	heard := []string{"Hi, I'm Robin, a bot.", "Connecting you to Customer care."}
	w.hears(joe, heard...)
	conv := ana.accept(joe)
	heard = append(heard, "You are now talking with Ana Lima.")
	w.hears(joe, heard...)
	seen := ana.detail(conv.Id).Cursor

	var theirs api.Message
	if resp := sofia.reply(conv.Id, "Sofia here, it is solved.", seen, &theirs); resp.StatusCode != http.StatusCreated {
		t.Fatalf("the supervisor's reply: %d", resp.StatusCode)
	}
	heard = append(heard, "Sofia here, it is solved.")
	w.hears(joe, heard...)
	var refused api.Error
	resp := ana.reply(conv.Id, "I am looking into it.", seen, &refused)
	if resp.StatusCode != http.StatusConflict || refused.Code != "conflict" || refused.Events == nil {
		t.Fatalf("the stale reply: %d %+v", resp.StatusCode, refused)
	}
	told := *refused.Events
	if len(told) != 1 || told[0].Message == nil || told[0].Message.Id != theirs.Id || told[0].Actor != "agent:"+sofia.id {
		t.Errorf("told events = %+v", told)
	}
	if resp := ana.reply(conv.Id, "As Sofia says.", told[0].Cursor, nil); resp.StatusCode != http.StatusCreated {
		t.Errorf("a reply that knows it all: %d", resp.StatusCode)
	}
	w.hears(joe, append(heard, "As Sofia says.")...)
}
