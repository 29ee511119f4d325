package chattest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/engine"
)

// Test is one conversation that must come out so.
type Test struct {
	File  string
	Line  int // of its title or first line
	Title string
	Steps []Step
	// Source are the lines of the file, for what a failure shows.
	Source []string
}

// Kind says what a line is.
type Kind string

const (
	KindChannel  Kind = "channel"
	KindBot      Kind = "bot"
	KindLanguage Kind = "language"
	KindAt       Kind = "at"
	KindSeed     Kind = "seed"
	KindConsumer Kind = "consumer"
	KindIdentity Kind = "identity"
	KindGiven    Kind = "given"
	KindQueue    Kind = "queue"
	KindPast     Kind = "past"
	KindHTTP     Kind = "http"
	KindWrite    Kind = ">"
	KindBotSays  Kind = "<"
	KindPass     Kind = "~"
	KindAgent    Kind = "agent"
	KindExpect   Kind = "="
)

// Step is one line that means something.
type Step struct {
	Line int
	// Shared says that the line stands before the first ##, for all tests of the file.
	Shared bool
	Kind   Kind
	Name   string        // channel, bot, language, skill, agent, what is expected; the key of given
	Verb   string        // of an agent: says, takes, closes, returns, notes
	Text   string        // what is written or expected, with escapes; the value of given
	Args   []Arg         // key=value, in their order
	Parts  []Part        // files, cards and places
	Picks  []string      // labels in brackets
	Pass   time.Duration // of ~
	At     string        // of at and ~ until: "2026-11-22 09:00"
	Stub   *Stub
}

// Arg is one key=value of a line. A value without a key has Key "".
type Arg struct{ Key, Value string }

// Part is something in a message that is no text: (image https://…).
type Part struct {
	Kind string // image, video, audio, file, card, contact, location
	Text string // the rest, with escapes
}

func (p Part) String() string { return "(" + strings.TrimSpace(p.Kind+" "+p.Text) + ")" }

// Stub answers outside calls.
type Stub struct {
	Method, URL string // with wildcards
	Sends       string // pattern of the body, "" for any
	With        []Arg  // patterns of headers
	Times       int    // 0: once or more
	Optional    bool   // it may be used less often, or not at all
	After       time.Duration
	Answer      engine.HTTPResponse
}

// Problem is a line that cannot be read.
type Problem struct {
	File    string
	Line    int
	Message string
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message) }

// setting says whether lines of a kind stand before everything that happens.
func (k Kind) setting() bool {
	return !slices.Contains([]Kind{KindWrite, KindBotSays, KindPass, KindAgent, KindExpect, KindHTTP}, k)
}
