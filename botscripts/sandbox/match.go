package sandbox

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// startOffset turns Lua's initial position (from 1, negative from the end) into an offset within the text.
func startOffset(init, length int) int {
	if init < 0 {
		init += length + 1
	}
	return min(max(init, 1)-1, length)
}

// plainPattern reports whether no character of the pattern is special.
func plainPattern(pat string) bool { return !strings.ContainsAny(pat, "^$*+?.([%-") }

func stringFind(l *lua.LState) int {
	s := stateOf(l)
	text, pat := checkText(l, 1, "find"), checkText(l, 2, "find")
	from := startOffset(optionalInt(l, 3, "find", 1), len(text))
	s.Work(int64(len(pat)) / parsedBytes)
	if lua.LVAsBool(l.Get(4)) || plainPattern(pat) {
		s.Work(int64(len(text)-from) / workPerInstruction)
		at := strings.Index(text[from:], pat)
		if at < 0 {
			return give(l, lua.LNil)
		}
		return give(l, lua.LNumber(from+at+1), lua.LNumber(from+at+len(pat)))
	}
	m := newMatcher(s, l, text, pat)
	start, end := m.search(from)
	if end < 0 {
		return give(l, lua.LNil)
	}
	l.Push(lua.LNumber(start + 1))
	l.Push(lua.LNumber(end))
	return 2 + m.pushCaptures(start, end, false)
}

func stringMatch(l *lua.LState) int {
	s := stateOf(l)
	text, pat := checkText(l, 1, "match"), checkText(l, 2, "match")
	from := startOffset(optionalInt(l, 3, "match", 1), len(text))
	m := newMatcher(s, l, text, pat)
	start, end := m.search(from)
	if end < 0 {
		return give(l, lua.LNil)
	}
	return m.pushCaptures(start, end, true)
}

// search finds the first match at or after from; end is -1 when there is none.
func (m *matcher) search(from int) (start, end int) {
	if strings.HasPrefix(m.pat, "^") {
		return from, m.try(from, 1)
	}
	for start = from; start <= len(m.text); start++ {
		if end = m.try(start, 0); end >= 0 {
			return start, end
		}
	}
	return 0, -1
}

// stringGmatch returns an iterator that works anywhere a function does, not only in a for loop.
func stringGmatch(l *lua.LState) int {
	s := stateOf(l)
	text, pat := checkText(l, 1, "gmatch"), checkText(l, 2, "gmatch")
	s.Charge(closureBytes)
	at := 0
	l.Push(l.NewFunction(func(l *lua.LState) int {
		m := newMatcher(s, l, text, pat)
		for ; at <= len(text); at++ {
			end := m.try(at, 0)
			if end < 0 {
				continue
			}
			start := at
			at = end
			if end == start {
				at++ // an empty match must not be found again
			}
			return m.pushCaptures(start, end, true)
		}
		return give(l, lua.LNil)
	}))
	return 1
}

const closureBytes = 256

func stringGsub(l *lua.LState) int {
	s := stateOf(l)
	text, pat := checkText(l, 1, "gsub"), checkText(l, 2, "gsub")
	with := l.Get(3)
	if number, ok := with.(lua.LNumber); ok {
		with = lua.LString(formatNumber(float64(number)))
	}
	switch with.Type() {
	case lua.LTString, lua.LTTable, lua.LTFunction:
	default:
		expected(l, 3, "gsub", "string, function or table")
	}
	limit := optionalInt(l, 4, "gsub", maxExactInteger)
	first := 0
	if strings.HasPrefix(pat, "^") {
		first = 1
	}
	m := newMatcher(s, l, text, pat)
	var out strings.Builder
	at, count := 0, 0
	for count < limit {
		end := m.try(at, first)
		if end >= 0 {
			count++
			s.write(&out, m.replacement(with, at, end))
		}
		switch {
		case end > at:
			at = end
		case at < len(text):
			s.write(&out, text[at:at+1])
			at++
		default:
			at++
		}
		if at > len(text) || first == 1 {
			break
		}
	}
	if at < len(text) {
		s.write(&out, text[at:])
	}
	s.Charge(stringHeader + int64(out.Len()))
	return give(l, lua.LString(out.String()), lua.LNumber(count))
}

// replacement returns what replaces the match text[start:end].
func (m *matcher) replacement(with lua.LValue, start, end int) string {
	var value lua.LValue
	switch w := with.(type) {
	case lua.LString:
		return m.expand(string(w), start, end)
	case *lua.LTable:
		value = m.l.GetTable(w, m.value(0, start, end))
		if m.state.meter.stop != nil {
			panic(unwind{})
		}
	default:
		args := make([]lua.LValue, max(1, len(m.caps)))
		for i := range args {
			args[i] = m.value(i, start, end)
		}
		value = m.state.call(m.l, with, args...)
	}
	if !lua.LVAsBool(value) {
		return m.text[start:end]
	}
	text, ok := plainText(value)
	if !ok {
		raise(m.l, "invalid replacement value (a %s)", value.Type())
	}
	return text
}

// expand fills %0 to %9 into a replacement text.
func (m *matcher) expand(with string, start, end int) string {
	if !strings.Contains(with, "%") {
		return with
	}
	var b strings.Builder
	for i := 0; i < len(with); i++ {
		if with[i] != '%' {
			b.WriteByte(with[i])
			continue
		}
		i++
		piece := ""
		switch {
		case i >= len(with):
			raise(m.l, "invalid use of '%%' in replacement string")
		case with[i] == '0':
			piece = m.text[start:end]
		case isDigit(with[i]):
			piece, _ = plainText(m.value(int(with[i]-'1'), start, end))
		default:
			piece = with[i : i+1]
		}
		m.state.write(&b, piece)
	}
	return b.String()
}
