package engine

import (
	"context"
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

// Inbound is one consumer message in the common model.
type Inbound struct {
	From       string // consumer's address
	FromName   string
	ProviderID string // unique within the channel; dedupes
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

// StatusUpdate is a provider's receipt for an earlier send.
type StatusUpdate struct {
	Item       string // our outbox item id when the provider echoes it
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
	CallbackURL string    // where the provider should report, "" for nowhere
	FirstTried  time.Time // the first attempt began at this time or later, for Reconcile
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
