package example_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley/botscripts"
	"parley/engine"
)

// walk plays a consumer, the order service and the agents against the bundled
// bot, and gives everything that the bot did, one line each.
type walk struct {
	t       *testing.T
	bot     engine.Bot
	turn    engine.Turn
	journal []engine.JournalEntry
	did     []string
	state   engine.SessionState
}

// newWalk begins one. The runtime is shared by the walks: what it has learned of the brand costs seconds under the race detector.
func newWalk(t *testing.T, runtime *botscripts.Runtime, first string) *walk {
	t.Helper()
	b := load(t, nil)
	bot, err := runtime.Bot(b.Bundle.Hash, "concierge", func() (engine.Bundle, error) { return b.Bundle, nil })
	if err != nil {
		t.Fatal(err)
	}
	w := &walk{t: t, bot: bot, turn: engine.Turn{
		Session: engine.Session{ID: "s1", Brand: "acme", Conversation: "c1", Bot: "concierge", Version: b.Bundle.Hash},
		Now:     time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Brand: b.Brand, Skills: b.Skills,
		Consumer:     engine.Consumer{ID: "p1"},
		Conversation: engine.Conversation{ID: "c1", Brand: "acme", Channel: "acme.web", Kind: "webchat"},
	}}
	w.step(nil, &engine.Content{Text: first})
	return w
}

func (w *walk) step(in *engine.InboxEntry, first *engine.Content) {
	w.t.Helper()
	turn := w.turn
	turn.Journal, turn.Input, turn.First = w.journal, in, first
	out, err := w.bot.Step(turn)
	if err != nil {
		w.t.Fatal(err)
	}
	if out.Fault != nil {
		w.t.Fatalf("the bot failed: %+v\nafter: %s", *out.Fault, strings.Join(w.did, "\n"))
	}
	for _, e := range out.Journal {
		if e.N < len(w.journal) {
			w.journal[e.N] = e
		} else {
			w.journal = append(w.journal, e)
		}
	}
	w.turn.Session.State, w.turn.Session.Wait, w.turn.Session.Steps = out.State, out.Wait, len(w.journal)
	w.state = out.State
	for _, e := range out.Effects {
		switch {
		case e.Say != nil:
			w.did = append(w.did, "say "+e.Say.Text)
		case e.Set != nil:
			w.did = append(w.did, "set "+e.Set.Name+"="+e.Set.Value)
		case e.Tag != nil:
			w.did = append(w.did, "tag "+*e.Tag)
		case e.HTTP != nil:
			w.did = append(w.did, "get "+e.HTTP.URL)
		case e.Handoff != nil:
			facts := ""
			for _, f := range e.Handoff.Facts {
				facts += " " + f.Name + "=" + f.Value
			}
			w.did = append(w.did, "handoff "+e.Handoff.Skill+": "+e.Handoff.Reason+": "+e.Handoff.Summary+facts)
		case e.Close != nil:
			w.did = append(w.did, "close "+e.Close.Outcome)
		}
	}
}

func (w *walk) input(kind engine.InboxKind, v any) {
	w.t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		w.t.Fatal(err)
	}
	w.step(&engine.InboxEntry{Conversation: "c1", Kind: kind, Session: "s1", Step: w.turn.Session.Wait.Step, Data: data, At: w.turn.Now}, nil)
}

func (w *walk) say(texts ...string) {
	w.t.Helper()
	for _, text := range texts {
		w.input(engine.InboxMessage, engine.Content{Text: text})
	}
}

func TestWalks(t *testing.T) {
	t.Parallel()
	runtime := botscripts.New(botscripts.Config{})
	order := func(status int, body string) func(*walk) {
		return func(w *walk) {
			w.input(engine.InboxResult, engine.HTTPResponse{Status: status, Body: body})
		}
	}
	agentCloses := func(w *walk) {
		w.input(engine.InboxOutcome, engine.HandoffOutcome{Kind: "closed", Outcome: "solved", Agent: "Ana"})
	}
	silence := func(w *walk) { w.input(engine.InboxTimer, struct{}{}) }
	says := func(texts ...string) func(*walk) { return func(w *walk) { w.t.Helper(); w.say(texts...) } }
	tests := []struct {
		name  string
		first string
		steps []func(*walk)
		want  []string // in this order, among what it did
		state engine.SessionState
	}{
		{"order status", "hi", []func(*walk){says("Order status", "my number?", "10001"),
			order(200, `{"number":"10001","status":"shipped","carrier":"DHL","eta":"2026-11-25","items":["Urban 5"]}`), says("no thanks")},
			[]string{"say Hi! I'm Ava", "say What can I do for you?", "say What is your order number?", "say I am looking for five digits",
				"get https://orders.acme.example/orders/10001", "set order=10001", "say Order 10001: Urban 5.\nIt is on its way with DHL",
				"say Is there anything else", "say You're welcome", "close answered"}, engine.SessionDone},
		{"a first message that is a question is not asked again", "where is my order 10002?",
			[]func(*walk){order(200, `{"number":"10002","status":"being built","eta":"2026-12-01","items":["E-bike"]}`), silence},
			[]string{"say Hi! I'm Ava", "get https://orders.acme.example/orders/10002", "say Order 10002", "say Is there anything else",
				"say I have not heard", "close no answer"}, engine.SessionDone},
		{"unknown order goes to a person", "Hello!", []func(*walk){says("order status", "99999"), order(404, `{}`), says("Ask a colleague"), agentCloses, says("5")},
			[]string{"say I cannot find an order 99999.", "handoff care: order not found", "say You were talking to Ana", "say How many stars", "set csat=5", "say Thank you!"}, engine.SessionDone},
		{"order system down", "track my order 10001", []func(*walk){order(503, ``), says("yes"), agentCloses, silence},
			[]string{"say I cannot reach", "say Shall a colleague", "handoff care: order system not available"}, engine.SessionDone},
		{"question answered", "hello", []func(*walk){says("how long does delivery take", "yes", "bye")},
			[]string{"say Parts and clothing arrive", "say Did that help?", "tag answered by FAQ", "say Is there anything else", "close answered"}, engine.SessionDone},
		{"question not known", "tell me a joke", []func(*walk){says("yes"), agentCloses, says("2")},
			[]string{"say I am afraid I do not know that. Shall I get a colleague", "handoff care: the bot has no answer: tell me a joke problem=tell me a joke", "say How many stars", "set csat=2", "tag unhappy"}, engine.SessionDone},
		{"buy a bike", "good morning", []func(*walk){says("Buy a bike", "City and commuting", "around 1500", "1,78"), agentCloses, says("4")},
			[]string{"say What will you use", "set use=city", "set budget=around 1500", "set height=1,78", "tag buyer",
				"handoff sales: wants to buy a bike: Looks for a bike (city), budget around 1500, height 1,78. budget=around 1500 height=1,78 use=city"}, engine.SessionDone},
		{"talk to someone", "hi", []func(*walk){says("Talk to someone", "my bell is broken", "yes", "10003"), agentCloses, says("3")},
			[]string{"say Of course.", "say Is it about an order?", "handoff care: asked for a person: my bell is broken order=10003 problem=my bell is broken"}, engine.SessionDone},
		{"escape word, then the survey", "hi", []func(*walk){says("agent"), agentCloses, says("five")},
			[]string{"handoff : asked for a person", "say You were talking to Ana", "say How many stars", "set csat=5"}, engine.SessionDone},
		{"given back to the bot", "tell me a joke", []func(*walk){says("yes"),
			func(w *walk) { w.input(engine.InboxOutcome, engine.HandoffOutcome{Kind: "returned"}) }},
			[]string{"handoff care", "say Ava again", "say Is there anything else"}, engine.SessionWaiting},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWalk(t, runtime, tt.first)
			for _, step := range tt.steps {
				step(w)
			}
			rest := w.did
			for _, want := range tt.want {
				i := 0
				for i < len(rest) && !strings.HasPrefix(rest[i], want) {
					i++
				}
				if i == len(rest) {
					t.Fatalf("missing %q in:\n%s", want, strings.Join(w.did, "\n"))
				}
				rest = rest[i+1:]
			}
			if w.state != tt.state {
				t.Errorf("the session is %s, want %s", w.state, tt.state)
			}
		})
	}
}
