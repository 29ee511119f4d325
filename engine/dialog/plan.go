package dialog

import (
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

// action is what one look at a conversation leads to.
type action int

const (
	idle  action = iota // nothing to do now
	start               // a new session begins, with its opening entries if there are any
	step                // the session takes the entries
	drop                // the entries concern nobody any more
	hold                // nothing before due
	leave               // somebody else has it
)

// decision is what to do with a conversation's inbox.
type decision struct {
	action action
	// entries are what the action takes: several when a burst of messages is
	// taken as one, none for a start by chat:restart. A made up one has no number.
	entries []engine.InboxEntry
	due     time.Time // for hold
}

// with makes a decision about these entries.
func with(a action, entries ...engine.InboxEntry) decision {
	return decision{action: a, entries: entries}
}

// plan decides what to do with a conversation's inbox. gather is the silence
// that ends a burst of messages.
func plan(conv engine.Conversation, s *engine.Session, inbox []engine.InboxEntry, gather time.Duration, now time.Time) decision {
	waits := s != nil && s.State == engine.SessionWaiting
	switch {
	case conv.State == engine.Closed || conv.Owner != engine.OwnerBot:
		if len(inbox) == 0 {
			return decision{}
		}
		if waits && elsewhere(conv, *s, inbox[0]) {
			return with(step, inbox[0])
		}
		return with(drop, inbox[0])
	case !waits:
		return begin(inbox, gather, now)
	case s.Wait.Kind == engine.WaitStart:
		return with(start)
	}
	for i, e := range inbox {
		switch {
		case stale(*s, e):
			return with(drop, e)
		case !s.Wait.Takes(s.ID, e):
		case e.Kind == engine.InboxMessage:
			return listen(step, inbox[i:], gather, now)
		default:
			return with(step, e)
		}
	}
	return behind(conv, *s, inbox, now)
}

// elsewhere says whether a session takes an entry although its bot does not
// have the conversation: nobody came for it in time, or it was closed by
// somebody else, and what the bot still does is record that.
func elsewhere(conv engine.Conversation, s engine.Session, e engine.InboxEntry) bool {
	if !s.Wait.Takes(s.ID, e) {
		return false
	}
	switch e.Kind {
	case engine.InboxTimer:
		return conv.Owner == engine.OwnerQueue && s.Wait.Kind == engine.WaitOutcome
	case engine.InboxOutcome, engine.InboxResult:
		return conv.State == engine.Closed
	}
	return false
}

// begin finds what opens a session.
func begin(inbox []engine.InboxEntry, gather time.Duration, now time.Time) decision {
	if len(inbox) == 0 {
		return decision{}
	}
	switch inbox[0].Kind {
	case engine.InboxMessage:
		return listen(start, inbox, gather, now)
	case engine.InboxFollowup:
		return with(start, inbox[0])
	}
	return with(drop, inbox[0])
}

// behind looks at what the session did not take.
func behind(conv engine.Conversation, s engine.Session, inbox []engine.InboxEntry, now time.Time) decision {
	for _, e := range inbox {
		if e.Kind == engine.InboxMessage && s.Wait.Kind == engine.WaitResult && s.Wait.Interrupt && e.N > s.Wait.After {
			return with(step, engine.InboxEntry{
				Conversation: conv.ID, Kind: engine.InboxInterrupt, Session: s.ID, Step: s.Wait.Step, At: e.At,
			})
		}
		if e.Kind == engine.InboxFollowup && s.Wait.Kind == engine.WaitMessage {
			if at := conversation.IdleAt(conv, &s); at.After(now) {
				return decision{action: hold, due: at}
			}
			return with(start, e)
		}
	}
	return decision{}
}

// stale says that an entry answers a wait that is over. The bot has the
// conversation, so nobody's time in a queue can be over.
func stale(s engine.Session, e engine.InboxEntry) bool {
	switch e.Kind {
	case engine.InboxTimer, engine.InboxResult:
		return e.Session != s.ID || e.Step != s.Wait.Step || s.Wait.Kind == engine.WaitOutcome
	case engine.InboxOutcome:
		return s.Wait.Kind != engine.WaitOutcome
	}
	return false
}
