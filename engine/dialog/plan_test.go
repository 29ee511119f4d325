package dialog

import (
	"testing"

	"parley/engine"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	const s = "s2"
	message := engine.InboxEntry{N: 1, Kind: engine.InboxMessage}
	timer := engine.InboxEntry{N: 2, Kind: engine.InboxTimer, Session: s, Step: 4}
	oldTimer := engine.InboxEntry{N: 3, Kind: engine.InboxTimer, Session: s, Step: 3}
	otherTimer := engine.InboxEntry{N: 4, Kind: engine.InboxTimer, Session: "s1", Step: 4}
	result := engine.InboxEntry{N: 5, Kind: engine.InboxResult, Session: s, Step: 4}
	oldResult := engine.InboxEntry{N: 6, Kind: engine.InboxResult, Session: "s1", Step: 4}
	outcome := engine.InboxEntry{N: 7, Kind: engine.InboxOutcome, Session: s}
	waits := func(k engine.WaitKind) *engine.Session {
		return &engine.Session{ID: s, State: engine.SessionWaiting, Wait: engine.Wait{Kind: k, Step: 4}}
	}
	over := func(state engine.SessionState) *engine.Session { return &engine.Session{ID: s, State: state} }
	bot := engine.Conversation{State: engine.Open, Owner: engine.OwnerBot}
	agent := engine.Conversation{State: engine.Open, Owner: engine.OwnerAgent}
	closed := engine.Conversation{State: engine.Closed, Owner: engine.OwnerNone}
	inbox := func(all ...engine.InboxEntry) []engine.InboxEntry { return all }
	tests := []struct {
		name    string
		conv    engine.Conversation
		session *engine.Session
		inbox   []engine.InboxEntry
		want    action
		entry   int64 // N, 0 for none
	}{
		{"nothing came", bot, nil, nil, idle, 0},
		{"the first message", bot, nil, inbox(message), start, 1},
		{"a timer before any session", bot, nil, inbox(oldTimer, message), drop, 3},
		{"a message after the session", bot, over(engine.SessionDone), inbox(message), start, 1},
		{"a message after a failure", bot, over(engine.SessionParked), inbox(message), start, 1},
		{"a result after the session", bot, over(engine.SessionDone), inbox(result), drop, 5},
		{"restarted", bot, waits(engine.WaitStart), inbox(message), start, 0},
		{"restarted, nothing came", bot, waits(engine.WaitStart), nil, start, 0},
		{"an answer", bot, waits(engine.WaitMessage), inbox(message), step, 1},
		{"an answer before the time-out", bot, waits(engine.WaitMessage), inbox(message, timer), step, 1},
		{"a time-out before the answer", bot, waits(engine.WaitMessage), inbox(timer, message), step, 2},
		{"the time-out of an older question", bot, waits(engine.WaitMessage), inbox(oldTimer, message), drop, 3},
		{"the timer of another session", bot, waits(engine.WaitTimer), inbox(otherTimer, timer), drop, 4},
		{"a message while it sleeps", bot, waits(engine.WaitTimer), inbox(message), idle, 0},
		{"the end of a sleep behind a message", bot, waits(engine.WaitTimer), inbox(message, timer), step, 2},
		{"a message while it calls out", bot, waits(engine.WaitResult), inbox(message), idle, 0},
		{"the answer of the call behind messages", bot, waits(engine.WaitResult), inbox(message, message, result), step, 5},
		{"the answer of an older call", bot, waits(engine.WaitResult), inbox(message, oldResult), drop, 6},
		{"a timer while it calls out", bot, waits(engine.WaitResult), inbox(oldTimer), drop, 3},
		{"an outcome", bot, waits(engine.WaitOutcome), inbox(outcome), step, 7},
		{"an outcome that nobody waits for", bot, waits(engine.WaitMessage), inbox(outcome, message), drop, 7},
		{"a message while it waits for an agent", bot, waits(engine.WaitOutcome), inbox(message), idle, 0},
		{"an agent has it", agent, waits(engine.WaitOutcome), inbox(timer), drop, 2},
		{"an agent has it, nothing came", agent, waits(engine.WaitOutcome), nil, idle, 0},
		{"closed", closed, over(engine.SessionDone), inbox(result), drop, 5},
		{"closed, nothing came", closed, nil, nil, idle, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, entry := plan(tt.conv, tt.session, tt.inbox)
			n := int64(0)
			if entry != nil {
				n = entry.N
			}
			if got != tt.want || n != tt.entry {
				t.Errorf("plan gave %d with entry %d, want %d with entry %d", got, n, tt.want, tt.entry)
			}
		})
	}
}
