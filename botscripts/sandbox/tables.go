package sandbox

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// workPerInstruction is how many table elements or matcher steps handled in Go count as one instruction.
const workPerInstruction = 16

func tableConcat(l *lua.LState) int {
	s := stateOf(l)
	t := checkTable(l, 1, "concat")
	sep := optionalText(l, 2, "concat", "")
	first := optionalInt(l, 3, "concat", 1)
	last := lastIndex(l, 4, "concat", t)
	size := int64(0)
	for i := first; i <= last; i++ {
		if i%workPerInstruction == 0 {
			s.Work(1)
		}
		v := t.RawGet(lua.LNumber(i)) // a missing element ends the loop, however large last is
		text, ok := plainText(v)
		if !ok {
			raise(l, "invalid value (%s) at index %d in table for 'concat'", v.Type(), i)
		}
		if v.Type() == lua.LTNumber {
			s.Work(2) // it is written twice
		}
		size += int64(len(text))
		if i < last {
			size += int64(len(sep))
		}
	}
	s.newString(size)
	var b strings.Builder
	b.Grow(int(size))
	for i := first; i <= last; i++ {
		text, _ := plainText(t.RawGet(lua.LNumber(i)))
		b.WriteString(text)
		if i < last {
			b.WriteString(sep)
		}
	}
	return give(l, lua.LString(b.String()))
}

func tableInsert(l *lua.LState) int {
	s := stateOf(l)
	t := checkTable(l, 1, "insert")
	n := s.length(t)
	switch l.GetTop() {
	case 2:
		s.store(t, lua.LNumber(n+1), l.Get(2))
		t.RawSetInt(n+1, l.Get(2))
	case 3:
		at := checkInt(l, 2, "insert")
		if at < 1 || at > n+1 {
			badArgument(l, 2, "insert", "position out of bounds")
		}
		v, slots := l.Get(3), len(tableOf(t).array)
		if at == n+1 {
			s.store(t, lua.LNumber(at), v)
			t.RawSetInt(at, v)
		} else {
			s.Work(int64(slots-at) / workPerInstruction)
			s.store(t, lua.LNumber(slots+1), v)
			t.Insert(at, v)
		}
	default:
		raise(l, "wrong number of arguments to 'insert'")
	}
	return 0
}

func tableRemove(l *lua.LState) int {
	s := stateOf(l)
	t := checkTable(l, 1, "remove")
	n := s.length(t)
	at := optionalInt(l, 2, "remove", n)
	if at < 1 || at > n {
		return give(l, lua.LNil)
	}
	s.Work(int64(len(tableOf(t).array)-at) / workPerInstruction)
	return give(l, t.Remove(at))
}

func tableMaxn(l *lua.LState) int {
	t := checkTable(l, 1, "maxn")
	highest := lua.LNumber(0)
	s := stateOf(l)
	for key, _ := s.Next(t, lua.LNil); key != lua.LNil; key, _ = s.Next(t, key) {
		s.Work(1)
		if n, ok := key.(lua.LNumber); ok && n > highest {
			highest = n
		}
	}
	return give(l, highest)
}

// tableSort is a stable merge sort: one order for one input on every Go version, and no comparator can confuse it. The table
// changes only when the sort is done.
func tableSort(l *lua.LState) int {
	s := stateOf(l)
	t := checkTable(l, 1, "sort")
	before := l.Get(2)
	if before != lua.LNil && before.Type() != lua.LTFunction {
		expected(l, 2, "sort", "function")
	}
	n := s.length(t)
	s.Work(int64(n) / workPerInstruction)
	s.Charge(2 * slotBytes * int64(n))
	values := make([]lua.LValue, n)
	for i := range values {
		values[i] = t.RawGetInt(i + 1)
	}
	less := func(a, b lua.LValue) bool {
		if before == lua.LNil {
			s.meter.priceOrder(a, b)
			s.Work(2)
			return l.LessThan(a, b)
		}
		return lua.LVAsBool(s.call(l, before, a, b))
	}
	for i, v := range mergeSort(values, less) {
		t.RawSetInt(i+1, v)
	}
	return 0
}

func mergeSort(values []lua.LValue, less func(a, b lua.LValue) bool) []lua.LValue {
	from, to := values, make([]lua.LValue, len(values))
	for width := 1; width < len(values); width *= 2 {
		for low := 0; low < len(values); low += 2 * width {
			middle, high := min(low+width, len(values)), min(low+2*width, len(values))
			left, right := from[low:middle], from[middle:high]
			for i := low; i < high; i++ {
				if len(left) > 0 && (len(right) == 0 || !less(right[0], left[0])) {
					to[i], left = left[0], left[1:]
				} else {
					to[i], right = right[0], right[1:]
				}
			}
		}
		from, to = to, from
	}
	return from
}
