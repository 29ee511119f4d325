package dialog

import (
	"container/list"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

// memory keeps what turns need and have just written, so that the next turn of a
// conversation need not read it. It is a help and no truth: what it has belongs to
// one revision of the conversation, and a turn that was made from an older one
// fails when it is saved. nil keeps nothing.
type memory struct {
	mu    sync.Mutex
	byRef map[engine.ConversationRef]*list.Element
	order *list.List // of *kept, the one used last in front
	bytes int
}

// kept is a conversation after a turn, as the store would give it.
type kept struct {
	conv     engine.Conversation
	session  engine.Session
	journal  []engine.JournalEntry
	inbox    []engine.InboxEntry // all of it
	consumer engine.Consumer
	at       time.Time
	bytes    int
}

const (
	maxKept = 32 << 20
	// keepFor is how long: nobody tells this process when another one's bot sets an
	// attribute of the consumer in another conversation.
	keepFor = 5 * time.Second
	// perKept and perEntry are what a conversation and a journal entry take beside texts.
	perKept, perEntry = 2 << 10, 200
)

func newMemory() *memory {
	return &memory{byRef: map[engine.ConversationRef]*list.Element{}, order: list.New()}
}

func (k *kept) ref() engine.ConversationRef {
	return engine.ConversationRef{Brand: k.conv.Brand, ID: k.conv.ID}
}

func (m *memory) put(k kept) {
	if m == nil {
		return
	}
	k.bytes = perKept
	for _, e := range k.journal {
		k.bytes += perEntry + len(e.Args) + len(e.Answer)
	}
	for _, e := range k.inbox {
		k.bytes += perEntry + len(e.Data)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.remove(m.byRef[k.ref()])
	m.byRef[k.ref()] = m.order.PushFront(&k)
	for m.bytes += k.bytes; m.bytes > maxKept; {
		m.remove(m.order.Back())
	}
}

// take gives what is kept of a conversation, and keeps it no longer.
func (m *memory) take(ref engine.ConversationRef, now time.Time) (kept, bool) {
	if m == nil {
		return kept{}, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.byRef[ref]
	if e == nil {
		return kept{}, false
	}
	k := e.Value.(*kept)
	m.remove(e)
	return *k, now.Sub(k.at) < keepFor
}

// forget drops what is kept with a consumer who has changed, all but one conversation's.
func (m *memory) forget(consumer, but string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.byRef {
		if k := e.Value.(*kept); k.consumer.ID == consumer && k.conv.ID != but {
			m.remove(e)
		}
	}
}

func (m *memory) remove(e *list.Element) {
	if e == nil {
		return
	}
	k := m.order.Remove(e).(*kept)
	m.bytes -= k.bytes
	delete(m.byRef, k.ref())
}

// recall is look from what this process knows: what the last turn left, and what
// was put into the inbox since. It says false when that is not enough, and when
// the turn would do something that no revision guards.
func (w *Worker) recall(ref engine.ConversationRef, fresh *conversation.News) (l look, d decision, ok bool) {
	k, held := w.memory.take(ref, w.Clock())
	switch {
	case held && fresh == nil:
		l.conv, l.inbox = k.conv, k.inbox
	case held && fresh.Before == k.conv.Rev:
		l.conv, l.inbox = fresh.Conversation, append(k.inbox[:len(k.inbox):len(k.inbox)], fresh.Entries...)
	case !held && fresh != nil && fresh.Opened != nil:
		l.conv, l.inbox, l.consumer = fresh.Conversation, fresh.Entries, *fresh.Opened
	default:
		return l, d, false
	}
	if held {
		l.session, l.journal, l.consumer = &k.session, k.journal, k.consumer
	}
	entry, known := w.Catalog.Known(ref.Brand)
	if !known {
		return l, d, false
	}
	l.entry = entry
	ch, _ := entry.Channel(l.conv.Channel)
	l.gather = gatherOf(entry.Brand.Settings, ch)
	d = plan(l.conv, l.session, l.inbox, l.gather, w.Clock())
	return l, d, (d.action == start || d.action == step) && !comesBack(l, d)
}

// keep remembers what a committed turn has left, when its bot goes on with the conversation.
func (w *Worker) keep(c commit, after engine.Conversation, session engine.Session, rest []engine.InboxEntry) {
	for _, e := range c.out.Effects {
		if e.Set != nil && e.Set.Scope != "conversation" {
			w.memory.forget(after.Consumer, after.ID)
			return // the consumer is not what the turn began with
		}
	}
	whole := len(c.look.inbox) < lookAt
	if w.memory == nil || !whole || after.State != engine.Open || after.Owner != engine.OwnerBot || session.State != engine.SessionWaiting || c.out.Restart != nil {
		return
	}
	k := kept{conv: conversation.Stored(after), session: session, inbox: rest, consumer: c.look.consumer, at: w.Clock()}
	k.session.CreatedAt = conversation.Milliseconds(session.CreatedAt)
	k.journal = append(k.journal, c.turn.Journal...)
	for i, e := range rest {
		rest[i].At = conversation.Milliseconds(e.At)
	}
	for _, e := range c.out.Journal {
		if e.N < len(k.journal) { // its answer came
			k.journal[e.N].Answer = e.Answer
			continue
		}
		e.At = conversation.Milliseconds(e.At)
		k.journal = append(k.journal, e)
	}
	w.memory.put(k)
}
