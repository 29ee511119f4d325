package sandbox

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// maxCaptures is Lua's limit of captures in a pattern.
const maxCaptures = 32

// Lengths of captures that are not a plain stretch of text.
const (
	captureOpen     = -1 // its `)` was not reached yet
	capturePosition = -2 // `()`
)

type capture struct{ start, length int }

// matcher matches Lua 5.1 patterns by backtracking, on bytes. Every comparison is a step that the instruction budget pays.
type matcher struct {
	state *State
	l     *lua.LState
	text  string
	pat   string
	caps  []capture
	room  [4]capture // where caps begins, to save an allocation
	depth int
	steps int
}

func newMatcher(s *State, l *lua.LState, text, pat string) *matcher {
	m := &matcher{state: s, l: l, text: text, pat: pat}
	m.caps = m.room[:0]
	return m
}

func (m *matcher) step() {
	if m.steps++; m.steps >= workPerInstruction {
		m.steps = 0
		m.state.Work(1)
	}
}

// walked books steps in one go.
func (m *matcher) walked(n int) {
	if m.steps += n; m.steps >= workPerInstruction {
		m.state.Work(int64(m.steps / workPerInstruction))
		m.steps %= workPerInstruction
	}
}

// try matches the pattern from pi against the text at si. It returns the end of the match, or -1.
func (m *matcher) try(si, pi int) int {
	m.caps = m.caps[:0]
	m.depth = 0
	m.step()
	return m.match(si, pi)
}

func (m *matcher) match(si, pi int) int {
	if m.depth++; m.depth > m.state.limits.MatchDepth {
		raise(m.l, "pattern too complex")
	}
	r := m.sequence(si, pi)
	m.depth--
	return r
}

// sequence matches items in a row; what must try again on failure recurses through match.
func (m *matcher) sequence(si, pi int) int {
	for pi < len(m.pat) {
		m.step()
		switch m.pat[pi] {
		case '(':
			if strings.HasPrefix(m.pat[pi+1:], ")") {
				return m.open(si, pi+2, capturePosition)
			}
			return m.open(si, pi+1, captureOpen)
		case ')':
			return m.close(si, pi+1)
		case '$':
			if pi+1 == len(m.pat) {
				if si == len(m.text) {
					return si
				}
				return -1
			}
		case '%':
			if pi+1 < len(m.pat) {
				switch c := m.pat[pi+1]; {
				case c == 'b':
					if si = m.balance(si, pi+2); si < 0 {
						return -1
					}
					pi += 4
					continue
				case c == 'f':
					pi += 2
					if pi >= len(m.pat) || m.pat[pi] != '[' {
						raise(m.l, "missing '[' after '%%f' in pattern")
					}
					end := m.itemEnd(pi)
					if m.frontier(si, pi, end) {
						pi = end
						continue
					}
					return -1
				case isDigit(c):
					if si = m.backReference(si, c); si < 0 {
						return -1
					}
					pi += 2
					continue
				}
			}
		}
		end := m.itemEnd(pi)
		suffix := byte(0)
		if end < len(m.pat) {
			suffix = m.pat[end]
		}
		switch suffix {
		case '?':
			if m.single(si, pi, end) {
				if r := m.match(si+1, end+1); r >= 0 {
					return r
				}
			}
			pi = end + 1
		case '*':
			return m.longest(si, pi, end, 0)
		case '+':
			return m.longest(si, pi, end, 1)
		case '-':
			return m.shortest(si, pi, end)
		default:
			if !m.single(si, pi, end) {
				return -1
			}
			si++
			pi = end
		}
	}
	return si
}

// itemEnd returns where the single-character item at pi ends.
func (m *matcher) itemEnd(pi int) int {
	c := m.pat[pi]
	pi++
	switch c {
	case '%':
		if pi >= len(m.pat) {
			raise(m.l, "malformed pattern (ends with '%%')")
		}
		return pi + 1
	case '[':
		from := pi
		defer func() { m.walked(pi - from) }()
		if pi < len(m.pat) && m.pat[pi] == '^' {
			pi++
		}
		for first := true; ; first = false { // a `]` in front is itself
			if pi >= len(m.pat) {
				raise(m.l, "malformed pattern (missing ']')")
			}
			c := m.pat[pi]
			pi++
			if c == '%' {
				pi++
			} else if c == ']' && !first {
				return pi
			}
		}
	}
	return pi
}

// single reports whether the item pat[pi:end] matches the character at si.
func (m *matcher) single(si, pi, end int) bool {
	m.step()
	if si >= len(m.text) {
		return false
	}
	c := m.text[si]
	switch m.pat[pi] {
	case '.':
		return true
	case '%':
		return inClass(c, m.pat[pi+1])
	case '[':
		return m.inSet(c, pi, end-1)
	}
	return m.pat[pi] == c
}

// inSet matches c against the set from its `[` at pi to its `]` at last.
func (m *matcher) inSet(c byte, pi, last int) bool {
	want := true
	pi++
	if m.pat[pi] == '^' {
		want = false
		pi++
	}
	m.walked(last - pi)
	for ; pi < last; pi++ {
		switch {
		case m.pat[pi] == '%':
			pi++
			if inClass(c, m.pat[pi]) {
				return want
			}
		case pi+2 < last && m.pat[pi+1] == '-':
			if m.pat[pi] <= c && c <= m.pat[pi+2] {
				return want
			}
			pi += 2
		case m.pat[pi] == c:
			return want
		}
	}
	return !want
}

func (m *matcher) longest(si, pi, end, least int) int {
	n := 0
	for m.single(si+n, pi, end) {
		n++
	}
	for ; n >= least; n-- {
		if r := m.match(si+n, end+1); r >= 0 {
			return r
		}
	}
	return -1
}

func (m *matcher) shortest(si, pi, end int) int {
	for {
		if r := m.match(si, end+1); r >= 0 {
			return r
		}
		if !m.single(si, pi, end) {
			return -1
		}
		si++
	}
}

func (m *matcher) open(si, pi, length int) int {
	if len(m.caps) >= maxCaptures {
		raise(m.l, "too many captures")
	}
	level := len(m.caps)
	m.caps = append(m.caps, capture{si, length})
	r := m.match(si, pi)
	if r < 0 {
		m.caps = m.caps[:level]
	}
	return r
}

func (m *matcher) close(si, pi int) int {
	level := len(m.caps) - 1
	for level >= 0 && m.caps[level].length != captureOpen {
		level--
	}
	if level < 0 {
		raise(m.l, "invalid pattern capture")
	}
	m.caps[level].length = si - m.caps[level].start
	r := m.match(si, pi)
	if r < 0 {
		m.caps[level].length = captureOpen
	}
	return r
}

// balance matches %bxy; pi is at x.
func (m *matcher) balance(si, pi int) int {
	if pi+1 >= len(m.pat) {
		raise(m.l, "unbalanced pattern")
	}
	if si >= len(m.text) || m.text[si] != m.pat[pi] {
		return -1
	}
	opening, closing := m.pat[pi], m.pat[pi+1]
	for depth := 1; ; {
		si++
		m.step()
		if si >= len(m.text) {
			return -1
		}
		switch m.text[si] {
		case closing:
			if depth--; depth == 0 {
				return si + 1
			}
		case opening:
			depth++
		}
	}
}

func (m *matcher) frontier(si, pi, end int) bool {
	before, after := byte(0), byte(0)
	if si > 0 {
		before = m.text[si-1]
	}
	if si < len(m.text) {
		after = m.text[si]
	}
	return !m.inSet(before, pi, end-1) && m.inSet(after, pi, end-1)
}

func (m *matcher) backReference(si int, digit byte) int {
	n := int(digit) - '1'
	if n < 0 || n >= len(m.caps) || m.caps[n].length < 0 {
		raise(m.l, "invalid capture index")
	}
	c := m.caps[n]
	m.state.Work(int64(c.length) / workPerInstruction)
	if strings.HasPrefix(m.text[si:], m.text[c.start:c.start+c.length]) {
		return si + c.length
	}
	return -1
}

// value returns capture n, or the whole match from start to end where the pattern has no captures and n is 0.
func (m *matcher) value(n, start, end int) lua.LValue {
	if n >= len(m.caps) {
		if n > 0 {
			raise(m.l, "invalid capture index")
		}
		m.state.Charge(stringHeader)
		return lua.LString(m.text[start:end])
	}
	switch c := m.caps[n]; c.length {
	case captureOpen:
		raise(m.l, "unfinished capture")
		return lua.LNil
	case capturePosition:
		return lua.LNumber(c.start + 1)
	default:
		m.state.Charge(stringHeader)
		return lua.LString(m.text[c.start : c.start+c.length])
	}
}

// pushCaptures pushes all captures, or the whole match when there are none and whole is set.
func (m *matcher) pushCaptures(start, end int, whole bool) int {
	n := len(m.caps)
	if n == 0 && whole {
		n = 1
	}
	for i := range n {
		m.l.Push(m.value(i, start, end))
	}
	return n
}

// inClass reports whether c is in the class that the letter names, or is that very character. Classes are those of ASCII.
func inClass(c, class byte) bool {
	in := false
	switch class | 0x20 {
	case 'a':
		in = isLetter(c)
	case 'c':
		in = c < 0x20 || c == 0x7f
	case 'd':
		in = isDigit(c)
	case 'l':
		in = c >= 'a' && c <= 'z'
	case 'p':
		in = c > 0x20 && c < 0x7f && !isLetter(c) && !isDigit(c)
	case 's':
		in = c == ' ' || c >= '\t' && c <= '\r'
	case 'u':
		in = c >= 'A' && c <= 'Z'
	case 'w':
		in = isLetter(c) || isDigit(c)
	case 'x':
		in = isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
	case 'z':
		in = c == 0
	default:
		return c == class
	}
	if !isLetter(class) {
		return c == class
	}
	if class >= 'A' && class <= 'Z' {
		return !in
	}
	return in
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
