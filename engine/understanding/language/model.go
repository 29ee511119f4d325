package language

import (
	"embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The texts are the project's own: sentences, then words of the home, of talk and of
// trade, last the language's most common words.
//
//go:embed corpus/*.txt
var corpus embed.FS

// known are the languages with a text, in the order of the counts.
const known = "en de es fr it pt nl pl"

const languages = 8

// counts of an n-gram in each language: how often it occurs, how often something
// follows it, and how many different things do.
type counts struct {
	seen, followed, kinds [languages]uint16
}

// Model tells languages apart. It is immutable and safe for concurrent use.
type Model struct {
	codes   []string
	grams   map[gram]*counts
	words   map[string]*[languages]uint16
	letters [languages]float64 // trained letters
	total   [languages]float64 // trained words
	size    float64            // different letters
}

// gram is up to four letters of 16 bits, the last in the lowest ones.
type gram uint64

const edge = ' ' // around every word

// shared is the model that Detect uses.
var shared = sync.OnceValue(New)

// New builds a model from the texts of the package. It takes about 30 ms.
func New() *Model {
	m := &Model{codes: strings.Fields(known), grams: make(map[gram]*counts, 1<<16), words: make(map[string]*[languages]uint16, 1<<13)}
	for l, code := range m.codes {
		text, err := corpus.ReadFile("corpus/" + code + ".txt")
		if err != nil {
			panic(err) // the file is a part of the program
		}
		for _, w := range wordsOf(string(text), 1<<20) {
			m.learn(l, w)
			if p := plain(code, w); p != w { // as who is in a hurry writes
				m.learn(l, p)
			}
		}
	}
	for g := range m.grams {
		if g>>16 == 0 {
			m.size++
		}
	}
	return m
}

func (m *Model) learn(l int, w string) {
	known := m.words[w]
	if known == nil {
		known = new([languages]uint16)
		m.words[w] = known
	}
	known[l]++
	m.total[l]++
	previous := gram(edge)
	for _, c := range w + string(edge) {
		m.letters[l]++
		for n := range 4 {
			context := previous & (1<<(16*n) - 1)
			if n > 0 && n > lengthOf(previous) {
				break
			}
			g := m.at(context<<16 | letter(c))
			if n > 0 {
				ctx := m.at(context)
				ctx.followed[l]++
				if g.seen[l] == 0 {
					ctx.kinds[l]++
				}
			}
			g.seen[l]++
		}
		previous = (previous<<16 | letter(c)) & (1<<48 - 1)
	}
}

func (m *Model) at(g gram) *counts {
	c := m.grams[g]
	if c == nil {
		c = new(counts)
		m.grams[g] = c
	}
	return c
}

func letter(c rune) gram { return gram(uint16(c)) }

func lengthOf(g gram) int {
	n := 0
	for ; g > 0; g >>= 16 {
		n++
	}
	return n
}

// spelling gives the probability of a word's letters in each of these languages.
func (m *Model) spelling(w string, among []int) [languages]float64 {
	var p [languages]float64
	for _, l := range among {
		p[l] = 1
	}
	previous := gram(edge)
	last := [4]*counts{m.grams[edge]} // of the one to four letters before
	for _, c := range w + string(edge) {
		var now [languages]float64
		for _, l := range among {
			now[l] = 1 / (m.size + 1)
		}
		var here [4]*counts
		for n := range here {
			ctx := (*counts)(nil)
			if n > 0 {
				if ctx = last[n-1]; ctx == nil {
					break
				}
			}
			g := m.grams[(previous&(1<<(16*n)-1))<<16|letter(c)]
			here[n] = g
			for _, l := range among {
				seen, followed, kinds := 0.0, m.letters[l], m.size
				if g != nil {
					seen = float64(g.seen[l])
				}
				if n > 0 {
					followed, kinds = float64(ctx.followed[l]), float64(ctx.kinds[l])
				}
				if followed > 0 {
					now[l] = (seen + kinds*now[l]) / (followed + kinds)
				}
			}
		}
		for _, l := range among {
			p[l] *= now[l]
		}
		previous = (previous<<16 | letter(c)) & (1<<48 - 1)
		last = here
	}
	return p
}

const (
	longestText = 512 // bytes that are read of a message
	longestWord = 24  // letters
)

// wordsOf gives the words of a text in lower case, without links, addresses,
// handles and what has digits in it.
func wordsOf(text string, longest int) []string {
	if len(text) > longest {
		text = text[:longest]
	}
	var out []string
	for _, field := range strings.Fields(text) {
		if strings.ContainsAny(field, "0123456789@#") || strings.Contains(field, "://") || strings.HasPrefix(field, "www.") {
			continue
		}
		for _, w := range strings.FieldsFunc(field, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.Is(unicode.Mn, c) }) {
			w = lower(w)
			if r := []rune(w); len(r) > longestWord {
				w = string(r[:longestWord])
			}
			if w != "" {
				out = append(out, w)
			}
		}
	}
	return out
}

// plain is a word without diacritics, as its language writes it.
func plain(code, w string) string {
	if !strings.ContainsFunc(w, func(c rune) bool { return c >= utf8.RuneSelf }) {
		return w
	}
	if code == "de" {
		w = umlauts.Replace(w)
	}
	var b strings.Builder
	for _, c := range norm.NFD.String(w) {
		switch {
		case unicode.Is(unicode.Mn, c):
		case c == 'ł':
			b.WriteByte('l')
		case c == 'œ':
			b.WriteString("oe")
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss")
