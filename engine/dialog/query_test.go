package dialog_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

// asker is a bot that makes these queries one after the other and keeps the
// answers, then waits for a message.
type asker struct {
	mu      sync.Mutex
	queries []engine.Query
	answers []string
}

func (a *asker) step(t engine.Turn) (engine.Outcome, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := engine.Outcome{State: engine.SessionWaiting, UsedInput: true}
	n := t.Session.Steps
	if t.Input != nil {
		if t.Input.Kind != engine.InboxResult || t.Input.Step != n-1 {
			return out, fmt.Errorf("step %d got %+v", n, t.Input)
		}
		a.answers = append(a.answers[:n-1], string(t.Input.Data))
	}
	out.Journal = []engine.JournalEntry{{Session: t.Session.ID, N: n, Call: "x", At: t.Now}}
	out.Wait = engine.Wait{Kind: engine.WaitMessage, Step: n}
	if n < len(a.queries) {
		out.Wait.Kind = engine.WaitResult
		out.Effects = []engine.Effect{{Step: n, Query: &a.queries[n]}}
	}
	return out, nil
}

func values(list ...engine.ValueQuery) (out []engine.Query) {
	for i := range list {
		out = append(out, engine.Query{Value: &list[i]})
	}
	return out
}

func TestQueriesAreAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	care := "care"
	bot := &asker{queries: append(values(
		engine.ValueQuery{Op: "get", Key: "k"},
		engine.ValueQuery{Op: "set", Key: "k", Data: []byte(`{"n":1}`)},
		engine.ValueQuery{Op: "set", Key: "k", Data: []byte(`2`), Check: true, Version: 0},
		engine.ValueQuery{Op: "set", Key: "k", Data: []byte(`3`), Check: true, Version: 1},
		engine.ValueQuery{Op: "get", Key: "k"},
		engine.ValueQuery{Op: "remove", Key: "k", Check: true, Version: 1},
		engine.ValueQuery{Op: "remove", Key: "k", Check: true, Version: 2},
		engine.ValueQuery{Op: "remove", Key: "k"},
		engine.ValueQuery{Op: "set", Key: "brief", Data: []byte(`"x"`), TTL: 60},
	), engine.Query{Queue: &care}, engine.Query{Identities: true}, engine.Query{History: &engine.HistoryQuery{Limit: 5}})}
	w := scripted(t, bot.step)
	w.Agent("sam", engine.RoleAgent, "care")
	c := w.Say("hi")
	var got []any
	for _, a := range bot.answers {
		var v any
		if err := json.Unmarshal([]byte(a), &v); err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	type m = map[string]any
	data := func(s string) string { b, _ := json.Marshal([]byte(s)); return strings.Trim(string(b), `"`) }
	if status := got[9].(m); status["open"] != true || status["online"] != 1.0 || status["waiting"] != 0.0 {
		t.Errorf("the queue is %v", status)
	}
	got[9] = nil
	equal(t, []any{
		m{"done": false},
		m{"done": true, "data": data(`{"n":1}`), "version": 1.0},
		m{"done": false, "data": data(`{"n":1}`), "version": 1.0},
		m{"done": true, "data": data(`3`), "version": 2.0},
		m{"done": true, "data": data(`3`), "version": 2.0},
		m{"done": false, "data": data(`3`), "version": 2.0},
		m{"done": true}, m{"done": true},
		m{"done": true, "data": data(`"x"`), "version": 1.0},
		nil,
		[]any{m{"Brand": enginetest.Brand, "Kind": "phone", "Address": enginetest.Address, "Consumer": c.Consumer}},
		[]any{},
	}, got)
	if len(w.Inbox(c.ID)) != 0 || c.Ready || w.Session(c.ID).Wait.Kind != engine.WaitMessage {
		t.Errorf("left %+v, ready %t", w.Inbox(c.ID), c.Ready)
	}
	w.Clock.Advance(time.Minute)
	w.View(func(tx engine.Tx) error {
		if _, err := tx.Values().Get(enginetest.Brand, "brief", w.Clock.Now()); engine.CodeOf(err) != engine.NotFound {
			t.Errorf("a value outlives its time: %v", err)
		}
		return nil
	})
}

func TestHistoryIsNewestFirstAndOfThisConsumer(t *testing.T) {
	t.Parallel()
	bot := &asker{}
	w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
		if turn.First != nil && strings.HasPrefix(turn.First.Text, "close ") {
			return engine.Outcome{State: engine.SessionDone, UsedInput: true, Effects: []engine.Effect{
				{Set: &engine.SetEffect{Scope: "conversation", Name: "n", Value: turn.First.Text[6:]}},
				{Close: &engine.CloseEffect{Outcome: "answered", Summary: turn.First.Text}},
			}}, nil
		}
		return bot.step(turn)
	})
	bot.queries = []engine.Query{{History: &engine.HistoryQuery{Limit: 2}}}
	for _, n := range []string{"close 1", "close 2", "close 3"} {
		w.Say(n)
		w.Clock.Advance(time.Hour)
	}
	other := w.WriteAs(enginetest.Web, engine.Inbound{From: "v1", Content: engine.Content{Text: "close other"}}).Conversation
	w.Visit(other.ID)
	w.Say("hi")
	var past []engine.PastConversation
	if err := json.Unmarshal([]byte(bot.answers[0]), &past); err != nil {
		t.Fatal(err)
	}
	if len(past) != 2 || past[0].Summary != "close 3" || past[1].Facts["n"] != "2" || past[0].Outcome != "answered" || past[0].Closed != enginetest.Noon().Add(2*time.Hour).Unix() {
		t.Errorf("the history is %+v", past)
	}
}

func TestAnImpossibleQueryGoesToAPerson(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]engine.ValueQuery{
		"no key":   {Op: "get"},
		"long key": {Op: "get", Key: strings.Repeat("k", 201)},
		"long":     {Op: "set", Key: "k", Data: []byte(`"` + strings.Repeat("x", 64<<10) + `"`)},
		"no JSON":  {Op: "set", Key: "k", Data: []byte(`{`)},
		"TTL":      {Op: "set", Key: "k", Data: []byte(`1`), TTL: -1},
		"no op":    {Op: "inc", Key: "k"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bot := &asker{queries: values(q)}
			w := scripted(t, bot.step)
			is(t, w.Say("hi"), engine.Open, engine.OwnerQueue)
		})
	}
}

func TestAMessageInterruptsACall(t *testing.T) {
	t.Parallel()
	var inputs []engine.InboxEntry
	w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
		n := turn.Session.Steps
		out := engine.Outcome{State: engine.SessionWaiting, UsedInput: true, Journal: []engine.JournalEntry{{Session: turn.Session.ID, N: n, Call: "x", At: turn.Now}}}
		out.Wait = engine.Wait{Kind: engine.WaitMessage, Step: n}
		if turn.Input == nil {
			out.Wait = engine.Wait{Kind: engine.WaitResult, Step: n, Interrupt: true}
			out.Effects = []engine.Effect{{Step: n, HTTP: &engine.HTTPRequest{Method: "GET", URL: "https://shop.example/"}}}
		} else {
			inputs = append(inputs, *turn.Input)
		}
		return out, nil
	})
	id := w.Write("hi").Conversation.ID
	w.Visit(id)
	s := w.Session(id)
	c := w.Say("never mind")
	if len(inputs) != 2 || inputs[0].Kind != engine.InboxInterrupt || inputs[0].Step != 0 || inputs[1].Kind != engine.InboxMessage {
		t.Fatalf("the bot got %+v", inputs)
	}
	equal(t, 0, len(w.Inbox(id)))
	w.Update(func(tx engine.Tx) error { // the answer comes after all
		conv, err := tx.Conversations().Get(c.Brand, id)
		if err != nil {
			return err
		}
		conv.LastInbox++
		conv.Ready = true
		if err := tx.Inbox().Add(engine.InboxEntry{Conversation: id, N: conv.LastInbox, Kind: engine.InboxResult, Session: s.ID, Step: 0, Data: []byte(`{}`)}); err != nil {
			return err
		}
		return tx.Conversations().Save(&conv)
	})
	w.Visit(id)
	if len(inputs) != 2 || len(w.Inbox(id)) != 0 || w.Conversation(id).Ready {
		t.Errorf("a late answer made %+v", inputs[1:])
	}
}

func TestManyQueriesAreOneVisit(t *testing.T) {
	t.Parallel()
	bot := &asker{}
	for i := range 100 {
		bot.queries = append(bot.queries, values(engine.ValueQuery{Op: "set", Key: fmt.Sprint("k", i), Data: []byte(`1`)})...)
	}
	w := scripted(t, bot.step)
	c := w.Say("hi")
	if len(bot.answers) != 100 || c.Ready {
		t.Errorf("%d answers, ready %t", len(bot.answers), c.Ready)
	}
	is(t, c, engine.Open, engine.OwnerBot)
}

// counting counts the reads of queues and loads inside updates.
type counting struct {
	engine.Store
	reads atomic.Int32
}

type countingTx struct {
	engine.Tx
	s *counting
}

type countingQueue struct {
	engine.Queue
	s *counting
}

func (s *counting) Update(ctx context.Context, fn func(engine.Tx) error) error {
	return s.Store.Update(ctx, func(tx engine.Tx) error { return fn(countingTx{tx, s}) })
}

func (t countingTx) Queue() engine.Queue { return countingQueue{t.Tx.Queue(), t.s} }

func (q countingQueue) List(brand string) ([]engine.QueueEntry, error) {
	q.s.reads.Add(1)
	return q.Queue.List(brand)
}

// TestQueueStatusIsReadBeforeTheUpdate: the writer reads nobody's queue for a bot
// that asks how it stands.
func TestQueueStatusIsReadBeforeTheUpdate(t *testing.T) {
	t.Parallel()
	w := with(t, `
		local queue = require "queue"
		return function(chat)
			local s = queue.status("care")
			chat:ask("There are " .. s.waiting .. " before you.")
		end`)
	store := &counting{Store: w.Store}
	w.Dialog.Store = store
	c := w.Say("hi")
	if lines := w.Lines(c.ID); !slices.Contains(lines, "bot: There are 0 before you.") {
		t.Fatalf("got %q", lines)
	}
	if n := store.reads.Load(); n != 0 {
		t.Errorf("the writer read the queue %d times", n)
	}
}
