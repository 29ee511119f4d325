package slots

// clockAt reads a time of day that begins at token i.
func (s *scan) clockAt(i int, r *reading) (clock, int, bool) {
	if m, next, ok := s.v.noons.at(s.tokens, i); ok && !s.is(i-1, "apres", "vor", "nach", "good", "buenas") {
		return clock{minutes: m}, next, true
	}
	_, at, cued := s.v.clockCues.at(s.tokens, i)
	if !cued {
		at = i
	}
	cued = cued || s.rangeEnd(i)
	if s.tight(at) && (s.class(at-1) == word || s.is(at-1, ".", ",", "/", ":", "-", "#")) && s.class(at) == figure && !s.is(at-1, "-") {
		return clock{}, i, false
	}
	for _, form := range []func(int, bool, *reading) (clock, int, bool){s.noonAfter, s.relativeClock, s.digitClock, s.hourClock} {
		if c, next, ok := form(at, cued, r); ok {
			return c, next, true
		}
	}
	return clock{}, i, false
}

// rangeEnd says that token i is the end of a range whose beginning was a time: "between 2 and 4".
func (s *scan) rangeEnd(i int) bool {
	n := len(s.found)
	if n == 0 || i < 2 || !s.is(i-1, "and", "to", "till", "und", "bis", "y", "et", "-") {
		return false
	}
	last := s.found[n-1]
	return (last.Kind == Time || last.Kind == Moment) && last.End == s.tokens[i-2].end
}

func (s *scan) noonAfter(i int, cued bool, _ *reading) (clock, int, bool) {
	m, next, ok := s.v.noons.at(s.tokens, i)
	return clock{minutes: m}, next, ok && cued && !s.is(i-1, "apres", "vor", "nach")
}

// hour reads an hour 0 … 24 in digits or in words.
func (s *scan) hour(i int) (n, next int, ok bool) {
	if n, ok := s.integer(i, 2); ok {
		return n, i + 1, n <= 24
	}
	if s.v.language == "en" && s.v.articles[s.textAt(i)] {
		return 0, i, false
	}
	// One word only, so that "dos y media" keeps its half.
	text := s.textAt(i)
	if n, ok := s.v.units[text]; ok && n <= 24 && s.class(i) == word {
		if s.v.language != "es" && n == 20 {
			if c, next, ok := s.spelled(i); ok && c.value <= 24 && c.decimals == 0 {
				return int(c.value), next, true
			}
		}
		if n == 10 && s.v.language == "fr" {
			if c, next, ok := s.spelled(i); ok && c.value <= 19 && c.decimals == 0 {
				return int(c.value), next, true
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

// relativeClock reads "half past five", "halb acht", "ten to six".
func (s *scan) relativeClock(i int, cued bool, _ *reading) (clock, int, bool) {
	if shift, at, ok := s.v.pastHalf.at(s.tokens, i); ok {
		if h, next, ok := s.hour(at); ok && !(s.v.language == "de" && s.v.lengths[s.textAt(next)].n > 0) {
			return s.suffixed(clock{minutes: hourMinutes(h, shift), twelve: h >= 1 && h <= 12}, next)
		}
	}
	n, at, ok := s.cardinal(i)
	if !ok || n.article || n.value < 1 || n.value > 59 || n.decimals > 0 {
		return clock{}, i, false
	}
	sign, after, ok := s.v.pastMinutes.at(s.tokens, at)
	if !ok || s.is(i-1, "from", "between", "von", "zwischen") || // the beginning of a range
		sign < 0 && s.v.language == "en" && !n.spelled && !s.is(at, "minutes") && (!cued || int(n.value)%5 > 0) {
		return clock{}, i, false
	}
	if shift, half, ok := s.v.pastHalf.at(s.tokens, after); ok && shift == -30 {
		if h, next, ok := s.hour(half); ok {
			return s.suffixed(clock{minutes: hourMinutes(h, shift+sign*int(n.value)), twelve: h >= 1 && h <= 12}, next)
		}
	}
	h, next, ok := s.hour(after)
	if !ok || !n.spelled && s.class(after) == figure && !cued && int(n.value)%5 > 0 || s.v.lengths[s.textAt(next)].n > 0 {
		return clock{}, i, false
	}
	if _, isHours, ok := s.v.hours.at(s.tokens, next); !ok && !cued && !s.closes(isHours) {
		if _, isHalf := s.half(next); !isHalf {
			return clock{}, i, false
		}
	}
	return s.suffixed(clock{minutes: hourMinutes(h, sign*int(n.value)), twelve: h >= 1 && h <= 12}, next)
}

// hourMinutes moves an hour by minutes; before one o'clock is after noon.
func hourMinutes(hour, shift int) int {
	m := hour*60 + shift
	if m < 0 {
		m += 24 * 60
	}
	return m
}

// suffixed reads what may follow a time: "Uhr", "pm".
func (s *scan) suffixed(c clock, next int) (clock, int, bool) {
	if _, after, ok := s.v.hours.at(s.tokens, next); ok {
		next = after
	}
	if half, ok := s.half(next); ok {
		c.half = half
		next = s.halfEnd(next)
	}
	return c, next, true
}

// half reads "am" and "p.m.", in languages that have no other such word.
func (s *scan) half(i int) (string, bool) {
	if s.v.language != "en" && s.v.language != "es" {
		return "", false
	}
	for _, half := range []string{"am", "pm"} {
		if s.is(i, half) || follow(s.tokens, i, []string{half[:1], "m"}) > 0 {
			return half, true
		}
	}
	return "", false
}

func (s *scan) halfEnd(i int) int {
	if next := max(follow(s.tokens, i, []string{"a", "m"}), follow(s.tokens, i, []string{"p", "m"})); next > 0 {
		return next
	}
	return i + 1
}

// digitClock reads "17:30", "5.30 pm", "17h30".
func (s *scan) digitClock(i int, cued bool, r *reading) (clock, int, bool) {
	h, ok := s.integer(i, 2)
	if !ok || h > 24 || !s.tight(i+1) {
		return clock{}, i, false
	}
	sep := s.textAt(i + 1)
	m, ok := s.integer(i+2, 2)
	if !ok || m > 59 || len(s.tokens[i+2].text) != 2 || !s.tight(i+2) || h == 24 && m > 0 {
		return clock{}, i, false
	}
	next := i + 3
	_, isHalf := s.half(next)
	_, _, isHour := s.v.hours.at(s.tokens, next)
	switch {
	case sep == ":":
		if s.is(next, ":") && s.tight(next) && s.class(next+1) == figure {
			next += 2
		}
	case sep == "h" && s.v.language != "en":
	case sep == "." && (isHalf || isHour || (cued || s.whole) && s.closes(next)):
	default:
		return clock{}, i, false
	}
	if s.tight(next) && (s.class(next) == figure || s.is(next, ":", "/", "%", "€", "$")) {
		return clock{}, i, false
	}
	c := clock{minutes: h*60 + m, twelve: s.v.twelve && h >= 1 && h <= 12 && s.tokens[i].text[0] != '0'}
	return s.suffixed(c, next)
}

// hourClock reads an hour with what makes it one: "5 pm", "8 Uhr", "a las 5", "at five".
func (s *scan) hourClock(i int, cued bool, r *reading) (clock, int, bool) {
	h, next, ok := s.hour(i)
	if !ok {
		return clock{}, i, false
	}
	c := clock{minutes: h * 60, twelve: h >= 1 && h <= 12 && !(s.class(i) == figure && s.tokens[i].text[0] == '0')}
	if half, ok := s.half(next); ok {
		c.half = half
		return c, s.halfEnd(next), h >= 1 && h <= 12
	}
	placed := cued || s.whole || r.dated || r.named
	after := next
	_, hours, isHours := s.v.hours.at(s.tokens, next)
	if isHours {
		after = hours
		unit := s.tokens[next].text
		switch {
		case unit == "uhr", unit == "o", unit == "oclock", unit == "en":
		case placed && !(cued && s.is(i-1, "de", "pour", "for", "von", "in", "et") && !r.dated && !r.named):
		case unit == "h" && s.tight(next) && h >= 7:
		case unit == "h" && s.v.language == "fr" && s.class(after) == figure && len(s.tokens[after].text) == 2 && s.closes(after+1): // "17 h 30"
		default:
			isHours = false
		}
	}
	bare := s.v.language != "fr" || s.whole
	if !isHours && !(cued && bare) && !s.whole {
		_, after, ok := s.v.parts.at(s.tokens, next) // "five in the morning", not "one night"
		return c, next, ok && after > next+1
	}
	if (isHours || cued || s.whole) && !s.is(after-1, "punto") {
		if v, end, ok := s.v.pastPlain.at(s.tokens, after); ok && (isHours || s.v.language == "es") {
			c.minutes = hourMinutes(h, v)
			return s.suffixed(c, end)
		}
		if n, end, ok := s.minutesAfter(next, after, isHours); ok {
			c.minutes = hourMinutes(h, n)
			c.twelve = c.twelve && (s.v.twelve || n < 0 || s.v.language == "es")
			return s.suffixed(c, end)
		}
	}
	if !isHours && !s.closes(after) {
		return clock{}, i, false
	}
	return c, after, true
}

// minutesAfter reads "y diez", "moins vingt", "Uhr dreißig", "heures 15".
func (s *scan) minutesAfter(next, after int, isHours bool) (n, end int, ok bool) {
	sign, at, ok := s.v.plusMinutes.at(s.tokens, next)
	if !ok {
		if sign, at, ok = s.v.plusMinutes.at(s.tokens, after); !ok {
			if !isHours || s.v.language != "fr" && s.v.language != "es" {
				return 0, next, false
			}
			sign, at = 1, after
		}
	}
	c, end, ok := s.cardinal(at)
	if !ok || c.article || c.decimals > 0 || c.value < 1 || c.value > 59 || s.class(at) == figure && len(s.tokens[at].text) != 2 {
		return 0, next, false
	}
	if u := s.v.lengths[s.textAt(end)]; u.grain != "" {
		if u.n != 1 || u.grain != "minute" {
			return 0, next, false
		}
		end++
	} else if !s.closes(end) {
		return 0, next, false
	}
	return sign * int(c.value), end, true
}

// closes says that nothing follows that a number at this place would count.
func (s *scan) closes(i int) bool {
	if i >= len(s.tokens) {
		return true
	}
	t := s.tokens[i]
	if t.class == mark {
		return t.text != "%" && CurrencyOf(t.text, "") == "" && !(s.tight(i) && s.class(i+1) == figure && s.tight(i+1))
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
	if _, _, ok := s.v.before.at(s.tokens, i); ok {
		return true
	}
	if _, _, ok := s.v.spans.at(s.tokens, i); ok {
		return true
	}
	_, _, ok := s.v.parts.at(s.tokens, i)
	return ok
}

// closing words may stand after a time or a date and are not counted.
var closing = setOf(`and or to at on in if is was would works work ok okay until till for but because so please then i we you it my the that which with instead sharp latest
	und oder bis bitte wenn ist war ware ginge geht passt aber weil damit dann ich wir sie es mein im am an kann auf beim zuhause kommen nicht noch da vorbei hat haben genau spatestens
	y o si es fue seria pero porque que hasta en con puede puedo me mi mis su por entonces estaria va le les nos quiero
	et ou si est etait serait mais car que jusqu pour avec je nous vous il on mon ma mes puis peut convient dans chez c ca svp`)
