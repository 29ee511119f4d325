package said

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Kind of a word.
type Kind byte

// Kinds.
const (
	Mark   Kind = iota // one sign of anything else
	Letter             // letters
	Figure             // digits
)

// Word is a run of letters or digits, or a sign.
type Word struct {
	Text       string // folded, see Fold
	Start, End int    // bytes of the text, End excluded
	Kind       Kind
	Gap        bool // white space before it
	Line       bool // a new line begins with it
	Accented   bool // it was written with an accent
}

func kindOf(c rune) Kind {
	switch {
	case unicode.IsDigit(c):
		return Figure
	case unicode.IsLetter(c) && c != 'º' && c != 'ª':
		return Letter
	}
	return Mark
}

// Words are those of a text in order.
func Words(text string) []Word {
	words := make([]Word, 0, len(text)/4+4)
	gap, line := true, false
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(c) || c == '\u200b' || c == '\ufeff' {
			gap, line = true, line || c == '\n'
			i += size
			continue
		}
		w := Word{Start: i, Kind: kindOf(c), Gap: gap, Line: line}
		gap, line = false, false
		i += size
		for w.Kind != Mark && i < len(text) {
			c, size := utf8.DecodeRuneInString(text[i:])
			if kindOf(c) != w.Kind && !(w.Kind == Letter && unicode.Is(unicode.Mn, c)) {
				break
			}
			i += size
		}
		w.End = i
		w.Text = Fold(text[w.Start:w.End])
		if w.Text == "" { // an accent without a letter, as "ﾞ" is
			w.Kind, w.Text = Mark, text[w.Start:w.End]
		}
		w.Accented = w.Kind == Letter && w.Text != strings.ToLower(text[w.Start:w.End])
		words = append(words, w)
	}
	return words
}

// Fold lowers the case and drops accents, so that "Natürlich" and "naturlich" are
// the same word.
func Fold(text string) string {
	plain := true
	for i := 0; i < len(text) && plain; i++ {
		plain = text[i] < utf8.RuneSelf
	}
	if plain {
		return strings.ToLower(text)
	}
	var b strings.Builder
	for _, c := range norm.NFKD.String(strings.ToValidUTF8(strings.ToLower(text), " ")) {
		switch {
		case unicode.Is(unicode.Mn, c):
		case c == 'ß':
			b.WriteString("ss")
		case c == 'œ':
			b.WriteString("oe")
		case c == 'æ':
			b.WriteString("ae")
		case strings.ContainsRune("’‘`´", c):
			b.WriteByte('\'')
		case strings.ContainsRune("–—−‐‑", c):
			b.WriteByte('-')
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// Spelt writes the German letters that have two spellings in the shorter one:
// "muellerweg" is "mullerweg". Only two words that both went through it compare.
func Spelt(folded string) string {
	if strings.Contains(folded, "ae") || strings.Contains(folded, "oe") || strings.Contains(folded, "ue") {
		return shorter().Replace(folded)
	}
	return folded
}

var shorter = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer("ae", "a", "oe", "o", "ue", "u") })

// Squeezed writes letters that were stretched once, when one stands three times or
// more, or at the end twice: "yeees", "siii", "jaa".
func Squeezed(folded string) string {
	if !stretched(folded) {
		return folded
	}
	letters := []rune(folded)
	out := make([]rune, 0, len(letters))
	for i := 0; i < len(letters); {
		end := i
		for end < len(letters) && letters[end] == letters[i] {
			end++
		}
		if run := end - i; run == 2 && end < len(letters) {
			out = append(out, letters[i])
		}
		out = append(out, letters[i])
		i = end
	}
	return string(out)
}

// stretched says whether a byte stands three times in a row, or twice at the end.
// Letters of more bytes than one are looked at all the same.
func stretched(s string) bool {
	for i := 1; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] == s[i-1] && (i+1 == len(s) || s[i+1] == s[i]) {
			return true
		}
	}
	return false
}

// Slip says whether written is known with one slip of the finger: two letters
// swapped, one missing or one too many, in words of six letters and more also one
// wrong. The first letter is right, or swapped with the second. Words under four
// letters allow nothing, and those of four only a swap.
func Slip(written, known string) bool {
	if len(written) > len(known)+4 || len(known) > len(written)+4 {
		return false
	}
	a, b := []rune(written), []rune(known)
	if len(b) < 4 || len(a)-len(b) > 1 || len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	j, k := len(a), len(b)
	for j > i && k > i && a[j-1] == b[k-1] {
		j, k = j-1, k-1
	}
	swapped := j-i == 2 && k-i == 2 && a[i] == b[i+1] && a[i+1] == b[i]
	switch {
	case swapped:
		return true
	case i == 0 || len(b) < 5:
		return false
	case j-i == 1 && k-i == 1:
		return len(b) >= 6 && j < len(a) // another last letter is another form, too
	}
	return j-i+k-i == 1 && i < len(b) // a letter more at the end is another form of the word
}
