package engine

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf8"
)

// Names of host calls whose entries the engine reads. All other names, and what
// each call is, only the bots' runtime knows; see BotRuntime.Traits.
const (
	CallStart          = "start"               // the first entry of every session; answered by a SessionStart
	CallHandoff        = "handoff"             // answered by a HandoffOutcome
	CallEscape         = "escape.handoff"      // likewise, after the consumer asked for a person
	CallIntent         = "intent.classify"     // of a text; answered by an IntentAnswer
	CallFAQ            = "faq.search"          // of a text; answered by a FAQAnswer, null when nothing was found
	CallHTTP           = "http."               // begins the names of outside calls; answered by an HTTPAnswer
	CallQueue          = "queue.status"        // of a skill; answered by a QueueStatus
	CallHistory        = "consumer.history"    // answered by []PastConversation
	CallIdentities     = "consumer.identities" // answered by []Identity
	CallStoreGet       = "store.get"           // of a key; answered by a ValueAnswer
	CallStoreIncrement = "store.increment"     // of a key; answered by the ValueAnswer that it began with
)

// Traits say what a host call is: what is recorded of it, what learning
// collects, what a check may try. The zero value depends on its arguments and
// the version alone, and leaves no trace.
type Traits uint8

// The traits of calls.
const (
	TraitJournaled   Traits = 1 << iota // its entries hold what it gave
	TraitOutside                        // what it gives comes from where a changed bot cannot ask again
	TraitUnderstands                    // it tells what a text means: an intent, a question of the FAQ
	TraitSpeaks                         // it says something to the consumer
	TraitStrict                         // its arguments alone decide whether it refuses them
)

// Has says whether all of the traits are among t.
func (t Traits) Has(all Traits) bool { return t&all == all }

// CallArguments are those arguments of calls that others than bots read. A call
// has some of them.
type CallArguments struct {
	Text    string `json:"text"`    // to be understood
	Retries int    `json:"retries"` // of a question
	Method  string `json:"method"`  // of an outside call, with URL and Body
	URL     string `json:"url"`
	Body    string `json:"body"`
	Key     string `json:"key"` // of a stored value
	Skill   string `json:"skill"`
}

// ArgumentsOf reads the arguments of an entry. False for those that are so long
// that they were cut.
func ArgumentsOf(args []byte) (a CallArguments, ok bool) {
	err := json.Unmarshal(args, &a)
	return a, err == nil
}

// Raised is the answer of a call that failed in a way that depends on more than
// its arguments: the error that the bot got.
type Raised struct {
	Raise string `json:"raise"`
}

// RaisedBy is the error in an answer, "" in all others.
func RaisedBy(answer []byte) string {
	if !bytes.HasPrefix(answer, []byte(`{"raise":`)) {
		return ""
	}
	var failed Raised
	if json.Unmarshal(answer, &failed) != nil {
		return ""
	}
	return failed.Raise
}

// SessionStart is what a session knows from its beginning. Everything else in a
// turn may change until the next one.
type SessionStart struct {
	Zone         string            `json:"zone"`
	Language     string            `json:"language"`
	Fallback     string            `json:"fallback,omitempty"` // the brand's first language
	Consumer     StartConsumer     `json:"consumer"`
	Conversation StartConversation `json:"conversation"`
	Opening      *Reply            `json:"opening,omitempty"`
	Followup     string            `json:"followup,omitempty"` // name of the follow-up that began the session
}

// StartConsumer is who writes, as a session knows them.
type StartConsumer struct {
	ID         string            `json:"id"`
	Name       string            `json:"name,omitempty"`
	Language   string            `json:"language,omitempty"`
	Address    string            `json:"address,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// StartConversation is the conversation as a session found it.
type StartConversation struct {
	ID         string            `json:"id"`
	Channel    string            `json:"channel"`
	Kind       string            `json:"kind"`
	Language   string            `json:"language,omitempty"`
	Tags       []string          `json:"tags,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
}

// ReplyKind is what became of a consumer's message, decided once, when it
// came: the brand's words and the matching may change later.
type ReplyKind string

// What becomes of a reply.
const (
	ReplyOK      ReplyKind = "ok"
	ReplyAgain   ReplyKind = "again"  // did not fit, ask again
	ReplyFailed  ReplyKind = "failed" // did not fit, and that was the last try
	ReplyTimeout ReplyKind = "timeout"
	ReplyEscape  ReplyKind = "escape"  // wants a person
	ReplyBack    ReplyKind = "back"    // wants to correct the answer before, in a form
	ReplyDigress ReplyKind = "digress" // a question of the consumer's own, which the FAQ answers
	ReplyCurious ReplyKind = "curious" // the question whether a person writes
)

// Reply is the answer of a question.
type Reply struct {
	Kind     ReplyKind `json:"kind"` // comes first, see ReplyKindOf
	Text     string    `json:"text,omitempty"`
	Choice   string    `json:"choice,omitempty"` // id
	Label    string    `json:"label,omitempty"`
	Media    []Media   `json:"media,omitempty"`
	Location *Location `json:"location,omitempty"`
	Contacts []Contact `json:"contacts,omitempty"`
	At       int64     `json:"at"`                 // seconds since 1970
	Value    any       `json:"value,omitempty"`    // as the question's kind reads it
	Reason   string    `json:"reason,omitempty"`   // why it does not fit
	Meanings []any     `json:"meanings,omitempty"` // the values that it may have, when that is why
	// Corrects says that the reply takes back the answer before, in a form, and gives
	// another: Value, Choice and Text are of that one.
	Corrects bool `json:"corrects,omitempty"`
}

// ReplyKindOf reads the kind of a question's answer and nothing else of it. It
// is "" for answers without a kind.
func ReplyKindOf(answer []byte) ReplyKind {
	rest, ok := bytes.CutPrefix(answer, []byte(`{"kind":"`))
	if !ok {
		return ""
	}
	kind, _, _ := bytes.Cut(rest, []byte(`"`))
	return ReplyKind(kind)
}

// DecodeReply reads the answer of a question. Each turn reads all of them again,
// so the usual one, a text with nothing to unescape, is read by hand.
func DecodeReply(answer []byte) (Reply, error) {
	if p, ok := plainReply(answer); ok {
		return p, nil
	}
	var p Reply
	err := json.Unmarshal(answer, &p)
	return p, err
}

// plainReply reads {"kind":"…","text":"…","at":…}.
func plainReply(answer []byte) (p Reply, ok bool) {
	kind := ReplyKindOf(answer)
	rest, ok := bytes.CutPrefix(answer[min(len(answer), len(`{"kind":"`)+len(kind)):], []byte(`","text":"`))
	switch kind {
	case ReplyOK, ReplyAgain, ReplyFailed, ReplyTimeout, ReplyEscape, ReplyBack, ReplyDigress, ReplyCurious:
	default:
		return p, false
	}
	if !ok {
		return p, false
	}
	text, rest, ok := bytes.Cut(rest, []byte(`","at":`))
	if !ok || !utf8.Valid(text) || bytes.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == '"' || c == '\\' }) {
		return p, false
	}
	digits, ok := bytes.CutSuffix(rest, []byte("}"))
	if !ok || len(digits) == 0 || digits[0] < '1' || digits[0] > '9' {
		return p, false
	}
	at, err := strconv.ParseInt(string(digits), 10, 64)
	return Reply{Kind: kind, Text: string(text), At: at}, err == nil
}

// IntentAnswer is what a text was taken for.
type IntentAnswer struct {
	Name       string        `json:"name,omitempty"` // "" when it is not known
	Confidence float64       `json:"confidence"`
	Known      bool          `json:"known"`
	Top        []IntentGuess `json:"top"`
	Words      []string      `json:"words,omitempty"` // that spoke for the first, the strongest first
}

// IntentGuess is one of the intents that a text may mean.
type IntentGuess struct {
	Name       string  `json:"name"`
	Confidence float64 `json:"confidence"`
}

// FAQAnswer is the entry of the FAQ that fits a text best.
type FAQAnswer struct {
	Question     string           `json:"question"`
	Answer       string           `json:"answer"`
	Score        float64          `json:"score"`
	Links        []Link           `json:"links,omitempty"`
	Cards        []Card           `json:"cards,omitempty"`
	SeeAlso      []string         `json:"see_also,omitempty"`
	Alternatives []FAQAlternative `json:"alternatives,omitempty"`
}

// FAQAlternative is another entry that fits.
type FAQAlternative struct {
	Question string  `json:"question"`
	Answer   string  `json:"answer"`
	Score    float64 `json:"score"`
}

// HTTPAnswer is the answer of an outside call.
type HTTPAnswer struct {
	HTTPResponse
	Interrupted bool `json:"interrupted,omitempty"`
}
