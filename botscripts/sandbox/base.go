package sandbox

import (
	"fmt"
	"sort"

	lua "github.com/yuin/gopher-lua"
)

func baseAssert(l *lua.LState) int {
	if lua.LVAsBool(checkAny(l, 1, "assert")) {
		return l.GetTop()
	}
	message := l.Get(2)
	if text, ok := plainText(message); ok {
		stateOf(l).raiseText(l, where(l), text)
	}
	if message == lua.LNil {
		raise(l, "assertion failed!")
	}
	l.Error(message, 0)
	return 0
}

// baseError adds a position to a text, as Lua does, and raises anything else as it is.
func baseError(l *lua.LState) int {
	level := optionalInt(l, 2, "error", 1)
	message := l.Get(1)
	text, ok := plainText(message)
	if !ok || level <= 0 {
		l.Error(message, 0)
	}
	s := stateOf(l)
	s.raiseText(l, s.whereExactly(l, level), text)
	return 0
}

// raiseText raises a text of the script's own as an error.
func (s *State) raiseText(l *lua.LState, where, text string) {
	s.newString(int64(len(where) + len(text)))
	l.Error(lua.LString(where+text), 0)
}

// whereExactly is where without looking past Go functions: the caller may be unknown. Levels go on in the threads around a pcall.
func (s *State) whereExactly(l *lua.LState, level int) string {
	level = min(level, 1000)
	frame, ok := l.GetStack(level)
	for outer := len(s.waiting) - 1; !ok && outer >= 0; outer-- {
		// How many levels there are, found by halves: each look walks through the frames.
		level -= sort.Search(level, func(depth int) bool {
			_, there := l.GetStack(depth)
			return !there
		})
		l = s.waiting[outer]
		frame, ok = l.GetStack(level)
	}
	if !ok {
		return ""
	}
	if _, err := l.GetInfo("Sl", frame, lua.LNil); err != nil {
		return ""
	}
	return position(frame.Source, frame.CurrentLine)
}

func baseType(l *lua.LState) int {
	return give(l, lua.LString(checkAny(l, 1, "type").Type().String()))
}

func baseRawequal(l *lua.LState) int {
	a, b := checkAny(l, 1, "rawequal"), checkAny(l, 2, "rawequal")
	s := stateOf(l)
	s.meter.priceEqual(a, b)
	s.Work(0)
	return give(l, lua.LBool(l.RawEqual(a, b)))
}

func baseRawget(l *lua.LState) int {
	t, key := checkTable(l, 1, "rawget"), checkAny(l, 2, "rawget")
	stateOf(l).payKey(key, 1)
	return give(l, t.RawGet(key))
}

func baseRawset(l *lua.LState) int {
	t := checkTable(l, 1, "rawset")
	key := checkAny(l, 2, "rawset")
	if n, ok := key.(lua.LNumber); ok && n > denseIndex && n < maxArrayIndex {
		stateOf(l).chargeSlot(t, int(n))
	}
	value := checkAny(l, 3, "rawset")
	stateOf(l).store(t, key, value)
	l.RawSet(t, key, value)
	return give(l, t)
}

func baseSelect(l *lua.LState) int {
	n := l.GetTop()
	if text, ok := l.Get(1).(lua.LString); ok && text == "#" {
		return give(l, lua.LNumber(n-1))
	}
	i := checkInt(l, 1, "select")
	switch {
	case i < 0:
		i += n
	case i > n:
		i = n
	}
	if i < 1 {
		badArgument(l, 1, "select", "index out of range")
	}
	stateOf(l).Work(int64(n-i) / workPerInstruction)
	return n - i
}

func baseIpairs(l *lua.LState) int {
	t := checkTable(l, 1, "ipairs")
	return give(l, sharedIpairsStep, t, lua.LNumber(0))
}

func ipairsStep(l *lua.LState) int {
	i := checkInt(l, 2, "ipairs") + 1
	v := checkTable(l, 1, "ipairs").RawGetInt(i)
	if v == lua.LNil {
		return give(l, lua.LNil)
	}
	return give(l, lua.LNumber(i), v)
}

func basePairs(l *lua.LState) int {
	t := checkTable(l, 1, "pairs")
	return give(l, sharedPairsStep, t, lua.LNil)
}

func pairsStep(l *lua.LState) int {
	key, value := stateOf(l).Next(checkTable(l, 1, "pairs"), l.Get(2))
	l.Push(key)
	if key == lua.LNil {
		return 1
	}
	l.Push(value)
	return 2
}

// baseNext refuses a key that the table does not have. A key that was removed since next returned it is still good, so that
// a loop may clear what it visits.
func baseNext(l *lua.LState) int {
	s := stateOf(l)
	t := checkTable(l, 1, "next")
	key := l.Get(2)
	s.payKey(key, 3)
	if key != lua.LNil && t.RawGet(key) == lua.LNil && s.cursors[t] != key {
		raise(l, "invalid key to 'next'")
	}
	after, value := s.Next(t, key)
	if after == lua.LNil {
		delete(s.cursors, t)
		return give(l, lua.LNil)
	}
	if _, known := s.cursors[t]; !known {
		s.Charge(cursorBytes)
	}
	s.cursors[t] = after
	return give(l, after, value)
}

// What an entry of a state's own tables costs, roughly.
const (
	cursorBytes = 64
	idBytes     = 64
)

func baseGetmetatable(l *lua.LState) int {
	t, ok := checkAny(l, 1, "getmetatable").(*lua.LTable)
	if !ok {
		return give(l, lua.LNil)
	}
	mt, ok := t.Metatable.(*lua.LTable)
	if !ok {
		return give(l, lua.LNil)
	}
	if guard := mt.RawGetString("__metatable"); guard != lua.LNil {
		return give(l, guard)
	}
	return give(l, mt)
}

func baseSetmetatable(l *lua.LState) int {
	t := checkTable(l, 1, "setmetatable")
	mt := l.Get(2)
	if _, ok := mt.(*lua.LTable); !ok && (mt != lua.LNil || l.GetTop() < 2) {
		expected(l, 2, "setmetatable", "nil or table")
	}
	if old, ok := t.Metatable.(*lua.LTable); ok && old.RawGetString("__metatable") != lua.LNil {
		raise(l, "cannot change a protected metatable")
	}
	t.Metatable = mt
	return give(l, t)
}

func baseTonumber(l *lua.LState) int {
	v := checkAny(l, 1, "tonumber")
	n, ok := 0.0, false
	if base := optionalInt(l, 2, "tonumber", 10); base == 10 {
		n, ok = stateOf(l).number(v)
	} else {
		if base < 2 || base > 36 {
			badArgument(l, 2, "tonumber", "base out of range")
		}
		text := checkText(l, 1, "tonumber")
		stateOf(l).Work(parsingWork(len(text)))
		n, ok = parseBased(text, base)
	}
	if !ok {
		return give(l, lua.LNil)
	}
	return give(l, lua.LNumber(n))
}

func baseTostring(l *lua.LState) int {
	checkAny(l, 1, "tostring")
	return give(l, stateOf(l).display(l, l.Get(1)))
}

// display is tostring: metamethods, numbers as formatNumber writes them, and names for tables and functions that are the same
// in every run.
func (s *State) display(l *lua.LState, v lua.LValue) lua.LValue {
	if method := l.GetMetaField(v, "__tostring"); method != lua.LNil {
		return s.call(l, method, v)
	}
	switch v := v.(type) {
	case lua.LString:
		return v
	case lua.LNumber:
		s.Charge(stringHeader)
		return lua.LString(formatNumber(float64(v)))
	case lua.LBool, *lua.LNilType:
		return lua.LString(v.String())
	}
	id, known := s.ids[v]
	if !known {
		s.Charge(idBytes)
		id = len(s.ids) + 1
		s.ids[v] = id
	}
	s.Charge(2 * stringHeader)
	return lua.LString(fmt.Sprintf("%s: 0x%08x", v.Type(), id))
}

func baseUnpack(l *lua.LState) int {
	t := checkTable(l, 1, "unpack")
	first := optionalInt(l, 2, "unpack", 1)
	end := lastIndex(l, 3, "unpack", t)
	if end < first {
		return 0
	}
	if end-first >= maxResults {
		raise(l, "too many results to unpack, the limit is %d", maxResults)
	}
	stateOf(l).Work(int64(end-first) / workPerInstruction)
	for i := first; i <= end; i++ {
		l.Push(t.RawGet(lua.LNumber(i)))
	}
	return end - first + 1
}
