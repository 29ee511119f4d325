package conversation

import (
	"encoding/json"
	"time"

	"parley/engine"
)

// LeftFor is how long what is ready is left to the process that knows of it, before
// others take it up.
const LeftFor = 2 * time.Second

// Put appends to the inbox, which the bot's turn takes from.
func (c *Change) Put(e engine.InboxEntry) error {
	c.Wake(c.Now)
	c.news = true
	e, err := c.Keep(e)
	e.At = Milliseconds(e.At)
	c.put = append(c.put, e)
	return err
}

// Wake says that there is something to do from then on, and leaves that to the worker
// of this process for a while.
func (c *Change) Wake(from time.Time) {
	c.Ready, c.ReadyAt = true, engine.Later(c.Now, from).Add(LeftFor)
}

// Keep is Put for a turn that goes on by itself: it wakes nobody, and leaves Ready
// to the caller.
func (c *Change) Keep(e engine.InboxEntry) (engine.InboxEntry, error) {
	c.LastInbox++
	e.Conversation, e.N, e.At = c.ID, c.LastInbox, c.Now
	return e, c.tx.Inbox().Add(e)
}

// Take removes what a turn has taken. Conflict when somebody else took it.
func (c *Change) Take(entries []engine.InboxEntry) error {
	c.mixed = true
	for _, e := range entries {
		if e.N == 0 {
			continue // made up
		}
		err := c.tx.Inbox().Remove(c.ID, e.N)
		if engine.CodeOf(err) == engine.NotFound {
			return engine.Errorf(engine.Conflict, "The inbox entry was taken meanwhile.").Because(err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Drop removes entries that concern nobody any more; of follow-ups it tells that
// they were not sent.
func (c *Change) Drop(entries []engine.InboxEntry) error {
	if err := c.missed(entries); err != nil {
		return err
	}
	return c.Take(entries)
}

// Forget drops the whole inbox unread, damaged as it may be.
func (c *Change) Forget() error {
	c.Ready, c.mixed = false, true
	return c.tx.Inbox().Clear(c.ID)
}

func (c *Change) missed(entries []engine.InboxEntry) error {
	for _, e := range entries {
		var f engine.FollowupData
		if e.Kind != engine.InboxFollowup || json.Unmarshal(e.Data, &f) != nil {
			continue
		}
		err := c.Log(engine.EventBotLog, "system", engine.LogData{
			Text: "follow-up " + f.Name + " was not sent: the conversation went to a person or was closed",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// maxMissed is how many follow-ups are told of that nobody will send.
const maxMissed = 50

// clear drops what nobody has handled.
func (c *Change) clear() error {
	c.mixed = true
	entries, err := c.tx.Inbox().Look(c.ID, maxMissed)
	if err != nil || len(entries) == 0 {
		return err
	}
	if err := c.missed(entries); err != nil {
		return err
	}
	return c.tx.Inbox().Clear(c.ID)
}
