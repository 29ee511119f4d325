package engine

import "time"

// BotRuntime turns bundles into bots.
type BotRuntime interface {
	// Bot gives the named bot of the bundle with this hash. load is called
	// only when the runtime has not compiled the bundle yet. Errors: Invalid
	// when the bundle does not compile, NotFound when it has no such bot.
	Bot(hash, name string, load func() (Bundle, error)) (Bot, error)
}

// Bot decides what happens next in a session. Step is pure: the same turn
// gives the same outcome, and nothing happens until the outcome is committed.
type Bot interface {
	Step(Turn) (Outcome, error)
}

// SessionState of a bot's work on a conversation.
type SessionState string

const (
	SessionWaiting SessionState = "waiting" // for what Wait says
	SessionDone    SessionState = "done"
	SessionParked  SessionState = "parked" // failed or diverged; never restarts by itself
)

// Session is one bot's work on one conversation.
type Session struct {
	ID           string
	Brand        string
	Conversation string
	Bot          string
	Bundle       string // pinned
	State        SessionState
	Wait         Wait
	Seed         int64  // for math.random
	Steps        int    // journal entries so far
	Start        []byte // JSON state given by chat:restart, nil on the first session
	CreatedAt    time.Time
}

// WaitKind says what can wake a waiting session.
type WaitKind string

const (
	WaitMessage WaitKind = "message" // a consumer message, or the timer of Step when set
	WaitTimer   WaitKind = "timer"   // the timer of Step only
	WaitResult  WaitKind = "result"  // the answer of the outside call of Step
	WaitOutcome WaitKind = "outcome" // an agent's outcome
	WaitStart   WaitKind = "start"   // nothing: its first turn is due (after chat:restart)
)

// Wait is what a session waits for at journal entry Step.
type Wait struct {
	Kind  WaitKind  `json:"kind,omitempty"`
	Step  int       `json:"step"`
	Until time.Time `json:"until,omitzero"` // when a timer is set
}

// Takes says whether the entry is what the session waits for.
func (w Wait) Takes(session string, e InboxEntry) bool {
	switch e.Kind {
	case InboxMessage:
		return w.Kind == WaitMessage
	case InboxTimer:
		return (w.Kind == WaitTimer || w.Kind == WaitMessage) && e.Session == session && e.Step == w.Step
	case InboxResult:
		return w.Kind == WaitResult && e.Session == session && e.Step == w.Step
	case InboxOutcome:
		return w.Kind == WaitOutcome
	}
	return false
}

// JournalEntry is one host call of a session with its answer.
type JournalEntry struct {
	Session string
	N       int    // 0, 1, …
	Call    string // "ask", "http.get", "os.time"
	Hash    string // hex SHA-256 of the canonical arguments
	Args    []byte // canonical JSON, cut to 4 KiB, for people
	Answer  []byte // JSON; nil while the session waits for it
	Line    string // "bots/concierge.lua:12"
	At      time.Time
}

// Turn is everything that a Step may depend on.
type Turn struct {
	Session      Session
	Journal      []JournalEntry
	Input        *InboxEntry // what woke the session; nil when it starts
	First        *Content    // the message that opened the conversation, on the start turn only
	Now          time.Time
	Brand        Brand
	Channel      Channel
	Consumer     Consumer
	Conversation Conversation
	Skills       []Skill
}

// Outcome is what a Step decided.
type Outcome struct {
	Journal   []JournalEntry // new entries, and the entry that Input answered
	Effects   []Effect       // in order
	State     SessionState
	Wait      Wait   // when State is SessionWaiting
	Fault     *Fault // when State is SessionParked
	Restart   []byte // JSON state when the bot called chat:restart, else nil; State is done
	UsedInput bool   // false when the bot ended or failed before it took Input
}

// Fault is why a bot failed.
type Fault struct {
	Kind      string `json:"kind"` // error, budget, divergence, internal
	Message   string `json:"message"`
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Traceback string `json:"traceback,omitempty"`
	Bot       string `json:"bot,omitempty"`
	Bundle    string `json:"bundle,omitempty"`
	Step      int    `json:"step"`
}

// Effect is one thing that a bot wants done. Exactly one pointer is set.
type Effect struct {
	Step    int // journal entry that asked for it
	Say     *Content
	Note    *string
	Typing  *bool
	Tag     *string
	Set     *SetEffect
	Handoff *HandoffEffect
	Close   *CloseEffect
	HTTP    *HTTPRequest
	Timer   *time.Time
	Log     *string
}

// SetEffect changes an attribute.
type SetEffect struct {
	Scope string // "conversation" or "consumer"; consumer "name" and "language" are fields
	Name  string
	Value string // "" removes
}

// HandoffEffect gives the conversation to a queue.
type HandoffEffect struct {
	Skill    string // "" takes the brand's default
	Agent    string // user id or e-mail, "" for anyone
	Priority int    // 0 takes the skill's
	Reason   string
	Summary  string
	Facts    []Fact
	Tried    []Attempt
	Await    bool // false for chat:transfer: the session ends with it
}

// CloseEffect ends the conversation.
type CloseEffect struct {
	Outcome string
	Summary string
}
