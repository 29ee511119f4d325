package engine

import (
	"strconv"
	"time"
)

// EventKind names what happened.
type EventKind string

const (
	EventMessage      EventKind = "message"       // Data: MessageData
	EventMarked       EventKind = "marked"        // Data: MarkData; a message was reacted to, changed or taken back
	EventStatus       EventKind = "status"        // Data: StatusData
	EventUndelivered  EventKind = "undelivered"   // Data: UndeliveredData; a message was given up
	EventChannel      EventKind = "channel"       // Data: ChannelData; no conversation
	EventOpened       EventKind = "opened"        // Data: ConversationData
	EventOwner        EventKind = "owner"         // Data: ConversationData; owner, agent, skill or handoff changed
	EventOffered      EventKind = "offered"       // Data: OfferData with the scores
	EventOfferEnded   EventKind = "offer_ended"   // Data: OfferData; accepted, declined, expired, withdrawn
	EventClosed       EventKind = "closed"        // Data: ConversationData
	EventUpdated      EventKind = "updated"       // Data: ConversationData; tags, attributes, name
	EventBotFailed    EventKind = "bot_failed"    // Data: Fault
	EventBotLog       EventKind = "bot_log"       // Data: LogData
	EventConsent      EventKind = "consent"       // Data: Consent
	EventPresence     EventKind = "presence"      // Data: PresenceData; no conversation
	EventPublished    EventKind = "published"     // Data: PublishData; no conversation
	EventConsumerRead EventKind = "consumer_read" // Data: StatusData
	EventMood         EventKind = "mood"          // Data: MoodData; the band of the conversation's mood changed
	EventFeedback     EventKind = "faq_feedback"  // Data: FeedbackData
	EventLoop         EventKind = "loop"          // Data: LoopData; two machines answered each other, and a person has it now
	EventNotice       EventKind = "notice"        // Data: Notice, for one agent
	EventErased       EventKind = "erased"        // Data: ErasedData; no conversation
)

// Event is one entry of the append-only log.
type Event struct {
	Seq          int64
	At           time.Time
	Brand        string
	Conversation string // "" when it concerns none
	Kind         EventKind
	Actor        string // "consumer", "bot:concierge", "agent:<id>", "system"
	Data         []byte // JSON, by Kind
	Version      int    // of the shape of Data; the store writes EventVersion
}

// EventVersion grows when the data of any kind of event gets another meaning, or
// loses something. Readers of old events, such as projections, decide by it.
const EventVersion = 1

// Cursor is a position in the event log, opaque outside the process.
type Cursor int64

func (c Cursor) String() string { return "e" + strconv.FormatInt(int64(c), 36) }

// ParseCursor reads a cursor; "" is the start of the log.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return 0, nil
	}
	if s[0] != 'e' {
		return 0, FieldError("after", "is not a cursor")
	}
	n, err := strconv.ParseInt(s[1:], 36, 64)
	if err != nil || n < 0 {
		return 0, FieldError("after", "is not a cursor")
	}
	return Cursor(n), nil
}

// MessageData is the data of EventMessage.
type MessageData struct {
	ID         string        `json:"id"`
	Seq        int64         `json:"seq"`
	Author     Author        `json:"author"`
	AuthorID   string        `json:"author_id,omitempty"`
	AuthorName string        `json:"author_name,omitempty"`
	Note       bool          `json:"note,omitempty"`
	Content    Content       `json:"content"`
	State      DeliveryState `json:"state"`
	ClientID   string        `json:"client_id,omitempty"`
	Answers    string        `json:"answers,omitempty"` // as MessageMarks has it, with the next
	Elsewhere  bool          `json:"elsewhere,omitempty"`
	Heard      *Heard        `json:"heard,omitempty"` // of a consumer's message
	Mood       *MoodData     `json:"mood,omitempty"`  // of the conversation after it; nil when nothing was ever heard
	Rev        int64         `json:"rev"`             // of the conversation after the message
}

// StatusData is the data of EventStatus and EventConsumerRead.
type StatusData struct {
	Message string        `json:"message"`
	State   DeliveryState `json:"state"`
	Failure string        `json:"failure,omitempty"`
	Again   bool          `json:"again,omitempty"` // a person has it sent again: State begins anew
}

// UndeliveredData is what came of a message that could not be sent.
type UndeliveredData struct {
	Message string    `json:"message"`
	Class   SendClass `json:"class,omitempty"`
	Code    string    `json:"code,omitempty"` // the provider's
	Reason  string    `json:"reason"`
	// Held are the messages after it that were not sent, so that none arrives out of context.
	Held []string `json:"held,omitempty"`
}

// ChannelData is how a channel's sends fare.
type ChannelData struct {
	Channel string    `json:"channel"`
	OK      bool      `json:"ok"`
	Class   SendClass `json:"class,omitempty"`
	Code    string    `json:"code,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	Since   int64     `json:"since,omitempty"` // ms
}

// ConversationData is the state of the conversation after the event.
type ConversationData struct {
	State     State    `json:"state"`
	Owner     Owner    `json:"owner"`
	Agent     string   `json:"agent,omitempty"`
	AgentName string   `json:"agent_name,omitempty"`
	Skill     string   `json:"skill,omitempty"`
	Rev       int64    `json:"rev"`
	Reason    string   `json:"reason,omitempty"`
	Outcome   string   `json:"outcome,omitempty"`
	Tags      []string `json:"tags,omitempty"`
	// Of EventOwner and EventClosed, who had it before: the owner, its skill and since
	// when (ms), and the agent with the name.
	Was      Owner  `json:"was,omitempty"`
	WasSkill string `json:"was_skill,omitempty"`
	Since    int64  `json:"since,omitempty"`
	From     string `json:"from,omitempty"`
	FromName string `json:"from_name,omitempty"`
	// Waited is the wait in the queue that ended with an agent; nil without one.
	Waited *Waited `json:"waited,omitempty"`
}

// Waited is a wait in the queue that is over.
type Waited struct {
	Since int64  `json:"since"`         // ms; since an agent had the conversation last, if one had
	For   string `json:"for,omitempty"` // the agent whom alone it waited for
}

// OfferData explains an offer or an assignment.
type OfferData struct {
	Agent     string        `json:"agent"`
	AgentName string        `json:"agent_name,omitempty"`
	Expires   int64         `json:"expires,omitempty"` // ms, 0 when assigned at once
	End       string        `json:"end,omitempty"`     // accepted, declined, expired, withdrawn
	Why       *MatchReasons `json:"why,omitempty"`
}

// MatchReasons is how routing chose: the winner, the runner-up and who was skipped why.
type MatchReasons struct {
	WaitedMS int64             `json:"waited_ms"`
	Priority int               `json:"priority"`
	Raised   int               `json:"raised,omitempty"` // steps of it that the consumer's mood gave
	Chosen   AgentScore        `json:"chosen"`
	RunnerUp *AgentScore       `json:"runner_up,omitempty"`
	Skipped  map[string]string `json:"skipped,omitempty"` // agent id → reason, at most 20
}

// AgentScore is what an agent was ranked by.
type AgentScore struct {
	Agent  string  `json:"agent"`
	Load   float64 `json:"load"`    // occupied share of the slots before the assignment
	IdleMS int64   `json:"idle_ms"` // since the last assignment
}

// LogData is a line that a bot logged.
type LogData struct {
	Text string `json:"text"`
}

// PresenceData is an agent's new state.
type PresenceData struct {
	Agent    string   `json:"agent"`
	Presence Presence `json:"presence"`
	Seen     bool     `json:"seen"`             // has shown a sign of life lately
	Reason   string   `json:"reason,omitempty"` // User.PresenceReason
}

// PublishData is what was done with a version of a brand.
type PublishData struct {
	Version string            `json:"bundle"`
	Kind    VersionChangeKind `json:"kind,omitempty"`
	Share   int               `json:"share,omitempty"` // percent, of a canary
	Actor   string            `json:"actor,omitempty"`
	Note    string            `json:"note,omitempty"`
}

// ErasedData tells that a consumer was forgotten.
type ErasedData struct {
	Consumer      string `json:"consumer"`
	Conversations int    `json:"conversations"`
	Messages      int    `json:"messages"`
}
