package engine

import (
	"strconv"
	"time"
)

// OutboxKind says who performs an outbox item.
type OutboxKind string

const (
	OutboxMessage OutboxKind = "message" // a provider send of one part of a message
	OutboxHTTP    OutboxKind = "http"    // a bot's outside call
)

// OutboxState of an item. Pending, leased and unknown items are active; an
// active item holds back later items of its conversation and kind.
type OutboxState string

const (
	OutboxPending OutboxState = "pending"
	OutboxLeased  OutboxState = "leased"
	OutboxUnsure  OutboxState = "unknown" // sent or not, nobody knows yet
	OutboxDone    OutboxState = "done"
	OutboxFailed  OutboxState = "failed"
)

// OutboxItem is one effect on the outside world, committed with the state that
// asked for it.
type OutboxItem struct {
	ID           string
	Brand        string
	Channel      string
	Conversation string
	Kind         OutboxKind
	Seq          int64 // order within (Conversation, Kind); from Outbox.Add
	To           string
	Message      string  // for OutboxMessage
	Part         int     // 0, 1, … of Parts
	Parts        int     //
	Content      Content // what to send, already fitted to the channel
	Session      string  // for OutboxHTTP
	Step         int     //
	Request      []byte  // JSON HTTPRequest, for OutboxHTTP
	State        OutboxState
	Attempt      int // times that it was claimed: who holds an older number has lost it
	DueAt        time.Time
	LeaseUntil   time.Time
	TriedAt      time.Time     // of the first claim
	Tries        int           // that failed; what was given back untried does not count
	Lookups      int           // of an unsure item at the provider
	DeniedAt     time.Time     // of the first look-up that found nothing; zero for none
	Apart        time.Duration // two look-ups that far apart must find nothing before it is sent again
	ProviderID   string        // the provider's id once known
	Receipt      DeliveryState // highest receipt of this part
	Failure      string
	CreatedAt    time.Time
}

// SendID names the send of a part of a message. round is 0 at first, and grows
// each time that it is sent anew, by a person or after a late throttle.
func SendID(message string, part, round int) string {
	id := message + "." + strconv.Itoa(part)
	if round > 0 {
		id += "." + strconv.Itoa(round)
	}
	return id
}

// Circuit is what is wrong with a channel's sends. A channel without one is well.
type Circuit struct {
	Brand    string
	Channel  string
	Class    SendClass // of the last failure
	Code     string
	Message  string    // in words, safe to show
	Failures int       // in a row; once it is open, of probes
	Since    time.Time // the first of them
	// ProbeAt is when one send may try; zero while it is closed and all may.
	ProbeAt  time.Time
	Probe    string // the item that tries
	Settings string // digest of the channel's settings that it failed with
	Told     bool   // people have been told
}

// Open says whether sends wait.
func (c Circuit) Open() bool { return !c.ProbeAt.IsZero() }

// HTTPRequest is an outside call that a bot asked for.
type HTTPRequest struct {
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Header  map[string]string `json:"header,omitempty"`
	Body    string            `json:"body,omitempty"`
	Timeout float64           `json:"timeout,omitempty"` // seconds, 0 for the default of 5
	// Secrets are headers whose value holds {NAME} of the brand's secrets. They are
	// filled in when the call is made, for the secret's own hosts only.
	Secrets map[string]string `json:"secrets,omitempty"`
	// Retries is how often, 0 … 3, a call without an answer, or with 408, 429, 502, 503 or 504, is made
	// again within a minute. One that is not idempotent (POST, PATCH) is only when it never left, or when
	// the answer was 429 or 503 with a Retry-After.
	Retries int `json:"retries,omitempty"`
}

// HTTPResponse is its answer; Error is set instead of Status when there is none.
type HTTPResponse struct {
	Status int               `json:"status,omitempty"`
	Header map[string]string `json:"header,omitempty"`
	Body   string            `json:"body,omitempty"`
	Error  string            `json:"error,omitempty"`
}

// Timer puts an InboxTimer entry into its conversation's inbox at At.
type Timer struct {
	ID           string
	Brand        string
	Conversation string
	Session      string
	Step         int
	At           time.Time
}
