package dialog

import (
	"context"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/texts"
	"parley/engine/versions/faults"
)

// faultDamaged is the fault of a conversation whose record cannot be read.
const faultDamaged = "damaged"

// aside are conversations that cannot even be given to a person: they are left
// alone for a time, longer with each failure. There is one entry for each of them; nil keeps none.
type aside struct {
	mu  sync.Mutex
	ref map[engine.ConversationRef]*pause
}

type pause struct {
	times int
	until time.Time
}

const (
	firstAside = 10 * time.Second // doubled
	longAside  = time.Hour
)

// has says whether a conversation is left alone now.
func (a *aside) has(ref engine.ConversationRef, now time.Time) bool {
	if a == nil {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.ref[ref]
	return p != nil && p.until.After(now)
}

// put leaves it alone and says whether this is the first time.
func (a *aside) put(ref engine.ConversationRef, now time.Time) bool {
	if a == nil {
		return true
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	p := a.ref[ref]
	if p == nil {
		p = &pause{}
		a.ref[ref] = p
	}
	p.until = now.Add(min(firstAside<<min(p.times, 12), longAside))
	p.times++
	return p.times == 1
}

func (a *aside) drop(ref engine.ConversationRef) {
	if a == nil {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.ref, ref)
}

// missing turns "there is no such row" of what belongs to a conversation into
// damage: it must be there.
func missing(what string, err error) error {
	if engine.CodeOf(err) == engine.NotFound {
		return engine.Errorf(engine.Internal, "the conversation's %s is missing", what).Because(err)
	}
	return err
}

// damaged gives a conversation whose record cannot be read to a person, with a
// fault: it would fail in each look, for ever. What cannot be told to anybody is
// left alone.
func (w *Worker) damaged(ctx context.Context, ref engine.ConversationRef, cause error) error {
	err := w.Store.Update(ctx, func(tx engine.Tx) error { return w.rescue(tx, ref, cause) })
	if err == nil {
		w.Log.Error("a conversation's record is damaged; a person has it", "conversation", ref.ID, "error", cause)
		return nil
	}
	if !poison(ctx, err) {
		return err
	}
	if w.lost.put(ref, w.Clock()) {
		w.Log.Error("a conversation's record is damaged, and nobody can have it", "conversation", ref.ID, "error", cause, "rescue", err)
		return w.Store.Update(ctx, func(tx engine.Tx) error { return w.count(tx, ref, cause) })
	}
	return nil
}

// count keeps the damage among the brand's faults.
func (w *Worker) count(tx engine.Tx, ref engine.ConversationRef, cause error) error {
	now := w.Clock()
	f := engine.Fault{Kind: faultDamaged, Message: "the conversation's record is damaged: " + engine.MessageOf(cause)}
	return tx.Faults().Record(engine.FaultGroup{
		Brand: ref.Brand, ID: faults.ID(f), Fault: f, Conversations: 1, Count: 1, First: now, Last: now, Sample: ref.ID,
	}, ref.ID)
}

func (w *Worker) rescue(tx engine.Tx, ref engine.ConversationRef, cause error) error {
	conv, err := w.Writer.Load(tx, w.Clock(), ref.Brand, ref.ID)
	if err != nil {
		return err
	}
	entry, err := w.Catalog.Read(tx, ref.Brand)
	if err != nil {
		return err
	}
	conv.In(entry)
	if err := w.count(tx, ref, cause); err != nil {
		return err
	}
	if conv.State == engine.Open && conv.Owner == engine.OwnerBot {
		why := "the conversation's record is damaged: " + engine.MessageOf(cause)
		ch, _ := entry.Channel(conv.Channel)
		if err := conv.Log(engine.EventBotFailed, "system", engine.Fault{Kind: faultDamaged, Message: why, Bot: ch.Bot}); err != nil {
			return err
		}
		if err := conv.Remark("The bot cannot go on: " + why + "."); err != nil {
			return err
		}
		err := conv.System(texts.BotFailed, nil)
		if err == nil {
			err = conv.HandOver(conversation.Entering{Actor: "system", Handoff: engine.Handoff{Reason: "The bot cannot go on: its record is damaged"}})
		}
		if engine.CodeOf(err) == engine.Invalid { // there is nobody to ask
			err = conv.Close("system", "bot_failed", "")
		}
		if err != nil {
			return err
		}
	}
	if err := conv.Forget(); err != nil {
		return err
	}
	return conv.Save()
}
