package sandbox

import (
	"math"

	lua "github.com/yuin/gopher-lua"
)

// unary makes a library function of a function of one number.
func unary(name string, compute func(float64) float64) lua.LGFunction {
	return func(l *lua.LState) int {
		return give(l, lua.LNumber(compute(checkNumber(l, 1, name))))
	}
}

func binary(name string, compute func(a, b float64) float64) lua.LGFunction {
	return func(l *lua.LState) int {
		return give(l, lua.LNumber(compute(checkNumber(l, 1, name), checkNumber(l, 2, name))))
	}
}

// mathFmod has the sign of its first argument.
func mathFmod(name string) lua.LGFunction {
	return func(l *lua.LState) int {
		a, b := checkNumber(l, 1, name), checkNumber(l, 2, name)
		stateOf(l).Work(remainderWork(a, b))
		return give(l, lua.LNumber(math.Mod(a, b)))
	}
}

// extreme makes math.max and math.min; better reports whether a replaces b.
func extreme(name string, better func(a, b float64) bool) lua.LGFunction {
	return func(l *lua.LState) int {
		best := checkNumber(l, 1, name)
		for i := 2; i <= l.GetTop(); i++ {
			if n := checkNumber(l, i, name); better(n, best) {
				best = n
			}
		}
		return give(l, lua.LNumber(best))
	}
}

// mathLog takes an optional base, which is easily passed in the belief that it counts.
func mathLog(l *lua.LState) int {
	n := checkNumber(l, 1, "log")
	if l.GetTop() < 2 {
		return give(l, lua.LNumber(math.Log(n)))
	}
	switch base := checkNumber(l, 2, "log"); base {
	case 10:
		return give(l, lua.LNumber(math.Log10(n)))
	case 2:
		return give(l, lua.LNumber(math.Log2(n)))
	default:
		return give(l, lua.LNumber(math.Log(n)/math.Log(base)))
	}
}

func mathFrexp(l *lua.LState) int {
	fraction, exponent := math.Frexp(checkNumber(l, 1, "frexp"))
	return give(l, lua.LNumber(fraction), lua.LNumber(exponent))
}

func mathLdexp(l *lua.LState) int {
	return give(l, lua.LNumber(math.Ldexp(checkNumber(l, 1, "ldexp"), checkInt(l, 2, "ldexp"))))
}

func mathModf(l *lua.LState) int {
	n := checkNumber(l, 1, "modf")
	whole, fraction := math.Modf(n)
	if math.IsInf(n, 0) {
		fraction = 0
	}
	return give(l, lua.LNumber(whole), lua.LNumber(fraction))
}

func degrees(radians float64) float64 { return radians * 180 / math.Pi }

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }
