package enginetest_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"parley/botscripts"
	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/desk"
	"parley/engine/enginetest"
	"parley/engine/versions"
	"parley/storage/postgres"
	"parley/storage/postgres/postgrestest"
)

// What several processes do at once comes out as if they had done it one after the
// other. Only a store whose updates run at the same time can get it wrong.

const (
	rounds = 8
	silent = `return function(chat) while true do chat:ask "?" end end`
)

// world is one on PostgreSQL, where nothing may get into a deadlock: that is noticed after
// a second only.
func world(t *testing.T) *enginetest.World {
	t.Helper()
	url := postgrestest.Open(t)
	t.Cleanup(func() {
		if n := postgrestest.Deadlocks(t, url); n > 0 {
			t.Errorf("there were %d deadlocks", n)
		}
	})
	db, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // what the connections have counted is known when they have ended
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return enginetest.New(t, db, botscripts.New(botscripts.Config{})).Publish(silent)
}

// atOnce runs all, which may not fail.
func atOnce(t *testing.T, all ...func() error) {
	t.Helper()
	start := make(chan struct{})
	errs := make([]error, len(all))
	var group sync.WaitGroup
	for i, do := range all {
		group.Go(func() {
			<-start
			errs[i] = do()
		})
	}
	close(start)
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
}

// many is n times the same.
func many(n int, do func(i int) error) []func() error {
	all := make([]func() error, n)
	for i := range all {
		all[i] = func() error { return do(i) }
	}
	return all
}

// TestStopTwice: a provider delivers a STOP several times at once. It opens and ends one
// conversation, and the others open none.
func TestStopTwice(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Close(w.Write("hi").Conversation.ID)
	for range rounds {
		stop := engine.Inbound{From: enginetest.Address, ProviderID: w.ID(), Content: engine.Content{Text: "STOP"}}
		atOnce(t, many(8, func(int) error {
			_, err := w.Receive(enginetest.Phone, stop)
			return err
		})...)
		open := enginetest.Read(w, func(tx engine.Tx) (int, error) {
			return tx.Conversations().Count(engine.ConversationFilter{Brand: enginetest.Brand, State: engine.Open})
		})
		if open != 0 {
			t.Error("an empty conversation is open")
		}
	}
}

// TestReceiptsAtOnce: what a send's receipts say only moves forward.
func TestReceiptsAtOnce(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	for i := range rounds {
		m := w.Queue(id, fmt.Sprint("text ", i))[0]
		item := enginetest.Read(w, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Sends().Of(m.ID) })[0]
		w.Update(func(tx engine.Tx) error {
			item.State, item.ProviderID, item.Receipt = engine.OutboxDone, "SM"+item.ID, engine.Sent
			return tx.Outbox().Save(item)
		})
		states := []engine.DeliveryState{engine.Sent, engine.Delivered, engine.Read}
		atOnce(t, many(9, func(i int) error {
			return w.Receiver.Status(t.Context(), engine.Channel{ID: enginetest.Phone}, engine.StatusUpdate{ProviderID: "SM" + item.ID, State: states[i%3]})
		})...)
		item = enginetest.Read(w, func(tx engine.Tx) (engine.OutboxItem, error) { return tx.Outbox().Get(item.ID) })
		if got := w.Message(m.ID).State; item.Receipt != engine.Read || got != engine.Read {
			t.Errorf("the send is %s, the message %s", item.Receipt, got)
		}
	}
}

// TestLeavingWhileAccepting: an agent accepts an offer and is lost at the same time. The
// conversation is hers or waits, and not both.
func TestLeavingWhileAccepting(t *testing.T) {
	t.Parallel()
	w := world(t)
	sam := w.Agent("sam", engine.RoleAgent, "care")
	for i := range rounds {
		id := w.Visitor(fmt.Sprint("visitor ", i), "hi").ID
		w.Enqueue(id, 0)
		e, _ := w.Queued(id)
		if err := w.Change(id, func(c *conversation.Change) error { return c.Offer(e, sam, 60, nil) }); err != nil {
			t.Fatal(err)
		}
		atOnce(t,
			func() error {
				_, err := w.Desk.Accept(t.Context(), sam, id)
				return late(err)
			},
			func() error { return w.Desk.SetPresence(t.Context(), sam, engine.BackSoon) },
		)
		conv := w.Conversation(id)
		e, queued := w.Queued(id)
		if queued == (conv.Owner == engine.OwnerAgent) || e.OfferedTo != "" {
			t.Errorf("the owner is %s, in the queue: %t, offered to %q", conv.Owner, queued, e.OfferedTo)
		}
		if err := w.Desk.SetPresence(t.Context(), sam, engine.Online); err != nil {
			t.Fatal(err)
		}
	}
}

// late lets a refusal pass for what came too late.
func late(err error) error {
	if engine.CodeOf(err) == engine.Conflict {
		return nil
	}
	return err
}

// TestLeavingTwoProcesses: an agent's last two connections, to two processes, end at
// once. One of them sees that she is gone.
func TestLeavingTwoProcesses(t *testing.T) {
	t.Parallel()
	w := world(t)
	for i := range rounds {
		sam := w.Agent(fmt.Sprint("sam", i), engine.RoleAgent, "care")
		processes := []string{"one", "two", "three", "four"}
		for _, p := range processes {
			if err := w.Desk.Seen(t.Context(), sam, p, true); err != nil {
				t.Fatal(err)
			}
		}
		atOnce(t, many(len(processes), func(i int) error { return w.Desk.SignedOut(t.Context(), sam, processes[i]) })...)
		u := enginetest.Read(w, func(tx engine.Tx) (engine.User, error) { return tx.Users().Get(enginetest.Brand, sam.ID) })
		if u.Presence != engine.Offline {
			t.Errorf("she is %s", u.Presence)
		}
	}
}

// TestReplyAfterAnother: who replies learns that somebody else has, also while an older
// update is under way that holds back who follows the log.
func TestReplyAfterAnother(t *testing.T) {
	t.Parallel()
	w := world(t)
	sam, sup := w.Agent("sam", engine.RoleAgent, "care"), w.Agent("sup", engine.RoleSupervisor)
	id := w.Write("hi").Conversation.ID
	w.Enqueue(id, 0)
	w.Assign(id, sam)
	seen := w.Cursor()
	w.Update(func(tx engine.Tx) error {
		if err := tx.Users().Seen(enginetest.Brand, sup.ID, w.Clock.Now()); err != nil {
			return err
		}
		ctx := context.Background()
		if _, err := w.Desk.Reply(ctx, sup, id, "1", "We are on it.", seen); err != nil {
			t.Errorf("the first reply: %v", err)
		}
		_, err := w.Desk.Reply(ctx, sam, id, "2", "Let me see.", seen)
		w.Refused(engine.Conflict, "", err)
		var e *engine.Error
		if !errors.As(err, &e) || len(e.Events) != 1 {
			t.Errorf("the second reply: %v, with %+v", err, e)
		}
		return nil
	})
	_, err := w.Desk.Transfer(t.Context(), sam, id, 1, desk.Target{Skill: "sales"}, "Please")
	var e *engine.Error
	if !errors.As(err, &e) || e.Code != engine.Conflict || len(e.Events) != 3 {
		t.Errorf("a stale command: %v, with %+v", err, e)
	}
}

// TestVersionsAtOnce: what is done with a brand's versions at once is all done.
func TestVersionsAtOnce(t *testing.T) {
	t.Parallel()
	w := world(t)
	var all []func() error
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get(enginetest.Brand)
		if err != nil {
			return err
		}
		b.Held = map[string]string{}
		for i := range 8 {
			hash := fmt.Sprint("version-", i)
			b.Held[hash] = "it failed"
			all = append(all, func() error { return w.Versions.Release(context.Background(), enginetest.Brand, hash, versions.By{}) })
		}
		return tx.Brands().Save(b)
	})
	atOnce(t, all...)
	if b := w.Stored(); len(b.Held) != 0 {
		t.Errorf("still held: %v", b.Held)
	}
}

// TestTurnsWhileSendsAreLost: a conversation goes to people because a send is lost, while
// its consumer writes and its bot answers.
func TestTurnsWhileSendsAreLost(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Provider.Answer = func(context.Context, engine.Outbound, int) (bool, error) {
		return false, &engine.SendError{Class: engine.SendBlocked, Code: "30007", Message: "The carrier filtered the message."}
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Delivery.Run(ctx) }()
	for round := range rounds {
		atOnce(t, many(4, func(i int) error {
			for range 4 {
				in := engine.Inbound{From: fmt.Sprint("visitor ", round, " ", i), ProviderID: w.ID(), Content: engine.Content{Text: "hi"}}
				taken, err := w.Receive(enginetest.Web, in)
				if err != nil {
					return err
				}
				if _, err := w.Dialog.Visit(t.Context(), engine.ConversationRef{Brand: enginetest.Brand, ID: taken.Conversation.ID}); err != nil {
					return err
				}
			}
			return nil
		})...)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestTurnsWhileReceiptsFail: the same, and the provider tells the loss afterwards.
func TestTurnsWhileReceiptsFail(t *testing.T) {
	t.Parallel()
	w := world(t)
	write := func(from string) (engine.Conversation, error) {
		in := engine.Inbound{From: from, ProviderID: w.ID(), Content: engine.Content{Text: "hi"}}
		taken, err := w.Receive(enginetest.Web, in)
		if err == nil {
			_, err = w.Dialog.Visit(t.Context(), engine.ConversationRef{Brand: enginetest.Brand, ID: taken.Conversation.ID})
		}
		return taken.Conversation, err
	}
	for round := range rounds {
		var all []func() error
		for i := range 4 {
			from := fmt.Sprint("visitor ", round, " ", i)
			conv, err := write(from)
			if err != nil {
				t.Fatal(err)
			}
			item := enginetest.Read(w, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Sends().Waiting(conv.ID, 1) })[0]
			w.Update(func(tx engine.Tx) error {
				item.State, item.Receipt = engine.OutboxDone, engine.Sent
				return tx.Outbox().Save(item)
			})
			all = append(all, func() error {
				return w.Receiver.Status(t.Context(), engine.Channel{ID: enginetest.Web}, engine.StatusUpdate{Item: item.ID, State: engine.Failed, Class: engine.SendBlocked})
			}, func() error {
				for range 3 {
					if _, err := write(from); err != nil {
						return err
					}
				}
				return nil
			})
		}
		atOnce(t, all...)
	}
}
