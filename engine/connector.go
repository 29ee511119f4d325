package engine

import (
	"context"
	"io"
	"time"
)

// Connector adapts one channel kind. Decode is pure: it verifies and parses
// one webhook request.
type Connector interface {
	// Spec declares the kind. It is the same at every call, and costs nothing.
	Spec() ChannelSpec
	// Decode verifies the request over its raw bytes and parses it. Errors:
	// Unauthenticated for a wrong signature, Invalid for an unreadable body.
	// Unknown events are not errors; they decode to nothing.
	Decode(ch Channel, req WebhookRequest) (Decoded, error)
	// Send performs one send. A failure is a *SendError.
	Send(ctx context.Context, ch Channel, out Outbound) (Receipt, error)
}

// Renderer fits a content to what a channel can show. It is pure. Connectors
// that do not implement it get the content as it is, in one part.
type Renderer interface {
	// Render gives the parts in the order of sending. hint asks for the number of
	// a choice in the consumer's language, for channels that number them.
	Render(ch Channel, c Content, hint string) []Content
}

// Reconciler finds out whether a send happened whose answer was lost.
type Reconciler interface {
	// Reconcile looks the send up at the provider. known holds the provider
	// ids that belong to other sends. It returns the receipt when found,
	// ErrNotSent when the provider certainly has nothing, any other error
	// when it cannot tell yet.
	Reconcile(ctx context.Context, ch Channel, out Outbound, known func(providerID string) bool) (Receipt, error)
}

// MediaSource opens what consumers send, with the channel's credentials. Connectors
// whose media anybody may fetch by URL have none.
type MediaSource interface {
	// OpenMedia opens a file of an inbound message, by its Ref. Who calls closes Body
	// and bounds what is read of it. A failure is a *SendError, of which SendRetry and
	// SendThrottle may be over later and the others are not.
	OpenMedia(ctx context.Context, ch Channel, m Media) (OpenMedia, error)
}

// OpenMedia is a file that is being fetched. Nothing that it says of itself is to be trusted.
type OpenMedia struct {
	Body io.ReadCloser
	MIME string // "" for not told
	Name string
	Size int64 // -1 for not told
}

// Attentive tells a consumer that they are read and answered. Failures cost nothing
// and are not tried again.
type Attentive interface {
	// Typing shows the consumer for some seconds that somebody writes; last is the
	// provider's id of their latest message.
	Typing(ctx context.Context, ch Channel, to, last string) error
	// Seen marks the consumer's messages up to last as read.
	Seen(ctx context.Context, ch Channel, to, last string) error
}

// Profiler looks up who has an address.
type Profiler interface {
	// Profile gives what the provider may tell; NotFound for nobody, or for a person who
	// does not want to be known.
	Profile(ctx context.Context, ch Channel, address string) (Profile, error)
}

// Profile is what a provider knows of a consumer; what is not known is "".
type Profile struct {
	Name     string
	Language string // BCP 47
}

// Checker asks the provider whether a channel is set up well.
type Checker interface {
	// Check gives what it found, in the order of setting up; it needs the network. It ends
	// with the first thing without which the rest cannot be known.
	Check(ctx context.Context, ch Channel, webhook string) []Finding
}

// Webhook is where a channel's provider brings what consumers write, at the gateway's
// public address.
func Webhook(public, channel string) string { return public + "/hooks/" + channel }

// Finding is one thing that was looked at.
type Finding struct {
	What    string // in words: "The access token is accepted."
	OK      bool
	Problem string // what is wrong and what to do, when it is not
}

// WebhookRequest is one raw request of a provider.
type WebhookRequest struct {
	Method string
	// URL is the configured public base URL plus the raw request URI, because
	// providers sign the URL that they were given.
	URL    string
	Header map[string][]string // canonical names
	Body   []byte              // at most 1 MiB
	Now    time.Time
}

// Decoded is what one webhook request brought.
type Decoded struct {
	Inbound  []Inbound
	Statuses []StatusUpdate
	Response WebhookResponse // zero: 204 without a body
}

// WebhookResponse is what the provider wants to hear.
type WebhookResponse struct {
	Status      int
	ContentType string
	Body        []byte
}

// InboundKind says what a consumer did.
type InboundKind string

const (
	InboundMessage  InboundKind = ""         // wrote, picked, or sent something
	InboundReaction InboundKind = "reaction" // put an emoji on a message, Of; without Emoji took it back
	InboundEdit     InboundKind = "edit"     // changed an own message, Of, to Content
	InboundUnsend   InboundKind = "unsend"   // took an own message, Of, back: it may not be shown any more
	InboundTyping   InboundKind = "typing"   // is writing
	InboundEcho     InboundKind = "echo"     // somebody of the brand wrote to the consumer, From, in another app
	InboundReferral InboundKind = "referral" // came by a link or an advertisement, and wrote nothing yet
)

// Inbound is one thing that a consumer did, in the common model.
type Inbound struct {
	Kind InboundKind
	// To is the address of ours that it was meant for, where one webhook serves several
	// channels of a kind; "" for the channel whose webhook it came by.
	To       string
	From     string // consumer's address
	FromName string
	// Aliases are further addresses of the same consumer on this kind of channel, which
	// the provider vouches for.
	Aliases    []string
	ProviderID string // unique within the channel; dedupes
	// Of is the provider's id of the message that this is about: what a reaction, an edit
	// or an unsend changes, what a message answers.
	Of    string
	Emoji string // of a reaction
	// Referral is what brought the consumer here, nil for nothing.
	Referral *Referral
	// Standby says that another app has the conversation now: nobody here answers.
	Standby    bool
	ClientID   string // the widget's own id
	Content    Content
	Payload    string // id of a pressed button, "" for typed text
	ProviderAt time.Time
	Language   string
	// Keyword is "STOP", "START" or "HELP" when the provider took the message for one of these, whatever its words,
	// and has answered it; "" leaves it to the gateway's own words.
	Keyword string
	// Draft is the version that a conversation opened by this message runs; "" for
	// what new ones get. Only the gateway sets it, for visitors who try a draft.
	Draft string
}

// Referral is where a consumer came from.
type Referral struct {
	Source string `json:"source"`          // "ad", "link", "post", as the provider names it
	Ref    string `json:"ref,omitempty"`   // what the brand put into its link
	ID     string `json:"id,omitempty"`    // of the advertisement or post
	Title  string `json:"title,omitempty"` // its words
	URL    string `json:"url,omitempty"`
}

// StatusUpdate is a provider's receipt for an earlier send.
type StatusUpdate struct {
	// To is as Inbound's.
	To   string
	Item string // our outbox item id when the provider echoes it
	// Until, with Address, stands for every message that was sent to the consumer's
	// address up to then, where receipts name no message. It is by the provider's clock, and
	// when it has made the message: later than a send began, and before its answer came.
	Until      time.Time
	Address    string
	ProviderID string
	State      DeliveryState
	Code       string // provider's error code
	Class      SendClass
	Message    string        // why it failed, safe to show
	RetryAfter time.Duration // of a throttle: how long the sender is to be left alone, 0 when nobody says
}

// Outbound is one send of one part.
type Outbound struct {
	Item        string // outbox item id: idempotency key, echoed by status callbacks where possible
	To          string
	Content     Content
	Author      Author    // who wrote it, where the channel has windows or quotes: some let people write longer than bots
	HeardAt     time.Time // when the consumer last wrote, zero for not known
	Answers     string    // provider's id of the consumer's message that this answers, "" for none
	CallbackURL string    // where the provider should report, "" for nowhere
	FirstTried  time.Time // the first attempt began at this time or later, for Reconcile
	Lookups     int       // that brought no certainty since the send is in doubt, for Reconcile
}

// Receipt is a provider's acceptance.
type Receipt struct {
	ProviderID string
	State      DeliveryState // Sent, or further when the provider knows
}

// SendClass is the closed set of ways a send can fail. Connectors classify,
// only delivery decides what follows.
type SendClass string

const (
	SendRetry    SendClass = "retry"     // nothing was sent; try again with backoff
	SendThrottle SendClass = "throttled" // nothing was sent; try again after RetryAfter
	SendUnsure   SendClass = "unknown"   // may have been sent
	SendOptedOut SendClass = "opted_out" // the consumer does not want it
	SendGone     SendClass = "recipient_gone"
	SendBlocked  SendClass = "blocked" // carrier or policy
	SendWindow   SendClass = "window_closed"
	SendInvalid  SendClass = "invalid" // our request is wrong
	SendAuth     SendClass = "auth"    // the account's credentials or state
	SendQuota    SendClass = "quota"   // try again much later
)

// SendError is why a send failed. Message is safe to show and holds no secret.
type SendError struct {
	Class      SendClass
	Code       string // provider's code
	Message    string
	RetryAfter time.Duration
	// Settled tells of an unsure send that the provider does no more work on it: it was
	// made or it was not. Otherwise it may still be made.
	Settled bool
	Cause   error
}

func (e *SendError) Error() string { return string(e.Class) + ": " + e.Message }
func (e *SendError) Unwrap() error { return e.Cause }

// ErrNotSent is Reconcile's "certainly not".
type ErrNotSent struct{}

func (ErrNotSent) Error() string { return "the provider has no such message" }
