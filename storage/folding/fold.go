package folding

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Version changes with everything that changes tokens: an index that another
// version made is built anew.
const Version = 1

// class is how a character is cut.
type class int

const (
	apart  class = iota // between tokens
	letter              // belongs to the token that it stands in
	digit
	dense  // of a script that leaves no blanks between words
	symbol // a token by itself
)

// alike are letters that no decomposition takes apart.
var alike = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ħ': "h", 'ı': "i", 'ŋ': "n", 'ŧ': "t",
	'ς': "σ", 'ة': "ه", 'ى': "ي", 'ک': "ك", 'ی': "ي",
}

// folded is one character of a folded text.
type folded struct {
	r     rune
	class class
	// umlaut is set on a vowel that carried a diaeresis: it may be written with
	// an e behind it.
	umlaut bool
}

// fold gives the characters of a text in their plainest form.
func fold(text string) []folded {
	out := make([]folded, 0, len(text))
	for _, r := range norm.NFKD.String(text) {
		if r == 0x308 && len(out) > 0 && strings.ContainsRune("aou", out[len(out)-1].r) {
			out[len(out)-1].umlaut = true
		}
		if dropped(r) {
			continue
		}
		r = unicode.ToLower(r)
		if same, ok := alike[r]; ok {
			for _, s := range same {
				out = append(out, folded{r: s, class: letter})
			}
			continue
		}
		out = append(out, plain(r))
	}
	return out
}

// dropped says whether a character only changes how its neighbours look.
func dropped(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r == 0xad || r == 0x640: // soft hyphen, tatweel
		return true
	case r >= 0x1f3fb && r <= 0x1f3ff: // tones of skin
		return true
	}
	return unicode.Is(unicode.Cf, r) || unicode.Is(variants, r) || unicode.Is(accents, r)
}

// accents are the marks of scripts that are read without them. Those of others
// are vowels, or make another letter of one.
var accents = &unicode.RangeTable{R16: []unicode.Range16{
	{Lo: 0x300, Hi: 0x36f, Stride: 1}, {Lo: 0x483, Hi: 0x487, Stride: 1}, {Lo: 0x591, Hi: 0x5c7, Stride: 1},
	{Lo: 0x610, Hi: 0x61a, Stride: 1}, {Lo: 0x64b, Hi: 0x65f, Stride: 1}, {Lo: 0x670, Hi: 0x670, Stride: 1},
	{Lo: 0x6d6, Hi: 0x6dc, Stride: 1}, {Lo: 0x6df, Hi: 0x6e8, Stride: 1}, {Lo: 0x6ea, Hi: 0x6ed, Stride: 1},
	{Lo: 0x1ab0, Hi: 0x1aff, Stride: 1}, {Lo: 0x1dc0, Hi: 0x1dff, Stride: 1}, {Lo: 0x20d0, Hi: 0x20ff, Stride: 1},
	{Lo: 0xfe20, Hi: 0xfe2f, Stride: 1},
}}

var variants = &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0xfe00, Hi: 0xfe0f, Stride: 1}}}

// plain gives a lower-case character its class.
func plain(r rune) folded {
	switch {
	case r >= 'a' && r <= 'z':
		return folded{r: r, class: letter}
	case r >= '0' && r <= '9':
		return folded{r: r, class: digit}
	case r < 0x80:
		return folded{r: r}
	case r >= 0x30a1 && r <= 0x30f6: // katakana
		return folded{r: r - 0x60, class: dense}
	case r == 0x30fc || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && !unicode.IsPunct(r) && !unicode.IsDigit(r):
		return folded{r: r, class: dense}
	case unicode.IsDigit(r):
		return folded{r: '0' + value(r), class: digit}
	case r == 0x3099 || r == 0x309a: // they voice the kana before them
		return folded{r: r, class: dense}
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r):
		return folded{r: r, class: letter}
	case unicode.Is(unicode.So, r):
		return folded{r: r, class: symbol}
	}
	return folded{r: r}
}

// value is what a decimal digit of any script counts: they come in tens.
func value(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r >= rune(t.Lo) && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}
