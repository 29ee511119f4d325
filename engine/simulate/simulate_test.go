package simulate_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/botscripts/example"
	"parley/botscripts/sandbox"
	"parley/connectors"
	"parley/engine"
	"parley/engine/simulate"
	"parley/storage/memory"
)

func newRuntime() *botscripts.Runtime {
	limits := sandbox.DefaultLimits()
	limits.Wall = time.Minute // a slow test machine is no slow bot
	return botscripts.New(botscripts.Config{Limits: limits})
}

func acme(t *testing.T) simulate.Config {
	t.Helper()
	b, problems := brandfolder.Reader{Kinds: connectors.Kinds(), Env: func(string) (string, bool) { return "", false }}.Load(example.FS())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return simulate.Config{
		Stage: simulate.Stage{Runtime: newRuntime(), Store: memory.New}, Brand: b.Brand, Channel: b.Channels[0], Skills: b.Skills, Bundle: b.Bundle,
		Start: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
		HTTP: func(q engine.HTTPRequest) (simulate.Reply, bool) {
			if !strings.HasSuffix(q.URL, "/10001") {
				return simulate.Reply{}, false
			}
			return simulate.Reply{HTTPResponse: engine.HTTPResponse{Status: 200, Body: `{"number":"10001","status":"delivered","items":["Urban 5"]}`}}, true
		},
	}
}

// bot is a configuration of one script.
func bot(t *testing.T, lua string) simulate.Config {
	cfg := acme(t)
	cfg.HTTP = nil
	cfg.Bot = "main"
	cfg.Bundle = engine.Bundle{Hash: fmt.Sprintf("%s%x", t.Name(), len(lua)), Files: map[string]string{"bots/main.lua": lua}}
	return cfg
}

func start(t *testing.T, cfg simulate.Config) *simulate.Simulation {
	t.Helper()
	s, err := simulate.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func say(t *testing.T, s *simulate.Simulation, texts ...string) {
	t.Helper()
	for _, text := range texts {
		ok(t, s.Message(engine.Content{Text: text}))
	}
}

// lines shows what happened.
func lines(events []simulate.Event) []string {
	var out []string
	for _, e := range events {
		switch e.Kind {
		case simulate.EventMessage, simulate.EventNote:
			out = append(out, fmt.Sprintf("%s %s: %s", e.Kind, e.Author, e.Content.Text))
		case simulate.EventTag, simulate.EventLog, simulate.EventRecall, simulate.EventCancel:
			out = append(out, fmt.Sprintf("%s %s", e.Kind, e.Text))
		case simulate.EventSet:
			out = append(out, fmt.Sprintf("set %s=%s", e.Set.Name, e.Set.Value))
		case simulate.EventHandoff:
			out = append(out, fmt.Sprintf("handoff %s: %s", e.Handoff.Skill, e.Handoff.Reason))
		case simulate.EventClosed:
			out = append(out, fmt.Sprintf("closed %s by %s", e.Close.Outcome, e.Name))
		case simulate.EventFault:
			out = append(out, fmt.Sprintf("fault %s at %s", e.Fault.Kind, e.Line))
		case simulate.EventAssigned:
			out = append(out, "assigned "+e.Name)
		case simulate.EventCall:
			out = append(out, "call "+e.Request.URL)
		case simulate.EventAnswer:
			out = append(out, fmt.Sprintf("answer %d%s", e.Response.Status, e.Response.Error))
		case simulate.EventTimer:
		default:
			out = append(out, string(e.Kind))
		}
	}
	return out
}

func equal(t *testing.T, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOrderStatus(t *testing.T) {
	t.Parallel()
	s := start(t, acme(t))
	say(t, s, "hello")
	from := len(s.Events())
	say(t, s, "order status", "10001")
	equal(t, []string{
		"message consumer: order status",
		"message bot: What is your order number? It has five digits and stands in our e-mail.",
		"message consumer: 10001", "typing",
		"call https://orders.acme.example/orders/10001", "answer 200",
		"set order=10001", "set order status=delivered",
		"message bot: Order 10001: Urban 5.\nIt was delivered.",
		"message bot: Is there anything else I can do for you?",
	}, lines(s.Since(from)))
	st := s.State()
	if st.Attributes["order"] != "10001" || st.Wait.Kind != engine.WaitMessage || st.Line != "bots/concierge.lua:30" {
		t.Errorf("%+v", st)
	}
	from = len(s.Events())
	ok(t, s.Advance(time.Hour))
	equal(t, []string{
		"message bot: I have not heard from you for a while, so I close this conversation. Just write again whenever you like!",
		"closed no answer by bot",
	}, lines(s.Since(from)))
	if at := s.Events()[len(s.Events())-1].At; at.Sub(s.Now()) != -30*time.Minute {
		t.Errorf("closed at %s, now it is %s", at, s.Now())
	}
	say(t, s, "hello again")
	if got := s.State(); got.State != engine.Open || got.Conversation == st.Conversation {
		t.Errorf("a message after the close: %+v", got)
	}
}

func TestAgent(t *testing.T) {
	t.Parallel()
	s := start(t, acme(t))
	say(t, s, "hi")
	from := len(s.Events())
	say(t, s, "agent")
	ana := s.Agent("Ana")
	ok(t, ana.Say("How can I help?"))
	say(t, s, "my bell is broken")
	ok(t, ana.Note("bell"))
	ok(t, ana.Close("solved", "A new bell", nil))
	say(t, s, "5")
	equal(t, []string{
		"message consumer: agent", "message system: Connecting you to Customer care.", "handoff care: asked for a person",
		"message system: You are now talking with Ana.", "assigned Ana", "message agent: How can I help?",
		"message consumer: my bell is broken", "note agent: bell", "returned",
		"message bot: You were talking to Ana. Thank you for writing to Acme Bikes!",
		"message bot: How many stars do you give us?",
		"message consumer: 5", "set csat=5", "message bot: Thank you! We are glad to hear that. Have a good ride!",
		"closed solved by agent",
	}, lines(s.Since(from)))
	if err := ana.Say("?"); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("after the end: %v", err)
	}
}

func TestOutsideCalls(t *testing.T) {
	t.Parallel()
	lua := `local http = require "http"
return function(chat)
  local r = http.get("https://orders.acme.example/a", { timeout = 8 })
  chat:say((r.error or r.status) .. "")
  chat:ask "more?"
end`
	s := start(t, bot(t, lua))
	say(t, s, "hi")
	if calls := s.State().Calls; len(calls) != 1 {
		t.Fatalf("%d calls", len(calls))
	}
	ok(t, s.Answer(simulate.Reply{HTTPResponse: engine.HTTPResponse{Status: 204}, After: 2 * time.Second}))
	if err := s.Answer(simulate.Reply{}); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("a second answer: %v", err)
	}
	if got := lines(s.Events()); len(got) != 2 {
		t.Errorf("answered at once: %v", got)
	}
	ok(t, s.Advance(2*time.Second))
	equal(t, []string{"message consumer: hi", "call https://orders.acme.example/a", "answer 204", "message bot: 204", "message bot: more?"}, lines(s.Events()))

	s = start(t, bot(t, lua))
	say(t, s, "hi")
	ok(t, s.Advance(time.Minute))
	if got := strings.Join(lines(s.Events()), "\n"); !strings.Contains(got, "answer 0timeout") {
		t.Errorf("nobody answers:\n%s", got)
	}
}

func TestBurst(t *testing.T) {
	t.Parallel()
	cfg := bot(t, "return function(chat) chat:say(chat.opening.text) chat:wait(3) chat:say 'b' chat:ask 'c' end")
	cfg.Brand.Settings.Gather = 1.5
	s := start(t, cfg)
	say(t, s, "one")
	ok(t, s.Advance(time.Second))
	say(t, s, "two")
	if got := lines(s.Events()); len(got) != 2 {
		t.Errorf("answered too early: %v", got)
	}
	if at, held := s.Pause(); !held || at.Sub(s.Now()) != 1500*time.Millisecond {
		t.Errorf("goes on at %s, now it is %s", at, s.Now())
	}
	ok(t, s.Settle(time.Minute))
	equal(t, []string{"message consumer: one", "message consumer: two", "message bot: one\ntwo", "message bot: b", "message bot: c"}, lines(s.Events()))
	if s.Now().Sub(cfg.Start) != 5500*time.Millisecond {
		t.Errorf("it is %s", s.Now())
	}
}

func TestFault(t *testing.T) {
	t.Parallel()
	s := start(t, bot(t, "return function(chat)\n  chat:say 'a'\n  chat:ask 'b'\n  error 'no'\nend"))
	say(t, s, "hi", "c")
	equal(t, []string{
		"message consumer: hi", "message bot: a", "message bot: b", "message consumer: c", "fault error at bots/main.lua:4",
		"message system: I can't help further here, so I'm getting a person for you.", "message system: Connecting you to Customer care.",
		"handoff care: The bot failed",
	}, lines(s.Events()))
}

func TestABotThatNeverWaitsIsStopped(t *testing.T) {
	t.Parallel()
	s := start(t, bot(t, "return function(chat) if not chat.state then chat:ask 'a' end chat:wait(0) chat:restart(1) end"))
	say(t, s, "hi")
	err := s.Message(engine.Content{Text: "b"})
	if err == nil && !strings.Contains(strings.Join(lines(s.Events()), "\n"), "fault") {
		t.Error("it went on, and stopped for no reason")
	}
	if again := s.Advance(time.Second); err != nil && again != err {
		t.Errorf("a stopped simulation went on: %v", again)
	}
}

// TestReplay holds that inputs are all there is, also as JSON.
func TestReplay(t *testing.T) {
	t.Parallel()
	cfg := acme(t)
	s := start(t, cfg)
	say(t, s, "hi", "buy a bike", "tours and trekking", "1500", "178")
	ok(t, s.Advance(time.Minute))
	ok(t, s.Agent("Jonas").Return("knows what she wants"))
	raw, err := json.Marshal(s.Inputs())
	ok(t, err)
	var inputs []simulate.Input
	ok(t, json.Unmarshal(raw, &inputs))
	again, err := simulate.Replay(cfg, inputs)
	ok(t, err)
	if diff := cmp.Diff(s.Events(), again.Events()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(s.Journal(), again.Journal()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(s.State(), again.State()); diff != "" {
		t.Error(diff)
	}
}

func TestFork(t *testing.T) {
	t.Parallel()
	cfg := acme(t)
	s := start(t, cfg)
	say(t, s, "hi", "buy a bike", "City and commuting", "1500", "178")
	journal := s.Journal()[0].Entries
	budget := -1
	for _, e := range journal {
		if strings.Contains(string(e.Args), "how much would you like") {
			budget = e.N
		}
	}
	f, err := s.Fork(cfg, 0, budget)
	ok(t, err)
	if st := f.State(); st.Wait.Step != budget || len(f.Journal()[0].Entries) != budget+1 {
		t.Fatalf("forked at %d, waits at %+v", budget, st.Wait)
	}
	if diff := cmp.Diff(journal[:budget], f.Journal()[0].Entries[:budget]); diff != "" {
		t.Error(diff)
	}
	from := len(f.Events())
	say(t, f, "about 900", "1,60")
	if got := strings.Join(lines(f.Since(from)), "\n"); !strings.Contains(got, "set budget=about 900") || !strings.Contains(got, "handoff sales") {
		t.Error(got)
	}
	for _, at := range [][2]int{{0, -1}, {0, len(journal)}, {1, 0}} {
		if _, err := s.Fork(cfg, at[0], at[1]); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("%v: %v", at, err)
		}
	}
}

func TestImpossibleInputsChangeNothing(t *testing.T) {
	t.Parallel()
	s := start(t, acme(t))
	bad := []simulate.Input{
		{Kind: "dance"}, {Kind: simulate.InputMessage}, {Kind: simulate.InputAnswer}, {Kind: simulate.InputAdvance, Seconds: -1},
		{Kind: simulate.InputAdvance, Seconds: 1e12}, {Kind: simulate.InputSay, Text: "hi"},
	}
	for _, in := range bad {
		if err := s.Do(in); err == nil {
			t.Errorf("%+v was done", in)
		}
	}
	say(t, s, "hi")
	if err := s.Agent("Ana").Accept(); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("the bot has it: %v", err)
	}
	if len(s.Inputs()) != 1 {
		t.Errorf("inputs: %v", s.Inputs())
	}
}

func TestUnusable(t *testing.T) {
	t.Parallel()
	cfg := acme(t)
	cfg.Bot = "nobody"
	if _, err := simulate.New(cfg); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("no such bot: %v", err)
	}
	if _, err := simulate.New(bot(t, "return function(")); err == nil {
		t.Error("a script that does not compile")
	}
}

// TestHears: a simulated consumer is heard as a real one is, and served as soon.
func TestHears(t *testing.T) {
	t.Parallel()
	cfg := bot(t, `return function(chat)
	chat:ask "What is it?"
	chat:handoff { skill = "care" }
end`)
	cfg.Brand.Settings.Languages = []string{"en", "de"}
	cfg.Brand.Settings.Sentiment.Priority = 1
	s := start(t, cfg)
	say(t, s, "hello, where is my order?")
	c, _ := s.Conversation()
	if c.Mood.Weight != 0 || c.Mood.Languages["en"] != 1 {
		t.Errorf("after a question: %+v", c.Mood)
	}
	say(t, s, "this is terrible, I am furious")
	c, _ = s.Conversation()
	base := 0
	for _, skill := range cfg.Skills {
		if skill.ID == "care" {
			base = skill.Priority
		}
	}
	if c.Mood.Tone != engine.ToneNegative || c.Owner != engine.OwnerQueue || c.Priority != base-1 {
		t.Errorf("the conversation is %+v, the skill's priority %d", c, base)
	}
}
