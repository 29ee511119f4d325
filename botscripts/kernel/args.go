package kernel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/sandbox"
	"parley/botscripts/suggest"
)

// args reads the arguments of one host call. Every failure is a Lua error
// that names the function and the parameter. Checks depend on the arguments
// only, so that a replay fails in the same way without a journal entry.
type Args struct {
	L      *lua.LState
	Fn     string // "chat:say"
	offset int    // 1 for methods, where argument 1 is the object
	Run    *Run
}

// At is argument i, counted from 1 without the object.
func (a Args) At(i int) lua.LValue { return a.L.Get(i + a.offset) }

func (a Args) Fail(format string, values ...any) {
	for i, v := range values {
		if text, ok := v.(string); ok {
			values[i] = Quoted(text)
		}
	}
	sandbox.Raise(a.L, fmt.Sprintf(a.Fn+": "+format, values...))
}

// Quoted is what an error tells of a text that a script gave.
func Quoted(text string) string {
	if len(text) <= MaxQuoted {
		return text
	}
	return Cut(text, MaxQuoted) + "…"
}

const MaxQuoted = 4 << 10

// Next is the table's next key and value. The script pays for the walk.
func (a Args) Next(t *lua.LTable, key lua.LValue) (after, value lua.LValue) {
	a.Run.VM.Work(1)
	return a.Run.VM.Next(t, key)
}

// Text reads a string (numbers count, as everywhere in Lua) of at most max bytes.
func (a Args) Text(v lua.LValue, param string, max int) string {
	var s string
	switch v := v.(type) {
	case lua.LString:
		s = string(v)
	case lua.LNumber:
		s = Number(float64(v))
	default:
		a.Fail("%s must be a string, got %s", param, v.Type())
	}
	if len(s) > max {
		a.Fail("%s is %d bytes long, at most %d are allowed", param, len(s), max)
	}
	if !utf8.ValidString(s) {
		a.Fail("%s is not valid UTF-8", param)
	}
	return s
}

// Some is text that may not be blank.
func (a Args) Some(v lua.LValue, param string, max int) string {
	s := a.Text(v, param, max)
	if strings.TrimSpace(s) == "" {
		a.Fail("%s must not be empty", param)
	}
	return s
}

// Optional is text, or "" for nil.
func (a Args) Optional(v lua.LValue, param string, max int) string {
	if v == lua.LNil {
		return ""
	}
	return a.Text(v, param, max)
}

// Value is a string, number or boolean as text, or "" for nil.
func (a Args) Value(v lua.LValue, param string, max int) string {
	switch v := v.(type) {
	case *lua.LNilType:
		return ""
	case lua.LBool:
		return v.String()
	case lua.LString, lua.LNumber:
		return a.Text(v, param, max)
	}
	a.Fail("%s must be a string, number or boolean, got %s", param, v.Type())
	return ""
}

// Return is how a function ends: with what it gives the script.
func (a Args) Return(values ...lua.LValue) int {
	for _, v := range values {
		a.L.Push(v)
	}
	return len(values)
}

// Number reads a finite number within [least, most].
func (a Args) Number(v lua.LValue, param string, least, most float64) float64 {
	n, ok := v.(lua.LNumber)
	if !ok {
		a.Fail("%s must be a number, got %s", param, v.Type())
	}
	f := float64(n)
	if math.IsNaN(f) || f < least || f > most {
		a.Fail("%s must be between %s and %s, got %s", param, Number(least), Number(most), n.String())
	}
	return f
}

// Whole reads an integer within [least, most].
func (a Args) Whole(v lua.LValue, param string, least, most int) int {
	f := a.Number(v, param, float64(least), float64(most))
	if f != math.Trunc(f) {
		a.Fail("%s must be a whole number", param)
	}
	return int(f)
}

// NumberOr is a number, or absent for nil.
func (a Args) NumberOr(absent float64, v lua.LValue, param string, least, most float64) float64 {
	if v == lua.LNil {
		return absent
	}
	return a.Number(v, param, least, most)
}

// WholeOr is an integer, or absent for nil.
func (a Args) WholeOr(absent int, v lua.LValue, param string, least, most int) int {
	if v == lua.LNil {
		return absent
	}
	return a.Whole(v, param, least, most)
}

// BooleanOr is true or false, or absent for nil.
func (a Args) BooleanOr(absent bool, v lua.LValue, param string) bool {
	if v == lua.LNil {
		return absent
	}
	return a.Boolean(v, param)
}

func (a Args) Boolean(v lua.LValue, param string) bool {
	b, ok := v.(lua.LBool)
	if !ok {
		a.Fail("%s must be true or false, got %s", param, v.Type())
	}
	return bool(b)
}

// Table reads a table, also one of the read-only ones.
func (a Args) Table(v lua.LValue, param string) *lua.LTable {
	t, ok := a.Run.plain(v).(*lua.LTable)
	if !ok {
		a.Fail("%s must be a table, got %s", param, v.Type())
	}
	return t
}

// Options reads a table of named Fields, nil for none. Unknown names are
// errors, because they are nearly always typing mistakes.
func (a Args) Options(v lua.LValue, param string, known ...string) *lua.LTable {
	return a.OptionsWith(v, param, nil, known...)
}

// OptionsWith is Options with names that came after the others. Its errors list them
// only for a name that is like none: bots may have kept the words of an error, and
// journals hold what they kept.
func (a Args) OptionsWith(v lua.LValue, param string, later []string, known ...string) *lua.LTable {
	if v == lua.LNil {
		return &lua.LTable{Metatable: lua.LNil}
	}
	t := a.Table(v, param)
	for key, value := a.Next(t, lua.LNil); key != lua.LNil; key, value = a.Next(t, key) {
		name, ok := key.(lua.LString)
		if !ok {
			a.Fail("%s has an item at [%s]; it takes named fields only (%s)", param, key.String(), strings.Join(known, ", "))
		}
		if value != lua.LNil && !slices.Contains(known, string(name)) && !slices.Contains(later, string(name)) {
			hint := suggest.Hint(string(name), append(later[:len(later):len(later)], known...))
			if hint == "" {
				known = append(known, later...)
			}
			a.Fail("%s has no field %q (it has: %s)%s", param, string(name), strings.Join(known, ", "), hint)
		}
	}
	return t
}

// List reads the items 1 … n of a table, at most max.
func (a Args) List(v lua.LValue, param string, max int) []lua.LValue {
	if v == lua.LNil {
		return nil
	}
	t := a.Table(v, param)
	var items []lua.LValue
	for key, _ := a.Next(t, lua.LNil); key != lua.LNil; key, _ = a.Next(t, key) {
		if _, ok := key.(lua.LNumber); !ok {
			a.Fail("%s must be a list { … , … }, but it has a field %q", param, key.String())
		}
	}
	for i := 1; ; i++ {
		item := t.RawGetInt(i)
		if item == lua.LNil {
			return items
		}
		if len(items) == max {
			a.Fail("%s has more than %d items", param, max)
		}
		items = append(items, item)
	}
}

// Pairs reads a table of names and plain values.
func (a Args) Pairs(v lua.LValue, param string, maxItems, maxBytes int) map[string]string {
	if v == lua.LNil {
		return nil
	}
	t := a.Table(v, param)
	m := map[string]string{}
	for key, value := a.Next(t, lua.LNil); key != lua.LNil; key, value = a.Next(t, key) {
		if value == lua.LNil {
			continue
		}
		name := a.Some(key, "a name in "+param, 100)
		m[name] = a.Value(value, param+"."+name, maxBytes)
		if len(m) > maxItems {
			a.Fail("%s has more than %d fields", param, maxItems)
		}
	}
	return m
}

// ToLua gives a JSON value as a Lua value, also one behind a byte order mark, which some servers send. A number that Lua cannot
// hold becomes its digits as a string: rounded, an order or account number would be another's.
func (r *Run) ToLua(data []byte) (lua.LValue, error) {
	data = bytes.TrimPrefix(data, []byte(byteOrderMark))
	var v any
	var large *json.UnmarshalTypeError // a number beyond any float
	err := json.Unmarshal(data, &v)
	if err != nil && !errors.As(err, &large) {
		return lua.LNil, err
	}
	if err != nil || longWhole.Match(data) {
		exact := json.NewDecoder(bytes.NewReader(data))
		exact.UseNumber()
		if err := exact.Decode(&v); err != nil {
			return lua.LNil, err
		}
		v = held(v)
	}
	return r.VM.FromGo(v)
}

// longWhole finds data that may hold a number of 16 digits or more. It is never written.
var longWhole = regexp.MustCompile(`[0-9]{16}`)

// held turns JSON numbers into floats, but for whole ones that a float does not hold exactly.
func held(v any) any {
	switch v := v.(type) {
	case json.Number:
		f, err := v.Float64()
		if err != nil {
			return v.String()
		}
		if n, ok := new(big.Int).SetString(v.String(), 10); ok && (n.CmpAbs(largest()) > 0) {
			return v.String()
		}
		return f
	case map[string]any:
		for k, item := range v {
			v[k] = held(item)
		}
	case []any:
		for i, item := range v {
			v[i] = held(item)
		}
	}
	return v
}

// largest is the greatest whole number up to which Lua numbers hold every one.
func largest() *big.Int { return big.NewInt(1 << 53) }

func SetText(t *lua.LTable, key, value string) {
	if value != "" {
		t.RawSetString(key, lua.LString(value))
	}
}

// Decode reads an answer that bots' calls wrote, or what the engine put into the inbox.
func Decode[T any](answer []byte) T {
	var v T
	if err := json.Unmarshal(answer, &v); err != nil {
		panic(err) // a damaged journal or inbox: becomes an internal fault
	}
	return v
}
