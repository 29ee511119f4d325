package dialog

import (
	"context"
	"errors"
	"hash/maphash"
	"log/slog"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// Worker gives every conversation with news its turns: in order within a
// conversation, in parallel across them.
type Worker struct {
	Store   engine.Store
	Bus     engine.Bus
	Clock   engine.Clock
	NewID   engine.NewID
	Catalog *catalog.Catalog
	Writer  conversation.Writer
	Runtime engine.BotRuntime
	Log     *slog.Logger
	Shards  int // conversations in parallel
	// Observe is told of each turn's duration and how it ended; nil is fine.
	Observe func(time.Duration, engine.SessionState)
	// Failed is told of each failed session in the transaction that records it;
	// nil is fine.
	Failed func(tx engine.Tx, brand, bundle string, now time.Time) error
	// Queues says how the queue of a skill stands.
	Queues func(tx engine.Tx, e catalog.Entry, skill string, now time.Time) (engine.QueueStatus, error)
	// AnyAgent takes any name in a handoff for an agent's, where there are none: in simulations.
	AnyAgent bool

	lost   *aside // set by Run, as the memory
	memory *memory
}

const (
	pollEvery  = time.Second
	pollLimit  = 1024
	shardQueue = 1024
	// maxTurns bounds one visit, so that a busy conversation does not starve its shard.
	maxTurns = 32
	// lookAt is how much of a conversation's inbox a turn reads: more than one takes.
	lookAt = 3 * maxBurst
	// maxTries bounds lost races in a row; the poll comes back later.
	maxTries = 16
)

// Run works until ctx ends and finishes the turns that it has begun.
func (w *Worker) Run(ctx context.Context) error {
	shards := make([]chan call, w.Shards)
	seed := maphash.MakeSeed()
	send := func(c call) {
		select {
		case shards[maphash.String(seed, c.ref.ID)%uint64(len(shards))] <- c:
		default: // the poll finds it again
		}
	}
	dispatch := func(ref engine.ConversationRef) { send(call{ref: ref}) }
	held := newCalendar(dispatch)
	w.memory = newMemory()
	w.lost = &aside{ref: map[engine.ConversationRef]*pause{}}
	defer held.stop()
	var group sync.WaitGroup
	for i := range shards {
		shards[i] = make(chan call, shardQueue)
	}
	for _, calls := range shards {
		group.Go(func() { w.work(ctx, calls, held) })
	}
	cancel := w.Bus.Subscribe(engine.TopicDialog, func(s engine.Signal) {
		news, _ := s.Local.(*conversation.News)
		send(call{engine.ConversationRef{Brand: s.Brand, ID: s.Key}, news})
	})
	defer group.Wait()
	defer cancel()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for {
		w.sweep(ctx, func(ref engine.ConversationRef) {
			if !held.has(ref) && !w.lost.has(ref, w.Clock()) {
				dispatch(ref)
			}
		})
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

// call is a conversation to visit, with what its caller knows.
type call struct {
	ref  engine.ConversationRef
	news *conversation.News
}

func (w *Worker) work(ctx context.Context, calls <-chan call, held *calendar) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-calls:
			ref := c.ref
			due, err := w.visit(ctx, ref, c.news)
			if err != nil && ctx.Err() == nil {
				w.Log.Error("bot turn", "conversation", ref.ID, "error", err)
			}
			if due.IsZero() {
				held.drop(ref)
			} else {
				held.put(ref, due.Sub(w.Clock()))
			}
		}
	}
}

// Visit gives one conversation the turns that it has waiting. A turn that has
// begun is finished when ctx ends.
func (w *Worker) Visit(ctx context.Context, ref engine.ConversationRef) error {
	_, err := w.visit(ctx, ref, nil)
	return err
}

// visit says until when the conversation is held, zero when it is not.
func (w *Worker) visit(ctx context.Context, ref engine.ConversationRef, news *conversation.News) (time.Time, error) {
	tries := 0
	turn := context.WithoutCancel(ctx)
	for turns := 0; turns < maxTurns && ctx.Err() == nil; {
		k, err := w.turn(turn, ref, news)
		news = nil
		switch {
		case engine.CodeOf(err) == engine.Conflict && tries < maxTries:
			tries++ // somebody was faster; a step has no effects until it is committed
		case err != nil:
			return time.Time{}, err
		case !k.ready:
			return k.due, nil
		case k.query: // a session's host calls bound these
			tries = 0
		default:
			turns, tries = turns+1, 0
		}
	}
	return w.Clock(), nil // its next turn comes after those of others
}

// look is what a turn reads.
type look struct {
	entry    catalog.Entry
	gather   time.Duration
	conv     engine.Conversation
	session  *engine.Session
	inbox    []engine.InboxEntry
	consumer engine.Consumer
	journal  []engine.JournalEntry
	returns  []comeback // within the window, when the turn gives the conversation back
}

func (w *Worker) look(ctx context.Context, ref engine.ConversationRef, news *conversation.News) (look, decision, error) {
	if l, d, ok := w.recall(ref, news); ok {
		return l, d, nil
	}
	return w.read(ctx, ref)
}

func (w *Worker) read(ctx context.Context, ref engine.ConversationRef) (l look, d decision, err error) {
	if l.entry, err = w.Catalog.Brand(ctx, ref.Brand); err != nil {
		return l, d, err
	}
	err = w.Store.View(ctx, func(tx engine.Tx) (err error) {
		if l.conv, err = tx.Conversations().Get(ref.Brand, ref.ID); err != nil {
			return err
		}
		ch, _ := l.entry.Channel(l.conv.Channel)
		l.gather = gatherOf(l.entry.Brand.Settings, ch)
		if l.inbox, err = tx.Inbox().Look(ref.ID, lookAt); err != nil {
			return err
		}
		s, err := tx.Sessions().Current(ref.ID)
		switch {
		case err == nil:
			l.session = &s
		case engine.CodeOf(err) != engine.NotFound:
			return err
		}
		d = plan(l.conv, l.session, l.inbox, l.gather, w.Clock())
		if d.action != start && d.action != step {
			return nil
		}
		if comesBack(l, d) {
			if l.returns, err = comebacks(tx, l.conv, w.Clock().Add(-window)); err != nil {
				return err
			}
		}
		if d.action == step {
			if l.journal, err = tx.Sessions().Journal(s.ID); err != nil {
				return err
			}
		}
		l.consumer, err = tx.Consumers().Get(ref.Brand, l.conv.Consumer)
		return missing("consumer", err)
	})
	return l, d, err
}

// turn does one thing for a conversation. It says whether there may be more.
func (w *Worker) turn(ctx context.Context, ref engine.ConversationRef, news *conversation.News) (next, error) {
	l, d, err := w.look(ctx, ref, news)
	if engine.CodeOf(err) == engine.NotFound {
		return next{}, nil
	}
	if poison(ctx, err) {
		return next{}, w.damaged(ctx, ref, err)
	}
	if err != nil {
		return next{}, err
	}
	w.lost.drop(ref)
	switch d.action {
	case idle:
		return next{}, w.rest(ctx, l)
	case hold:
		return next{due: d.due}, nil
	case drop:
		return next{ready: true}, w.Store.Update(ctx, func(tx engine.Tx) error {
			return w.Writer.Change(tx, w.Clock(), l.conv).Drop(d.entries)
		})
	}
	if why := refusal(l, d); why != "" {
		return next{ready: true}, w.refuse(ctx, l, d, why)
	}
	began := w.Clock()
	t, out, err := w.step(ctx, l, d)
	if errors.Is(err, errNotReady) {
		return next{due: w.Clock().Add(readyAgain)}, nil
	}
	if err != nil {
		return next{}, err
	}
	queues, err := w.standing(ctx, l, t, out)
	if err != nil {
		return next{}, err
	}
	c := commit{Worker: w, look: l, decision: d, turn: t, out: out, queues: queues}
	var lost *engine.Fault
	if c.pace, lost = guard(t, out); lost != nil {
		c.out = parked(lost)
	}
	then, err := w.commit(ctx, c)
	if c.out.Fault == nil && poison(ctx, err) {
		// It would fail for ever. A person gets it instead.
		w.Log.Error("a bot turn cannot be carried out", "conversation", ref.ID, "error", err)
		c.out = fault(t, "internal", "the turn cannot be carried out: "+engine.MessageOf(err))
		then, err = w.commit(ctx, c)
	}
	if err != nil {
		return next{}, err
	}
	if c.out.Fault != nil && w.Failed != nil {
		w.Catalog.Forget(ref.Brand) // another version may be active now
	}
	if w.Observe != nil {
		w.Observe(w.Clock().Sub(began), c.out.State)
	}
	return then, nil
}

// rest notes that a conversation has no news.
func (w *Worker) rest(ctx context.Context, l look) error {
	if !l.conv.Ready {
		return nil
	}
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		conv := w.Writer.Change(tx, w.Clock(), l.conv)
		conv.Ready = false
		return conv.Save()
	})
}

func (w *Worker) commit(ctx context.Context, c commit) (next, error) {
	var left left
	err := w.Store.Update(ctx, func(tx engine.Tx) (err error) {
		left, err = c.apply(tx)
		return err
	})
	if err == nil {
		w.keep(c, left.Conversation, left.session, left.rest)
	}
	return left.next, err
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
