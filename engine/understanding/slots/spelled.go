package slots

import "strings"

// spelled reads a number in words that begins at token i.
//
// Within a group of thousands the words must grow smaller: hundreds, tens, units.
// level is the size of the last one, so "five six" are two numbers and
// "fifty six" is one.
func (s *scan) spelled(i int) (numeral, int, bool) {
	if s.class(i) != word || s.tight(i) && s.class(i-1) == figure {
		return numeral{}, i, false
	}
	if v, next, ok := s.v.halves.at(s.tokens, i); ok {
		return numeral{value: v, decimals: 1, spelled: true}, next, true
	}
	g := group{s: s, level: 1000, opened: s.opened(i)}
	next := g.read(i, i)
	if next == i {
		return numeral{}, i, false
	}
	n := numeral{value: g.value(), spelled: true, article: next == i+1 && s.v.articles[s.tokens[i].text], scale: g.last}
	if n.article {
		if v, after, ok := s.v.dozens.at(s.tokens, next); ok {
			n = numeral{value: v, spelled: true, scale: v}
			next = after
		}
		if s.is(next, "and") && n.scale == 0 {
			return n, next, true // "a and b"
		}
	}
	return s.fractional(n, next)
}

// fractional reads what follows the point or the "and" of a number in words:
// "point zero three", "Komma fünfzehn", "and a half".
func (s *scan) fractional(n numeral, next int) (numeral, int, bool) {
	if v, after, ok := s.v.andHalf.at(s.tokens, next); ok {
		switch {
		case n.scale == 100 || n.scale == 1000 || n.decimals > 0:
			n.unclear = true // half a thousand more, or 0.5?
		case n.scale > 0:
			v *= n.scale
			n.value, next = n.value+v, after
			return n, next, true
		}
		n.value, n.decimals, n.article, next = n.value+v, 1, false, after
		return n, next, true
	}
	if n.decimals > 0 || n.article {
		return n, next, true
	}
	if digits, after, ok := s.afterPoint(next); ok {
		v, _ := figures(format(n.value)+"."+digits, '.')
		n.value, n.decimals, next = v.value, len(digits), after
	}
	return n, next, true
}

// afterPoint reads the digits after a decimal sign in words: one by one, or two as
// one number.
func (s *scan) afterPoint(i int) (digits string, next int, ok bool) {
	if !s.v.pointWords[s.textAt(i)] {
		return "", i, false
	}
	i++
	if s.class(i) == figure && len(s.tokens[i].text) <= 6 && !s.joinedOn(i+1) {
		return s.tokens[i].text, i + 1, true
	}
	for len(digits) < 6 {
		n, ok := s.v.units[s.textAt(i)]
		if !ok || n > 9 || s.v.articles[s.textAt(i)] && digits == "" && s.v.language == "en" {
			break
		}
		digits += format(float64(n))
		i++
	}
	if digits != "" {
		return digits, i, !s.isNumberWord(i) || s.v.scales[s.textAt(i)] >= 1000
	}
	g := group{s: s, level: 100}
	if next = g.read(i, i); next > i && g.value() >= 10 && g.value() < 100 {
		return format(g.value()), next, true
	}
	return "", i, false
}

// isNumberWord says that a number could go on at token i.
func (s *scan) isNumberWord(i int) bool {
	text := s.textAt(i)
	if _, ok := s.v.scales[text]; ok {
		return true
	}
	_, ok := s.v.units[text]
	return ok && !s.v.articles[text]
}

// read takes the words of a number from token next on; i is where it begins.
func (g *group) read(i, next int) int {
	s := g.s
	for {
		k := next
		if next > i {
			k = s.join(next, g)
		}
		if k >= len(s.tokens) || !g.take(k) {
			return next
		}
		g.und = false
		next = k + 1
	}
}

// take takes the word or the digits at token k.
func (g *group) take(k int) bool {
	s := g.s
	switch s.class(k) {
	case word:
		if s.tight(k) && s.class(k-1) == figure && s.v.scales[s.tokens[k].text] == 0 {
			return false
		}
		return g.add(s.tokens[k].text)
	case figure:
		return g.started && g.digits(k)
	}
	return false
}

// digits takes digits between words: "4 thousand 3 hundred and 21", "cuarenta y 7".
func (g *group) digits(k int) bool {
	s := g.s
	n, ok := s.integer(k, 3)
	if !ok || s.tight(k) && s.class(k-1) == word || s.tight(k+1) && (s.class(k+1) != mark || s.class(k+2) == figure && s.tight(k+2)) ||
		n == 0 || s.tokens[k].text[0] == '0' || s.tight(k+1) && s.is(k+1, "%") {
		return false
	}
	switch {
	case n < 10 && g.level == 10:
		if s.v.language == "en" || s.v.language == "de" || s.v.language == "es" && !s.is(k-1, "y") {
			return false
		}
		g.level = 1
	case n < 10 && g.level >= 100, n < 100 && g.level >= 100:
		g.level = 1
	case n < 1000 && g.level >= 1000:
		g.level, g.figures = 1, true
	default:
		return false
	}
	g.now += float64(n)
	g.figures = true
	g.last = 0
	return true
}

// join passes what stands between two words of one number: "-" and "and".
func (s *scan) join(i int, g *group) int {
	if s.is(i, "-") && (s.tight(i) && s.tight(i+1) || g.level == 10 && s.v.units[s.textAt(i+1)] > 0 && s.v.units[s.textAt(i+1)] < 10) {
		i++
	}
	if s.v.and != "" && s.is(i, s.v.and) && g.takesAnd(i) {
		g.und = true
		if k := i + 1; s.is(k, "-") && s.tight(k) && s.tight(k+1) {
			return k + 1
		}
		return i + 1
	}
	return i
}

// group adds up the words of a number: total of the large scales, what the
// thousands made, and what has been said since.
type group struct {
	s                *scan
	total, mid, now  float64
	level            float64 // of the last word; 1000 at the beginning of a group
	scale            float64 // the last large scale
	last             float64 // the scale that was the last word, 0 for another word
	teen             bool    // the last word was "dix", which may go on
	started, und     bool    // und: "and" stands before the word that comes
	opened           bool    // "between" stands before it, so that "and" goes on with another
	figures, leading bool    // now came in digits; the number is only a zero so far
}

func (g *group) value() float64 { return g.total + g.mid + g.now }

// takesAnd says where a language's "and" may stand inside a number.
func (g *group) takesAnd(i int) bool {
	if g.opened && g.level != 10 {
		return false
	}
	switch g.s.v.language {
	case "en":
		return g.level == 100 || g.level == 1000 && g.total+g.mid > 0 && g.now == 0
	case "es":
		return g.level == 10 || g.teen && g.s.v.units[g.s.textAt(i+1)] > 5 // "diez y seis"
	case "fr":
		return g.level == 10
	}
	if g.level == 1 && g.now == g.value() && g.now < 10 && g.now > 0 { // "fünf und zwanzig"
		ten := g.s.v.units[g.s.textAt(i+1)]
		return ten >= 20 && ten < 100
	}
	return g.level >= 100
}

// add takes a word into the number; false when the number ends before it.
func (g *group) add(text string) bool {
	v := g.s.v
	if scale, ok := v.scales[text]; ok {
		return g.multiply(scale)
	}
	n, ok := v.units[text]
	if !ok && v.compound != nil {
		n, ok = v.compound(text)
	}
	if !ok || n == 1 && g.started && v.language == "en" && v.articles[text] {
		return false
	}
	return g.count(n)
}

// count takes a number below a scale.
func (g *group) count(n int) bool {
	v := g.s.v
	value, ok := float64(n), false
	switch {
	case n == 0:
		ok = !g.started
		g.level, g.leading = 0, true
	case g.leading: // "zero five" and no more
		ok = n < 10 && g.level == 0
		g.level = -1
	case n < 10 && g.teen && (v.language == "fr" && n >= 7 || g.und && n >= 6):
		g.teen = false
		g.now += value
		g.level = 1
		return true
	case v.language == "fr" && n == 20 && int(g.now)%100 == 4 && g.level == 1 && (g.now == 4 || g.now > 100) && !g.figures:
		g.now += 76
		g.level, g.last = 10, 0
		g.started = true
		return true
	case n < 10:
		ok = g.level > 1
		g.level = 1
	case n < 20:
		sixty := v.language == "fr" && g.level == 10 && (int(g.now)%100 == 60 || int(g.now)%100 == 80)
		ok = g.level >= 100 || sixty
		g.level, g.teen = 1, n == 10 && (v.language == "fr" || v.language == "es")
		if ok {
			g.now += value
			g.started, g.last = true, 0
			return true
		}
	case n < 100:
		ok = g.level >= 100 || g.und && v.language == "de" && g.level == 1
		g.level = 10
		if n%10 > 0 || g.und && v.language == "de" && g.now > 0 && g.now < 10 {
			g.level = 1
		}
	case n < 1000:
		ok = g.level >= 1000
		g.level = 100
		if n%100 > 0 {
			g.level = 1
		}
	default: // a German word
		if ok = g.level >= 1000 && g.mid == 0 && g.now == 0; ok {
			g.mid, value = float64(n/1000*1000), float64(n%1000)
			g.level = 1
			if value == 0 {
				g.level = 1000
			}
		}
	}
	if ok {
		g.now += value
		g.started, g.teen, g.last = true, false, 0
	}
	return ok
}

func (g *group) multiply(scale float64) bool {
	switch {
	case g.leading:
		return false
	case scale == 100:
		many := g.figures && g.now < 1000 && g.s.v.language != "fr" && g.value() == g.now && g.last == 0
		if g.now >= 20 && !many || g.now == 0 && g.started && (g.value() == 0 || g.s.v.language == "en") || g.last == 100 {
			return false
		}
		g.now = 100 * max(g.now, oneIf(g.now == 0))
		g.level = 100
	case scale == 1000:
		if g.mid > 0 || g.now == 0 && g.started && g.total == 0 || g.now >= 1000 && !g.figures {
			return false
		}
		if g.now == 0 {
			g.now = 1
		}
		g.mid, g.now, g.level = 1000*g.now, 0, 1000
	default:
		n := g.mid + g.now
		if g.scale > 0 && scale >= g.scale || n == 0 && g.started {
			return false
		}
		g.total += scale * max(n, oneIf(n == 0))
		g.mid, g.now, g.level, g.scale = 0, 0, 1000, scale
	}
	g.started, g.teen, g.last, g.figures = true, false, scale, false
	return true
}

func oneIf(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// germanNumber reads a German number written as one word, below a million.
func germanNumber(w string, units map[string]int) (int, bool) {
	if n, ok := units[w]; ok {
		return n, true
	}
	if left, right, ok := strings.Cut(w, "tausend"); ok {
		return germanParts(left, right, 1000, units)
	}
	if left, right, ok := strings.Cut(w, "hundert"); ok {
		return germanParts(left, right, 100, units)
	}
	for i := 3; i < len(w)-3; i++ {
		if w[i:min(i+3, len(w))] != "und" {
			continue
		}
		one, ok1 := units[w[:i]]
		ten, ok2 := units[w[i+3:]]
		if ok1 && ok2 && one > 0 && one < 10 && ten >= 20 && ten%10 == 0 {
			return one + ten, true
		}
	}
	return 0, false
}

func germanParts(left, right string, scale int, units map[string]int) (int, bool) {
	n, rest := 1, 0
	ok := true
	if left != "" {
		if n, ok = germanNumber(left, units); !ok || n < 1 || n >= 1000 || scale == 100 && n > 19 {
			return 0, false
		}
	}
	if right = strings.TrimPrefix(right, "und"); right != "" {
		if rest, ok = germanNumber(right, units); !ok || rest < 1 || rest >= scale {
			return 0, false
		}
	}
	return n*scale + rest, true
}
