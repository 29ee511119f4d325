package recording

import (
	"encoding/json"
	"time"

	"parley/engine"
)

// Recording is one conversation as its bots met it, in time order. It stands by
// itself, and is one line of an export.
type Recording struct {
	Conversation string             `json:"conversation"`
	Channel      string             `json:"channel"`
	Kind         engine.ChannelKind `json:"kind"`
	Language     string             `json:"language,omitempty"`
	Address      string             `json:"address,omitempty"`
	Consumer     Consumer           `json:"consumer"`
	Attributes   map[string]string  `json:"attributes,omitempty"` // of the conversation at its start
	Tags         []string           `json:"tags,omitempty"`
	Bot          string             `json:"bot"`
	Version      string             `json:"bundle"` // of the first session
	Seeds        []int64            `json:"seeds"`  // of the sessions, in order
	Opened       time.Time          `json:"opened"`
	Turns        []Turn             `json:"turns"`
	Answers      []Answer           `json:"answers,omitempty"`
	// Understood is what the bots took texts for, in order.
	Understood []Answer `json:"understood,omitempty"`
}

// Consumer is what the bot knew of the person when it began.
type Consumer struct {
	ID         string            `json:"id,omitempty"`
	Name       string            `json:"name,omitempty"`
	Language   string            `json:"language,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// Turn is one input with what the bot did before the next. Exactly one of
// Message, Outcome and Followup is set; the first turn of a recording is the
// opening one.
type Turn struct {
	At       time.Time              `json:"at"`
	Message  *engine.Content        `json:"message,omitempty"`
	Outcome  *engine.HandoffOutcome `json:"outcome,omitempty"`
	Followup *engine.FollowupData   `json:"followup,omitempty"`
	Did      []Act                  `json:"did,omitempty"`
}

// Act is one thing that a bot did. Exactly one of the pointers is set.
type Act struct {
	Line    string          `json:"line,omitempty"` // "bots/concierge.lua:12", when the journal tells
	Say     *engine.Content `json:"say,omitempty"`
	Handoff *Handoff        `json:"handoff,omitempty"`
	Close   *string         `json:"close,omitempty"` // the outcome
	Fault   *engine.Fault   `json:"fault,omitempty"`
}

// Handoff is where a bot sent a conversation.
type Handoff struct {
	Skill  string `json:"skill"`
	Reason string `json:"reason,omitempty"`
}

// Answer is what a host call got from outside the bot.
type Answer struct {
	Call   string          `json:"call"` // "http.get", "store.get"
	Hash   string          `json:"hash"` // of the whole arguments, as in the journal
	Args   json.RawMessage `json:"args,omitempty"`
	Answer json.RawMessage `json:"answer"`
}
