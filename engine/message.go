package engine

import "time"

// Author says who wrote a message.
type Author string

const (
	AuthorConsumer Author = "consumer"
	AuthorBot      Author = "bot"
	AuthorAgent    Author = "agent"
	AuthorSystem   Author = "system"
)

// DeliveryState of an outbound message only moves forward, see Advance.
type DeliveryState string

const (
	Queued    DeliveryState = "queued"
	Sent      DeliveryState = "sent"
	Delivered DeliveryState = "delivered"
	Read      DeliveryState = "read"
	Failed    DeliveryState = "failed"
	Unknown   DeliveryState = "unknown"  // may or may not have happened
	Received  DeliveryState = "received" // inbound and notes: nothing to deliver
)

func (s DeliveryState) rank() int {
	switch s {
	case Queued:
		return 1
	case Unknown:
		return 2
	case Sent:
		return 3
	case Failed:
		return 4
	case Delivered:
		return 5
	case Read:
		return 6
	}
	return 0
}

// Advance joins two states in the forward-only lattice
// queued < unknown < sent < failed < delivered < read: receipts arrive in any
// order, and a late delivered or read proves an earlier failed wrong.
func (s DeliveryState) Advance(to DeliveryState) DeliveryState {
	if to.rank() > s.rank() {
		return to
	}
	return s
}

// Progress is how far a message has come.
type Progress struct {
	Conversation string
	State        DeliveryState
	Failure      string // why, in words, when it is failed or unknown
}

// Message is one normalised content in a conversation.
type Message struct {
	ID           string
	Brand        string
	Conversation string
	Consumer     string
	Seq          int64 // 1, 2, … within the conversation
	Author       Author
	AuthorID     string // user id of an agent, bot name
	AuthorName   string // as consumers see it
	Note         bool   // only the team sees it
	Content      Content
	Heard        Heard // of a consumer's message
	Marks        MessageMarks
	State        DeliveryState
	Failure      string // why State is failed or unknown, in words
	Channel      string
	ProviderID   string // the provider's id of an inbound message, unique per channel
	ClientID     string // idempotency key of the writer (agent UI, widget)
	At           time.Time
	ProviderAt   time.Time // zero when the provider gives none
}

// Content is what a message says. Every part is optional, at least one is set.
type Content struct {
	Text     string    `json:"text,omitempty"`
	Media    []Media   `json:"media,omitempty"`
	Location *Location `json:"location,omitempty"`
	Contacts []Contact `json:"contacts,omitempty"`
	// Cards are shown one after the other, or side by side where the channel can.
	Cards []Card `json:"cards,omitempty"`
	// Template is sent instead of the rest where the provider takes only what it has approved.
	Template *Template `json:"template,omitempty"`
	// Choices are quick replies that the message offers.
	Choices []Choice `json:"choices,omitempty"`
	// Unnumbered says that a typed number is a value and not the place of a choice, so that a channel without
	// buttons must not number them.
	Unnumbered bool `json:"unnumbered,omitempty"`
	// Picked is the choice that an inbound message took.
	Picked *Choice `json:"picked,omitempty"`
	// Unsupported names what a consumer sent and no channel of ours can show ("poll").
	Unsupported string `json:"unsupported,omitempty"`
	// Event is the key of a system line ("handoff", "assigned"), for readers that draw it.
	Event string `json:"event,omitempty"`
}

// Plain says that the content is its text and nothing else.
func (c Content) Plain() bool {
	return c.Media == nil && c.Location == nil && c.Contacts == nil && c.Cards == nil && c.Template == nil && c.Choices == nil &&
		!c.Unnumbered && c.Picked == nil && c.Unsupported == "" && c.Event == ""
}

// Choice is one quick reply.
type Choice struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	// Detail is a second line, where the channel draws a list.
	Detail string `json:"detail,omitempty"`
}

// Kinds of media.
const (
	MediaImage = "image"
	MediaVideo = "video"
	MediaAudio = "audio"
	MediaFile  = "file"
)

// Media is a file by reference. It has a URL, or of an inbound message a Ref.
type Media struct {
	Kind string `json:"kind"` // image, video, audio, file
	URL  string `json:"url"`
	MIME string `json:"mime,omitempty"`
	Name string `json:"name,omitempty"`
	// Ref is how the provider names a file of an inbound message that only its
	// MediaSource can open; readers outside do not need it.
	Ref string `json:"ref,omitempty"`
	// Blob is the file that is kept here. Then the rest is what is known of it.
	Blob    string    `json:"blob,omitempty"`
	State   BlobState `json:"state,omitempty"`  // of the blob: waiting, refused; "" is ready
	Reason  string    `json:"reason,omitempty"` // why it was refused, in words
	Size    int64     `json:"size,omitempty"`   // bytes; 0 for not known
	Width   int       `json:"width,omitempty"`  // of a picture
	Height  int       `json:"height,omitempty"`
	Preview string    `json:"preview,omitempty"` // a smaller picture: "yes" as it is stored, and its URL for readers
}

// Contact is a person's or a company's card.
type Contact struct {
	Name   string   `json:"name"`
	Org    string   `json:"org,omitempty"`
	Phones []string `json:"phones,omitempty"`
	Emails []string `json:"emails,omitempty"`
}

// Template is a message that the provider approved beforehand, with the values of
// its places.
type Template struct {
	Name     string   `json:"name"`
	Language string   `json:"language"` // BCP 47, as the provider knows the template
	Values   []string `json:"values,omitempty"`
}

// Location is a point on earth in degrees.
type Location struct {
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
	Name    string  `json:"name,omitempty"`
	Address string  `json:"address,omitempty"`
}

// Card is a titled block with links.
type Card struct {
	Title    string `json:"title"`
	Subtitle string `json:"subtitle,omitempty"`
	Image    string `json:"image,omitempty"` // https URL
	Links    []Link `json:"links,omitempty"`
}

// Link is a labelled https, mailto or tel URL.
type Link struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}
