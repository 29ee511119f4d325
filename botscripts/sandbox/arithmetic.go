package sandbox

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// Arithmetic on strings. The VM reads "010" as eight and "1_000" as a thousand, so strings get metamethods, which it asks
// first, and which read numbers as Lua does.

func arithUnm(l *lua.LState) int {
	n, ok := stateOf(l).number(l.Get(1))
	if !ok {
		raise(l, "attempt to perform arithmetic on a string that is not a number")
	}
	return give(l, lua.LNumber(-n))
}

// modulo has the sign of b, as in Lua.
func modulo(s *State, a, b float64) float64 {
	s.Work(remainderWork(a, b))
	r := math.Mod(a, b)
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}

// arithmetic makes the metamethod of an event.
func arithmetic(event string, compute func(s *State, a, b float64) float64) entry {
	return kept(event, func(l *lua.LState) int {
		s, left, right := stateOf(l), l.Get(1), l.Get(2)
		for _, operand := range []lua.LValue{left, right} {
			if operand.Type() == lua.LTString {
				continue
			}
			if method := l.GetMetaField(operand, event); method != lua.LNil {
				return give(l, s.call(l, method, left, right))
			}
		}
		a, okA := s.number(left)
		b, okB := s.number(right)
		if !okA || !okB {
			bad := left
			if okA {
				bad = right
			}
			if bad.Type() == lua.LTString {
				raise(l, "attempt to perform arithmetic on a string that is not a number")
			}
			raise(l, "attempt to perform arithmetic on a %s value", bad.Type())
		}
		return give(l, lua.LNumber(compute(s, a, b)))
	})
}
