package receipt_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/receipt"
	"parley/storage/sqlite/sqlitetest"
)

func world(t *testing.T) *enginetest.World {
	t.Helper()
	store := sqlitetest.Open(t)
	return enginetest.New(t, store, nil).Seed(nil)
}

// lose lets the first send that waits fail for good.
func lose(w *enginetest.World, id string, l receipt.Loss) (queued bool) {
	w.T.Helper()
	defer w.Bus.Subscribe(engine.TopicRouting, func(engine.Signal) { queued = true })()
	w.Update(func(tx engine.Tx) error {
		items, err := tx.Sends().Waiting(id, 1)
		if err != nil {
			return err
		}
		l.Item = items[0]
		l.Item.State, l.Item.Failure = engine.OutboxFailed, "The carrier filtered the message."
		if l.Item.Receipt = engine.Failed; l.Class == engine.SendUnsure {
			l.Item.Receipt = engine.Unknown
		}
		if err := tx.Outbox().Save(l.Item); err != nil {
			return err
		}
		if err := receipt.Advance(tx, w.Clock.Now(), l.Item); err != nil {
			return err
		}
		return receipt.Lost(tx, w.Writer, w.Clock.Now(), l)
	})
	return queued
}

func states(w *enginetest.World, all []engine.Message) (out []engine.DeliveryState) {
	for _, m := range all {
		out = append(out, w.Message(m.ID).State)
	}
	return out
}

func TestLost(t *testing.T) {
	t.Parallel()
	const failed, queued, unknown = engine.Failed, engine.Queued, engine.Unknown
	for name, tt := range map[string]struct {
		class   engine.SendClass
		late    bool
		prepare func(w *enginetest.World, id string)
		owner   engine.Owner
		states  []engine.DeliveryState
		note    bool
		queued  bool
	}{
		"from the bot":       {engine.SendBlocked, false, nil, engine.OwnerQueue, []engine.DeliveryState{failed, failed, failed}, true, true},
		"after it was taken": {engine.SendBlocked, true, nil, engine.OwnerQueue, []engine.DeliveryState{failed, failed, failed}, true, true},
		"in doubt for ever":  {engine.SendUnsure, false, nil, engine.OwnerQueue, []engine.DeliveryState{unknown, queued, queued}, true, true},
		"who opted out":      {engine.SendOptedOut, false, nil, engine.OwnerBot, []engine.DeliveryState{failed, queued, queued}, false, false},
		"in the queue":       {engine.SendGone, false, func(w *enginetest.World, id string) { w.Enqueue(id, 0) }, engine.OwnerQueue, nil, true, false},
		"with an agent": {engine.SendGone, false, func(w *enginetest.World, id string) {
			w.Enqueue(id, 0)
			w.Assign(id, w.Agent("sam", engine.RoleAgent, "care"))
		}, engine.OwnerAgent, nil, true, false},
		"in a brand without folk": {engine.SendGone, false, func(w *enginetest.World, _ string) {
			w.Update(func(tx engine.Tx) error { return tx.Brands().SaveSkills(enginetest.Brand, nil) })
		}, engine.OwnerBot, nil, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			id := w.Write("hi").Conversation.ID
			all := w.Queue(id, "a|b", "c", "d")
			if tt.prepare != nil {
				tt.prepare(w, id)
			}
			if got := lose(w, id, receipt.Loss{Class: tt.class, Code: "30007", Late: tt.late}); got != tt.queued {
				t.Errorf("queued is %t", got)
			}
			if conv := w.Conversation(id); conv.Owner != tt.owner || tt.queued && (conv.Handoff == nil || conv.Skill != "care") {
				t.Errorf("the owner is %s, the handoff %+v", conv.Owner, conv.Handoff)
			}
			if tt.states != nil {
				if diff := cmp.Diff(tt.states, states(w, all)); diff != "" {
					t.Error(diff)
				}
			}
			notes := 0
			for _, m := range w.Messages(id) {
				if m.Note {
					notes++
				}
			}
			if (notes == 1) != tt.note || len(w.Events(id, engine.EventUndelivered)) != 1 {
				t.Errorf("%d notes: %q", notes, w.Lines(id))
			}
		})
	}
}

// A closed conversation goes on in another one, that people get: the open one
// of the address, or a new one. A report that comes late opens none.
func TestLostAfterTheEnd(t *testing.T) {
	t.Parallel()
	for name, late := range map[string]bool{"not sent": false, "reported late": true} {
		for _, again := range []bool{false, true} {
			t.Run(name+map[bool]string{true: ", and they wrote again"}[again], func(t *testing.T) {
				t.Parallel()
				w := world(t)
				id := w.Write("hi").Conversation.ID
				m := w.Queue(id, "bye")[0]
				w.Close(id)
				next := ""
				if again {
					w.Clock.Advance(time.Minute)
					next = w.Write("one more thing").Conversation.ID
				}
				queued := lose(w, id, receipt.Loss{Class: engine.SendGone, Late: late})
				if queued == late {
					t.Errorf("queued is %t", queued)
				}
				var open engine.Conversation
				w.View(func(tx engine.Tx) (err error) {
					open, err = tx.Conversations().OpenByAddress(enginetest.Phone, enginetest.Address)
					if engine.CodeOf(err) == engine.NotFound {
						return nil
					}
					return err
				})
				switch {
				case late && !again && open.ID != "":
					t.Error("a conversation was opened")
				case !late && (open.Owner != engine.OwnerQueue || next != "" && open.ID != next || open.Consumer != w.Conversation(id).Consumer):
					t.Errorf("it goes on in %+v", open)
				}
				if late {
					return
				}
				sam := w.Agent("sam", engine.RoleAgent, "care")
				w.Assign(open.ID, sam)
				for range 2 {
					got, err := w.Desk.SendAgain(t.Context(), sam, open.ID, m.ID)
					if err != nil || got.State != engine.Queued {
						t.Errorf("sent again: %s, %v", got.State, err)
					}
				}
				items := enginetest.Read(w, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Sends().Of(m.ID) })
				if len(items) != 2 || items[1].Conversation != open.ID || items[1].State != engine.OutboxPending {
					t.Errorf("the sends are %+v", items)
				}
			})
		}
	}
}

func TestSendAgainIsRefused(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	m := w.Queue(id, "a|b")[0]
	sam, sue := w.Agent("sam", engine.RoleAgent, "care"), w.Agent("sue", engine.RoleAgent, "care")
	try := func(u engine.User, message string, want engine.Code) {
		t.Helper()
		if _, err := w.Desk.SendAgain(t.Context(), u, id, message); engine.CodeOf(err) != want {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	try(sam, m.ID, engine.Conflict) // the bot has it
	w.Enqueue(id, 0)
	w.Assign(id, sam)
	try(sue, m.ID, engine.Forbidden)
	try(sam, "none", engine.NotFound)
	try(sam, w.Messages(id)[0].ID, engine.NotFound) // the consumer's own
	other := w.WriteAs(enginetest.Phone, engine.Inbound{From: "+15550009", Content: engine.Content{Text: "hi"}}).Conversation.ID
	try(sam, w.Queue(other, "somebody else's")[0].ID, engine.NotFound)
	var first engine.OutboxItem
	w.Update(func(tx engine.Tx) error { // the first part arrives, the second is in doubt
		items, err := tx.Sends().Of(m.ID)
		if err != nil {
			return err
		}
		first = items[0]
		items[0].State, items[0].Receipt = engine.OutboxDone, engine.Delivered
		items[1].State, items[1].Receipt = engine.OutboxUnsure, engine.Unknown
		for _, i := range items {
			if err := tx.Outbox().Save(i); err != nil {
				return err
			}
			if err := receipt.Advance(tx, w.Clock.Now(), i); err != nil {
				return err
			}
		}
		return nil
	})
	try(sam, m.ID, engine.Conflict)
	w.Update(func(tx engine.Tx) error {
		items, err := tx.Sends().Of(m.ID)
		if err != nil {
			return err
		}
		items[1].State = engine.OutboxFailed
		return tx.Outbox().Save(items[1])
	})
	try(sam, m.ID, "")
	items := enginetest.Read(w, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Sends().Of(m.ID) })
	if len(items) != 3 || items[2].Part != 1 || items[0].ID != first.ID || items[2].Content.Text != "b" {
		t.Errorf("more than the part that is missing is sent: %+v", items)
	}
	w.Write("STOP")
	w.Update(func(tx engine.Tx) error { return tx.Messages().SetState(enginetest.Brand, m.ID, engine.Failed, "x") })
	try(sam, m.ID, engine.Conflict)
}
