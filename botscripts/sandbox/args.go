package sandbox

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// Raise raises a Lua error from a host function, with the position of the Lua code that called it. It does not return. Unlike
// gopher-lua's RaiseError it writes no stray blank where no Lua code is known, as in pcall(host_function).
func Raise(l *lua.LState, message string) { raise(l, "%s", message) }

// raise raises a Lua error with the position of the Lua code that called into the library.
func raise(l *lua.LState, format string, args ...any) {
	l.Error(lua.LString(where(l)+fmt.Sprintf(format, args...)), 0)
}

// give is what a library function ends with: it pushes its results and counts them.
func give(l *lua.LState, results ...lua.LValue) int {
	for _, v := range results {
		l.Push(v)
	}
	return len(results)
}

func badArgument(l *lua.LState, n int, function, problem string) {
	raise(l, "bad argument #%d to '%s' (%s)", n, function, problem)
}

func expected(l *lua.LState, n int, function, want string) {
	got := "no value"
	if n <= l.GetTop() {
		got = l.Get(n).Type().String()
	}
	badArgument(l, n, function, want+" expected, got "+got)
}

func checkAny(l *lua.LState, n int, function string) lua.LValue {
	if n > l.GetTop() {
		badArgument(l, n, function, "value expected")
	}
	return l.Get(n)
}

func checkTable(l *lua.LState, n int, function string) *lua.LTable {
	t, ok := l.Get(n).(*lua.LTable)
	if !ok {
		expected(l, n, function, "table")
	}
	return t
}

func checkText(l *lua.LState, n int, function string) string {
	text, ok := plainText(l.Get(n))
	if !ok {
		expected(l, n, function, "string")
	}
	return text
}

func checkNumber(l *lua.LState, n int, function string) float64 {
	number, ok := stateOf(l).number(l.Get(n))
	if !ok {
		expected(l, n, function, "number")
	}
	return number
}

func checkInt(l *lua.LState, n int, function string) int {
	return clampInt(checkNumber(l, n, function))
}

func optionalInt(l *lua.LState, n int, function string, absent int) int {
	if l.Get(n) == lua.LNil {
		return absent
	}
	return checkInt(l, n, function)
}

// lastIndex is where a list ends for a library function: at its argument n, else at the list's length.
func lastIndex(l *lua.LState, n int, function string, list *lua.LTable) int {
	if l.Get(n) == lua.LNil {
		return stateOf(l).length(list)
	}
	return checkInt(l, n, function)
}

func optionalText(l *lua.LState, n int, function, absent string) string {
	if l.Get(n) == lua.LNil {
		return absent
	}
	return checkText(l, n, function)
}
