package engine

import "time"

// BotRuntime turns bundles into bots.
type BotRuntime interface {
	// Bot gives the named bot of the bundle with this hash. load is called
	// only when the runtime has not compiled the bundle yet. Errors: Invalid
	// when the bundle does not compile, NotFound when it has no such bot.
	Bot(hash, name string, load func() (Bundle, error)) (Bot, error)
	// Traits tells what a host call is by its name in journals. A name that
	// nobody knows has none.
	Traits(call string) Traits
}

// BotPreparer is a BotRuntime that takes long to make some bundles.
type BotPreparer interface {
	// Ready reports whether Bot will answer for the bundle at once. Otherwise it is
	// being made, and whoever asked asks again later. load is called as for Bot,
	// before Ready returns.
	Ready(hash string, load func() (Bundle, error)) bool
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
	Version      string // pinned
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
	// Interrupt lets a consumer's message end a WaitResult. The message stays in
	// the inbox for the next question.
	Interrupt bool `json:"interrupt,omitempty"`
	// After and Pace are the dialog worker's own; bots leave them alone. After is
	// the conversation's LastInbox when the wait began: only what came later interrupts.
	After int64 `json:"after,omitempty"`
	Pace  Pace  `json:"pace,omitzero"`
}

// Pace is how a conversation's turns went lately: what the guards against loops
// and storms count. Times are in Unix milliseconds, hashes in hex.
type Pace struct {
	Query    bool   `json:"query,omitempty"`  // the last turn ended with a Query: its answer makes no turn of its own
	From     int64  `json:"from,omitempty"`   // when the current minute began
	Turns    int    `json:"turns,omitempty"`  // in it
	Silent   int64  `json:"silent,omitempty"` // when the current hour without a word of a person began
	Alone    int    `json:"alone,omitempty"`  // turns in it
	Restarts int    `json:"restarts,omitempty"`
	Heard    string `json:"heard,omitempty"` // hash of the consumer's last message
	Said     string `json:"said,omitempty"`  // hash of what the bot said last
	SaidFrom int64  `json:"said_from,omitempty"`
	Same     int    `json:"same,omitempty"` // turns in a row in which it said just that
}

// Takes says whether the entry is what the session waits for.
func (w Wait) Takes(session string, e InboxEntry) bool {
	switch e.Kind {
	case InboxMessage:
		return w.Kind == WaitMessage
	case InboxTimer:
		return (w.Kind == WaitTimer || w.Kind == WaitMessage || w.Kind == WaitOutcome) && e.Session == session && e.Step == w.Step
	case InboxInterrupt:
		return w.Kind == WaitResult && w.Interrupt && e.Session == session && e.Step == w.Step
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
	First        *Content    // the message that opened the conversation, on the start turn only; nil for a follow-up
	Followup     string      // name of the follow-up that begins the session, on its start turn only
	Now          time.Time
	Brand        Brand
	Channel      Channel
	Channels     []string // ids of all the brand's channels
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
	Version   string `json:"bundle,omitempty"`
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
	// Query is answered by an InboxResult in the same transaction.
	Query    *Query
	Cancel   *string // name of the consumer's follow-up that shall not happen
	Recall   *string // takes the conversation back from the queue; the reason
	Feedback *FeedbackEffect
}

// FeedbackEffect is what the consumer says of an FAQ entry's answer.
type FeedbackEffect struct {
	Question string // the entry's, as it is written
	Text     string // what was searched for
	Helped   bool
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
	Level    int    // the agent's level in the skill must be at least this; 0 for any
	Language string // the agent must speak it; "" for any
	Reason   string
	Summary  string
	Facts    []Fact
	Tried    []Attempt
	Expects  []ExpectedField // what the agent fills in on close
	Await    bool            // false for chat:transfer: the session ends with it
}

// CloseEffect ends the conversation.
type CloseEffect struct {
	Outcome string
	Summary string
}

// FollowupEffect plans a later conversation with the consumer.
type FollowupEffect struct {
	Name    string    // one of a name per consumer: a second replaces the first
	At      time.Time //
	Channel string    // channel id; "" takes the conversation's
	Bot     string    // "" takes the channel's
	State   []byte    // JSON, chat.state of the session that it starts
}

// FollowupAnswer tells when a follow-up will be, or why it was not planned.
type FollowupAnswer struct {
	At  int64  `json:"at,omitempty"` // seconds
	Why string `json:"why,omitempty"`
}

// Query is a question to the store, a follow-up, or a change of the brand's values, that a
// bot waits for. Exactly one pointer is set.
type Query struct {
	Value      *ValueQuery     `json:"value,omitempty"`      // answered by a ValueAnswer
	Queue      *string         `json:"queue,omitempty"`      // a skill; answered by a QueueStatus
	History    *HistoryQuery   `json:"history,omitempty"`    // answered by []PastConversation, newest first
	Identities bool            `json:"identities,omitempty"` // answered by []Identity
	Schedule   *FollowupEffect `json:"schedule,omitempty"`   // plans a follow-up; answered by a FollowupAnswer
}

// ValueQuery reads or changes one value of the brand's key-value store.
type ValueQuery struct {
	Op   string `json:"op"` // get, set, remove
	Key  string `json:"key"`
	Data []byte `json:"data,omitempty"` // JSON, for set
	// Version, when Check is set, is what the stored version must be; 0 for a
	// value that does not exist.
	Check   bool    `json:"check,omitempty"`
	Version int64   `json:"version,omitempty"`
	TTL     float64 `json:"ttl,omitempty"` // seconds to live; 0 for ever
}

// ValueAnswer is the value after the query. Done is false when Check failed,
// and for a get of a missing value.
type ValueAnswer struct {
	Done    bool   `json:"done"`
	Data    []byte `json:"data,omitempty"` // JSON; nil when there is no value
	Version int64  `json:"version,omitempty"`
	Full    bool   `json:"full,omitempty"` // nothing was written: the brand has as many values as it may
}

// QueueStatus is how a skill's queue stands.
type QueueStatus struct {
	Open     bool    `json:"open"`               // by its hours
	Waiting  int     `json:"waiting"`            // conversations in the queue
	Online   int     `json:"online"`             // agents with the skill who may get new conversations
	Expected float64 `json:"expected,omitempty"` // seconds to wait; -1 when nobody can tell
}

// HistoryQuery selects earlier conversations of the consumer.
type HistoryQuery struct {
	Limit int `json:"limit"` // 1 … 20
}

// PastConversation is an earlier conversation as a bot sees it.
type PastConversation struct {
	ID      string            `json:"id"`
	Channel string            `json:"channel"`
	Opened  int64             `json:"opened"` // seconds
	Closed  int64             `json:"closed"` // seconds
	Outcome string            `json:"outcome,omitempty"`
	Summary string            `json:"summary,omitempty"`
	Skill   string            `json:"skill,omitempty"` // "" when no person had it
	Tags    []string          `json:"tags,omitempty"`
	Facts   map[string]string `json:"facts,omitempty"`
}
