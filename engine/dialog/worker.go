package dialog

import (
	"context"
	"errors"
	"log/slog"
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
	Failed func(tx engine.Tx, brand, version string, now time.Time) error
	// Queues says how the queue of a skill stands.
	Queues func(tx engine.Tx, e catalog.Entry, skill string, now time.Time) (engine.QueueStatus, error)
	// AnyAgent takes any name in a handoff for an agent's, where there are none: in simulations.
	AnyAgent bool
	// Alone says that no other process can work on the store: what one before this has
	// left is taken over at once.
	Alone bool

	lost   *aside // set by Run, as the memory
	memory *memory
}

const (
	// maxTurns bounds one visit, so that a busy conversation does not starve its shard.
	maxTurns = 32
	// lookAt is how much of a conversation's inbox a turn reads: more than one takes.
	lookAt = 3 * maxBurst
	// maxTries bounds lost races in a row; the poll comes back later.
	maxTries = 16
)

// Visit gives one conversation the turns that it has waiting, for callers that keep the time themselves: it says when
// what the conversation holds back, such as a burst of messages that may go on, is due; zero when it holds back
// nothing. A turn that has begun is finished when ctx ends.
func (w *Worker) Visit(ctx context.Context, ref engine.ConversationRef) (time.Time, error) {
	return w.visit(ctx, &call{ref: ref})
}

// visit is Visit with what somebody knows of the conversation already.
func (w *Worker) visit(ctx context.Context, c *call) (time.Time, error) {
	tries := 0
	turn := context.WithoutCancel(ctx)
	for turns := 0; turns < maxTurns && ctx.Err() == nil; {
		k, err := w.turn(turn, *c)
		c.news = nil
		if !k.until.IsZero() && !c.until.IsZero() {
			c.until = k.until
		}
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

func (w *Worker) look(ctx context.Context, c call) (look, decision, error) {
	late := !c.until.IsZero() && !w.Clock().Before(c.until)
	if !late {
		if l, d, ok := w.recall(c.ref, c.news); ok {
			return l, d, nil
		}
	}
	l, d, err := w.read(ctx, c.ref)
	if err == nil && late && l.conv.ReadyAt.After(w.Clock()) && !l.conv.ReadyAt.Equal(c.until) {
		return l, decision{action: leave}, nil
	}
	return l, d, err
}

func (w *Worker) read(ctx context.Context, ref engine.ConversationRef) (l look, d decision, err error) {
	if l.entry, err = w.Catalog.Brand(ctx, ref.Brand); err != nil {
		return l, d, err
	}
	err = w.Store.View(ctx, func(tx engine.Tx) (err error) {
		tx.Ahead(ref, lookAt)
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
func (w *Worker) turn(ctx context.Context, asked call) (next, error) {
	ref := asked.ref
	l, d, err := w.look(ctx, asked)
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
	case leave:
		return next{}, nil
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
	left, err := engine.Update(ctx, w.Store, c.apply)
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
