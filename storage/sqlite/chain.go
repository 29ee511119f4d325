package sqlite

import (
	"errors"

	"parley/engine"
	"parley/storage/relational"
)

// heads are the ends of a conversation's chains: its last event and the last
// entry of its inbox. Both logs are appended to, and each row names the one
// before it of its conversation; the conversation's row names the last.
type heads struct {
	event, entry int64
	waiting      backlog // in the inbox
	moved        bool    // and the row does not know yet
}

// backlog is how long a conversation's inbox is: the entries of its chain, of
// which there are at most maxChain, and those in inbox_more.
type backlog int64

const maxChain = 64

func (w backlog) chained() int64 { return int64(w) % (2 * maxChain) }
func (w backlog) more() int64    { return int64(w) / (2 * maxChain) }

// plus counts so many more of each.
func (w backlog) plus(chained, more int64) backlog { return w + backlog(chained+more*2*maxChain) }

// chains holds the heads that the current update or view has read, or moved. They are
// written with the conversation where the update saves it anyway, which is
// nearly always, and by themselves otherwise.
type chains map[string]heads

// conversationFields are a conversation's, and its heads, which are noted unless the
// update knows better.
func (c *conn) conversationFields(v *engine.Conversation, to []any) []any {
	return append(relational.ConversationFields(v, to), relational.Own(func(r *relational.Rows, i int) {
		if _, known := c.chains[v.ID]; !known {
			c.chains[v.ID] = heads{event: r.Int(i), entry: r.Int(i + 1), waiting: backlog(r.Int(i + 2))}
		}
	}))
}

// of gives a conversation's heads.
func (h chains) of(c *conn, conversation string) (heads, error) {
	if known, ok := h[conversation]; ok {
		return known, nil
	}
	if known, ok := c.recent[conversation]; ok {
		h[conversation] = known
		return known, nil
	}
	found, err := relational.One(c.Query(`select last_event, last_entry, waiting from conversations where id = $1`, conversation), "conversation",
		func(h *heads, to []any) []any { return append(to, &h.event, &h.entry, (*int64)(&h.waiting)) })
	if err == nil {
		h[conversation] = found
	}
	return found, err
}

// maxRecent bounds the heads that the writer keeps.
const maxRecent = 10_000

// keep lets the writer's next updates know what this one has left, so that they
// need not read it. Only the writer moves heads; it forgets them all when
// something that was kept is rolled back.
func (h chains) keep(c *conn) {
	if len(c.recent) > maxRecent {
		clear(c.recent)
	}
	for id, known := range h {
		known.moved = false
		c.recent[id] = known
	}
}

func (h chains) moveEvent(conversation string, to int64) {
	h[conversation] = heads{event: to, entry: h[conversation].entry, waiting: h[conversation].waiting, moved: true}
}

func (h chains) moveEntry(conversation string, to int64, size backlog) {
	h[conversation] = heads{event: h[conversation].event, entry: to, waiting: size, moved: true}
}

func (h chains) saved(conversation string) {
	known := h[conversation]
	known.moved = false
	h[conversation] = known
}

// save writes the heads that no saved row carries.
func (h chains) save(c *conn) error {
	var errs []error
	for id, known := range h {
		if known.moved {
			errs = append(errs, c.Run(`update conversations set last_event = $1, last_entry = $2, waiting = $3 where id = $4`, known.event, known.entry, int64(known.waiting), id))
		}
	}
	return errors.Join(errs...)
}
