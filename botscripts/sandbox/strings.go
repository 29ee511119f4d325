package sandbox

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// Strings are bytes, as in Lua; upper and lower know ASCII only.

func stringLen(l *lua.LState) int {
	return give(l, lua.LNumber(len(checkText(l, 1, "len"))))
}

// span turns Lua's inclusive bounds (from 1, negative from the end) into a half-open range of offsets.
func span(first, last, length int) (from, to int) {
	if first < 0 {
		first += length + 1
	}
	if last < 0 {
		last += length + 1
	}
	from, to = max(first, 1)-1, min(last, length)
	if from >= to {
		return 0, 0
	}
	return from, to
}

func stringSub(l *lua.LState) int {
	text := checkText(l, 1, "sub")
	from, to := span(checkInt(l, 2, "sub"), optionalInt(l, 3, "sub", -1), len(text))
	stateOf(l).Charge(stringHeader)
	return give(l, lua.LString(text[from:to]))
}

func stringByte(l *lua.LState) int {
	text := checkText(l, 1, "byte")
	first := optionalInt(l, 2, "byte", 1)
	from, to := span(first, optionalInt(l, 3, "byte", first), len(text))
	if to-from > maxResults {
		raise(l, "string slice too long, the limit is %d", maxResults)
	}
	stateOf(l).Work(int64(to-from) / workPerInstruction)
	for _, c := range []byte(text[from:to]) {
		l.Push(lua.LNumber(c))
	}
	return to - from
}

func stringChar(l *lua.LState) int {
	bytes := make([]byte, l.GetTop())
	for i := range bytes {
		c := checkInt(l, i+1, "char")
		if c < 0 || c > 255 {
			badArgument(l, i+1, "char", "invalid value")
		}
		bytes[i] = byte(c)
	}
	stateOf(l).newString(int64(len(bytes)))
	return give(l, lua.LString(bytes))
}

func stringRep(l *lua.LState) int {
	s := stateOf(l)
	text := checkText(l, 1, "rep")
	n := checkInt(l, 2, "rep")
	if n <= 0 || text == "" {
		return give(l, lua.LString(""))
	}
	if int64(n) > s.limits.StringBytes {
		s.newString(int64(n))
	}
	s.newString(int64(n) * int64(len(text)))
	return give(l, lua.LString(strings.Repeat(text, n)))
}

func stringReverse(l *lua.LState) int {
	text := checkText(l, 1, "reverse")
	stateOf(l).newString(int64(len(text)))
	bytes := []byte(text)
	slices.Reverse(bytes)
	return give(l, lua.LString(bytes))
}

// mapped makes upper or lower of the mapping of one letter.
func mapped(name string, change func(c byte) byte) lua.LGFunction {
	return func(l *lua.LState) int {
		text := checkText(l, 1, name)
		s := stateOf(l)
		s.newString(int64(len(text)))
		s.Work(int64(len(text)) / (workPerInstruction * workPerInstruction))
		bytes := []byte(text)
		for i, c := range bytes {
			bytes[i] = change(c)
		}
		return give(l, lua.LString(bytes))
	}
}

func upper(c byte) byte {
	if c >= 'a' && c <= 'z' {
		return c - 0x20
	}
	return c
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 0x20
	}
	return c
}
