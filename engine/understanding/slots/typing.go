package slots

import "strings"

// typedUpTo is how many words an answer may have in which typing errors are mended.
const typedUpTo = 8

// mend corrects words of numbers with one typing error in a whole answer: "twnety five".
// A word is mended when a single word of numbers is one error away, and its neighbour is
// a number too or nothing else is said: "there" is no "three".
func (s *scan) mend(kind Kind) {
	words := 0
	for _, t := range s.tokens {
		if t.class == word {
			words++
		}
	}
	if words > typedUpTo {
		return
	}
	mended := map[int]string{}
	others := 0
	for i, t := range s.tokens {
		if t.class != word {
			continue
		}
		if right, ok := s.mendedWord(t.text, kind); ok {
			mended[i] = right
		} else if !s.worded(i, kind) && !s.aside(i) {
			others++
		}
	}
	for i := range s.tokens {
		right, ok := mended[i]
		if ok && (others == 0 || s.beside(i, -1, kind, mended) || s.beside(i, 1, kind, mended)) {
			s.tokens[i].text = right
		}
	}
}

// beside says that the next word in a direction is a number.
func (s *scan) beside(i, step int, kind Kind, mended map[int]string) bool {
	i += step
	if s.is(i, "-", s.v.and) {
		i += step
	}
	_, ok := mended[i]
	return ok || s.worded(i, kind) && !s.v.articles[s.textAt(i)]
}

func (s *scan) worded(i int, kind Kind) bool {
	text := s.textAt(i)
	_, unit := s.v.units[text]
	_, rank := s.v.ordinalUnits[text]
	if s.v.compound != nil && !unit {
		_, unit = s.v.compound(text)
	}
	return unit || s.v.scales[text] > 0 || kind == Ordinal && rank
}

// aside says that a word may stand beside a number and says nothing.
func (s *scan) aside(i int) bool {
	text := s.textAt(i)
	if s.polite(i) || s.is(i, "s", "il", "te") || closing[text] || s.v.fillers[text] || isCurrencyWord(text) || text == s.v.and || s.v.lengths[text].n > 0 || s.v.dozenWords[text] > 0 {
		return true
	}
	m, _, ok := s.v.sides.at(s.tokens, i)
	return ok && m == seeThrough
}

// mendedWord is the only word of numbers that is one typing error away from w.
func (s *scan) mendedWord(w string, kind Kind) (string, bool) {
	if len(w) < 4 || s.v.notTypos[w] {
		return "", false
	}
	if _, ok := s.v.units[w]; ok || s.v.scales[w] > 0 || s.v.ordinalUnits[w] > 0 || s.v.denominators[w] > 0 || s.v.dozenWords[w] > 0 || Month(w) > 0 || s.v.lengths[w].n > 0 {
		return "", false
	}
	if s.v.compound != nil {
		if _, ok := s.v.compound(w); ok {
			return "", false
		}
		if right, ok := s.mendedCompound(w); ok {
			return right, true
		}
	}
	found, value := "", -1
	try := func(right string, n int) bool {
		if !slip(w, right) || n == value {
			return true
		}
		if found != "" {
			return false
		}
		found, value = right, n
		return true
	}
	for right, n := range s.v.units {
		if !try(right, n) {
			return "", false
		}
	}
	for right, n := range s.v.scales {
		if !try(right, int(n)) {
			return "", false
		}
	}
	if kind == Ordinal {
		for right, n := range s.v.ordinalUnits {
			if !try(right, n) {
				return "", false
			}
		}
	}
	return found, found != ""
}

// mendedCompound mends one part of a German word: "fünfundreissig".
func (s *scan) mendedCompound(w string) (mended string, ok bool) {
	value := 0
	for i := 3; i < len(w)-4; i++ {
		for _, link := range []string{"und", "un", "nd"} {
			right, ok := strings.CutPrefix(w[i:], link)
			if !ok {
				continue
			}
			one := s.v.units[w[:i]]
			for ten, n := range s.v.units {
				if one > 0 && one < 10 && n >= 20 && n%10 == 0 && (ten == right || link == "und" && slip(right, ten)) {
					if whole := w[:i] + "und" + ten; mended == "" {
						mended, value = whole, one+n
					} else if value != one+n {
						return "", false
					}
				}
			}
		}
	}
	return mended, mended != ""
}

// slip says that one typing error makes a of b: a letter left out, added, doubled, wrong
// or swapped with the next, not the first one. Short words are next to too many others.
func slip(a, b string) bool {
	if a == b || b == "" || a[0] != b[0] || len(b) < 3 {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) == len(b)+1 && a[i:][1:] == b[i:]:
		return len(b) >= 5 || a[i] == a[i-1]
	case len(b) < 4:
		return false
	case len(a) == len(b) && i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]:
		return true
	case len(b) < 5:
		return false
	case len(a) == len(b):
		return i < len(a) && a[i+1:] == b[i+1:]
	case len(a) == len(b)-1:
		return a[i:] == b[i+1:]
	}
	return false
}
