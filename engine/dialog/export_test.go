package dialog

import (
	"context"
	"strconv"

	"parley/engine"
	"parley/engine/conversation"
)

// Seen is what a look at a conversation found.
type Seen struct {
	Conversation engine.Conversation
	Session      *engine.Session
	Inbox        []engine.InboxEntry
	Journal      []engine.JournalEntry
	Consumer     engine.Consumer
}

func seen(l look) Seen { return Seen{l.conv, l.session, l.inbox, l.journal, l.consumer} }

// Remember lets the worker keep what turns leave, as Run does.
func (w *Worker) Remember() { w.memory = newMemory() }

// Recalled is what the worker knows without the store.
func (w *Worker) Recalled(ref engine.ConversationRef, news *conversation.News) (Seen, bool) {
	if e := w.memory.byRef[ref]; e != nil {
		defer w.memory.put(*e.Value.(*kept))
	}
	l, _, ok := w.recall(ref, news)
	return seen(l), ok
}

// Stored is what the store knows.
func (w *Worker) Stored(ctx context.Context, ref engine.ConversationRef) (Seen, error) {
	l, _, err := w.read(ctx, ref)
	return seen(l), err
}

// Tell visits with what the caller knows.
func (w *Worker) Tell(ctx context.Context, ref engine.ConversationRef, news *conversation.News) error {
	_, err := w.visit(ctx, &call{ref: ref, news: news})
	return err
}

// Fill lets a memory keep so many conversations of a size, and says what it has then.
func Fill(n, size int) (left, bytes int) {
	m := newMemory()
	for i := range n {
		m.put(kept{conv: engine.Conversation{ID: strconv.Itoa(i)}, journal: []engine.JournalEntry{{Answer: make([]byte, size)}}})
	}
	return m.order.Len(), m.bytes
}
