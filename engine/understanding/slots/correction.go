package slots

import (
	"slices"
	"strings"
	"sync"
)

// People take back what they have just written: "friday, no wait, saturday", or say what
// they do not mean first: "not 3 but 4". What counts is said behind it, and it counts
// only when it says at least as much as what it takes the place of: "8 in the evening,
// sorry, 9" leaves open which 9.

// retraction is how plainly a phrase takes back what stands before it.
type retraction byte

const (
	takesBack  retraction = iota // "no wait"
	interjects                   // "no": only beside a sign
	parts                        // "no" that may also be "not": only before a sign
	contrasts                    // "but", after a negation
)

var retractions = sync.OnceValue(func() map[string]phrases[retraction] {
	any := "sorry|oops|ups|uups|oups|korrektur|correction"
	return map[string]phrases[retraction]{
		"en": listed[retraction](takesBack, any+"|no wait|no no wait|wait no|wait actually|no sorry|sorry no|no actually|actually no|no i mean|no i meant|i mean|i meant|sorry i mean|sorry i meant|sorry meant|scratch that|no scratch that|on second thought|on second thoughts|actually|wait|no make it|no make that|sorry make it|actually make it|my bad|my mistake|or rather",
			interjects, "no|nope|nah", contrasts, "but|but rather"),
		"de": listed[retraction](takesBack, any+"|ne doch|nee doch|nein doch|ach ne|ach nee|ach nein|ach ne doch|ach nein doch|ne warte|nee warte|nein warte|warte|warte mal|moment|moment nein|ne moment|ne quatsch|nee quatsch|nein quatsch|ach quatsch|quatsch|blodsinn|entschuldigung|tschuldigung|verzeihung|pardon|ich meine|ich meinte|ich mein|meine|meinte|vielmehr|besser gesagt|oder besser gesagt|oder besser|oder lieber|nein|nee|oder doch lieber|oder doch besser|oder doch eher|ne lieber|nee lieber|nein lieber|doch lieber|doch eher|nein sorry|ne sorry|nee sorry|sorry ich meinte|sorry ich meine",
			interjects, "ne|no", contrasts, "sondern|aber dafur"),
		"es": listed[retraction](takesBack, any+"|no espera|no espere|espera|espera no|espere|no perdon|perdon|perdona|perdone|no mejor|mejor|o mejor|mejor dicho|o mejor dicho|no no|digo|no digo|quiero decir|quise decir|queria decir|perdon quise decir|no que va|ay no|uy no|me equivoque|no me equivoque|disculpa|disculpe|no disculpa|lo siento",
			parts, "no", contrasts, "sino|sino el|sino que"),
		"fr": listed[retraction](takesBack, any+"|non attends|non attendez|attends|attendez|attends non|non pardon|pardon|pardon non|non plutot|plutot|ou plutot|non desole|desole|desolee|non excusez moi|excusez moi|je veux dire|je voulais dire|enfin non|euh non|ah non|ah non pardon|non je voulais dire|je me suis trompe|erreur",
			interjects, "non|nan", contrasts, "mais|mais plutot"),
	}
})

// correctedUpTo is how many words and signs an answer may have that takes something back.
const correctedUpTo = 64

// triedUpTo is how many phrases behind which no value stands are passed.
const triedUpTo = 3

// denials begin an answer of which the first value is not meant.
var denials = map[string]set{
	"en": setOf("not"), "de": setOf("nicht kein keine keinen"), "es": setOf("no"), "fr": setOf("pas"),
}

// corrected reads an answer that takes back or denies one value and gives another. ok is
// false when it does not plainly do so. Then what was said before byte open is no value:
// something took it back that is not understood; 0 for nothing.
func corrected(kind Kind, text string, o Options) (found []Slot, open int, ok bool) {
	tokens := tokenize(text[:min(len(text), maxText)])
	if len(tokens) > correctedUpTo {
		return nil, 0, false
	}
	words := retractions()[base(o.Language)]
	denied := len(tokens) > 0 && denials[base(o.Language)][tokens[0].text]
	for i, tries := len(tokens)-2, 0; i > 0 && tries < triedUpTo; i-- {
		how, next, ok := words.at(tokens, i)
		if !ok && denied && i > 1 && (kind == Number || kind == Ordinal || kind == Money || kind == Duration) && tokens[i].text == "," && tokens[i+1].gap { // "not 3, 4"
			how, next, ok = contrasts, i+1, true
		}
		if !ok || next >= len(tokens) || how == contrasts != denied || how == interjects && !pause(tokens, next) && !pause(tokens, i-1) || how == parts && !pause(tokens, next) && pause(tokens, i-1) || follows(tokens, i) || compares(tokens, next) {
			continue
		}
		first := 0
		for i > 1 && !denied && (pause(tokens, i-1) || words.stands(tokens, i-1)) { // the whole of "no, sorry"
			i--
		}
		if denied {
			first = 1
		}
		before := text[tokens[first].start:tokens[i-1].end]
		at := tokens[next].start
		old, now := read(kind, before, o), read(kind, text[at:], o)
		switch {
		case how == parts && !pause(tokens, next): // "viernes no sábado"
			if len(old) == 1 && len(now) == 1 {
				now[0].Start, now[0].End = now[0].Start+at, now[0].End+at
				return append(old, now...), 0, true
			}
			continue
		case len(now) == 0: // "5, sorry!"
			tries++
			if how != contrasts && newScan(text[at:], o).tells() {
				open = tokens[i].start
			}
			continue
		case len(now) > 1 || !replaces(kind, before, text[at:], old, now[0], o):
			if how != contrasts {
				open = tokens[i].start
			}
			return nil, open, false
		}
		now[0].Start, now[0].End = now[0].Start+at, now[0].End+at
		return now, 0, true
	}
	return nil, open, false
}

// insteads stand between what is meant and what is not.
var insteads = map[string]phrases[bool]{
	"en": listed[bool](true, "instead of|rather than|and not"), "de": listed[bool](true, "statt|anstatt|anstelle von|und nicht"),
	"es": listed[bool](true, "en vez de|en lugar de|y no"), "fr": listed[bool](true, "au lieu de|au lieu des|plutot que|et pas|et non"),
}

// preferred reads an answer that says what is not meant behind what is: "8 instead of 6".
func preferred(kind Kind, text string, o Options) []Slot {
	tokens := tokenize(text[:min(len(text), maxText)])
	if len(tokens) > correctedUpTo {
		return nil
	}
	for i := 1; i < len(tokens)-1; i++ {
		_, next, ok := insteads[base(o.Language)].at(tokens, i)
		if !ok || next >= len(tokens) {
			continue
		}
		before, after := text[:tokens[i-1].end], text[tokens[next].start:]
		now, old := read(kind, before, o), read(kind, after, o)
		if len(now) != 1 || len(old) == 0 || kind == Money && newScan(after, o).pays() && !newScan(before, o).pays() || newScan(before, o).chats(now[0]) {
			return nil
		}
		return now
	}
	return nil
}

// rejected says that what follows a value is a no and nothing else: "friday no". A question
// is none: "friday, no?"
func rejected(rest string) bool {
	said := false
	for _, t := range tokenize(rest) {
		switch {
		case t.text == "?":
			return false
		case t.class == mark:
		case !said && slices.Contains([]string{"no", "nope", "nein", "nee", "non", "nan"}, t.text):
			said = true
		default:
			return false
		}
	}
	return said
}

// tells says that numbers or days are among the words.
func (s *scan) tells() bool {
	for i, t := range s.tokens {
		if s.numbered(i) && !s.is(i, "one", "eins") || s.ofDays(i) || s.relates(i) || s.v.lengths[t.text].n > 0 {
			return true
		}
	}
	return s.saysDay()
}

// besideUpTo is how many words that are not understood may stand behind a value that takes
// the place of another.
const besideUpTo = 2

// chats says that more is said than the value: "actually my 3 friends are late".
func (s *scan) chats(value Slot) bool {
	n := 0
	for i, t := range s.tokens {
		_, _, side := s.v.sides.at(s.tokens, i)
		switch {
		case t.class != word || t.start >= value.Start && t.start < value.End:
		case t.start < value.Start && s.is(i, "my", "mein", "meine", "meinen", "mi", "mis", "mon", "ma", "mes"):
			return true
		case side || s.polite(i) || closing[t.text] || s.v.fillers[t.text] || s.v.articles[t.text] || s.is(i, "make", "take", "say", "nehme", "nehmen", "mach", "sea", "sean", "que", "plutot", "lieber", "mejor", "rather", "better", "eher", "want", "will", "quiero", "veux"):
		case t.start < value.Start:
			return true
		default:
			n++
		}
	}
	return n > besideUpTo
}

// stands says that a phrase begins at token i.
func (p phrases[T]) stands(tokens []token, i int) bool {
	_, _, ok := p.at(tokens, i)
	return ok
}

// pause says that token i is a sign that people make a pause with.
func pause(tokens []token, i int) bool {
	return i < len(tokens) && strings.Contains(",.;-–!…", tokens[i].text)
}

// follows says that what stands before token i goes on with it: "o, si no, viernes".
func follows(tokens []token, i int) bool {
	for i--; i > 0 && pause(tokens, i); {
		i--
	}
	return slices.Contains([]string{"or", "and", "if", "oder", "und", "wenn", "o", "y", "si", "ou", "et"}, tokens[i].text)
}

// compares says that what follows token i is only named: "rather than friday", "sorry for 2".
func compares(tokens []token, i int) bool {
	return slices.Contains([]string{"than", "als", "que", "qu", "for", "about", "to", "that", "if", "wenn", "falls", "si", "more", "less", "mas", "plus", "mehr", "de"}, tokens[i].text)
}

// replaces says that a value can take the place of those before it.
func replaces(kind Kind, before, after string, old []Slot, now Slot, o Options) bool {
	if len(old) == 0 {
		return kind == Duration && len(read(Number, before, o)) == 1 && now.Number > 0
	}
	a, b := newScan(before, o), newScan(after, o)
	if b.chats(now) {
		return false
	}
	switch kind {
	case Number, Ordinal:
		return !(a.scales() && !b.scales())
	case Money:
		return (b.pays() || !a.pays()) && !(a.scales() && !b.scales())
	case Duration:
		return len(strings.TrimRight(old[0].Value, "0123456789.")) > 0 && b.measured() >= a.measured()
	case Date:
		return (b.saysDay() || !a.saysDay()) && (b.tellsWhich() || !a.tellsWhich())
	case Time:
		return old[0].Other != "" || now.Other == ""
	case Moment:
		return len(read(Date, before, o)) == 0 && len(read(Date, after, o)) == 0 && (old[0].Other != "" || now.Other == "") || len(read(Date, after, o)) == 1 && len(read(Time, after, o)) == 1 && b.saysDay()
	case Range, Hours:
		open := func(v string) [2]bool { return [2]bool{strings.HasPrefix(v, ".."), strings.HasSuffix(v, "..")} }
		lasts := func(s Slot) bool { return !s.At.Equal(s.Until) }
		return open(old[0].Value) == open(now.Value) && (kind == Hours || lasts(old[0]) == lasts(now))
	}
	return false
}

// scales says that a scale is among the words: "thousand".
func (s *scan) scales() bool {
	return slices.ContainsFunc(s.tokens, func(t token) bool { return s.v.scales[t.text] > 0 })
}

// pays says that a currency is among the words.
func (s *scan) pays() bool {
	for i := range s.tokens {
		_, _, before := s.currencyAt(i, true)
		if _, _, ok := s.currencyAt(i, false); ok || before || isCents(s.tokens[i].text) {
			return true
		}
	}
	return false
}

// measured is how many units of time are among the words.
func (s *scan) measured() (n int) {
	for _, t := range s.tokens {
		if s.v.measures[t.text].n > 0 {
			n++
		}
	}
	return n
}

// tellsWhich says that it is told which day of a name is meant: "next".
func (s *scan) tellsWhich() bool {
	for i := range s.tokens {
		w, _, before := s.v.which.at(s.tokens, i)
		if _, _, after := s.v.whichAfter.at(s.tokens, i); after || before && w != thisOne {
			return true
		}
	}
	return false
}

// saysDay says that a weekday, a month or a word such as "tomorrow" is among the words, or
// digits that are a whole date.
func (s *scan) saysDay() bool {
	for i, t := range s.tokens {
		_, weekday := s.v.weekdays[t.text]
		_, _, day := s.v.days.at(s.tokens, i)
		_, _, feast := s.v.feasts.at(s.tokens, i)
		_, _, month := s.monthName(i)
		if weekday || day || feast || month || s.v.language == "de" && s.weekdayStem(t.text) || t.class == figure && (s.is(i+1, ".", "/", "-") && s.class(i+2) == figure) || s.v.lengths[t.text].n > 0 {
			return true
		}
	}
	return false
}
