package engine

import "time"

// Clock tells the time. It is a port so that tests and replays decide it.
type Clock func() time.Time

// NewID makes a unique, time-ordered id (UUIDv7).
type NewID func() string

// Topic names a kind of wake-up.
type Topic string

const (
	TopicDialog   Topic = "dialog"   // Key is a conversation: its inbox has something
	TopicDelivery Topic = "delivery" // the outbox has something
	TopicRouting  Topic = "routing"  // Key is a brand: queue or agents changed
	TopicBrand    Topic = "brand"    // Key is a brand: it, its channels or its skills were written
	TopicTimers   Topic = "timers"   // a timer was set
	TopicMedia    Topic = "media"    // a file is to be fetched or removed
	TopicEvents   Topic = "events"   // the event log grew
	TopicPass     Topic = "pass"     // Key is a conversation, Data passes through: typing
	TopicArrival  Topic = "arrival"  // Key is a visitor of a web chat who has opened a conversation
)

// Reach is how far a topic's signals go.
type Reach int

const (
	// Here is this process: work, for which one taker is enough. Its worker takes it at
	// once, and when it cannot, the others find it at their next poll.
	Here Reach = iota
	// Everywhere is every process: what all of them remember or show.
	Everywhere
)

// Reach says how far the topic's signals go. What is no topic goes nowhere.
func (t Topic) Reach() Reach {
	switch t {
	case TopicEvents, TopicBrand, TopicPass, TopicArrival:
		return Everywhere
	}
	return Here // TopicDialog, TopicDelivery, TopicRouting, TopicTimers, TopicMedia
}

// Signal is one wake-up or passing remark. It may be lost; every worker also polls.
type Signal struct {
	Topic Topic
	Brand string
	Key   string
	Data  []byte
	// Local is what the sender knows already, for who is in the same process: it goes
	// no further, and may be missing.
	Local any
}

// Bus carries signals between the workers of a process, and to other processes as far
// as their topics reach. It never blocks who publishes.
type Bus interface {
	Publish(Signal)
	// Subscribe calls fn for each signal of the topic until cancel is called.
	// fn must not block.
	Subscribe(topic Topic, fn func(Signal)) (cancel func())
}

// TypingData is the Data of a TopicPass signal.
type TypingData struct {
	Conversation string `json:"conversation"`
	Author       Author `json:"author"`
	AuthorID     string `json:"author_id,omitempty"`
	Name         string `json:"name,omitempty"`
	On           bool   `json:"on"`
}

// Typing makes the passing remark that somebody types, or has stopped.
func Typing(ref ConversationRef, author Author, authorID, name string, on bool) Signal {
	data := JSON(TypingData{Conversation: ref.ID, Author: author, AuthorID: authorID, Name: name, On: on})
	return Signal{Topic: TopicPass, Brand: ref.Brand, Key: ref.ID, Data: data}
}
