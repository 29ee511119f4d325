package kernel

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"
)

// fields are the arguments of a host call: strings, finite numbers, booleans,
// nil, and maps and slices of them.
type Fields map[string]any

// ArgsKept is how much of a call's arguments the journal keeps for people.
const ArgsKept = 4 << 10

// hash is a SHA-256 in hex.
type hash [2 * sha256.Size]byte

func hashOf(encoded []byte) (h hash) {
	sum := sha256.Sum256(encoded)
	hex.Encode(h[:], sum[:])
	return h
}

// appendCanonical encodes arguments as JSON with sorted keys and without spaces.
// It is written by hand because it runs for every replayed call, and because
// hashes in journals must outlive changes of encoding/json.
func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			return strconv.AppendInt(b, int64(v), 10)
		}
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case string:
		return appendQuoted(b, v)
	case Fields:
		return appendObject(b, v, appendCanonical)
	case map[string]any:
		return appendObject(b, v, appendCanonical)
	case map[string]string:
		return appendObject(b, v, appendQuoted)
	case []any:
		b = append(b, '[')
		for i, item := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCanonical(b, item)
		}
		return append(b, ']')
	}
	panic(fmt.Sprintf("botscripts: %T is no argument of a host call", v))
}

func appendObject[V any, M ~map[string]V](b []byte, m M, value func([]byte, V) []byte) []byte {
	var space [16]string
	keys := space[:0]
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	b = append(b, '{')
	for i, k := range keys {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendQuoted(b, k), ':')
		b = value(b, m[k])
	}
	return append(b, '}')
}

func appendQuoted(b []byte, s string) []byte {
	const hexDigits = "0123456789abcdef"
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case c == '\n':
			b = append(b, '\\', 'n')
		case c < 0x20:
			b = append(b, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}

// Encode writes compact JSON without HTML escapes.
func Encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // a value that no host call may build: becomes an internal fault
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// Cut shortens b to at most n bytes at a rune boundary.
func Cut[T string | []byte](b T, n int) T {
	if len(b) <= n {
		return b
	}
	for n > 0 && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}

// Number writes a Lua number the way Lua does.
func Number(n float64) string {
	if n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return strconv.FormatInt(int64(n), 10)
	}
	return strconv.FormatFloat(n, 'g', 14, 64)
}

func Position(file string, line int) string {
	if line <= 0 {
		return file
	}
	return file + ":" + strconv.Itoa(line)
}
