package conversation

import (
	"slices"
	"time"

	"parley/engine"
)

// awaits gives the conversation's session when it waits for an agent's outcome.
func (c *Change) awaits() (engine.Session, bool, error) {
	s, err := c.tx.Sessions().Current(c.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return s, false, nil
	}
	return s, err == nil && s.State == engine.SessionWaiting && s.Wait.Kind == engine.WaitOutcome, err
}

// EndSession ends what the bot does for the conversation: its waiting session,
// that session's timers and the inbox.
func (c *Change) EndSession() error {
	if err := c.Forget(); err != nil {
		return err
	}
	s, err := c.tx.Sessions().Current(c.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return nil
	}
	if err != nil || s.State != engine.SessionWaiting {
		return err
	}
	if err := c.tx.Timers().RemoveSession(s.ID); err != nil {
		return err
	}
	s.State, s.Wait = engine.SessionDone, engine.Wait{}
	return c.tx.Sessions().Save(s)
}

// Return gives the conversation from an agent back to its bot, whose session
// gets the outcome in its inbox. It says false when no session waits for one.
func (c *Change) Return(out engine.HandoffOutcome, actor string) (bool, error) {
	s, ok, err := c.awaits()
	if err != nil || !ok {
		return false, err
	}
	return true, c.toBot(actor, out.Kind, engine.InboxEntry{Kind: engine.InboxOutcome, Session: s.ID, Data: engine.JSON(out)})
}

// Restart gives the conversation to a fresh session of its channel's bot. It
// begins with the consumer's messages that no bot has read, or else with the last
// one.
func (c *Change) Restart(actor string) error {
	unread, err := c.tx.Inbox().List(c.ID)
	if err != nil {
		return err
	}
	unread = slices.DeleteFunc(unread, func(e engine.InboxEntry) bool { return e.Kind != engine.InboxMessage })
	if err := c.EndSession(); err != nil {
		return err
	}
	c.Pending = nil // its choices were the old session's
	if len(unread) == 0 {
		last, err := c.lastSaid()
		if err != nil {
			return err
		}
		return c.toBot(actor, engine.OutcomeReturned, engine.InboxEntry{Kind: engine.InboxMessage, Message: last.ID, Data: engine.JSON(last.Content)})
	}
	for _, e := range unread {
		if err := c.tx.Inbox().Add(e); err != nil {
			return err
		}
	}
	c.Wake(c.Now)
	c.news, c.mixed = true, true
	return nil
}

// lastSaid finds the consumer's last message, however much others wrote since.
func (c *Change) lastSaid() (engine.Message, error) {
	const page = 100
	for end := c.LastSeq; end > 0; end -= page {
		found, err := c.tx.Messages().List(c.Brand, c.ID, max(0, end-page), int(min(page, end)))
		if err != nil {
			return engine.Message{}, err
		}
		for _, m := range slices.Backward(found) {
			if m.Author == engine.AuthorConsumer {
				return m, nil
			}
		}
	}
	return engine.Message{}, nil
}

func (c *Change) toBot(actor, reason string, e engine.InboxEntry) error {
	from, err := c.holding()
	if err != nil {
		return err
	}
	told := engine.NoticeToBot
	if reason == engine.OutcomeClosed { // the bot's last words follow
		told = engine.NoticeClosed
	}
	if err := c.lost(told, actor, ""); err != nil {
		return err
	}
	c.Owner, c.Agent, c.BySkill = engine.OwnerBot, "", false
	if err := c.Put(e); err != nil {
		return err
	}
	return c.passed(engine.EventOwner, from, actor, c.state(reason))
}

// Recall takes the conversation out of its queue and gives it back to its bot,
// before anybody has taken it; an open offer ends. It does nothing to one that
// is not in a queue.
func (c *Change) Recall(actor, reason string) error {
	if c.Owner != engine.OwnerQueue {
		return nil
	}
	from, err := c.holding()
	if err != nil {
		return err
	}
	if _, err := c.leaveQueue(engine.User{}); err != nil {
		return err
	}
	c.Owner = engine.OwnerBot
	return c.passed(engine.EventOwner, from, actor, c.state(reason))
}

// quiet is how long nothing must have been said before a bot that waits for an
// answer counts as idle.
const quiet = 10 * time.Minute

// IdleAt is when a conversation that its bot has becomes idle if nothing is
// said until then: the past when its bot is done, zero when the bot waits for
// something else than a message, and nobody can tell.
func IdleAt(conv engine.Conversation, s *engine.Session) time.Time {
	switch {
	case s == nil || s.State != engine.SessionWaiting:
		return conv.LastAt
	case s.Wait.Kind == engine.WaitMessage:
		return conv.LastAt.Add(quiet)
	}
	return time.Time{}
}
