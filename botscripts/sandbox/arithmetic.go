package sandbox

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// Arithmetic on strings. The VM reads "010" as eight and "1_000" as a thousand, so strings get metamethods, which it asks
// first, and which read numbers as Lua does.

func arithAdd(l *lua.LState) int {
	return arithmetic(l, "__add", func(a, b float64) float64 { return a + b })
}

func arithSub(l *lua.LState) int {
	return arithmetic(l, "__sub", func(a, b float64) float64 { return a - b })
}

func arithMul(l *lua.LState) int {
	return arithmetic(l, "__mul", func(a, b float64) float64 { return a * b })
}

func arithDiv(l *lua.LState) int {
	return arithmetic(l, "__div", func(a, b float64) float64 { return a / b })
}

func arithMod(l *lua.LState) int {
	return arithmetic(l, "__mod", func(a, b float64) float64 {
		stateOf(l).Work(remainderWork(a, b))
		return modulo(a, b)
	})
}

func arithPow(l *lua.LState) int { return arithmetic(l, "__pow", math.Pow) }

func arithUnm(l *lua.LState) int {
	n, ok := stateOf(l).number(l.Get(1))
	if !ok {
		raise(l, "attempt to perform arithmetic on a string that is not a number")
	}
	l.Push(lua.LNumber(-n))
	return 1
}

// modulo has the sign of b, as in Lua.
func modulo(a, b float64) float64 {
	r := math.Mod(a, b)
	if r != 0 && (r < 0) != (b < 0) {
		r += b
	}
	return r
}

func arithmetic(l *lua.LState, event string, compute func(a, b float64) float64) int {
	left, right := l.Get(1), l.Get(2)
	for _, operand := range []lua.LValue{left, right} {
		if operand.Type() == lua.LTString {
			continue
		}
		if method := l.GetMetaField(operand, event); method != lua.LNil {
			stateOf(l).call(l, 1, method, left, right)
			return 1
		}
	}
	s := stateOf(l)
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
	l.Push(lua.LNumber(compute(a, b)))
	return 1
}
