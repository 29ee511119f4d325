package sentiment

import (
	"embed"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

//go:embed lexicon/*.txt
var files embed.FS

// role is what a phrase does in a message.
type role byte

const (
	weighs role = iota
	scales
	negates
	supposes
	turns
	waits
	lasts
)

type entry struct {
	words  []string
	role   role
	weight float64
}

// lexicon is a language's phrases by their first word, longest first, and the
// stems of those that are one word with any ending.
type lexicon struct {
	phrases map[string][]entry
	stems   map[string]entry
	roles   map[string]map[role]bool // of single words
	after   bool                     // a negation may stand after what it negates
}

var lexicons = sync.OnceValue(func() map[string]*lexicon {
	out := map[string]*lexicon{"": {}}
	for _, language := range []string{"en", "de", "es", "fr"} {
		text, err := files.ReadFile("lexicon/" + language + ".txt")
		if err != nil {
			panic(err) // the file is a part of the program
		}
		lex := read(string(text))
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
	lex := &lexicon{phrases: map[string][]entry{}, stems: map[string]entry{}, roles: map[string]map[role]bool{}}
	for _, line := range strings.Split(text, "\n") {
		head, list, ok := strings.Cut(line, ":")
		if !ok || line[0] == '#' {
			continue
		}
		e := entry{}
		switch head {
		case "!":
			e.role = negates
		case "if":
			e.role = supposes
		case "but":
			e.role = turns
		case "wait":
			e.role = waits
		case "long":
			e.role = lasts
		default:
			number := strings.TrimPrefix(head, "~")
			if number != head {
				e.role = scales
			}
			var err error
			if e.weight, err = strconv.ParseFloat(number, 64); err != nil {
				panic(err) // the file is a part of the program
			}
		}
		for _, text := range strings.Split(list, ",") {
			lex.add(e, text)
		}
	}
	return lex
}

func (lex *lexicon) add(e entry, text string) {
	text = strings.TrimSpace(text)
	stem := strings.HasSuffix(text, "*") && !strings.Contains(text, " ")
	for _, t := range tokenize(text) {
		if t.word {
			e.words = append(e.words, t.text)
		}
	}
	first := e.words[0]
	if stem {
		lex.stems[first] = e
		return
	}
	if len(e.words) == 1 && e.role != weighs {
		if lex.roles[first] == nil {
			lex.roles[first] = map[role]bool{}
		}
		lex.roles[first][e.role] = true
		if e.role != scales {
			return
		}
	}
	known := lex.phrases[first]
	at := 0
	for at < len(known) && len(known[at].words) >= len(e.words) {
		at++
	}
	known = append(known, entry{})
	copy(known[at+1:], known[at:])
	known[at] = e
	lex.phrases[first] = known
}

// at is the longest phrase of the role at token i, and the token after it.
func (lex *lexicon) at(tokens []token, i int, r role) (e entry, next int, ok bool) {
	for _, e := range lex.phrases[tokens[i].text] {
		if e.role != r || i+len(e.words) > len(tokens) {
			continue
		}
		fits := true
		for k, w := range e.words {
			fits = fits && tokens[i+k].text == w
		}
		if fits {
			return e, i + len(e.words), true
		}
	}
	if r == weighs {
		word := tokens[i].text
		for n := len(word); n >= 3; n-- {
			if e, ok := lex.stems[word[:n]]; ok {
				return e, i + 1, true
			}
		}
	}
	return entry{}, i, false
}

func (lex *lexicon) is(t token, r role) bool {
	if !t.word {
		return false
	}
	return lex.roles[t.text][r]
}

// any says whether a word or phrase of the role stands whole in tokens [from, to),
// in the same part of the sentence as to.
func (lex *lexicon) any(tokens []token, from, to int, r role) bool {
	for k := to - 1; k >= max(0, from) && tokens[k].word; k-- {
		if lex.is(tokens[k], r) {
			return true
		}
		if _, after, ok := lex.at(tokens, k, r); ok && after <= to {
			return true
		}
	}
	return false
}

const longestText = 2048 // bytes that are read of a message

// token is a folded word or a sign. raw keeps capitals.
type token struct {
	text, raw string
	word      bool
}

func tokenize(text string) []token {
	if len(text) > longestText {
		text = text[:longestText]
	}
	text = norm.NFC.String(strings.ToValidUTF8(text, " "))
	out := make([]token, 0, 4+len(text)/5)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			raw := text[start:end]
			out = append(out, token{fold(raw), raw, true})
			start = -1
		}
	}
	for i, c := range text {
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			if start < 0 {
				start = i
			}
			continue
		}
		flush(i)
		switch {
		case unicode.IsSpace(c), c == '\'', c == '’', c == '-', c == '`', c == '\ufe0f', c == '\u200d':
		default:
			out = append(out, token{string(c), string(c), false})
		}
	}
	flush(len(text))
	return out
}

// fold lowers the case, drops accents and shortens letters that are written three
// times or more: "soooo" is "so".
func fold(word string) string {
	word = strings.ToLower(word)
	if plain(word) {
		return word
	}
	var b strings.Builder
	last, run := rune(0), 0
	for _, c := range norm.NFD.String(word) {
		if unicode.Is(unicode.Mn, c) {
			continue
		}
		if c != last {
			last, run = c, 0
		}
		if run++; run == 3 && !unicode.IsDigit(c) {
			s := b.String()
			b.Reset()
			b.WriteString(strings.TrimSuffix(s, string(c)))
		}
		if run >= 3 && !unicode.IsDigit(c) {
			continue
		}
		if c == 'ß' {
			b.WriteString("ss")
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// plain says that a word in lower case has nothing to fold, as most have not.
func plain(word string) bool {
	run := 0
	for i := range len(word) {
		if word[i] >= 0x80 {
			return false
		}
		if i == 0 || word[i] != word[i-1] {
			run = 0
		}
		if run++; run == 3 && (word[i] < '0' || word[i] > '9') {
			return false
		}
	}
	return true
}

// emojiWeight is what a sign says about the mood, 0 for most.
func emojiWeight(sign string) float64 {
	switch sign {
	case "😍", "🥰", "🤩", "🎉", "💯", "❤", "😘", "🏆", "🙌":
		return 2
	case "😀", "😃", "😄", "😁", "😊", "🙂", "👍", "👏", "🙏", "😎", "🤗", "💪", "👌", "⭐", "🌟", "💚", "💙", "😻", "☺":
		return 1.2
	case "😡", "🤬", "😠", "🖕", "🤮", "💩", "👎", "😤":
		return -2.5
	case "😞", "😢", "😭", "😒", "🙄", "😩", "😫", "☹", "🙁", "😣", "😖", "💔", "😔", "🤦", "😑":
		return -1.5
	}
	return 0
}
