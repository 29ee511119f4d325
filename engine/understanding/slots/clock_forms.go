package slots

// relativeClock reads "half past five", "halb acht", "ten to six", "15 past noon".
func (s *scan) relativeClock(i int, said cue, r *reading) (clock, int, bool) {
	if shift, at, ok := s.v.pastHalf.at(s.tokens, i); ok {
		if c, next, ok := s.fullHour(at, shift); ok && !(s.v.language == "de" && s.v.lengths[s.textAt(next)].n > 0) && (s.v.language == "de" || s.uncounted(next) || s.is(next, "ish") || s.hourUnit(next) || s.halfAt(next)) {
			return s.finish(c, next)
		}
	}
	for s.is(i, "faltan", "falta") {
		i++
	}
	n, at, ok := s.cardinal(i)
	if !ok || n.article || n.value < 1 || n.value > 59 || n.decimals > 0 {
		return clock{}, i, false
	}
	sign, after, ok := s.v.pastMinutes.at(s.tokens, at)
	if !ok {
		return clock{}, i, false
	}
	minutes, five := s.v.lengths[s.textAt(at)].grain == "minute", int(n.value)%5 == 0
	switch { // ranges, scores and the like
	case said == between || s.is(i-1, "from", "between", "von", "zwischen"):
		return clock{}, i, false
	case minutes:
	case s.v.language == "en" && !five && !(sign > 0 && s.is(at, "past")):
		return clock{}, i, false
	case s.v.language == "en" && sign < 0 && !n.spelled && said < exactly && n.value < 13:
		return clock{}, i, false
	case s.is(at, "before", "of", "after") && said < exactly && !s.asksHour():
		return clock{}, i, false
	}
	if shift, half, ok := s.v.pastHalf.at(s.tokens, after); ok && shift == -30 {
		if c, next, ok := s.fullHour(half, shift+sign*int(n.value)); ok {
			return s.finish(c, next)
		}
	}
	c, next, ok := s.fullHour(after, sign*int(n.value))
	if !ok || s.v.lengths[s.textAt(next)].n > 0 && !s.hourUnit(next) {
		return clock{}, i, false
	}
	if !n.spelled && s.class(after) == figure && said < exactly && !five && !s.asksHour() || !s.uncounted(next) && !s.hourUnit(next) && !s.is(next, "ish") {
		if _, _, ok := s.half(next); !ok {
			return clock{}, i, false
		}
	}
	return s.finish(c, next)
}

func (s *scan) halfAt(i int) bool {
	_, _, ok := s.half(i)
	return ok
}

// hourUnit says that a word for the hour stands here.
func (s *scan) hourUnit(i int) bool {
	_, _, ok := s.v.hours.at(s.tokens, i)
	return ok
}

// fullHour reads an hour, or noon, that minutes are counted from.
func (s *scan) fullHour(i, shift int) (clock, int, bool) {
	if m, next, ok := s.v.noons.at(s.tokens, i); ok && (shift == 30 || shift%30 != 0) {
		return clock{minutes: hourMinutes(0, m+shift)}, next, true
	}
	h, next, ok := s.hour(i)
	if !ok || s.tight(next) && (s.class(next) == figure || s.is(next, ":", ".", "/") && s.tight2(next+1)) {
		return clock{}, i, false
	}
	c := clock{minutes: hourMinutes(h, shift), twelve: h >= 1 && h <= 12}
	if c.twelve && c.minutes < 60 { // "halb eins"
		c.minutes += noon
	}
	return c, next, true
}

// digitClock reads "17:30", "5.30 pm", "17h30" and "7:56:30".
func (s *scan) digitClock(i int, said cue, r *reading) (clock, int, bool) {
	h, ok := s.integer(i, 2)
	sep := s.textAt(i + 1)
	if !ok || h > 24 || !s.tight(i+1) && !(sep == ":" && s.whole) || sep != ":" && sep != "." && sep != "h" && sep != "," {
		return clock{}, i, false
	}
	m, ok := s.integer(i+2, 2)
	if !ok || m > 59 || len(s.tokens[i+2].text) != 2 || s.tokens[i+2].gap && sep != ":" || h == 24 && m > 0 {
		return clock{}, i, false
	}
	next := i + 3
	c := clock{minutes: h * 60, twelve: s.v.twelve && h >= 1 && h <= 12 && s.tokens[i].text[0] != '0', firm: true}
	c.minutes += m
	c.counted = sep == ":" && len(s.tokens[i].text) == 2 // "10:30" is how times are written
	_, _, isHalf := s.half(next)
	_, _, isPart := s.v.firmParts.at(s.tokens, next)
	switch {
	case sep == ":":
		if sec, ok := s.integer(next+1, 2); ok && s.is(next, ":") && s.tight(next) && s.tight(next+1) {
			if sec > 59 {
				return clock{}, i, false
			}
			c.seconds, next = sec, next+2
			if s.is(next, ".") && s.tight2(next+1) && s.class(next+1) == figure {
				return clock{}, i, false
			}
		}
	case sep == "h" && (s.v.language != "en" || said >= exactly || s.asksHour() || s.asked == Moment):
		if s.is(next, "m", "mn", "min") && s.tight(next) {
			next++
		}
	case (sep == "." || sep == "," && said >= exactly) && (isHalf || isPart || s.hourUnit(next) || (said >= exactly || s.asksHour() || r.dated && said > uncued) && s.closes(next)):
	case sep == "." && s.asked == Moment && !r.dated && s.v.language != "de" && h+m > 0 && (m > 12 || m == 0) && len(s.tokens) == 3:
	default:
		return clock{}, i, false
	}
	if s.tight(next) && (s.class(next) == figure || s.is(next, ":", "/", "%", "€", "$") || s.is(next, ".") && s.class(next+1) == figure && s.tight(next+1)) {
		return clock{}, i, false
	}
	return s.finish(c, next)
}

// compactClock reads "330 pm", "0930" and "1730 Uhr".
func (s *scan) compactClock(i int, said cue, r *reading) (clock, int, bool) {
	n, ok := s.integer(i, 4)
	if !ok || len(s.tokens[i].text) < 3 || n/100 > 24 || n%100 > 59 || n > 2400 {
		return clock{}, i, false
	}
	next, zero := i+1, s.tokens[i].text[0] == '0'
	_, _, isHalf := s.half(next)
	firm, _, isHour := s.v.hours.at(s.tokens, next)
	switch {
	case isHalf && n >= 100 && n < 1300 && !zero, isHour && (firm || zero || n%100 == 0 || s.placed(said, r)):
	case len(s.tokens[i].text) == 4 && (said >= exactly || zero && (s.asksHour() || s.asked == Moment)) && s.uncounted(next):
	case s.asksHour() && s.closes(next):
	default:
		return clock{}, i, false
	}
	c := clock{minutes: n/100*60 + n%100, twelve: n >= 100 && n < 1300 && !zero}
	if isHour && !firm && s.v.language == "en" {
		_, next, _ = s.v.hours.at(s.tokens, next)
	}
	return s.finish(c, next)
}

// pairClock reads an hour and minutes without a word between: "nine fifty nine", "12 15".
func (s *scan) pairClock(i int, said cue, r *reading) (clock, int, bool) {
	h, at, ok := s.hour(i)
	if !ok || s.class(i) == word && (h < 1 || s.class(at) == figure) {
		return clock{}, i, false
	}
	if s.class(i) == word && s.is(at, "-") && s.tight(at) && s.tight(at+1) { // "four-thirty"
		at++
	}
	m, next, ok := s.pairMinutes(at)
	if !ok || s.class(i) != s.class(at) || s.class(i) == figure && !s.tokens[at].gap {
		return clock{}, i, false
	}
	if _, _, isHalf := s.half(next); !isHalf && (!s.placed(said, r) || !s.closes(next) || r.named && said < exactly && s.class(i) == figure) {
		return clock{}, i, false
	}
	return s.finish(clock{minutes: h*60 + m, twelve: h >= 1 && h <= 12 && !(s.class(i) == figure && s.tokens[i].text[0] == '0')}, next)
}

func (s *scan) pairMinutes(i int) (m, next int, ok bool) {
	if m, ok := s.integer(i, 2); ok {
		return m, i + 1, m <= 59 && len(s.tokens[i].text) == 2
	}
	zero := s.is(i, "oh", "o", "zero", "cero", "null")
	if zero {
		i++
		if s.is(i, "-") {
			i++
		}
	}
	n, next, ok := s.spelled(i)
	if !ok || n.decimals > 0 || n.value < 1 || n.value > 59 || n.article || zero != (n.value < 10) {
		return 0, i, false
	}
	if unit := s.v.lengths[s.textAt(next)]; unit.grain == "minute" && unit.n == 1 {
		next++
	}
	return int(n.value), next, true
}

// hourClock reads an hour with what makes it one: "5 pm", "8 Uhr", "a las 5", "at five".
func (s *scan) hourClock(i int, said cue, r *reading) (clock, int, bool) {
	h, next, ok := s.hour(i)
	_, ish := s.ish(i)
	if !ok || s.tight(next) && s.is(next, ":", ".", ",", "/", "'") && s.class(next+1) == figure && s.tight(next+1) {
		return clock{}, i, false
	}
	c := clock{minutes: h * 60, twelve: h >= 1 && h <= 12 && !(s.class(i) == figure && s.tokens[i].text[0] == '0')}
	if s.is(next, "ish") || s.is(next, "-") && s.tight(next) && s.is(next+1, "ish") {
		ish = true
		next += 1 + map[bool]int{true: 1}[s.is(next, "-")]
	}
	if half, after, ok := s.half(next); ok {
		c.half, c.firm = half, true
		return c, after, h >= 1 && (h <= 12 || half == "pm")
	}
	firm, after, isHours := s.v.hours.at(s.tokens, next)
	_, _, zone := s.zoneAt(next)
	isHours = isHours && !zone // "hora de Madrid"
	placed := s.placed(said, r)
	if _, _, part := s.v.firmParts.at(s.tokens, after); isHours && s.v.language == "fr" && s.is(after, "de", "d") && !part && !s.is(after-1, "h") {
		return clock{}, i, false // "3 heures de route"
	}
	if isHours && !firm {
		// "5 hours" is a length of time unless something says otherwise.
		tight := s.tight(next) && s.tokens[after-1].text == "h" && h >= 7
		minutes := s.v.language == "fr" && s.class(after) == figure && len(s.tokens[after].text) == 2 && s.closes(after+1)
		minus, _, isMinus := s.v.plusMinutes.at(s.tokens, after)
		to, _, isTo := s.v.pastPlain.at(s.tokens, after)
		word := s.tokens[after-1].text != "h" && s.tokens[after-1].text != "hs"
		counted := h < 13 && word && (s.v.language == "en" || s.v.language == "es" && !s.is(i-1, "las", "la") || s.is(i-1, "environ", "pres", "approximativement") && !s.asksHour())
		isHours = !counted && (placed || said == nearly || s.asked == Moment && said == uncued && (h >= 13 || s.v.language == "fr")) && s.lengthBefore(i, said) ||
			tight || minutes || isMinus && minus < 0 || isTo && (to < 0 || to == 45 && s.v.language == "fr")
		if c, _, bound := s.v.cues.at(s.tokens, after); bound && c > exactly && said < exactly && after < len(s.tokens) {
			isHours = false // "deux heures avant minuit"
		}
		if !isHours && !s.asksHour() {
			_, part, ok := s.v.firmParts.at(s.tokens, after)
			isHours = ok && part > after || s.eveningAt(after)
		}
		if !isHours {
			return clock{}, i, false
		}
	}
	if !isHours {
		after = next
	}
	c.counted = isHours && s.v.language != "en" && !s.is(after-1, "punto")
	c.firm = isHours || ish
	// In French an hour needs its word; "à 5" may be anything.
	bare := s.v.language != "fr" && said >= exactly || s.asksHour() && (said > uncued || s.free(i)) || s.whole && said >= exactly && r.dated || said > uncued && (r.dated || r.named || r.part != "") && s.v.language != "fr" ||
		s.whole && (r.part != "" || s.asked == Moment && s.eveningAt(after))
	if !(said == between && s.is(after, "y", "et", "und")) && (isHours || bare || s.asked == Moment || s.v.language == "es") && !s.is(after-1, "punto") {
		if v, end, ok := s.v.pastPlain.at(s.tokens, after); ok && (isHours || s.v.language == "es" && (v != 30 || bare || s.asked == Moment) || s.asksHour()) {
			c.minutes = hourMinutes(h, v)
			return s.finish(c, end)
		}
		if n, end, ok := s.minutesAfter(after, isHours); ok && (isHours || bare && (n < 0 || s.v.language == "es")) {
			c.minutes = hourMinutes(h, n)
			c.twelve = c.twelve && (s.v.twelve || n < 0 || s.v.language == "es" || s.class(i) == word)
			return s.finish(c, end)
		}
		if n, end, ok := s.minutesAfter(next, isHours); ok && isHours {
			c.minutes = hourMinutes(h, n)
			c.twelve = c.twelve && (s.v.twelve || n < 0 || s.v.language == "es" || s.class(i) == word)
			return s.finish(c, end)
		}
	}
	if !isHours && !bare && !ish {
		_, _, ok := s.v.firmParts.at(s.tokens, after) // "five in the morning", not "one night"
		c.firm = true
		return c, after, ok
	}
	if _, end, ok := s.v.pastMinutes.at(s.tokens, after); ok && !isHours && (s.class(end) == mark || s.polite(end)) || s.goesOn(after) && !(said == between && s.is(after, "-") && isHours) {
		return clock{}, i, false // "five past"
	}
	if _, _, half := s.v.andHalf.at(s.tokens, after); half {
		return clock{}, i, false // "6 and a half"
	}
	if s.v.either[s.textAt(after)] && !isHours {
		if n, end, ok := s.cardinal(after + 1); ok && !n.article && !(s.closes(end) || said >= exactly && s.uncounted(end)) && !s.hourUnit(end) && !s.halfAt(end) {
			return clock{}, i, false // "2 or 3 days"
		}
	}
	if !isHours && !zone && !s.uncounted(after) || said < exactly && !isHours && !s.closes(after) {
		return clock{}, i, false
	}
	if half, end, ok := s.half(after); ok { // "3 o'clock am"
		c.half, after = half, end
	}
	return c, after, true
}

// goesOn says that digits or numbers are joined to an hour in a way that is not
// understood: "4 : 30", "four-thirty", "16h30".
func (s *scan) goesOn(i int) bool {
	if s.class(i) == figure {
		return s.tight(i)
	}
	if !s.is(i, ":", "-") {
		return false
	}
	n, _, ok := s.spelled(i + 1)
	return s.class(i+1) == figure || ok && !n.article && s.tight(i+1)
}

// free says that no word stands before a number that it may be the number of: "room 5".
func (s *scan) free(i int) bool {
	before := s.textAt(i - 1)
	return s.class(i-1) == mark && !(s.tight(i) && s.is(i-1, "-", "+", "#", "/")) || s.class(i-1) == word && (closing[before] || s.v.fillers[before] || s.polite(i-1) || s.v.either[before] || s.is(i-1, "yes", "yeah", "ja", "si", "oui", "no", "nein", "non", "well", "also", "um", "hmm", "pues", "alors"))
}

// lengthBefore says that the words before an hour with its unit do not make a
// length of time of it: "for 5 hours", "de 2 horas".
func (s *scan) lengthBefore(i int, said cue) bool {
	return said != weak && !(s.is(i-1, "depuis", "desde", "seit") && s.v.lengths[s.textAt(i+1)].n > 0) && !s.is(i-1, "de", "pour", "for", "von", "in", "et", "dans", "en") || s.asksHour()
}

// eveningAt says that a part of a day follows that was named before: "8 heures ce soir", "10, tonight".
func (s *scan) eveningAt(i int) bool {
	if s.is(i, ",") {
		i++
	}
	d, _, ok := s.v.days.at(s.tokens, i)
	return ok && d.part != ""
}

// ish is the hour of "fiveish".
func (s *scan) ish(i int) (int, bool) {
	text := s.textAt(i)
	if s.v.language != "en" || s.class(i) != word || len(text) < 6 || text[len(text)-3:] != "ish" {
		return 0, false
	}
	n, ok := s.v.units[text[:len(text)-3]]
	return n, ok && n >= 1 && n <= 12
}

// minutesAfter reads "y diez", "moins vingt", "Uhr dreißig", "heures 15".
func (s *scan) minutesAfter(i int, isHours bool) (n, end int, ok bool) {
	sign, at, ok := s.v.plusMinutes.at(s.tokens, i)
	if !ok {
		if !isHours || s.v.language != "fr" && s.v.language != "es" {
			return 0, i, false
		}
		sign, at = 1, i
	}
	c, end, ok := s.cardinal(at)
	if !ok || c.article || c.decimals > 0 || c.value < 1 || c.value > 59 || s.class(at) == figure && len(s.tokens[at].text) != 2 && s.v.language != "de" {
		return 0, i, false
	}
	if u := s.v.lengths[s.textAt(end)]; u.grain != "" {
		if u.n != 1 || u.grain != "minute" {
			return 0, i, false
		}
		end++
	} else if !s.closes(end) {
		if _, _, isHalf := s.half(end); !isHalf {
			return 0, i, false
		}
	}
	return sign * int(c.value), end, true
}
