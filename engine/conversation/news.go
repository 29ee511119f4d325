package conversation

import (
	"time"

	"parley/engine"
)

// News is what a Change put into an inbox and did nothing else than that: the
// Local part of TopicDialog. With it and what a worker knows of the revision
// before, the bot's turn need not read it again.
type News struct {
	Conversation engine.Conversation // as it is stored now
	Before       int64               // the revision that it had
	Entries      []engine.InboxEntry
	Opened       *engine.Consumer // of a conversation that began with it
}

// told is what the change has to tell, nil when it did more than that.
func (c *Change) told() any {
	if c.mixed || len(c.put) == 0 {
		return nil
	}
	return &News{Conversation: Stored(c.Conversation), Before: c.before, Entries: c.put, Opened: c.opened}
}

// Stored is a conversation as a store gives it back.
func Stored(c engine.Conversation) engine.Conversation {
	for _, t := range []*time.Time{&c.ReadyAt, &c.WaitingSince, &c.QueuedAt, &c.OwnedAt, &c.LastAt, &c.HeardAt, &c.CreatedAt, &c.ClosedAt} {
		*t = Milliseconds(*t)
	}
	return c
}

// Milliseconds is a time as stores keep it.
func Milliseconds(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}
