package dialog

import (
	"context"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/transcript"
)

// Worker gives every conversation with news its turns: in order within a
// conversation, in parallel across them.
type Worker struct {
	Store   engine.Store
	Bus     engine.Bus
	Clock   engine.Clock
	NewID   engine.NewID
	Catalog *catalog.Catalog
	Writer  transcript.Writer
	Runtime engine.BotRuntime
	Log     *slog.Logger
	Shards  int // conversations in parallel
	// Observe is told of each turn's duration and how it ended; nil is fine.
	Observe func(time.Duration, engine.SessionState)
}

const (
	pollEvery  = time.Second
	pollLimit  = 1024
	shardQueue = 1024
	// maxTurns bounds one visit, so that a busy conversation does not starve its shard.
	maxTurns = 32
	// maxTries bounds lost races in a row; the poll comes back later.
	maxTries = 16
)

// Run works until ctx ends and finishes the turns that it has begun.
func (w *Worker) Run(ctx context.Context) error {
	shards := make([]chan engine.ConversationRef, w.Shards)
	var group sync.WaitGroup
	for i := range shards {
		shards[i] = make(chan engine.ConversationRef, shardQueue)
		group.Go(func() { w.work(ctx, shards[i]) })
	}
	seed := maphash.MakeSeed()
	dispatch := func(ref engine.ConversationRef) {
		select {
		case shards[maphash.String(seed, ref.ID)%uint64(len(shards))] <- ref:
		default: // the poll finds it again
		}
	}
	cancel := w.Bus.Subscribe(engine.TopicDialog, func(s engine.Signal) {
		dispatch(engine.ConversationRef{Brand: s.Brand, ID: s.Key})
	})
	defer group.Wait()
	defer cancel()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		w.sweep(ctx, dispatch)
		select {
		case <-ctx.Done():
			return nil
		case <-poll.C:
		}
	}
}

func (w *Worker) sweep(ctx context.Context, dispatch func(engine.ConversationRef)) {
	var refs []engine.ConversationRef
	err := w.Store.View(ctx, func(tx engine.Tx) (err error) {
		refs, err = tx.Conversations().Ready(pollLimit)
		return err
	})
	if err != nil && ctx.Err() == nil {
		w.Log.Error("looking for conversations with news", "error", err)
	}
	for _, ref := range refs {
		dispatch(ref)
	}
}

func (w *Worker) work(ctx context.Context, refs <-chan engine.ConversationRef) {
	for {
		select {
		case <-ctx.Done():
			return
		case ref := <-refs:
			if err := w.Visit(ctx, ref); err != nil && ctx.Err() == nil {
				w.Log.Error("bot turn", "conversation", ref.ID, "error", err)
			}
		}
	}
}

// Visit gives one conversation the turns that it has waiting. A turn that has
// begun is finished when ctx ends.
func (w *Worker) Visit(ctx context.Context, ref engine.ConversationRef) error {
	tries := 0
	turn := context.WithoutCancel(ctx)
	for turns := 0; turns < maxTurns && ctx.Err() == nil; {
		more, err := w.turn(turn, ref)
		switch {
		case engine.CodeOf(err) == engine.Conflict && tries < maxTries:
			tries++ // somebody was faster; a step has no effects until it is committed
		case err != nil:
			return err
		case !more:
			return nil
		default:
			turns, tries = turns+1, 0
		}
	}
	return nil
}

// look is what a turn reads.
type look struct {
	conv     engine.Conversation
	session  *engine.Session
	inbox    []engine.InboxEntry
	consumer engine.Consumer
	journal  []engine.JournalEntry
}

func (w *Worker) look(ctx context.Context, ref engine.ConversationRef) (l look, a action, entry *engine.InboxEntry, err error) {
	err = w.Store.View(ctx, func(tx engine.Tx) (err error) {
		if l.conv, err = tx.Conversations().Get(ref.Brand, ref.ID); err != nil {
			return err
		}
		if l.inbox, err = tx.Inbox().List(ref.ID); err != nil {
			return err
		}
		s, err := tx.Sessions().Current(ref.ID)
		switch {
		case err == nil:
			l.session = &s
		case engine.CodeOf(err) != engine.NotFound:
			return err
		}
		a, entry = plan(l.conv, l.session, l.inbox)
		if a != start && a != step {
			return nil
		}
		if a == step {
			if l.journal, err = tx.Sessions().Journal(s.ID); err != nil {
				return err
			}
		}
		l.consumer, err = tx.Consumers().Get(ref.Brand, l.conv.Consumer)
		return err
	})
	return l, a, entry, err
}

// turn does one thing for a conversation. It says whether there may be more.
func (w *Worker) turn(ctx context.Context, ref engine.ConversationRef) (more bool, err error) {
	l, a, entry, err := w.look(ctx, ref)
	if engine.CodeOf(err) == engine.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	switch a {
	case idle:
		if !l.conv.Ready {
			return false, nil
		}
		return false, w.Store.Update(ctx, func(tx engine.Tx) error {
			conv := l.conv
			conv.Ready = false
			return tx.Conversations().Save(&conv)
		})
	case drop:
		return true, w.Store.Update(ctx, func(tx engine.Tx) error {
			return taken(tx.Inbox().Remove(ref.ID, entry.N))
		})
	}
	began := w.Clock()
	t, out, err := w.step(ctx, l, a, entry)
	if err != nil {
		return false, err
	}
	c := commit{Worker: w, look: l, turn: t, out: out, entry: entry, action: a}
	if c.entryOf, err = w.Catalog.Brand(ctx, ref.Brand); err != nil {
		return false, err
	}
	wake, err := w.commit(ctx, c)
	if out.Fault == nil && poison(ctx, err) {
		// It would fail for ever. A person gets it instead.
		w.Log.Error("a bot turn cannot be carried out", "conversation", ref.ID, "error", err)
		out = fault(t, "internal", "the turn cannot be carried out: "+engine.MessageOf(err))
		c.out = out
		wake, err = w.commit(ctx, c)
	}
	if err != nil {
		return false, err
	}
	wake.send(w.Bus, ref)
	if w.Observe != nil {
		w.Observe(w.Clock().Sub(began), out.State)
	}
	return wake.ready, nil
}

func (w *Worker) commit(ctx context.Context, c commit) (wake wakes, err error) {
	err = w.Store.Update(ctx, func(tx engine.Tx) (err error) {
		wake, err = c.apply(tx)
		return err
	})
	return wake, err
}

// poison says that an error lies in what was to be written, not in a lost race
// or in the store.
func poison(ctx context.Context, err error) bool {
	switch engine.CodeOf(err) {
	case "", engine.Conflict, engine.Unavailable:
		return false
	}
	return ctx.Err() == nil
}
