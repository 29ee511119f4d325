package sentiment

import (
	"embed"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// The lexicons, and the licence of the one that words were chosen from.
//
//go:embed lexicon/*.txt
var files embed.FS

// role is what a phrase does in a message.
type role byte

const (
	weighs   role = iota // a weight of its own
	scales               // makes the next weight stronger or weaker
	negates              // turns a weight round
	denies               // that of the next word alone: "no"
	supposes             // "if"
	turns                // "but"
	waits                // with a long time, a wait
	lasts                // a long time
	thanks               // a weight that counts little inside a complaint
	rants                // an unhappy phrase, whatever is around it
	ought                // what should happen: unhappy when negated
	nobody               // unhappy unless it is asked
	peaks                // "better": with a limit, the best
	limits               // "never", "could not"
	wishes               // "would be"
	asks                 // a question or a request begins with it
	greets               // may stand before that
)

// headOf reads the head of a lexicon's line: a weight, "~" and a factor, or a
// word for a role.
func headOf(head string) (e entry, err error) {
	switch head {
	case "!":
		return entry{role: negates}, nil
	case "!1":
		return entry{role: denies}, nil
	case "if":
		return entry{role: supposes}, nil
	case "but":
		return entry{role: turns}, nil
	case "wait":
		return entry{role: waits}, nil
	case "long":
		return entry{role: lasts}, nil
	case "rant":
		return entry{role: rants, weight: -2}, nil
	case "ought":
		return entry{role: ought, weight: -1.6}, nil
	case "nobody":
		return entry{role: nobody, weight: -1.6}, nil
	case "peak":
		return entry{role: peaks, weight: 2}, nil
	case "limit":
		return entry{role: limits}, nil
	case "wish":
		return entry{role: wishes}, nil
	case "hello":
		return entry{role: greets}, nil
	case "ask":
		return entry{role: asks}, nil
	}
	number := strings.TrimLeft(head, "~^")
	switch {
	case strings.HasPrefix(head, "~"):
		e.role = scales
	case strings.HasPrefix(head, "^"):
		e.role = thanks
	}
	e.weight, err = strconv.ParseFloat(number, 64)
	return e, err
}

// word is one of a phrase, or what it begins with.
type word struct {
	text   string
	prefix bool
}

func (w word) fits(text string) bool {
	return w.text == text || w.prefix && strings.HasPrefix(text, w.text)
}

type entry struct {
	words  []word
	role   role
	weight float64
}

func (e entry) String() string {
	texts := make([]string, len(e.words))
	for i, w := range e.words {
		texts[i] = w.text
	}
	return strings.Join(texts, " ")
}

// lexicon is a language's phrases by their first word, and those that begin with
// a part of a word by its first letters; the longest first.
type lexicon struct {
	phrases map[string][]entry
	stems   map[string][]entry
	after   bool // a negation may stand after what it negates
}

var lexicons = sync.OnceValue(func() map[string]*lexicon {
	out := map[string]*lexicon{"": {}}
	for language, names := range map[string][]string{"en": {"en", "en-strong"}, "de": {"de"}, "es": {"es"}, "fr": {"fr"}} {
		var all []string
		for _, name := range names {
			text, err := files.ReadFile("lexicon/" + name + ".txt")
			if err != nil {
				panic(err) // the file is a part of the program
			}
			all = append(all, string(text))
		}
		lex := read(strings.Join(all, "\n"))
		lex.after = language == "de" || language == "fr"
		out[language] = lex
	}
	return out
})

// lexiconOf gives the lexicon of a BCP 47 tag's language, an empty one without.
func lexiconOf(language string) *lexicon {
	first, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	if lex := lexicons()[first]; lex != nil {
		return lex
	}
	return lexicons()[""]
}

// read parses lines of "weight: phrase, phrase".
func read(text string) *lexicon {
	lex := &lexicon{phrases: map[string][]entry{}, stems: map[string][]entry{}}
	for _, line := range strings.Split(text, "\n") {
		head, list, ok := strings.Cut(line, ":")
		if !ok || line[0] == '#' {
			continue
		}
		e, err := headOf(head)
		if err != nil {
			panic(err) // the file is a part of the program
		}
		for _, text := range strings.Split(list, ",") {
			lex.add(e, text)
		}
	}
	return lex
}

func (lex *lexicon) add(e entry, text string) {
	for _, t := range tokenize(text) {
		switch {
		case t.word:
			e.words = append(e.words, word{text: t.text})
		case t.text == "*":
			e.words[len(e.words)-1].prefix = true
		}
	}
	first, list := e.words[0], lex.phrases
	at := first.text
	if first.prefix {
		list, at = lex.stems, first.text[:shortestStem]
	}
	known := list[at]
	place := 0
	for place < len(known) && !before(e, known[place]) {
		place++
	}
	list[at] = slices.Insert(known, place, e)
}

// before says that a phrase is more exact than another.
func before(a, b entry) bool {
	if len(a.words) != len(b.words) {
		return len(a.words) > len(b.words)
	}
	return len(a.words[0].text) > len(b.words[0].text)
}

// reading is a message with what the lexicon knows at each of its tokens, the
// longest phrases first.
type reading struct {
	*lexicon
	tokens []token
	found  [][]found
	spent  int // before it, negations have done their work: "without a doubt the best"
	Result
}

// found is an entry, and the token after it.
type found struct {
	*entry
	next int
}

const shortestStem = 3 // bytes

func (lex *lexicon) reading(tokens []token) *reading {
	r := &reading{lexicon: lex, tokens: tokens, found: make([][]found, len(tokens))}
	for i, t := range tokens {
		if !t.word {
			continue
		}
		r.look(i, lex.phrases[t.text])
		if len(t.text) >= shortestStem {
			r.look(i, lex.stems[t.text[:shortestStem]])
		}
	}
	return r
}

// look notes which of the entries stand at token i.
func (r *reading) look(i int, entries []entry) {
	for k := range entries {
		e := &entries[k]
		if !e.words[0].fits(r.tokens[i].text) {
			continue
		}
		next := i + 1
		for _, w := range e.words[1:] {
			if next == len(r.tokens) || !r.tokens[next].word || !w.fits(r.tokens[next].text) {
				next = 0
				break
			}
			next++
		}
		if next > 0 {
			r.found[i] = append(r.found[i], found{e, next})
		}
	}
}

// at is the longest phrase of the role at token i.
func (r *reading) at(i int, is role) (found, bool) {
	for _, f := range r.found[i] {
		if f.role == is {
			return f, true
		}
	}
	return found{}, false
}

// any says whether a word or phrase of the role stands whole in tokens [from, to),
// in the same part of the sentence as to.
func (r *reading) any(from, to int, is role) bool {
	for k := to - 1; k >= max(0, from) && r.tokens[k].word; k-- {
		if f, ok := r.at(k, is); ok && f.next <= to {
			return true
		}
	}
	return false
}

// within says that a word of the role stands in tokens [from, to).
func (r *reading) within(from, to int, is role) bool {
	for k := from; k < to; k++ {
		if f, ok := r.at(k, is); ok && f.next <= to {
			return true
		}
	}
	return false
}

// later is any for tokens [from, to), in the same part of the sentence as from.
func (r *reading) later(from, to int, is role) bool {
	for k := from; k < min(to, len(r.tokens)) && r.tokens[k].word; k++ {
		if _, ok := r.at(k, is); ok {
			return true
		}
	}
	return false
}
