package sandbox

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// directive is one `%…` of a format: at most five flags, two digits of width and two of precision.
type directive struct {
	flags     string
	width     int
	precision int // -1 when absent
	verb      byte
}

// scanDirective reads a directive from behind its `%` and returns what follows it.
func scanDirective(l *lua.LState, format string) (directive, string) {
	d := directive{precision: -1}
	rest := strings.TrimLeft(format, "-+ #0")
	d.flags = strings.TrimSuffix(format, rest)
	if len(d.flags) > 5 {
		raise(l, "invalid format (repeated flags)")
	}
	d.width, format = scanDigits(l, rest)
	if strings.HasPrefix(format, ".") {
		d.precision, format = scanDigits(l, format[1:])
	}
	if format == "" {
		raise(l, "invalid format (ends with '%%')")
	}
	d.verb = format[0]
	return d, format[1:]
}

func scanDigits(l *lua.LState, format string) (int, string) {
	rest := strings.TrimLeft(format, "0123456789")
	digits := strings.TrimSuffix(format, rest)
	if len(digits) > 2 {
		raise(l, "invalid format (width or precision too long)")
	}
	value, _ := strconv.Atoi(digits)
	return value, rest
}

// verb returns the directive for package fmt, with another verb and without some flags.
func (d directive) spec(verb byte, without string) string {
	var b strings.Builder
	b.WriteByte('%')
	for _, f := range []byte("-+ #0") {
		if strings.IndexByte(d.flags, f) >= 0 && strings.IndexByte(without, f) < 0 {
			b.WriteByte(f)
		}
	}
	if d.width > 0 {
		b.WriteString(strconv.Itoa(d.width))
	}
	if d.precision >= 0 {
		b.WriteByte('.')
		b.WriteString(strconv.Itoa(d.precision))
	}
	b.WriteByte(verb)
	return b.String()
}

// pad fills text up to the width with blanks.
func (d directive) pad(text string) string {
	if len(text) >= d.width {
		return text
	}
	blanks := strings.Repeat(" ", d.width-len(text))
	if strings.Contains(d.flags, "-") {
		return text + blanks
	}
	return blanks + text
}

func stringFormat(l *lua.LState) int {
	s := stateOf(l)
	format := checkText(l, 1, "format")
	var b strings.Builder
	argument := 1
	for format != "" {
		before, rest, found := strings.Cut(format, "%")
		s.write(&b, before)
		if !found {
			break
		}
		s.Work(1)
		if strings.HasPrefix(rest, "%") {
			s.write(&b, "%")
			format = rest[1:]
			continue
		}
		d, after := scanDirective(l, rest)
		format = after
		argument++
		s.write(&b, s.formatOne(l, d, argument))
	}
	s.Charge(stringHeader)
	return give(l, lua.LString(b.String()))
}

func (s *State) formatOne(l *lua.LState, d directive, n int) string {
	switch d.verb {
	case 'd', 'i':
		return fmt.Sprintf(d.spec('d', "#"), checkWhole(l, n))
	case 'u':
		return fmt.Sprintf(d.spec('d', "+ #"), uint64(checkWhole(l, n))) //nolint:gosec // two's complement, as in C
	case 'o', 'x', 'X':
		whole, without := checkWhole(l, n), "+ "
		if whole == 0 {
			without += "#"
		}
		return fmt.Sprintf(d.spec(d.verb, without), uint64(whole)) //nolint:gosec // two's complement, as in C
	case 'c':
		return d.pad(string([]byte{byte(checkInt(l, n, "format"))})) //nolint:gosec // wraps, as in C
	case 'e', 'E', 'f', 'g', 'G':
		if d.precision > plainDigits {
			s.Work(manyDigitsWork)
		}
		s.Work(floatWork)
		return d.float(checkNumber(l, n, "format"))
	case 's':
		checkAny(l, n, "format")
		text, ok := plainText(s.display(l, l.Get(n)))
		if !ok {
			raise(l, "'__tostring' must return a string")
		}
		if d.precision >= 0 && len(text) > d.precision {
			text = text[:d.precision]
		}
		return d.pad(text)
	case 'q':
		text := checkText(l, n, "format")
		s.newString(2 * int64(len(text)))
		return `"` + quoted.Replace(text) + `"`
	}
	raise(l, "invalid option '%%%c' to 'format'", d.verb)
	return ""
}

func checkWhole(l *lua.LState, n int) int64 {
	number := checkNumber(l, n, "format")
	if math.IsNaN(number) || number >= math.MaxInt64 || number < math.MinInt64 {
		badArgument(l, n, "format", "number has no integer representation")
	}
	return int64(number)
}

func (d directive) float(number float64) string {
	if math.IsNaN(number) || math.IsInf(number, 0) {
		text := formatNumber(number)
		if number > 0 && strings.Contains(d.flags, "+") {
			text = "+" + text
		}
		if d.verb == 'E' || d.verb == 'G' {
			text = strings.ToUpper(text)
		}
		return d.pad(text)
	}
	if d.precision < 0 {
		d.precision = 6 // where package fmt would write the shortest text
	}
	return fmt.Sprintf(d.spec(d.verb, ""), number)
}

// quoted writes the inside of a string as Lua source.
var quoted = strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", "\\\n", "\r", `\r`, "\x00", `\000`)
