package slots

// unread says that words of days stand beside the tokens i … next that were not
// understood with them, or words that take the day out: "third friday", "every friday",
// "any day but friday".
func (s *scan) unread(i, next int, ranged bool) bool {
	return s.unreadBefore(i, ranged) || s.unreadAfter(next)
}

func (s *scan) unreadBefore(i int, ranged bool) bool {
	k := i - 1
	if s.is(k, "for", "fur", "durante", "pendant") && s.v.lengths[s.textAt(i+1)].grain != "" { // "for 3 days from friday"
		return true
	}
	for range 3 {
		if k < 0 || !s.v.dayLinks[s.tokens[k].text] && !s.v.dayCues[s.tokens[k].text] && !s.v.fillers[s.tokens[k].text] || s.is(k, ",", "(") {
			break
		}
		if s.v.every[s.tokens[k].text] && k == i-1 && !ranged && !s.is(k, "all") {
			return true
		}
		k--
	}
	if k < 0 {
		return false
	}
	t := s.tokens[k]
	first := i
	for first < len(s.tokens) && s.v.dayLinks[s.tokens[first].text] {
		first++
	}
	if _, _, month := s.monthName(first); month && s.v.lengths[t.text].grain == "month" && s.v.lengths[t.text].n == 1 {
		return s.unreadBefore(k, ranged) // "the month of march"
	}
	switch {
	case s.v.every[t.text] && !ranged && !s.is(k, "all", "toute", "toda") && (k == i-1 || !s.is(k, "los", "las", "les")):
		return true
	case s.v.edges[t.text] && !s.is(k, "early", "late"), s.v.seasons[t.text], s.v.left[t.text] && !s.is(k, "day", "days", "till", "until", "dias", "since"):
		return true
	case s.is(k, "than", "als", "least", "most", "over", "under", "almost", "nearly") && s.class(i) == figure, s.is(k, "than"):
		return true
	case s.is(k, "or", "oder", "o", "u", "ou", "and", "und", "y", "e", "et", "&") && k == i-1 && s.numbered(i) && s.numbered(k-1) && !s.foundUpTo(k): // "two or three days ago", "24 and 25 december"
		return true
	case k == i-1 && s.eitherWord(k) && s.relates(k-1) && !s.foundUpTo(k): // "this or next week"
		return true
	case k == i-1 && s.class(k) != mark && s.numbered(k) && s.v.every[s.textAt(k-1)]: // "every two fridays"
		return true
	case ranged && (s.dayCount(k) || s.v.lengths[t.text].grain != ""): // "the working day before christmas"
		return true
	case k == i-1 && s.tight(k) && s.class(k-1) == figure && s.v.ordinalSigns[t.text]: // "3rd friday"
		return true
	case s.class(k) == word && k == i-1:
		if _, _, ordinal := s.v.ordinals.at(s.tokens, k); ordinal && !s.is(k, "second") {
			return true
		}
		if _, _, last := s.v.lasts.at(s.tokens, k); last {
			return true
		}
	}
	for start := k; start >= max(0, k-3); start-- {
		if _, end, ok := s.v.except.at(s.tokens, start); ok && end > k {
			return !s.is(start, "but") || s.choosing(start)
		}
	}
	return false
}

// numbered says that token i is a number.
func (s *scan) numbered(i int) bool {
	if s.class(i) == figure {
		return true
	}
	n, _, ok := s.spelled(i)
	return ok && !n.article
}

// foundUpTo says that the last day or time that was found ends before token i.
func (s *scan) foundUpTo(i int) bool {
	n := len(s.found)
	return n > 0 && i > 0 && (s.found[n-1].Kind == Date || s.found[n-1].Kind == Time || s.found[n-1].Kind == Moment) && s.found[n-1].End == s.tokens[i-1].end
}

// dayCount says that token i is a word for days.
func (s *scan) dayCount(i int) bool {
	if _, _, ok := s.v.counts.at(s.tokens, i); ok {
		return true
	}
	_, _, ok := s.v.workdays.at(s.tokens, i-1)
	return ok
}

// choosing says that a clause speaks of all days, so that "but" takes one of them out.
func (s *scan) choosing(k int) bool {
	for n := 0; k >= 0 && n < 8 && !s.is(k, ".", ";", "!", "?"); k, n = k-1, n+1 {
		if s.v.every[s.tokens[k].text] || s.is(k, "anything", "anytime", "whenever", "whatever", "always", "nothing") {
			return true
		}
	}
	return false
}

// eitherWord says that token i stands between alternatives.
func (s *scan) eitherWord(i int) bool { return s.is(i, "or", "oder", "o", "u", "ou") }

// relates says that token i tells which of several days is meant: "next".
func (s *scan) relates(i int) bool {
	_, _, before := s.v.which.at(s.tokens, i)
	_, _, after := s.v.whichAfter.at(s.tokens, i)
	return before || after
}

// elseAfter says that another day is named as an alternative that cannot be read by
// itself: "this week or the next", "mañana o pasado".
func (s *scan) elseAfter(i int) bool {
	if !s.eitherWord(i) {
		return false
	}
	k := i + 1
	_, _, rest := s.v.boundsAfter.at(s.tokens, i)
	if _, _, own := s.daysAt(k); own || rest || k >= len(s.tokens) {
		return false
	}
	for range 2 {
		if !s.relates(k) && k < len(s.tokens) && s.v.dayLinks[s.tokens[k].text] {
			k++
		}
	}
	if k >= len(s.tokens) {
		return false
	}
	_, _, grain := s.v.grains.at(s.tokens, k)
	return s.relates(k) || grain || s.is(k, "pasado")
}

func (s *scan) unreadAfter(i int) bool {
	if _, _, again := s.v.rhythm.at(s.tokens, i); again || s.elseAfter(i) || s.v.language == "de" && s.is(i, "uber", "ueber") {
		return true
	}
	if s.is(i, "-") && s.tight(i) && s.tight(i+1) && s.class(i+1) == figure {
		return true
	}
	if s.is(i, "'") && s.is(i+1, "s") && s.class(i+2) == figure { // "last month's 5th"
		return true
	}
	if s.is(i, "or", "oder", "o", "ou") {
		if _, next, ok := s.v.which.at(s.tokens, i+1); ok && s.overAt(next) { // "this sunday or next"
			return true
		}
	}
	k := i
	for range 2 {
		if k >= len(s.tokens) || !s.v.dayLinks[s.tokens[k].text] || s.is(k, ",", "for", "fur", "pour", "para", "por") {
			break
		}
		k++
	}
	if k >= len(s.tokens) {
		return false
	}
	if s.v.left[s.tokens[k].text] || s.v.seasons[s.tokens[k].text] {
		return true
	}
	if _, _, ok := s.v.grains.at(s.tokens, k); ok && k > i {
		return true
	}
	if _, _, ok := s.v.except.at(s.tokens, i); ok && !s.is(i, "but", "menos", "statt", "outside") {
		return true
	}
	return false
}
