package dialog

import (
	"parley/engine"
)

// action is what one look at a conversation leads to.
type action int

const (
	idle  action = iota // nothing to do now
	start               // a new session begins, with entry as its opening message
	step                // the session takes entry
	drop                // entry concerns nobody any more
)

// plan decides what to do with a conversation's inbox. entry is the inbox
// entry that the action takes; nil for idle and for a start without one.
func plan(conv engine.Conversation, s *engine.Session, inbox []engine.InboxEntry) (action, *engine.InboxEntry) {
	if conv.State == engine.Closed || conv.Owner != engine.OwnerBot {
		if len(inbox) > 0 {
			return drop, &inbox[0]
		}
		return idle, nil
	}
	if s == nil || s.State != engine.SessionWaiting {
		return begin(inbox)
	}
	if s.Wait.Kind == engine.WaitStart {
		return start, nil
	}
	for i := range inbox {
		if s.Wait.Takes(s.ID, inbox[i]) {
			return step, &inbox[i]
		}
		if stale(*s, inbox[i]) {
			return drop, &inbox[i]
		}
	}
	return idle, nil
}

// begin finds the opening message of a first session.
func begin(inbox []engine.InboxEntry) (action, *engine.InboxEntry) {
	switch {
	case len(inbox) == 0:
		return idle, nil
	case inbox[0].Kind != engine.InboxMessage:
		return drop, &inbox[0]
	}
	return start, &inbox[0]
}

// stale says that an entry answers a wait that is over.
func stale(s engine.Session, e engine.InboxEntry) bool {
	switch e.Kind {
	case engine.InboxTimer, engine.InboxResult:
		return e.Session != s.ID || e.Step != s.Wait.Step
	case engine.InboxOutcome:
		return s.Wait.Kind != engine.WaitOutcome
	}
	return false
}
