package engine

import "time"

// State of a conversation.
type State string

const (
	Open   State = "open"
	Closed State = "closed"
)

// Owner is who has the conversation. Exactly one at any time.
type Owner string

const (
	OwnerBot   Owner = "bot"
	OwnerQueue Owner = "queue"
	OwnerAgent Owner = "agent"
	OwnerNone  Owner = "none"
)

// Conversation is one matter between a consumer and a brand on a channel, from
// the first message to close.
type Conversation struct {
	ID       string
	Brand    string
	Channel  string
	Kind     ChannelKind
	Consumer string
	Address  string // the consumer's address on the channel
	State    State
	Owner    Owner
	Agent    string // user id while Owner is agent
	Skill    string // "" until the first handoff
	// BySkill says that the agent who has it had the skill when it came: without
	// it, it goes back.
	BySkill  bool
	Priority int
	// Rev grows with every change of this record; Save compares and sets it.
	Rev      int64
	Language string
	Mood     Mood
	// Draft is a version that its sessions run instead of what new ones get; "" for none.
	Draft string

	// Ready says that the inbox holds something the dialog worker should look at.
	Ready bool
	// ReadyAt is until when that is left to the process that put it there, or that
	// claimed it. Then another one may.
	ReadyAt time.Time
	// LastInbox and LastSeq are the highest inbox number and message seq given out.
	LastInbox int64
	LastSeq   int64

	Preview       string // start of the last message of the consumer, the bot or an agent
	PreviewAuthor Author
	// WaitingSince is when the consumer's oldest unanswered message came; zero when answered.
	WaitingSince time.Time
	// QueuedAt is when it entered the queue that it waits in, or waited in before
	// its agent got it. When it comes back from there it waits since then.
	QueuedAt time.Time
	// OwnedAt is when its owner, or the queue that it waits in, changed last; zero for never.
	OwnedAt time.Time
	LastAt  time.Time // last message
	// HeardAt is when the consumer wrote last on the channel, before this conversation if
	// need be; zero for not known.
	HeardAt   time.Time
	CreatedAt time.Time
	ClosedAt  time.Time

	Tags       []string
	Attributes map[string]string // what the bot learnt (chat:set), the default facts of a handoff
	Handoff    *Handoff          // the latest handoff
	Pulse      Pulse
	Pending    *PendingChoices // choices that the next inbound text may name
	Outcome    string          // how it ended, in the skill's or bot's words
	Summary    string          // the closer's summary
	ClosedBy   string          // "bot", "agent", "consumer", "system"
}

// PendingChoices are the choices offered last. They expire at Until.
type PendingChoices struct {
	Choices    []Choice  `json:"choices"`
	Unnumbered bool      `json:"unnumbered,omitempty"` // see Content
	Until      time.Time `json:"until"`
}

// Handoff is what an agent must know when a conversation arrives.
type Handoff struct {
	From     string    `json:"from"` // bot name, or the agent's name on a transfer
	Version  string    `json:"bundle,omitempty"`
	Skill    string    `json:"skill"`
	Reason   string    `json:"reason"`            // why, in words: "asked for a person", "bot failed: …"
	Summary  string    `json:"summary,omitempty"` // what it is about
	Note     string    `json:"note,omitempty"`    // of who passed it on
	Facts    []Fact    `json:"facts,omitempty"`
	Tried    []Attempt `json:"tried,omitempty"`
	Trace    string    `json:"trace,omitempty"` // a failed bot's traceback
	At       time.Time `json:"at"`
	Priority int       `json:"priority,omitempty"`
	Level    int       `json:"level,omitempty"`
	Language string    `json:"language,omitempty"`
	// Expects is what the bot wants to know when an agent closes.
	Expects []ExpectedField `json:"expects,omitempty"`
}

// ExpectedField is one thing that an agent fills in on close.
type ExpectedField struct {
	Name     string   `json:"name"`
	Label    string   `json:"label,omitempty"` // "" shows the name
	Kind     string   `json:"kind"`            // text, number, boolean, date (2026-12-24), choice
	Choices  []string `json:"choices,omitempty"`
	Required bool     `json:"required,omitempty"`
}

// Fact is one thing known about the matter.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Attempt is one thing that the bot tried.
type Attempt struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
}

// HandoffOutcome is what chat:handoff returns.
type HandoffOutcome struct {
	Kind    string `json:"kind"` // an Outcome… constant
	Outcome string `json:"outcome,omitempty"`
	Summary string `json:"summary,omitempty"`
	Agent   string `json:"agent,omitempty"` // name
	Note    string `json:"note,omitempty"`
	// Fields is what the agent filled in: text, number (float64) or boolean by name.
	Fields map[string]any `json:"fields,omitempty"`
}

// How a handoff ends.
const (
	OutcomeClosed      = "closed"      // by the agent; bots see it as resolved
	OutcomeReturned    = "returned"    // the agent gave it back
	OutcomeUnavailable = "unavailable" // nobody took it within max_wait; the bot has it again
	OutcomeAbandoned   = "abandoned"   // it was closed, but by nobody of the team
)

// QueueEntry is a conversation that waits for an agent, offered to one or not.
type QueueEntry struct {
	Conversation string
	Brand        string
	Skill        string
	Priority     int
	Raised       int       // steps of Priority that the consumer's mood gave
	EnteredAt    time.Time // its place in the order: one that comes back keeps it
	Level        int       // least level in the skill; 0 for any
	Language     string    // the agent must speak it; "" for any
	Agent        string    // wants this agent only; "" for anyone with the skill
	AgentUntil   time.Time // so long it waits for Agent
	Avoid        []string  // agents who declined it or gave it back
	// TriedAt is when an offer of it was declined or expired last, ReturnedAt when
	// it came back from an agent who had it; zero for never.
	TriedAt    time.Time
	ReturnedAt time.Time
	// An offer reserves the conversation for OfferedTo until OfferExpires.
	OfferedTo    string
	OfferExpires time.Time
}

// InboxKind says what an inbox entry brings.
type InboxKind string

const (
	InboxMessage   InboxKind = "message"   // Data is Content
	InboxTimer     InboxKind = "timer"     // Step names the journal entry that set it
	InboxResult    InboxKind = "result"    // Data answers the outside call of journal entry Step
	InboxOutcome   InboxKind = "outcome"   // Data is HandoffOutcome
	InboxFollowup  InboxKind = "followup"  // Data is FollowupData; begins a session
	InboxInterrupt InboxKind = "interrupt" // never stored: a message ends the wait of Step
)

// InboxEntry is one thing that happened to a conversation and that nobody has
// handled yet. Handled entries are deleted in the transaction that handles them.
type InboxEntry struct {
	Conversation string
	N            int64 // from Conversation.LastInbox
	Kind         InboxKind
	Message      string // message id for InboxMessage
	Session      string // for timer and result
	Step         int    // journal entry, for timer and result
	Data         []byte // JSON
	At           time.Time
}

// FollowupData is the data of an InboxFollowup.
type FollowupData struct {
	Name  string `json:"name"`
	Bot   string `json:"bot,omitempty"`   // "" takes the channel's
	State []byte `json:"state,omitempty"` // JSON
}

// Followup is a planned conversation with a consumer.
type Followup struct {
	ID       string
	Brand    string
	Consumer string
	Channel  string
	Address  string
	At       time.Time
	FollowupData
}

// Value is one entry of a brand's key-value store.
type Value struct {
	Brand     string
	Key       string
	Data      []byte // JSON
	Version   int64  // 1 at first, counted up
	ExpiresAt time.Time
}
