package engine

import "time"

// UtteranceSource says why an utterance was kept.
type UtteranceSource string

const (
	FromIntent UtteranceSource = "intent" // the bot's classifier did not know it
	FromFAQ    UtteranceSource = "faq"    // the FAQ had no answer to it
	FromAgent  UtteranceSource = "agent"  // an agent said what it means
	FromAnswer UtteranceSource = "answer" // the FAQ had an answer, and it did not help
)

// UtteranceState says what became of an utterance.
type UtteranceState string

const (
	UtteranceOpen      UtteranceState = "open"
	UtteranceAccepted  UtteranceState = "accepted" // it is an example of Intent, or a wording of Question
	UtteranceDismissed UtteranceState = "dismissed"
)

// Utterance is something that a consumer wrote and a brand's bots can learn
// from. A conversation has a text once.
type Utterance struct {
	Brand        string
	N            int64 // 1, 2, … in the brand
	Conversation string
	Message      string // that an agent judged; "" when a bot did
	Text         string // at most MaxUtterance bytes
	Source       UtteranceSource
	State        UtteranceState
	Guesses      []Guess   // what it may have meant, the likeliest first; at most 3
	Intent       string    // what an agent says it means, or what it was accepted for; "" for none
	Question     string    // the FAQ entry that it was accepted for; of an open FromAnswer, the one that did not help
	Version      string    // the version that it was accepted into
	By           string    // who judged, accepted or dismissed it; "" for nobody
	At           time.Time // of its latest change
}

// MaxUtterance is how many bytes of a text are kept.
const MaxUtterance = 500

// Guess is an intent that a text may mean, with its probability, 0 … 1.
type Guess struct {
	Intent      string  `json:"intent"`
	Probability float64 `json:"probability"`
}
