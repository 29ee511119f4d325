package dialog

import (
	"slices"
	"testing"
	"time"

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
	followup := engine.InboxEntry{N: 8, Kind: engine.InboxFollowup}
	bot.LastAt = noon()
	quietBot := bot
	quietBot.LastAt = noon().Add(-10 * time.Minute)
	queue := engine.Conversation{State: engine.Open, Owner: engine.OwnerQueue}
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
		{"nobody took it in time", queue, waits(engine.WaitOutcome), inbox(timer), step, 2},
		{"an older time in the queue", queue, waits(engine.WaitOutcome), inbox(oldTimer), drop, 3},
		{"a time-out that is not for the queue", queue, waits(engine.WaitMessage), inbox(timer), drop, 2},
		{"back from an agent, the time in the queue is over", bot, waits(engine.WaitOutcome), inbox(timer, outcome), drop, 2},
		{"abandoned", closed, waits(engine.WaitOutcome), inbox(outcome), step, 7},
		{"abandoned, the answer of a query", closed, waits(engine.WaitResult), inbox(result), step, 5},
		{"abandoned, an older answer", closed, waits(engine.WaitResult), inbox(oldResult), drop, 6},
		{"a message after the close", closed, waits(engine.WaitMessage), inbox(message), drop, 1},
		{"a follow-up begins", bot, nil, inbox(followup), start, 8},
		{"a follow-up after the session", bot, over(engine.SessionDone), inbox(followup), start, 8},
		{"a follow-up while nobody says anything", quietBot, waits(engine.WaitMessage), inbox(followup), start, 8},
		{"a follow-up in the middle of a talk", bot, waits(engine.WaitMessage), inbox(followup), hold, 0},
		{"a follow-up while the bot calls out", bot, waits(engine.WaitResult), inbox(followup), idle, 0},
		{"an answer before a follow-up", quietBot, waits(engine.WaitMessage), inbox(followup, message), step, 1},
		{"a follow-up for an agent", agent, waits(engine.WaitOutcome), inbox(followup), drop, 8},
		{"closed", closed, over(engine.SessionDone), inbox(result), drop, 5},
		{"closed, nothing came", closed, nil, nil, idle, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := plan(tt.conv, tt.session, tt.inbox, 0, noon())
			n := int64(0)
			if len(got.entries) == 1 {
				n = got.entries[0].N
			}
			if got.action != tt.want || n != tt.entry || len(got.entries) > 1 {
				t.Errorf("plan gave %d with entries %+v, want %d with entry %d", got.action, got.entries, tt.want, tt.entry)
			}
		})
	}
}

func noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func TestPlanInterrupts(t *testing.T) {
	t.Parallel()
	s := &engine.Session{ID: "s", State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitResult, Step: 4, Interrupt: true, After: 3}}
	conv := engine.Conversation{ID: "c", State: engine.Open, Owner: engine.OwnerBot}
	older := engine.InboxEntry{N: 3, Kind: engine.InboxMessage}
	message := engine.InboxEntry{N: 4, Kind: engine.InboxMessage, At: noon()}
	result := engine.InboxEntry{N: 5, Kind: engine.InboxResult, Session: "s", Step: 4}
	if got := plan(conv, s, []engine.InboxEntry{older}, 0, noon()); got.action != idle {
		t.Errorf("a message from before the call gave %+v", got)
	}
	got := plan(conv, s, []engine.InboxEntry{older, message}, 0, noon())
	if got.action != step || len(got.entries) != 1 || got.entries[0].Kind != engine.InboxInterrupt || got.entries[0].N != 0 || got.entries[0].Step != 4 || got.entries[0].Session != "s" {
		t.Errorf("a message during the call gave %+v", got)
	}
	if got := plan(conv, s, []engine.InboxEntry{message, result}, 0, noon()); got.action != step || got.entries[0].N != 5 {
		t.Errorf("a result that is there gave %+v", got)
	}
	s.Wait.Interrupt = false
	if got := plan(conv, s, []engine.InboxEntry{message}, 0, noon()); got.action != idle {
		t.Errorf("a call that is not to be interrupted gave %+v", got)
	}
}

func TestPlanGathers(t *testing.T) {
	t.Parallel()
	s := &engine.Session{ID: "s", State: engine.SessionWaiting, Wait: engine.Wait{Kind: engine.WaitMessage, Step: 4}}
	conv := engine.Conversation{ID: "c", State: engine.Open, Owner: engine.OwnerBot}
	at := func(n int64, ms int) engine.InboxEntry {
		return engine.InboxEntry{N: n, Kind: engine.InboxMessage, At: noon().Add(time.Duration(ms) * time.Millisecond), Data: []byte(`{}`)}
	}
	timer := engine.InboxEntry{N: 9, Kind: engine.InboxTimer, Session: "s", Step: 4}
	many := make([]engine.InboxEntry, maxBurst+2)
	for i := range many {
		many[i] = at(int64(i+1), i)
	}
	for _, tt := range []struct {
		name  string
		inbox []engine.InboxEntry
		now   int // ms
		want  action
		taken []int64
		due   int // ms
	}{
		{"one, and perhaps more", []engine.InboxEntry{at(1, 0)}, 500, hold, nil, 1500},
		{"two, and perhaps more", []engine.InboxEntry{at(1, 0), at(2, 1000)}, 1600, hold, nil, 2500},
		{"silence", []engine.InboxEntry{at(1, 0), at(2, 1000)}, 2500, step, []int64{1, 2}, 0},
		{"two bursts", []engine.InboxEntry{at(1, 0), at(2, 1000), at(3, 9000)}, 9001, step, []int64{1, 2}, 0},
		{"a time-out in the window", []engine.InboxEntry{at(1, 0), timer}, 1400, hold, nil, 1500},
		{"a time-out in the burst", []engine.InboxEntry{at(1, 0), timer, at(2, 1000)}, 2600, step, []int64{1, 2}, 0},
		{"too many", many, 30, step, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, 0},
		{"somebody who never pauses", []engine.InboxEntry{at(1, 0), at(2, 1499), at(3, 2900), at(4, 4300), at(5, 5700), at(6, 7100), at(7, 8500), at(8, 9900), at(9, 11300), at(10, 12700), at(11, 14100)}, 15000, step, []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 0},
		{"a clock that is ahead", []engine.InboxEntry{at(1, 60_000)}, 0, hold, nil, 1500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range []*engine.Session{s, nil} {
				if s == nil && tt.want == step {
					tt.want = start
				}
				got := plan(conv, s, tt.inbox, 1500*time.Millisecond, noon().Add(time.Duration(tt.now)*time.Millisecond))
				var taken []int64
				for _, e := range got.entries {
					taken = append(taken, e.N)
				}
				due := 0
				if !got.due.IsZero() {
					due = int(got.due.Sub(noon()).Milliseconds())
				}
				if got.action != tt.want || !slices.Equal(taken, tt.taken) || due != tt.due {
					t.Errorf("plan gave %d with %v at %d, want %d with %v at %d", got.action, taken, due, tt.want, tt.taken, tt.due)
				}
			}
		})
	}
}

func TestGatherOf(t *testing.T) {
	t.Parallel()
	for own, want := range map[string]time.Duration{"": 2 * time.Second, "0": 0, "0.5": 500 * time.Millisecond, "1e9": maxGather, "x": 2 * time.Second, "NaN": 0, "-1": 0} {
		got := gatherOf(engine.BrandSettings{Gather: 2}, engine.Channel{Config: map[string]string{"gather": own}})
		if got != want {
			t.Errorf("gather %q is %s, want %s", own, got, want)
		}
	}
}
