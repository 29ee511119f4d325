package lifecycle

import (
	"encoding/json"
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

// Recall takes a conversation out of its queue and gives it back to its bot,
// before anybody has taken it; an open offer ends. It does nothing to one that
// is not in a queue. The caller saves conv.
func Recall(tx engine.Tx, now time.Time, conv *engine.Conversation, actor, reason string) error {
	if conv.Owner != engine.OwnerQueue {
		return nil
	}
	if err := leaveQueue(tx, now, *conv); err != nil {
		return err
	}
	conv.Owner = engine.OwnerBot
	return conversation.Log(tx, now, *conv, engine.EventOwner, actor, conversation.Change(*conv, reason))
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

// OptedOut says whether the consumer at an address wants no messages on a channel.
func OptedOut(tx engine.Tx, brand, channel, address string) (bool, error) {
	c, err := tx.Consumers().Consent(brand, channel, address)
	if engine.CodeOf(err) == engine.NotFound {
		return false, nil
	}
	return c.OptedOut, err
}

// Missed logs the follow-ups among inbox entries that are dropped because
// people have the conversation, or it is over.
func Missed(tx engine.Tx, now time.Time, conv engine.Conversation, entries []engine.InboxEntry) error {
	for _, e := range entries {
		var f engine.FollowupData
		if e.Kind != engine.InboxFollowup || json.Unmarshal(e.Data, &f) != nil {
			continue
		}
		err := conversation.Log(tx, now, conv, engine.EventBotLog, "system", engine.LogData{
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

// clearInbox drops what nobody has handled.
func clearInbox(tx engine.Tx, now time.Time, conv engine.Conversation) error {
	entries, err := tx.Inbox().Look(conv.ID, maxMissed)
	if err != nil || len(entries) == 0 {
		return err
	}
	if err := Missed(tx, now, conv, entries); err != nil {
		return err
	}
	return tx.Inbox().Clear(conv.ID)
}
