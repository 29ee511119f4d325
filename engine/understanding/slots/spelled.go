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
	g := group{s: s, level: 1000}
	next := i
	for {
		k := next
		if next > i {
			k = s.join(next, &g)
		}
		if k >= len(s.tokens) || s.class(k) != word || !g.add(s.tokens[k].text) {
			break
		}
		next = k + 1
	}
	if next == i {
		return numeral{}, i, false
	}
	n := numeral{value: g.total + g.now, spelled: true, article: next == i+1 && s.v.articles[s.tokens[i].text]}
	if next == i+1 && s.v.articles[s.tokens[i].text] {
		if v, after, ok := s.v.dozens.at(s.tokens, next); ok {
			return numeral{value: v, spelled: true}, after, true
		}
		return n, next, true
	}
	if v, after, ok := s.v.andHalf.at(s.tokens, next); ok {
		n.value, n.decimals, next = n.value+v, 1, after
	} else if s.is(next, s.v.pointWord) {
		if d, ok := s.v.units[s.textAt(next+1)]; ok && d < 10 {
			n.value, n.decimals, next = n.value+float64(d)/10, 1, next+2
		}
	}
	return n, next, true
}

// join passes what stands between two words of one number: "-" and "and".
func (s *scan) join(i int, g *group) int {
	if s.is(i, "-") && s.tight(i) && s.tight(i+1) {
		i++
	}
	if s.v.and != "" && s.is(i, s.v.and) && g.takesAnd() {
		if k := i + 1; s.is(k, "-") && s.tight(k) && s.tight(k+1) {
			return k + 1
		}
		return i + 1
	}
	return i
}

// group adds up the words of a number.
type group struct {
	s          *scan
	total, now float64
	level      float64 // of the last word; 1000 at the beginning of a group
	scale      float64 // the last scale
	teen       bool    // the last word was "dix", which may go on
	started    bool
}

// takesAnd says where a language's "and" may stand inside a number.
func (g *group) takesAnd() bool {
	switch g.s.v.language {
	case "en":
		return g.level == 100 || g.level == 1000 && g.total > 0 && g.now == 0
	case "es", "fr":
		return g.level == 10
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
	if !ok {
		return false
	}
	value := float64(n)
	switch {
	case n == 0:
		ok = !g.started
		g.level = 0
	case n < 10 && g.teen && n >= 7:
		g.teen = false
		g.now += value
		g.level = 1
		return true
	case v.language == "fr" && n == 20 && int(g.now)%100 == 4 && g.level == 1 && (g.now == 4 || g.now > 100):
		g.now += 76
		g.level = 10
		g.started = true
		return true
	case n < 10:
		ok = g.level > 1
		g.level = 1
	case n < 20:
		sixty := v.language == "fr" && g.level == 10 && (int(g.now)%100 == 60 || int(g.now)%100 == 80)
		ok = g.level >= 100 || sixty
		g.level, g.teen = 1, v.language == "fr" && n == 10
		if ok {
			g.now += value
			g.started = true
			return true
		}
	case n < 100:
		ok = g.level >= 100
		g.level = 10
		if n%10 > 0 {
			g.level = 1
		}
	case n < 1000:
		ok = g.level >= 1000
		g.level = 100
		if n%100 > 0 {
			g.level = 1
		}
	default:
		ok = !g.started
		g.level = 1
	}
	if ok {
		g.now += value
		g.started, g.teen = true, false
	}
	return ok
}

func (g *group) multiply(scale float64) bool {
	switch {
	case scale == 100:
		if g.now >= 20 || g.now == 0 && g.started && g.total == 0 {
			return false
		}
		g.now = 100 * max(g.now, 1)
		g.level = 100
	case g.scale > 0 && scale >= g.scale, g.now >= 1000:
		return false
	default:
		if g.now == 0 {
			if g.started {
				return false
			}
			g.now = 1
		}
		g.total += g.now * scale
		g.now, g.level, g.scale = 0, 1000, scale
	}
	g.started, g.teen = true, false
	return true
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
