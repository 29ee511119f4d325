package learning

import (
	"context"
	"strings"

	"parley/engine/understanding/nlu"
)

// Knowledge is what the files of a version teach.
type Knowledge struct {
	Intents []Intent
	Entries []Entry
	Cases   []nlu.Example // regression cases: what texts must mean
}

// Intent is something that consumers want, with sentences in which they say it.
type Intent struct {
	Name     string
	Examples []string
}

// Entry is a question of the FAQ with its other wordings.
type Entry struct {
	Question string
	Wordings []string
}

// Addition is what shall be learnt: sentences of an intent, or wordings of a
// question, which is new with an answer.
type Addition struct {
	Intent   string
	Question string
	Answer   string // Markdown, of a question that is new
	Texts    []string
}

// Book reads and writes a version's files.
type Book interface {
	// Read fails as Invalid when the files cannot be taught from.
	Read(files map[string]string) (Knowledge, error)
	// Add gives a copy of the files with the addition: examples with a regression
	// case each, or wordings. Everything else stays as it is written. Invalid when
	// the files would not be right.
	Add(files map[string]string, a Addition) (map[string]string, error)
	// FAQ makes what gives the question of the entry that is found for a text, ""
	// for none.
	FAQ(ctx context.Context, files map[string]string) (func(text string) string, error)
	// Tests plays the conversations among the files that must come out so, each as
	// long as play says so, and tells in their order how they came out. It gives up
	// on those that it has no more time for; unplayed is how many.
	Tests(ctx context.Context, files map[string]string, play func(Test) bool) (played []Test, unplayed int, err error)
	Hash(files map[string]string) string
}

// Test is a conversation that must come out so.
type Test struct {
	File  string
	Line  int // where it begins
	Title string
	// Failure says in one line why it does not, and FailedAt is the line of the
	// file; "" and 0 when it comes out so.
	Failure  string
	FailedAt int
}

// place tells tests apart.
func (t Test) place() Test { return Test{File: t.File, Line: t.Line, Title: t.Title} }

// names are those of the intents.
func (k Knowledge) names() (out []string) {
	for _, in := range k.Intents {
		out = append(out, in.Name)
	}
	return out
}

// examples are all sentences of the intents.
func (k Knowledge) examples() []nlu.Example {
	var out []nlu.Example
	for _, in := range k.Intents {
		for _, e := range in.Examples {
			out = append(out, nlu.Example{Text: e, Label: in.Name})
		}
	}
	return out
}

// wordings are all questions as they may be asked, each with its entry.
func (k Knowledge) wordings() []nlu.Example {
	var out []nlu.Example
	for _, e := range k.Entries {
		out = append(out, nlu.Example{Text: e.Question, Label: e.Question})
		for _, w := range e.Wordings {
			out = append(out, nlu.Example{Text: w, Label: e.Question})
		}
	}
	return out
}

// same is what two spellings of one text have in common.
func same(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), " ")) }

// taught says which texts the knowledge has already.
func (k Knowledge) taught() map[string]bool {
	out := map[string]bool{}
	for _, e := range append(k.examples(), k.wordings()...) {
		out[same(e.Text)] = true
	}
	return out
}
