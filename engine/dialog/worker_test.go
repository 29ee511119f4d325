package dialog_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

// meddling is a store that lets somebody else be faster: before runs between
// a turn's look and its commit.
type meddling struct {
	engine.Store
	before func()
	busy   atomic.Bool
}

func (m *meddling) Update(ctx context.Context, fn func(engine.Tx) error) error {
	if m.before != nil && m.busy.CompareAndSwap(false, true) {
		before := m.before
		m.before = nil
		before()
		m.busy.Store(false)
	}
	return m.Store.Update(ctx, fn)
}

func TestALostRaceRepeatsTheTurnWithoutASecondEffect(t *testing.T) {
	t.Parallel()
	tests := map[string]func(w *enginetest.World, id string){
		"another message": func(w *enginetest.World, id string) { w.Write("and another thing") },
		"a note": func(w *enginetest.World, id string) {
			if _, err := w.Desk.Note(w.T.Context(), w.Agent("sam", engine.RoleAgent), id, "client-1", "a regular"); err != nil {
				w.T.Error(err)
			}
		},
		"the same turn elsewhere": func(w *enginetest.World, id string) { w.Visit(id) },
	}
	for name, meddle := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := with(t, `return function(chat)
				chat:say "Hello."
				local a = chat:ask "Well?"
				chat:tag "x"
				chat:say("You said " .. a.text)
				chat:wait(60)
			end`)
			w.Say("hi")
			id := w.Write("one").Conversation.ID
			other := *w.Dialog // another process
			m := &meddling{Store: w.Store}
			other.Store = m
			m.before = func() { meddle(w, id) }
			if _, err := other.Visit(t.Context(), engine.ConversationRef{Brand: enginetest.Brand, ID: id}); err != nil {
				t.Fatal(err)
			}
			said := 0
			for _, l := range w.Lines(id) {
				if l == "bot: You said one" {
					said++
				}
			}
			if said != 1 {
				t.Errorf("it was said %d times:\n%s", said, strings.Join(w.Lines(id), "\n"))
			}
			n := 0
			w.View(func(tx engine.Tx) error {
				due, err := tx.Timers().Due(w.Clock.Now().Add(time.Hour), 10)
				n = len(due)
				return err
			})
			if n != 1 {
				t.Errorf("there are %d timers", n)
			}
			dense(t, w, id)
		})
	}
}

// dense checks that a transcript has no hole.
func dense(t testing.TB, w *enginetest.World, id string) {
	t.Helper()
	for i, m := range w.Messages(id) {
		if m.Seq != int64(i+1) {
			t.Fatalf("message %d has seq %d", i+1, m.Seq)
		}
	}
}

func TestATurnThatCannotBeCarriedOutGoesToAPerson(t *testing.T) {
	t.Parallel()
	w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
		return engine.Outcome{
			State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitMessage}, UsedInput: true,
			// Nobody can be told this: the consumer of the effect does not exist.
			Effects: []engine.Effect{{Say: text("hello")}, {Set: &engine.SetEffect{Scope: "consumer", Name: "name", Value: "x"}}},
		}, nil
	})
	taken := w.Write("hi")
	broken := &breaking{Store: w.Store, err: engine.Errorf(engine.Internal, "cannot be written")}
	w.Dialog.Store = broken
	w.Visit(taken.Conversation.ID)
	c := w.Conversation(taken.Conversation.ID)
	is(t, c, engine.Open, engine.OwnerQueue)
	for _, l := range w.Lines(c.ID) {
		if l == "bot: hello" {
			t.Error("half of the turn was written")
		}
	}
}

// breaking is a store whose consumers cannot be saved.
type breaking struct {
	engine.Store
	err error
}

func (b *breaking) Update(ctx context.Context, fn func(engine.Tx) error) error {
	return b.Store.Update(ctx, func(tx engine.Tx) error { return fn(breakingTx{tx, b.err}) })
}

type breakingTx struct {
	engine.Tx
	err error
}

func (t breakingTx) Consumers() engine.Consumers { return breakingConsumers{t.Tx.Consumers(), t.err} }

type breakingConsumers struct {
	engine.Consumers
	err error
}

func (c breakingConsumers) Save(engine.Consumer) error { return c.err }

func TestAStoreThatCannotAnswerIsNotTheBotsFault(t *testing.T) {
	t.Parallel()
	w := scripted(t, func(engine.Turn) (engine.Outcome, error) {
		return engine.Outcome{
			State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitMessage},
			Effects: []engine.Effect{{Set: &engine.SetEffect{Scope: "consumer", Name: "name", Value: "x"}}},
		}, nil
	})
	c := w.Write("hi").Conversation
	store := w.Dialog.Store
	w.Dialog.Store = &breaking{Store: store, err: engine.Errorf(engine.Unavailable, "disk full")}
	if _, err := w.Dialog.Visit(t.Context(), engine.ConversationRef{Brand: c.Brand, ID: c.ID}); engine.CodeOf(err) != engine.Unavailable {
		t.Fatalf("got %v", err)
	}
	if c = w.Conversation(c.ID); c.Owner != engine.OwnerBot || !c.Ready {
		t.Fatalf("it is with %s, ready %t", c.Owner, c.Ready)
	}
	w.Dialog.Store = store
	w.Visit(c.ID)
	if c = w.Conversation(c.ID); c.Ready {
		t.Error("it was not taken up again")
	}
}

func TestBotErrorsAndPanicsAreFaults(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]script{
		"error": func(engine.Turn) (engine.Outcome, error) { return engine.Outcome{}, errors.New("no") },
		"panic": func(engine.Turn) (engine.Outcome, error) { panic("no") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := scripted(t, s)
			is(t, w.Say("hi"), engine.Open, engine.OwnerQueue)
		})
	}
}

func TestFaultAfterGivingAwayDoesNotTakeBack(t *testing.T) {
	t.Parallel()
	w := scripted(t, func(engine.Turn) (engine.Outcome, error) {
		return engine.Outcome{
			State: engine.SessionParked, Fault: &engine.Fault{Kind: "error", Message: "late"},
			Effects: []engine.Effect{{Close: &engine.CloseEffect{Outcome: "answered"}}},
		}, nil
	})
	c := w.Say("hi")
	is(t, c, engine.Closed, engine.OwnerNone)
	if _, ok := w.Queued(c.ID); ok {
		t.Error("a closed conversation waits in the queue")
	}
}

func TestRunFindsWhatNobodyWokeItFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := with(t, `return function(chat) chat:ask "Well?" end`)
		w.Clock.Real = true
		id := w.Write("hi").Conversation.ID // nobody listens yet
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Dialog.Run(ctx) }()
		await(t, func() bool { return len(w.Lines(id)) == 2 })
		w.Receiver.Hold = true // the wake-up is lost
		w.Write("fine")
		await(t, func() bool { return w.Conversation(id).State == engine.Closed })
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// await lets virtual time pass until done.
func await(t *testing.T, done func() bool) {
	t.Helper()
	for range 400 {
		synctest.Wait()
		if done() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("it did not come to pass in 20 s")
}

func TestOneBotThatHangsDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	const others = 100
	hang, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
		if turn.First != nil && turn.First.Text == "hang" {
			once.Do(func() { close(hang) })
			<-release
		}
		out := engine.Outcome{State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitMessage, Step: turn.Session.Steps}, UsedInput: true}
		if turn.Input != nil {
			out.Effects = append(out.Effects, engine.Effect{Say: text("answer")})
		}
		return out, nil
	})
	w.Dialog.Shards = 8
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Dialog.Run(ctx) }()
	slow := w.WriteAs(enginetest.Web, engine.Inbound{From: "slow", Content: engine.Content{Text: "hang"}}).Conversation
	<-hang
	var ids sync.Map
	committed := make(chan struct{}, 1)
	defer w.Bus.Subscribe(engine.TopicEvents, func(engine.Signal) {
		select {
		case committed <- struct{}{}:
		default:
		}
	})()
	var group sync.WaitGroup
	for i := range others {
		group.Go(func() {
			for n := range 3 {
				c, err := w.Receive(enginetest.Web, engine.Inbound{From: fmt.Sprint("v", i), ProviderID: fmt.Sprint(i, "-", n), Content: engine.Content{Text: fmt.Sprint("m", n)}})
				if err != nil {
					t.Error(err)
					return
				}
				ids.Store(c.Conversation.ID, true)
			}
		})
	}
	group.Wait()
	answered := func() (n int) {
		w.View(func(tx engine.Tx) error {
			all, err := tx.Conversations().List(engine.ConversationFilter{Brand: enginetest.Brand, State: engine.Open, Limit: 200})
			for _, c := range all {
				in, err := tx.Inbox().List(c.ID)
				if err != nil {
					return err
				}
				if c.ID != slow.ID && len(in) == 0 {
					n++
				}
			}
			return err
		})
		return n
	}
	// Those that share a shard with the hanging one wait; the rest must not.
	deadline := time.After(60 * time.Second)
	for answered() < others/2 {
		select {
		case <-committed:
		case <-deadline:
			t.Fatalf("only %d conversations were answered", answered())
		}
	}
	close(release)
	for answered() < others {
		select {
		case <-committed:
		case <-deadline:
			t.Fatalf("only %d conversations were answered", answered())
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	ids.Range(func(id, _ any) bool {
		dense(t, w, id.(string))
		said := 0
		for _, l := range w.Lines(id.(string)) {
			if l == "bot: answer" {
				said++
			}
		}
		if said != 2 { // the first opens the session, the others are answered
			t.Errorf("%d answers to two messages", said)
		}
		return true
	})
}

func TestVisitEndsWithItsContextBetweenTurns(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	w := scripted(t, func(turn engine.Turn) (engine.Outcome, error) {
		cancel()
		return engine.Outcome{
			State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitMessage}, UsedInput: true, Effects: []engine.Effect{{Say: text("done")}},
		}, nil
	})
	c := w.Write("one").Conversation
	w.Write("two")
	if _, err := w.Dialog.Visit(ctx, engine.ConversationRef{Brand: c.Brand, ID: c.ID}); err != nil {
		t.Fatal(err)
	}
	equal(t, []string{"consumer: one", "consumer: two", "bot: done"}, w.Lines(c.ID))
	if c = w.Conversation(c.ID); !c.Ready {
		t.Error("the second message is forgotten")
	}
}
