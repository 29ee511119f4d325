package choice

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/engine/smstext"
	"parley/engine/understanding/said"
)

// Answer is what a text says of the options.
type Answer struct {
	Options []int // those that it may mean, in their order; one is a choice
	Refused []int // those that it says it does not mean
	None    bool  // it says that none of them is meant
}

// Read tells which options a text means, beyond Resolve, which goes before. In
// English, German, Spanish and French it reads
//
//   - labels inside a sentence. The longest one counts, accents, "ue" for "ü" and one
//     slip of the finger in a longer word make no difference, where it is unique, nor does
//     the ending of an adjective ("rote" of "rot", "roja" of "rojo"). Beside
//     words that are not understood a label counts only when the sentence wants
//     something: "my blue bike is broken" chooses nothing.
//   - a word that only one of the labels has, or words that only one has together, when
//     nothing else is said: "the city one", "15 pro" of "iPhone 15 Pro",
//   - places: "the second one", "das letzte", "2nd"; with a number ("option 2") only where
//     numbered says that numbers were shown,
//   - "both", "all three", and "neither".
//
// What is negated ("not the blue one", "anything but red", "lieber grün als blau") is
// not meant, nor is what was taken back ("red, no wait, green"). Questions and conditions mean nothing.
func Read(options []Option, text string, numbered bool) Answer {
	if n, ok := Resolve(options, text, "", numbered); ok {
		return Answer{Options: []int{n}}
	}
	if len(text) > longestAnswer || len(options) == 0 {
		return Answer{}
	}
	if word := smstext.ParseKeyword(text, false); word == smstext.KeywordStop || word == smstext.KeywordHelp {
		return Answer{}
	}
	r := reader{options: options, text: text, words: said.Words(text), numbered: numbered, places: Numbered(options)}
	r.learn()
	return r.read()
}

// label is how an option may be named.
type label struct {
	option int
	words  []string
	glued  string // written as one word
	short  bool   // nothing else may be said that is not understood
}

// reader is one pass over a text.
type reader struct {
	options          []Option
	text             string
	words            []said.Word
	numbered, places bool
	labels           []label
	lone             map[string]int   // words that only one option has
	parts            map[string][]int // other words of labels, with the options that have them

	named, inPlace []mention // labels, and places
	weak           []mention // words that only one has
	shared         [][]int   // the options that each of the other words of labels leaves
	taken          [3]int    // how many of named, weak and inPlace were taken back
	strange        int       // words that are not understood
	figures        bool      // there are numbers among them
	wants          bool
	none, both     bool
	all            bool
	count          int // "all three"
}

type mention struct {
	option int
	not    bool
}

// learn takes the labels apart.
func (r *reader) learn() {
	owners := map[string][]int{}
	for n, o := range r.options {
		if len(o.Label) > longestAnswer/4 {
			continue
		}
		var full []string
		for _, w := range said.Words(o.Label) {
			if w.Kind != said.Mark {
				full = append(full, w.Text)
			}
		}
		bare := full
		for len(bare) > 1 && r.isFiller(bare[0]) && !r.known(bare[1]) { // "Le matin"
			bare = bare[1:]
		}
		for _, words := range [][]string{full, bare} {
			if len(words) == 0 {
				continue
			}
			l := label{option: n, words: words, short: len(words) == 1 && (utf8.RuneCountInString(words[0]) <= 3 || r.known(words[0]))}
			if len(words) > 1 {
				l.glued = strings.Join(words, "")
			}
			r.labels = append(r.labels, l)
			if len(bare) == len(full) {
				break
			}
		}
		for _, w := range full {
			if !slices.Contains(owners[w], n) {
				owners[w] = append(owners[w], n)
			}
		}
	}
	for n, o := range r.options { // "pickup" of "Pick up in store"
		words := said.Words(o.Label[:min(len(o.Label), longestAnswer/4)])
		for i := 1; i < len(words); i++ {
			if w := words[i-1].Text + words[i].Text; words[i-1].Kind == said.Letter && words[i].Kind == said.Letter && owners[w] == nil {
				owners[w] = []int{n}
			}
		}
	}
	r.lone, r.parts = map[string]int{}, map[string][]int{}
	for w, who := range owners {
		switch n := wholeNumber(w); {
		case n >= 0 && n <= len(r.options), r.known(w), n < 0 && utf8.RuneCountInString(w) < shortestStart:
		case len(who) == 1:
			r.lone[w] = who[0]
		default:
			r.parts[w] = who
		}
	}
}

// meant is the option that a word means which only one has, also with a slip of the
// finger or as the beginning of a compound: "express" of "Expressversand".
func (r *reader) meant(w string) (int, bool) {
	if n, ok := r.lone[w]; ok {
		return n, true
	}
	found, ok := -1, false
	for name, n := range r.lone {
		if utf8.RuneCountInString(name) < 6 || !said.Slip(w, name) && !(utf8.RuneCountInString(w) > 5 && strings.HasPrefix(name, w)) {
			continue
		}
		if ok && found != n {
			return -1, false
		}
		found, ok = n, true
	}
	return found, ok
}

func one(w string) []said.Word { return []said.Word{{Text: w, Kind: said.Letter, Gap: true}} }

func (r *reader) isFiller(w string) bool {
	c, _, ok := vocabulary().At(one(w), 0)
	return ok && c.class == filler
}

func (r *reader) known(w string) bool {
	_, _, ok := vocabulary().At(one(w), 0)
	return ok
}

func (r *reader) read() Answer {
	var last rune
	for i := len(r.words) - 1; i >= 0 && last == 0; i-- {
		if r.words[i].Kind != said.Mark {
			break
		}
		if r.words[i].Text == "?" {
			last = '?'
		}
	}
	polite, pays, hedged, asks, first := false, false, false, false, true
	from, fromWeak := 0, 0 // of the clause, in mentions
	not := false           // what follows is negated
	once := false          // only the next mention is
	clause := func() {
		not, once, from, fromWeak = false, false, len(r.named), len(r.weak)
	}
	for i := 0; i < len(r.words); {
		w := r.words[i]
		if w.Kind == said.Mark {
			if strings.Contains(",.;:!?…", w.Text) || w.Text == "-" && w.Gap {
				clause()
			}
			i++
			continue
		}
		if n, next, short := r.labelAt(i); n >= 0 {
			if short {
				r.weak = append(r.weak, mention{n, not || once})
			} else {
				r.named = append(r.named, mention{n, not || once})
			}
			once, first, i = false, false, next
			continue
		}
		if n, next := r.placeAt(i); n > 0 {
			r.placed(n, not || once)
			once, first, i = false, false, next
			continue
		}
		c, next, ok := vocabulary().At(r.words, i)
		if !ok {
			if n, ok := r.meant(w.Text); ok {
				r.weak = append(r.weak, mention{n, not || once})
				once = false
			} else if who := r.parts[w.Text]; who != nil && !not && !once {
				r.shared = append(r.shared, who)
			} else if w.Text == "1" && i > 0 && r.endsMention(i) { // "the blue 1"
			} else if n := wholeNumber(w.Text); n > 0 && r.count == -1 {
				r.count = n
			} else {
				r.strange++
				r.figures = r.figures || w.Kind == said.Figure
			}
			first = false
			i++
			continue
		}
		switch c.class {
		case take:
			r.wants = true
		case pay:
			r.wants, pays = true, true
		case modal:
			polite = true
		case asking:
			asks = asks || first
		case hedge:
			hedged = true
		case negation:
			not = true
			if !r.mentionAhead(next) {
				for k := from; k < len(r.named); k++ {
					r.named[k].not = true
				}
				for k := fromWeak; k < len(r.weak); k++ {
					r.weak[k].not = true
				}
			}
		case retract:
			r.taken = [3]int{len(r.named), len(r.weak), len(r.inPlace)}
			clause()
		case than:
			once = true
		case turn:
			clause()
		case none:
			r.none = true
		case both:
			r.both = true
		case all:
			r.all = true
			if n := r.numberAt(next); n > 0 {
				r.count, next = n, next+1
			}
		case ordinal:
			r.placed(c.n, not || once)
			once = false
		case noun:
			if n := r.numberAt(next); n > 0 {
				if r.numbered {
					r.placed(n, not || once)
				} else {
					r.strange++
				}
				next++
			}
		}
		first = false
		i = next
	}
	if hedged || asks || last == '?' && (!polite || pays) {
		return Answer{Refused: refused(append(r.named, r.weak...))}
	}
	r.narrow()
	r.takeBack()
	return r.answer()
}

// narrow takes words that several labels have together: "15 pro" of "iPhone 15" and "iPhone
// 15 Pro". What they do not settle is not understood.
func (r *reader) narrow() {
	if len(r.shared) == 0 {
		return
	}
	if len(r.named) > 0 {
		r.strange += len(r.shared)
		return
	}
	left := slices.Clone(r.shared[0])
	keep := func(who []int) {
		left = slices.DeleteFunc(left, func(n int) bool { return !slices.Contains(who, n) })
	}
	for _, who := range r.shared[1:] {
		keep(who)
	}
	for _, m := range r.weak {
		keep([]int{m.option})
	}
	if len(left) != 1 {
		r.strange += len(r.shared)
		return
	}
	if len(r.weak) == 0 {
		r.weak = append(r.weak, mention{left[0], false})
	}
}

// takeBack drops what was named before it was taken back: "red, no wait, green".
func (r *reader) takeBack() {
	if r.taken == [3]int{} || len(r.named) == r.taken[0] && len(r.weak) == r.taken[1] && len(r.inPlace) == r.taken[2] {
		return
	}
	for i, list := range [][]mention{r.named, r.weak, r.inPlace} {
		for k := range min(r.taken[i], len(list)) {
			list[k].not = true
		}
	}
}

// endsMention says that an option was named right before word i.
func (r *reader) endsMention(i int) bool {
	for k := max(0, i-farthest); k < i; k++ {
		if n, next, _ := r.labelAt(k); n >= 0 && next == i {
			return true
		}
	}
	_, ok := r.lone[r.words[i-1].Text]
	return ok
}

// placed notes that the option at a place is meant, from 1, or the last one.
func (r *reader) placed(n int, not bool) {
	if n == lastPlace {
		n = len(r.options)
	}
	if !r.places || n > len(r.options) {
		r.strange++
		return
	}
	r.inPlace = append(r.inPlace, mention{n - 1, not})
}

// numberAt is the number that word i is, 0 for none.
func (r *reader) numberAt(i int) int {
	for i < len(r.words) && r.words[i].Kind == said.Mark && strings.Contains(".:#°", r.words[i].Text) {
		i++
	}
	if i >= len(r.words) {
		return 0
	}
	if n := numberWord(r.words[i].Text); n > 0 {
		return n
	}
	return max(0, wholeNumber(r.words[i].Text))
}

// farthest is how many words a negation looks ahead.
const farthest = 8

// placeAt reads a place in digits: "2nd", "das 2.", "le 2e"; 0 for none.
func (r *reader) placeAt(i int) (n, next int) {
	if n = wholeNumber(r.words[i].Text); n < 1 || n > 10 || r.words[i].Kind != said.Figure || i+1 >= len(r.words) || r.words[i+1].Gap {
		return 0, i
	}
	switch r.words[i+1].Text {
	case "st", "nd", "rd", "th", "e", "er", "re", "eme", "ieme", "nde", "o", "a", "do", "da", "ro", "ra", "to", "ta":
		return n, i + 2
	case ".":
		if i > 0 && r.words[i].Gap && r.isFiller(r.words[i-1].Text) {
			return n, i + 2
		}
	}
	return 0, i
}

// mentionAhead says whether an option is named behind word i in its clause.
func (r *reader) mentionAhead(i int) bool {
	for end := min(len(r.words), i+farthest); i < end && r.words[i].Kind != said.Mark; i++ {
		if n, _, _ := r.labelAt(i); n >= 0 {
			return true
		}
		if c, _, ok := vocabulary().At(r.words, i); ok && (c.class == ordinal || c.class == turn) {
			return c.class == ordinal
		}
	}
	return false
}

// answer weighs what was found.
func (r *reader) answer() Answer {
	found := r.named
	switch {
	case len(found) > 0 && r.strange > 0 && (!r.wants || r.figures && r.counted()):
		return Answer{Refused: refused(found)}
	case len(found) > 0:
		if r.strange == 0 {
			found = append(found, r.weak...)
		}
	case r.strange > 0:
		return Answer{Refused: refused(r.weak)}
	case len(r.weak) > 0:
		found = r.weak
	default:
		found = r.inPlace
	}
	a := Answer{Refused: refused(found)}
	for _, m := range found {
		if !m.not && !slices.Contains(a.Options, m.option) && !slices.Contains(a.Refused, m.option) {
			a.Options = append(a.Options, m.option)
		}
	}
	slices.Sort(a.Options)
	if len(found) > 0 {
		if r.none {
			a.Options = nil
		}
		return a
	}
	switch {
	case r.none:
		a.None = true
	case r.both && len(r.options) == 2, r.all && (r.count == 0 || r.count == len(r.options)):
		for n := range r.options {
			a.Options = append(a.Options, n)
		}
	}
	return a
}

// counted says whether labels hold numbers.
func (r *reader) counted() bool {
	return slices.ContainsFunc(r.labels, func(l label) bool {
		return slices.ContainsFunc(l.words, func(w string) bool { return wholeNumber(w) >= 0 || numberWord(w) > 0 })
	})
}

func refused(list []mention) (out []int) {
	for _, m := range list {
		if m.not && !slices.Contains(out, m.option) {
			out = append(out, m.option)
		}
	}
	return out
}

// labelAt is the option whose label stands at word i, -1 for none or several. The
// longest one counts, and one that is written right before one with a slip.
func (r *reader) labelAt(i int) (option, next int, short bool) {
	option, next = -1, i
	for _, slips := range []bool{false, true} {
		twice := false
		for _, l := range r.labels {
			end := r.follow(l, i, slips)
			switch {
			case end == 0 || end < next:
			case end == next && option >= 0 && option != l.option:
				twice = true
			case end > next || option < 0:
				option, next, short, twice = l.option, end, l.short, false
			}
		}
		if twice {
			return -1, i, false
		}
		if option >= 0 {
			return option, next, short
		}
	}
	return -1, i, false
}

// follow tells where a label ends that begins at word i, 0 when it does not stand there.
func (r *reader) follow(l label, i int, slips bool) int {
	if w := r.words[i].Text; l.glued != "" && (w == l.glued || slips && said.Slip(w, l.glued)) {
		return i + 1
	}
	if len(l.words) == 1 && i+1 < len(r.words) && r.words[i].Text+r.words[i+1].Text == l.words[0] {
		return i + 2 // "standard versand"
	}
	for n, want := range l.words {
		for n > 0 && i < len(r.words) && (r.words[i].Kind == said.Mark && strings.Contains("-'&/.+", r.words[i].Text) ||
			r.words[i].Text != want && r.isFiller(r.words[i].Text)) { // "la sucursal del centro"
			i++
		}
		if i >= len(r.words) || !r.same(r.words[i], want, slips, len(l.words) > 1) {
			return 0
		}
		i++
	}
	return i
}

func (r *reader) same(word said.Word, want string, slips, several bool) bool {
	w := word.Text
	switch {
	case slips && (!word.Accented || w == strings.ReplaceAll(strings.ToLower(r.text[word.Start:word.End]), "ß", "ss")) && utf8.RuneCountInString(want) > 3 && inflected(w, want): // "große", which folded is "Größe"
		return true
	case w == want, said.Spelt(w) == said.Spelt(want):
		return true
	case several && numberWord(w) > 0:
		return strconv.Itoa(numberWord(w)) == want
	case several && numberWord(want) > 0:
		return strconv.Itoa(numberWord(want)) == w
	}
	return slips && !r.known(w) && (said.Slip(w, want) || inflected(w, want))
}

// inflected says that a word is another form of an adjective: "rote" of "rot", "roja" of "rojo".
func inflected(w, want string) bool {
	if utf8.RuneCountInString(want) < 3 {
		return false
	}
	if stem, ok := strings.CutSuffix(want, "o"); ok && (w == stem+"a" || w == stem+"as" || w == stem+"os") {
		return true
	}
	rest, ok := strings.CutPrefix(w, want)
	return ok && slices.Contains([]string{"e", "es", "er", "en", "em"}, rest)
}
