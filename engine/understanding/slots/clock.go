package slots

import "strings"

// clock is a time of day as it was said.
type clock struct {
	minutes  int // after midnight, of the hour as it was said
	seconds  int
	half     string // "am", "pm" or ""
	twelve   bool   // may be in the morning or in the afternoon
	counted  bool   // with its unit, which is on the 24-hour clock: "9 Uhr"
	midnight bool   // said with this word, which begins and ends a day
	noon     bool   // said with this word, which an hour may follow: "mittags um eins"
	firm     bool   // a time also when nobody asked for one
	bound    cue    // an end of a range, or both
	begin    *clock // of a range with both ends; the end is the clock itself
	second   bool   // one of two: "at six or seven"
	foreign  bool   // in a time zone that is not the consumer's
}

// clockAt reads a time of day that begins at token i, with the words before and
// after it that belong to it. A bound or a range of times is one that has a bound.
func (s *scan) clockAt(i int, r *reading) (clock, int, bool) {
	if s.is(i, ",", "(") {
		return clock{}, i, false
	}
	said, at := s.cueAt(i)
	if said > exactly && s.minutesBefore(i) {
		return clock{}, i, false
	}
	second := s.secondTime(i)
	if at == i && second {
		said = exactly
	}
	if s.tight(at) && s.class(at) == figure && (s.class(at-1) == word || s.is(at-1, ".", ",", "/", ":", "#", "$", "€", "£")) && at != i {
		return clock{}, i, false
	}
	if s.tight(i) && s.class(i) == figure && (s.class(i-1) == word || s.is(i-1, ".", ",", "/", ":", "#", "$", "€", "£", "+")) {
		return clock{}, i, false
	}
	if c, next, ok := s.clockRange(at, said, r); ok {
		return c, next, true
	}
	c, next, ok := s.clockCore(at, said, r)
	if !ok || said == between || s.minutesLeft(c, next) || said == since && s.endFollows(next) {
		return clock{}, i, false
	}
	if c.second = second; said > exactly {
		c.bound = said
	}
	next = s.clockTail(&c, next)
	if k := next; c.half == "" && c.twelve && s.v.either[s.textAt(k)] { // "3 or 4 pm"
		_, at := s.cueAt(k + 1)
		if other, end, ok := s.clockCore(at, exactly, r); ok {
			c.half = other.half
			if part, _, ok := s.v.parts.at(s.tokens, end); ok && r.part == "" {
				r.part = part
			}
		}
	}
	return c, next, true
}

// cueAt reads the words before a time. The strongest of them counts.
func (s *scan) cueAt(i int) (said cue, at int) {
	at = i
	for range 5 {
		c, next, ok := s.v.cues.at(s.tokens, at)
		if _, after, about := s.v.about.at(s.tokens, at); about && (!ok || after > next) {
			c, next, ok = nearly, after, true
		}
		if _, after, part := s.v.parts.at(s.tokens, at); !ok || part && after > next {
			break // "après-midi" is not "after noon"
		}
		if _, _, noon := s.v.noons.at(s.tokens, at); noon {
			break
		}
		said, at = max(said, c), next
		if s.is(at, ".") && s.tight(at) && s.is(at-1, "ca", "approx", "aprox") {
			at++
		}
	}
	if said == nearly && s.whole {
		said = exactly
	}
	return said, at
}

// minutesBefore says that a number, or a part of an hour, stands before a word such
// as "past": what was not read as a time or a range is no bound either.
func (s *scan) minutesBefore(i int) bool {
	if _, _, ok := s.v.pastMinutes.at(s.tokens, i); !ok {
		if _, _, ok := s.v.upTo.at(s.tokens, i); !ok {
			return false
		}
	}
	if s.is(i-1, "half", "quarter", "halb", "viertel", "dreiviertel", "cuarto", "media", "quart", "demie", "minutes", "minuten", "minutos") {
		return true
	}
	n, end, ok := s.spelled(i - 1)
	_, digits := s.integer(i-1, 2)
	return digits || ok && end == i && !n.article
}

// minutesLeft says that minutes, or the end of a range, follow an hour in a way that
// was not understood: "16 Uhr 05 Leute".
func (s *scan) minutesLeft(c clock, next int) bool {
	if c.half != "" || c.minutes%60 != 0 || s.class(next-1) == figure && s.is(next-2, ":", ".", "h") {
		return false
	}
	at := next
	if _, after, ok := s.v.plusMinutes.at(s.tokens, next); ok {
		at = after
	} else if s.is(next, "till", "until", "bis", "hasta") {
		_, at = s.cueAt(next)
	}
	n, end, ok := s.spelled(at)
	if s.class(at) == figure {
		end = at + 1
	}
	if s.is(next, "et") && s.hourUnit(end) {
		return false // "16h et 17h"
	}
	return s.class(at) == figure || ok && !n.article
}

// endFollows says that the other end of a range follows, which was not read with it: "de 8 a 11 personas".
func (s *scan) endFollows(next int) bool {
	only, to, linked := s.v.upTo.at(s.tokens, next)
	return linked && !only && s.numbered(to)
}

// secondTime says that token i follows a time that it may stand for as well: "at 3 or 4".
func (s *scan) secondTime(i int) bool {
	n := len(s.found)
	if n == 0 || i < 2 || !s.v.either[s.textAt(i-1)] {
		return false
	}
	last := s.found[n-1]
	return (last.Kind == Time || last.Kind == Moment) && last.End == s.tokens[i-2].end
}

// clockRange reads both ends of a range: "between 3 and 5", "9-17 Uhr".
func (s *scan) clockRange(at int, said cue, r *reading) (clock, int, bool) {
	free := said >= exactly || s.asksHour() || s.asked == Moment
	first, next, ok := s.rangeEnd(at, r)
	if !ok {
		return clock{}, at, false
	}
	if s.is(next, "-") && s.tight(next) && s.class(next-1) == word && s.class(next+1) == word {
		return clock{}, at, false // "twenty-five"
	}
	only, to, linked := s.v.upTo.at(s.tokens, next)
	if !linked || only && said != between {
		return clock{}, at, false
	}
	if _, after := s.cueAt(to); after > to && !only {
		to = after
	}
	second, end, ok := s.rangeEnd(to, r)
	if !ok || !first.firm && !second.firm && (!free || !s.closes(end)) || s.v.lengths[s.textAt(end)].n > 0 && !second.firm {
		return clock{}, at, false
	}
	if !first.firm && s.is(at+1, "to", "till", "til", "before", "of") && s.v.language == "en" && first.minutes%300 == 0 && said != between && said != since && s.class(at) == word {
		return clock{}, at, false // "ten to five"
	}
	second.bound, second.begin = between, &first
	return second, s.clockTail(&second, end), true
}

// rangeEnd reads one end of a range, which may be a number alone.
func (s *scan) rangeEnd(i int, r *reading) (clock, int, bool) {
	for _, form := range []func(int, cue, *reading) (clock, int, bool){s.noonClock, s.digitClock, s.hourClock} {
		if c, next, ok := form(i, between, r); ok {
			return c, next, true
		}
	}
	h, next, ok := s.hour(i)
	if !ok || s.is(next, ".", ",", ":") && s.tight(next+1) {
		return clock{}, i, false
	}
	return clock{minutes: h * 60, twelve: h >= 1 && h <= 12}, next, true
}

// clockCore reads a time without the words around it.
func (s *scan) clockCore(i int, said cue, r *reading) (clock, int, bool) {
	for _, form := range []func(int, cue, *reading) (clock, int, bool){s.noonClock, s.relativeClock, s.digitClock, s.compactClock, s.pairClock, s.hourClock} {
		if c, next, ok := form(i, said, r); ok {
			return c, next, true
		}
	}
	return clock{}, i, false
}

// placed says that a number may be an hour because of what stands before it or was asked.
func (s *scan) placed(said cue, r *reading) bool {
	return said >= exactly || s.asksHour() || r.dated || r.named || r.part != ""
}

// clockTail reads what may follow any time: "sharp", "or later", a time zone.
func (s *scan) clockTail(c *clock, next int) int {
	for range 3 {
		if s.is(next, "-") && s.tight(next) && s.is(next+1, "ish") {
			next++
		}
		if own, after, ok := s.zoneAt(next); ok {
			c.foreign, next = c.foreign || !own, after
			continue
		}
		if bound, after, ok := s.v.tails.at(s.tokens, next); ok {
			c.bound, next = bound, after
			continue
		}
		if s.is(next, "till", "until", "bis", "hasta", "jusqu", "jusque") { // "8 till late"
			c.bound = since
			break
		}
		_, after, ok := s.v.about.at(s.tokens, next)
		if !ok {
			break
		}
		// "around" may belong to what follows: "at 5 around the corner".
		if after < len(s.tokens) && s.tokens[after].class != mark && !s.is(next, "ish") && !s.closes(after) {
			break
		}
		next = after
	}
	return next
}

// noonClock reads "noon" and "minuit trois".
func (s *scan) noonClock(i int, said cue, _ *reading) (clock, int, bool) {
	m, next, ok := s.v.noons.at(s.tokens, i)
	if !ok || said == uncued && (s.is(i-1, "good", "buenas", "guten", "apres", "pre") || s.is(i-1, "-") && s.is(i-2, "apres")) {
		return clock{}, i, false
	}
	c := clock{minutes: m, midnight: m == 0, noon: m == noon, firm: true}
	if said == between { // its "and" leads to the other end
		return c, next, true
	}
	if v, after, ok := s.v.pastPlain.at(s.tokens, next); ok {
		c = clock{minutes: hourMinutes(0, m+v), firm: true}
		return c, after, true
	}
	if n, after, ok := s.minutesAfter(next, true); ok {
		c = clock{minutes: hourMinutes(0, m+n), firm: true}
		return c, after, true
	}
	return c, next, true
}

// hour reads an hour 0 … 24 in digits or in words.
func (s *scan) hour(i int) (n, next int, ok bool) {
	if n, ok := s.integer(i, 2); ok {
		sign := s.textAt(i + 1)
		ordinal := s.tight(i+1) && s.v.ordinalSigns[sign] && !s.v.clockSigns[sign] && !s.tight2(i+2)
		return n, i + 1, n <= 24 && !ordinal
	}
	text := s.textAt(i)
	if s.class(i) != word || s.v.articles[text] && s.v.language == "en" {
		return 0, i, false
	}
	if n, ok := s.ish(i); ok {
		return n, i + 1, true
	}
	if s.v.language == "de" && len(text) > 4 && strings.HasSuffix(text, "e") { // "um viere"
		if n, ok := s.v.units[text[:len(text)-1]]; ok && n >= 3 && n <= 12 {
			return n, i + 1, true
		}
	}
	// One word only, so that "dos y media" keeps its half.
	if n, ok := s.v.units[text]; ok && n <= 24 {
		if s.v.language != "es" && n == 20 || s.v.language == "fr" && n == 10 {
			if c, next, ok := s.spelled(i); ok && c.decimals == 0 {
				return int(c.value), next, c.value <= 24
			}
		}
		return n, i + 1, true
	}
	if s.v.compound != nil {
		if n, ok := s.v.compound(text); ok && n <= 24 {
			return n, i + 1, true
		}
	}
	return 0, i, false
}

// hourMinutes moves an hour by minutes; before midnight is the evening.
func hourMinutes(hour, shift int) int {
	return ((hour*60+shift)%(24*60) + 24*60) % (24 * 60)
}

// half reads "am" and "p.m.", at once after digits also "a" and "p".
func (s *scan) half(i int) (string, int, bool) {
	half, next, ok := s.v.ampm.at(s.tokens, i)
	tight := s.tight(i) && s.class(i-1) == figure
	switch {
	case !ok && tight && s.is(i, "am", "pm"):
		return s.tokens[i].text, i + 1, true
	case !ok && tight && s.is(i, "a", "p") && s.v.clockSigns[s.tokens[i].text] && !s.tight2(i+1):
		half, next, ok = s.tokens[i].text+"m", i+1, true
		if s.is(next, ".") && s.tight(next) {
			next++
		}
	case ok && s.is(next-1, "m") && s.is(next, ".") && s.tight(next):
		next++
	}
	return half, next, ok
}

// finish reads what may follow a spoken or written time: "Uhr", "pm", "-ish".
func (s *scan) finish(c clock, next int) (clock, int, bool) {
	if s.is(next, "ish") && s.tight(next) || s.is(next, "-") && s.is(next+1, "ish") {
		next += 1 + map[bool]int{true: 1}[s.is(next, "-")]
	}
	if firm, after, ok := s.v.hours.at(s.tokens, next); ok && (firm || s.v.language != "en") {
		next = after
	}
	if half, after, ok := s.half(next); ok {
		if half == "am" && c.minutes >= 13*60 {
			return c, next, false
		}
		c.half, next = half, after
	}
	c.firm = true
	return c, next, true
}

// closes says that nothing follows that a number at this place would count.
func (s *scan) closes(i int) bool {
	if i >= len(s.tokens) {
		return true
	}
	t := s.tokens[i]
	if t.class == mark {
		return t.text != "%" && currencyOf(t.text, "") == "" && !(s.tight(i) && s.class(i+1) == figure && s.tight(i+1))
	}
	if t.class == figure {
		return false
	}
	if closing[t.text] || s.v.fillers[t.text] || s.polite(i) {
		return true
	}
	if _, ok := s.v.weekdays[t.text]; ok {
		return true
	}
	if _, _, ok := s.v.days.at(s.tokens, i); ok {
		return true
	}
	if _, _, ok := s.v.which.at(s.tokens, i); ok {
		return true
	}
	_, _, ok := s.v.parts.at(s.tokens, i)
	return ok
}

// uncounted says that what follows an hour that was said as one is no thing of
// that number: "at 5 suits me", not "at 5 Main Street", "um 5 Personen", "at 5 euros".
func (s *scan) uncounted(i int) bool {
	if s.closes(i) {
		return true
	}
	t := s.tokens[i]
	if t.class != word || s.v.lengths[t.text].n > 0 || s.v.scales[t.text] > 0 || currencyOf(t.text, "") != "" || Month(t.text) > 0 {
		return false
	}
	if _, _, ok := s.spelled(i); ok {
		return false
	}
	if _, _, ok := s.v.pastMinutes.at(s.tokens, i); ok {
		return false
	}
	raw := s.text[t.start:t.end]
	return s.whole && strings.ToLower(raw) == raw
}

// closing words may stand after a time or a date and are not counted.
var closing = setOf(`and or to at on in if is was would works work ok okay until till for but because so please then i we you it my the that which with instead sharp latest
	und oder bis bitte wenn ist war ware ginge geht passt aber weil damit dann ich wir sie es mein im am an kann auf beim zuhause kommen nicht noch da vorbei hat haben genau spatestens
	y o si es fue seria pero porque que hasta en con puede puedo me mi mis su por entonces estaria va le les nos quiero
	et ou si est etait serait mais car que jusqu pour avec je nous vous il on mon ma mes puis peut convient dans chez c ca svp`)

// asksHour says that a number alone may be an hour, as one was asked for.
func (s *scan) asksHour() bool { return s.asked == Time || s.asked == Hours }
