package slots

import (
	"strings"
	"time"

	"parley/engine/understanding/choice"
)

// Kind is what a slot holds.
type Kind string

// Kinds and their values.
const (
	Number    Kind = "number"    // Value "1234.5", Number
	Ordinal   Kind = "ordinal"   // Value "3", Number
	Date      Kind = "date"      // Value "2026-12-24", At its midnight, Grain
	Time      Kind = "time"      // Value "17:30", At the next such time
	Moment    Kind = "moment"    // Value "2026-12-24T17:30:00+01:00", At
	Email     Kind = "email"     // Value in lower case
	Phone     Kind = "phone"     // Value E.164
	Money     Kind = "money"     // Value "12.50 EUR" or "12.50", Number, Currency
	Reference Kind = "reference" // Value in upper case without outer space, Name of the pattern
	Choice    Kind = "choice"    // Value the ID of the option, Name its label
	YesNo     Kind = "yes_no"    // Value "yes" or "no"
)

// Slot is a value and where it stands.
type Slot struct {
	Kind     Kind      `json:"kind"`
	Text     string    `json:"text"` // as it was written
	Start    int       `json:"start"`
	End      int       `json:"end"` // bytes of the text, End excluded
	Value    string    `json:"value"`
	Number   float64   `json:"number,omitempty"`
	Currency string    `json:"currency,omitempty"` // ISO 4217, "" when nobody said
	At       time.Time `json:"at,omitzero"`        // in the consumer's zone
	Grain    string    `json:"grain,omitempty"`    // of a date: "day", "week", "weekend", "month" or "year", which At begins
	Part     string    `json:"part,omitempty"`     // of a date without a time: "morning", "afternoon", "evening" or "night"
	Name     string    `json:"name,omitempty"`
	Assumed  bool      `json:"assumed,omitempty"` // it may mean something else; the rules are in the package comment
}

// Yes tells whether a slot of kind YesNo is a yes.
func (s Slot) Yes() bool { return s.Value == "yes" }

// Options are what a reading depends on beside the text.
type Options struct {
	Language string         // BCP 47; one that this package does not know is read as English
	Now      time.Time      // for "tomorrow"
	Zone     *time.Location // the consumer's; UTC when nil
	Region   string         // ISO 3166 country, else the one of Language; of national telephone numbers and of "3/4"
	Currency string         // ISO 4217, what "$" and an amount without a currency are in
	Past     bool           // days without a year lie behind
	Kinds    []Kind         // what to find; all when empty
	Patterns Patterns       // the brand's references
	Choices  []choice.Option
}

const (
	maxText  = 4096 // bytes that are read; values stand at the beginning of what people write
	maxSlots = 64
)

// Find gives the slots of a text in order. They never overlap.
func Find(text string, o Options) []Slot {
	s := newScan(text, o)
	s.run()
	return s.found
}

// One reads a whole answer: the only value of the kind. It reads more than Find
// does, such as "five" as a time and "one" as a number, because the kind is what
// was asked for. ok is false when there is none and when there are several.
func One(kind Kind, text string, o Options) (slot Slot, ok bool) {
	o.Kinds = []Kind{kind}
	if kind == Date || kind == Time || kind == Moment {
		o.Kinds = []Kind{Date, Time, Moment}
	}
	s := newScan(text, o)
	s.whole = true
	switch kind {
	case YesNo:
		return s.answer()
	case Choice:
		return s.chosen()
	}
	s.run()
	return s.only(kind)
}

// only is the one value among those found.
func (s *scan) only(kind Kind) (slot Slot, ok bool) {
	if kind == Moment && len(s.found) == 2 {
		if slot, ok := s.joined(s.found[0], s.found[1]); ok {
			return slot, true
		}
	}
	for _, found := range s.found {
		switch {
		case found.Kind == Moment && kind == Date:
			found.Kind, found.Value, found.Grain = Date, found.At.Format(time.DateOnly), "day"
		case found.Kind == Moment && kind == Time:
			found.Kind, found.Value = Time, found.At.Format("15:04")
		case found.Kind != kind:
			continue
		}
		if ok && found.Value != slot.Value {
			return Slot{}, false
		}
		if !ok {
			slot, ok = found, true
		}
	}
	return slot, ok
}

// joined makes one moment of a date and a time that stand apart.
func (s *scan) joined(a, b Slot) (Slot, bool) {
	if a.Kind == Time {
		a, b = b, a
	}
	if a.Kind != Date || a.Grain != "day" || b.Kind != Time {
		return Slot{}, false
	}
	y, m, d := a.At.Date()
	at := time.Date(y, m, d, b.At.Hour(), b.At.Minute(), 0, 0, s.zone)
	start, end := min(a.Start, b.Start), max(a.End, b.End)
	return Slot{Kind: Moment, Text: s.text[start:end], Start: start, End: end, Value: at.Format(time.RFC3339), At: at, Assumed: a.Assumed || b.Assumed}, true
}

// scan is one pass over a text.
type scan struct {
	Options
	text     string
	tokens   []token
	v        *vocabulary
	zone     *time.Location
	country  string
	whole    bool // the text answers a question for one kind
	wanted   map[Kind]bool
	found    []Slot
	labels   [][]string // of the choices
	spans    []Slot     // what is not made of words
	nextSpan int
}

func newScan(text string, o Options) *scan {
	if len(text) > maxText {
		text = text[:maxText]
	}
	s := &scan{Options: o, text: text, v: vocabularyOf(o.Language), zone: o.Zone, country: regionOf(o)}
	if s.zone == nil {
		s.zone = time.UTC
	}
	s.Now = o.Now.In(s.zone)
	if len(o.Kinds) > 0 {
		s.wanted = make(map[Kind]bool, len(o.Kinds))
		for _, kind := range o.Kinds {
			s.wanted[kind] = true
		}
	}
	s.tokens = tokenize(text)
	return s
}

func (s *scan) wants(kind Kind) bool { return s.wanted == nil || s.wanted[kind] }

// run goes over the tokens. At each, the longest value counts; of equally long
// ones the first below.
func (s *scan) run() {
	s.markSpans()
	if s.wants(YesNo) {
		if slot, next, ok := s.opening(); ok && !s.reaches(next) {
			s.put(slot, 0, next)
		}
	}
	finders := []func(i int) (Slot, int, bool){s.choiceAt, s.whenAt, s.moneyAt, s.ordinalAt, s.numberAt}
	for i := 0; i < len(s.tokens) && len(s.found) < maxSlots; {
		if n := len(s.found); n > 0 && s.tokens[i].start < s.found[n-1].End {
			i++
			continue
		}
		if next, taken := s.spanAt(i); taken {
			i = next
			continue
		}
		var best Slot
		end := i
		for _, find := range finders {
			if slot, next, ok := find(i); ok && next > end && !s.reaches(next) {
				best, end = slot, next
			}
		}
		if end > i {
			if s.wants(best.Kind) {
				s.put(best, i, end)
			}
			i = end
			continue
		}
		i = s.skip(i)
	}
}

// reaches says that the tokens before next run into a span.
func (s *scan) reaches(next int) bool {
	return s.nextSpan < len(s.spans) && s.tokens[next-1].end > s.spans[s.nextSpan].Start
}

// put adds a slot of the tokens i … end.
func (s *scan) put(slot Slot, i, end int) {
	slot.Start, slot.End = s.tokens[i].start, s.tokens[end-1].end
	slot.Text = s.text[slot.Start:slot.End]
	s.found = append(s.found, slot)
}

// skip passes a token that means nothing. What is written together with digits
// that mean nothing is passed too: "12-3456-7" holds no numbers.
func (s *scan) skip(i int) int {
	digits := s.tokens[i].class == figure
	i++
	for digits && i < len(s.tokens) && !s.tokens[i].gap && (s.tokens[i].class != mark || i+1 < len(s.tokens) && s.tokens[i+1].class == figure && !s.tokens[i+1].gap) {
		i++
	}
	return i
}

// regionOf is the country, by option or from the language tag: "GB" of "en-GB".
func regionOf(o Options) string {
	if o.Region != "" {
		return strings.ToUpper(o.Region)
	}
	parts := strings.Split(strings.ReplaceAll(o.Language, "_", "-"), "-")
	for _, part := range parts[1:] {
		if len(part) == 2 {
			return strings.ToUpper(part)
		}
	}
	return ""
}
