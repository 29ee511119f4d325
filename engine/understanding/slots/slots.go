package slots

import (
	"slices"
	"strings"
	"time"

	"parley/engine"
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
	Range     Kind = "range"     // Value "2026-11-23/2026-11-27", At the first day, Until the last one; an end that nobody said is ".."
	Hours     Kind = "hours"     // Value "14:00/16:00", or "18:00/.." and "../17:00" when one end is open; At the first
	Moment    Kind = "moment"    // Value "2026-12-24T17:30:00+01:00", At
	Duration  Kind = "duration"  // Value "PT1H30M" (ISO 8601), Number of seconds or months, Grain "second" or "month"
	Email     Kind = "email"     // Value in lower case
	Phone     Kind = "phone"     // Value E.164; as an answer without a region the digits, Assumed
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
	Until    time.Time `json:"until,omitzero"`     // of a date and a range: the last day, at its midnight
	Grain    string    `json:"grain,omitempty"`    // of a date: "day", "week", "weekend", "month", "quarter" or "year", which At begins
	Part     string    `json:"part,omitempty"`     // of a date without a time: "morning", "afternoon", "evening" or "night"
	Name     string    `json:"name,omitempty"`
	Assumed  bool      `json:"assumed,omitempty"` // it may mean something else; the rules are in the package comment
	Other    string    `json:"other,omitempty"`   // of a time or a moment: the time of day twelve hours away, when it may mean that too

	others  []Slot // further meanings, likelier ones first
	counted bool   // a date counted from today: "in two weeks"
	unread  bool   // of no kind: words belong to it that are not understood
	far     bool   // in months or years, so that a range is about then

	notes // of numbers, ordinals and amounts, while they are read
}

// notes are what the readers of numbers keep for what stands beside them.
type notes struct {
	from, to   int     // tokens
	other      float64 // what else the number may mean, 0 for nothing
	currencies string  // what other currencies may be meant
	scaled     float64 // the scale that was said last
	refused    bool    // not plainly said
	bare       bool    // an amount without a currency
	percent    bool
}

// Yes tells whether a slot of kind YesNo is a yes.
func (s Slot) Yes() bool { return s.Value == "yes" }

// Options are what a reading depends on beside the text.
type Options struct {
	Language string           // BCP 47; one that this package does not know is read as English
	Now      time.Time        // for "tomorrow"
	Zone     *time.Location   // the consumer's; UTC when nil
	Region   string           // ISO 3166 country, else the one of Language; of national telephone numbers and of "3/4"
	Currency string           // ISO 4217, what "$" and an amount without a currency are in
	Past     bool             // days without a year lie behind
	Holidays []engine.Holiday // the brand's own
	DaysOff  []string         // days that are no working days: "2026-12-24"
	Kinds    []Kind           // what to find; all when empty
	Patterns Patterns         // the brand's references
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
	return plainly(s.found)
}

// plainly forgets the notes.
func plainly(found []Slot) []Slot {
	for i := range found {
		found[i].notes = notes{}
	}
	return found
}

// Read reads a whole answer to a question for the kind and gives the values that it
// may mean: none when it holds no such value or one with words around it that are
// not understood, one, or several between which the consumer has to choose. It reads
// more than Find does, such as "five" as a time and "one" as a number, because the
// kind is what was asked for.
func Read(kind Kind, text string, o Options) []Slot {
	if kind != YesNo && kind != Choice {
		found, open, ok := corrected(kind, text, o)
		if ok {
			return found
		}
		if found = eitherWay(kind, text, o); len(found) == 1 && (found[0].End <= open || rejected(text[found[0].End:])) {
			return nil
		}
		if len(found) != 1 {
			if now := preferred(kind, text, o); len(now) == 1 {
				return now
			}
		}
		return found
	}
	return read(kind, text, o)
}

func read(kind Kind, text string, o Options) []Slot {
	o.Kinds = []Kind{kind}
	if kind == Date || kind == Time || kind == Moment || kind == Range || kind == Hours {
		o.Kinds = []Kind{Date, Time, Moment, Range, Hours}
	}
	s := newScan(text, o)
	s.whole, s.asked = true, kind
	switch kind {
	case YesNo:
		return only(s.answer())
	case Choice:
		return s.chosen()
	}
	if kind == Number || kind == Ordinal || kind == Money {
		s.mend(kind)
	}
	s.run()
	if kind == Moment && len(s.found) == 0 && !s.refused {
		return plainly(s.nowSlot())
	}
	if kind == Time && len(s.found) == 0 && !s.refused {
		if now := s.nowSlot(); len(now) > 0 && s.alone(now[0].from, now[0].to) {
			now = s.as(Time, now[0])
			return plainly(now)
		}
	}
	switch kind {
	case Number, Ordinal:
		return plainly(s.numbers(kind))
	case Money:
		return plainly(s.amounts())
	}
	return s.meanings(kind)
}

// One is what Read gives when there is exactly one value.
func One(kind Kind, text string, o Options) (slot Slot, ok bool) {
	if found := Read(kind, text, o); len(found) == 1 {
		return found[0], true
	}
	return Slot{}, false
}

// NoSuchDay says that an answer names a day that does not exist: "31 November".
func NoSuchDay(text string, o Options) bool {
	o.Kinds = []Kind{Date}
	s := newScan(text, o)
	s.whole, s.asked = true, Date
	s.run()
	return s.noSuchDay
}

func only(slot Slot, ok bool) []Slot {
	if !ok {
		return nil
	}
	return []Slot{slot}
}

// meanings are the values of the kind among those found, each once.
func (s *scan) meanings(kind Kind) (values []Slot) {
	if s.refused {
		return nil
	}
	if kind == Moment && len(s.found) == 2 {
		if s.parted(s.found[0], s.found[1]) {
			return nil
		}
		if slot, ok := s.joined(s.found[0], s.found[1]); ok {
			return []Slot{slot}
		}
	}
	if kind == Hours {
		if found, ok := s.splitHours(); ok {
			return found
		}
	}
	for _, found := range s.found {
		if found.Kind == Range && kind != Range {
			return nil // neither of its ends
		}
		for _, slot := range append([]Slot{found}, found.others...) {
			slot.others = nil
			if kind == Moment {
				slot = s.atItsTime(slot)
			}
			for _, slot := range s.as(kind, slot) {
				if !slices.ContainsFunc(values, func(s Slot) bool { return s.Value == slot.Value }) {
					values = append(values, slot)
				}
			}
		}
	}
	return values
}

// as is what a slot says for a question of the kind.
func (s *scan) as(kind Kind, slot Slot) []Slot {
	switch {
	case slot.Kind == Moment && kind == Date:
		y, m, d := slot.At.Date()
		slot.Kind, slot.Value, slot.Grain = Date, slot.At.Format(time.DateOnly), "day"
		slot.At = time.Date(y, m, d, 0, 0, 0, 0, s.zone)
		slot.Until, slot.Other = slot.At, ""
	case slot.Kind == Moment && kind == Time:
		slot.Kind, slot.Value = Time, slot.At.Format("15:04")
	case slot.Kind == Date && kind == Range:
		if slot.far { // about then
			slot.At = time.Date(slot.At.Year(), slot.At.Month(), 1, 0, 0, 0, 0, s.zone)
			slot.Until = slot.At.AddDate(0, 1, -1)
			slot.Value = slot.At.Format(time.DateOnly)
		}
		slot.Kind, slot.Grain = Range, ""
		slot.Value += "/" + slot.Until.Format(time.DateOnly)
	case slot.Kind == Date && kind == Date && slot.Grain != "day":
		return nil
	case slot.Kind != kind && kind == Moment:
		return s.moments(slot)
	case slot.Kind != kind:
		return nil
	}
	return []Slot{slot}
}

// parted says that a number or an alternative that was not understood stands between a
// date and a time: "tue 10 or 11am".
func (s *scan) parted(a, b Slot) bool {
	if !(a.Kind == Date && b.Kind == Time) {
		return false
	}
	for i, t := range s.tokens {
		if t.start >= a.End && t.end <= b.Start && (s.numbered(i) || s.eitherWord(i)) {
			return true
		}
	}
	return false
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
	asked    Kind // this one
	wanted   map[Kind]bool
	found    []Slot
	labels   [][]string // of the choices
	unmeant  []bool     // the choices that the text refuses
	spans    []Slot     // what is not made of words
	nextSpan int
	passed   int // where the tokens end that were understood last and are no value

	depth     int  // of days that are counted from other days
	counting  bool // within what an nth counts in
	ranging   bool // months may stand alone
	bound     bool // a day of the month is one at token boundAt: "until 5"
	boundAt   int
	refused   bool // an expression was not understood whole
	noSuchDay bool
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
	finders := []func(i int) (Slot, int, bool){s.choiceAt, s.rangeAt, s.whenAt, s.durationAt, s.moneyAt, s.ordinalAt, s.numberAt}
	if s.asksHour() { // "between 3 and 5" is of hours then
		finders[1], finders[2] = finders[2], finders[1]
	}
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
			switch {
			case best.Kind == "": // a value that is not meant, or not understood whole
				s.refused, s.passed = s.refused || best.unread, end
			case s.wants(best.Kind), best.Kind == Number:
				s.put(best, i, end)
			}
			i = end
			continue
		}
		i = s.skip(i)
	}
	s.sober()
}

// reaches says that the tokens before next run into a span.
func (s *scan) reaches(next int) bool {
	return s.nextSpan < len(s.spans) && s.tokens[next-1].end > s.spans[s.nextSpan].Start
}

// put adds a slot of the tokens i … end.
func (s *scan) put(slot Slot, i, end int) {
	slot.Start, slot.End = s.tokens[i].start, s.tokens[end-1].end
	slot.from, slot.to = i, end
	slot.Text = s.text[slot.Start:slot.End]
	for k := range slot.others {
		other := &slot.others[k]
		other.Start, other.End, other.Text = slot.Start, slot.End, slot.Text
	}
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
