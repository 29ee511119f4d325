package assent

// sentence is what a clause says.
type sentence struct {
	strong Answer // by words that are an answer
	stated Answer // by what is said of the matter
	adverb bool   // "of course", "it is"
	lacks  bool   // "without", of nothing
	light  bool   // "bueno"

	idiom    bool // "why not", which is no question
	asks     bool // a question
	hedged   bool // a condition, a reservation, or both answers
	leads    bool // it begins with an answer behind which anything may follow
	opens    bool // more may follow in clauses of its own
	polite   bool
	friendly bool // nothing but what is also said in thanks
	begins   class
	last     int // the word behind the answer, 0 for none
}

// sentence reads the items of a clause of which all words are understood up to
// item open, -1 for all. What stands behind can only make it a question or a
// reservation.
func (r *reading) sentence(items []item, open int) sentence {
	s := sentence{friendly: true}
	known := items
	if open >= 0 {
		known = items[:open]
	}
	for _, it := range items {
		s.asks = s.asks || it.class == asks
		s.hedged = s.hedged || it.class == hedge || it.class == whether && open >= 0
	}
	if open >= 0 {
		known = s.opening(known)
	}
	content := make([]item, 0, len(known))
	for n, it := range known {
		switch it.class {
		case whole:
			s.hedged = s.hedged || len(content) > 0 && negation(content[len(content)-1].class)
			continue
		case filler, subject, very, aux, you:
			continue
		case whether:
			it.class = yes
		}
		it.joined = n > 0 && (known[n-1].class == very || len(content) > 0 && content[len(content)-1].end == known[n-1].end)
		content = append(content, it)
	}
	if len(content) > 0 {
		s.begins = content[0].class
		s.hedged = s.hedged || s.begins == yes && len(content) > 1 && r.answer == Yes && known[0].class == whether
	}
	s.asks = s.asks || len(known) > 2 && known[0].class == aux && (known[1].class == you || known[1].class == subject)
	for k := 0; k < len(content); {
		n := s.step(content[k:])
		if c := content[k].class; c != polite || s.last > 0 {
			s.last = content[k+n-1].end
		}
		k += n
	}
	if s.lacks && open < 0 || s.strong != Silent && s.stated != Silent && s.strong != s.stated || s.strong == No && s.adverb {
		s.hedged = true
	}
	return s
}

// opening cuts what is understood of a clause behind an answer at the sentence that
// begins there, and says whether the answer leads.
func (s *sentence) opening(known []item) []item {
	strong := unknown
	for n, it := range known {
		switch it.class {
		case yes, nope, no:
			if strong == unknown {
				strong = it.class
			}
		case polite:
			s.leads = s.leads || strong != unknown
		case subject:
			if strong != unknown {
				s.leads = true
				return known[:n]
			}
		}
	}
	s.leads = s.leads || strong == yes || strong == nope
	return known
}

// answer is what the sentence says by itself.
func (s *sentence) answer() Answer {
	switch {
	case s.strong != Silent:
		return s.strong
	case s.stated != Silent:
		return s.stated
	case s.adverb || s.light:
		return Yes
	}
	return Silent
}

func (s *sentence) onlyLight() bool {
	return s.light && !s.adverb && s.strong == Silent && s.stated == Silent
}

// step reads what the items begin with and gives how many it is.
func (s *sentence) step(items []item) int {
	at := func(n int) class {
		if n < len(items) {
			return items[n].class
		}
		return unknown
	}
	c, next := at(0), at(1)
	if c != good && c != light && c != well && c != agree && c != polite {
		s.friendly = false
	}
	switch {
	case c == why && (next == not || isNo(next)):
		s.idiom = true
		return s.state(Yes, 2)
	case c == say && negation(next) && isNo(at(2)), negation(c) && next == say && isNo(at(2)), c == not && isNo(next) && at(2) == say:
		return s.state(Yes, 3) // "I can't say no"
	case negation(c) && next == say && at(2) == yes:
		s.hedged = true
		return 3
	case items[0].negates && (next == not || next == lacking):
		return 1 // "no hay ningún problema"
	case negation(c) && next == chance:
		return s.state(No, 2)
	case negation(c) && next == trouble && (c != no || items[0].negates || items[1].joined):
		return s.state(Yes, 2)
	case c == trouble && next == not && !negated(at(2)): // "ça ne me dérange pas"
		return s.state(Yes, 2)
	case negatable(c) && next == never && !negated(at(2)): // "das will ich auf keinen Fall"
		return s.state(No, 2)
	case items[0].negates && negatable(next):
		s.friendly = false
		return s.state(No, 2)
	case c == not && isNo(next): // "it's not a no"
		s.hedged = true
		return 2
	case items[0].negates && (next == certain || next == bad || next == yes || next == well):
		s.hedged = true
		return 2
	case negatable(c) && next == not && !negated(at(2)):
		s.friendly = false
		return s.state(No, 2)
	case (c == firmly || c == certain || c == short) && (next == not || isNo(next)) && !negated(at(2)):
		s.hedged = s.hedged || !items[1].joined
		return s.state(No, 2)
	}
	switch c {
	case idiom:
		s.idiom = true
		s.state(Yes, 1)
	case yes:
		s.say(Yes)
	case no, nope, never:
		s.say(No)
	case not, bad:
		s.state(No, 1)
	case agree, good:
		s.opens = s.opens || c == agree
		s.state(Yes, 1)
	case firmly, certain:
		s.adverb, s.opens = true, true
	case short:
		s.adverb = true
	case light:
		s.light = true
	case trouble, chance:
		s.hedged = s.hedged || c == trouble
	case lacking:
		s.lacks = true
	case why:
		s.asks = true
	case polite:
		s.polite = true
	}
	return 1
}

func (s *sentence) state(a Answer, n int) int {
	s.hedged = s.hedged || s.stated != Silent && s.stated != a
	s.stated = a
	return n
}

func (s *sentence) say(a Answer) {
	s.hedged = s.hedged || s.strong != Silent && s.strong != a
	s.strong, s.opens = a, true
}

func isNo(c class) bool { return c == no || c == nope }

func negation(c class) bool { return c == not || c == lacking || c == never || isNo(c) }

// negatable says whether a negation makes a no of it.
func negatable(c class) bool { return c == good || c == agree || c == light }

// negated says whether a negation before it belongs to it.
func negated(c class) bool {
	return negatable(c) || c == trouble || c == chance || c == certain || c == bad || c == say || c == yes || isNo(c)
}
