package sandbox

import (
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// maxExactInteger is 2^53: every integer up to it is written out in full.
const maxExactInteger = 1 << 53

// formatNumber writes a number as Lua's "%.14g" does, except that integers up to 2^53 keep all their digits and negative zero
// is 0.
func formatNumber(n float64) string {
	switch {
	case math.IsNaN(n):
		return "nan"
	case math.IsInf(n, 1):
		return "inf"
	case math.IsInf(n, -1):
		return "-inf"
	case n == math.Trunc(n) && math.Abs(n) <= maxExactInteger:
		return strconv.FormatInt(int64(n), 10)
	}
	return strconv.FormatFloat(n, 'g', 14, 64)
}

// parseNumber reads a Lua number: decimal with optional fraction and exponent, or hexadecimal integer, with blanks around it.
// Unlike Go it takes no underscores, octal or binary, "inf" or "nan".
func parseNumber(text string) (float64, bool) {
	text = strings.Trim(text, " \t\n\v\f\r")
	digits, negative := text, false
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		negative = digits[0] == '-'
		digits = digits[1:]
	}
	if len(digits) > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X') {
		n, ok := parseInteger(digits[2:], 16)
		if negative {
			n = -n
		}
		return n, ok
	}
	if digits == "" || !(isDigit(digits[0]) || digits[0] == '.') {
		return 0, false
	}
	for i := range len(digits) {
		switch c := digits[i]; {
		case isDigit(c), c == '.', c == 'e', c == 'E', c == '+', c == '-':
		default:
			return 0, false
		}
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(n, 0) {
		return 0, false
	}
	return n, true
}

// parseInteger reads digits of a base from 2 to 36, of any length.
func parseInteger(digits string, base int) (float64, bool) {
	if digits == "" {
		return 0, false
	}
	n := 0.0
	for i := range len(digits) {
		c := digits[i]
		d := 0
		switch {
		case isDigit(c):
			d = int(c - '0')
		case c >= 'a' && c <= 'z':
			d = int(c-'a') + 10
		case c >= 'A' && c <= 'Z':
			d = int(c-'A') + 10
		default:
			return 0, false
		}
		if d >= base {
			return 0, false
		}
		n = n*float64(base) + float64(d)
	}
	return n, true
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// plainText returns the text of a string or a number.
func plainText(v lua.LValue) (string, bool) {
	switch v := v.(type) {
	case lua.LString:
		return string(v), true
	case lua.LNumber:
		return formatNumber(float64(v)), true
	}
	return "", false
}

// plainNumber returns the value of a number or of a string that reads as one.
func plainNumber(v lua.LValue) (float64, bool) {
	switch v := v.(type) {
	case lua.LNumber:
		return float64(v), true
	case lua.LString:
		return parseNumber(string(v))
	}
	return 0, false
}

// number is plainNumber, and books what reading takes: a long text, or one with more digits than a number holds.
func (s *State) number(v lua.LValue) (float64, bool) {
	if text, ok := v.(lua.LString); ok {
		s.Work(parsingWork(len(text)))
	}
	return plainNumber(v)
}

func parsingWork(length int) int64 {
	if length <= plainDigits {
		return 0
	}
	return manyDigitsWork + int64(length)/parsedBytes
}

// clampInt turns a number into an int that is the same on every machine; NaN is 0.
func clampInt(n float64) int {
	const bound = maxExactInteger
	switch {
	case math.IsNaN(n):
		return 0
	case n >= bound:
		return bound
	case n <= -bound:
		return -bound
	}
	return int(n)
}

// parseBased reads an integer of a base as tonumber(text, base) does.
func parseBased(text string, base int) (float64, bool) {
	text = strings.Trim(text, " \t\n\v\f\r")
	digits, negative := strings.CutPrefix(text, "-")
	if base == 16 && len(digits) > 2 && (digits[:2] == "0x" || digits[:2] == "0X") {
		digits = digits[2:]
	}
	n, ok := parseInteger(digits, base)
	if negative {
		n = -n
	}
	return n, ok
}
