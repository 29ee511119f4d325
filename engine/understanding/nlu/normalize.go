package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxText is how much of a text is looked at, in bytes. What follows says
// nothing more about its intent, and time stays bounded.
const maxText = 4096

// Class tokens stand for things whose letters say nothing. Their brackets occur
// in no word.
const (
	classURL    = "<url>"
	classEmail  = "<email>"
	classNumber = "<number>"
)

// tokens splits a text into lower-case words: runs of letters, marks, digits and
// inner apostrophes. Addresses and long numbers become class tokens.
func tokens(text string) []string {
	if len(text) > maxText {
		text = text[:maxText]
	}
	text = strings.ToLower(norm.NFC.String(strings.ToValidUTF8(text, " ")))
	var out []string
	for _, field := range strings.Fields(text) {
		if class := classOf(field); class != "" {
			out = append(out, class)
			continue
		}
		out = appendWords(out, field)
	}
	return out
}

// classOf names what a field without spaces is, when it is not words.
func classOf(field string) string {
	switch {
	case strings.HasPrefix(field, "https://"), strings.HasPrefix(field, "http://"), strings.HasPrefix(field, "www."):
		return classURL
	case strings.IndexByte(field, '@') > 0 && strings.Contains(field[strings.IndexByte(field, '@'):], "."):
		return classEmail
	}
	field = strings.Trim(field, ".,;:!?()\"'#")
	digits := 0
	for _, c := range field {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c > unicode.MaxASCII || !(c == '-' || c == '/' || c >= 'a' && c <= 'z'):
			return ""
		}
	}
	if digits >= 5 { // order, account and card numbers
		return classNumber
	}
	return ""
}

func isApostrophe(c rune) bool { return c == '\'' || c == '’' || c == '‘' || c == '`' }

func isWordRune(c rune) bool { return unicode.IsLetter(c) || unicode.IsMark(c) || unicode.IsDigit(c) }

// appendWords adds the words of a field. An apostrophe between letters belongs
// to the word, in one spelling.
func appendWords(out []string, field string) []string {
	var word strings.Builder
	apostrophe := false
	flush := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
		apostrophe = false
	}
	for _, c := range field {
		switch {
		case isWordRune(c):
			if apostrophe {
				word.WriteByte('\'')
				apostrophe = false
			}
			word.WriteRune(c)
		case isApostrophe(c) && word.Len() > 0 && !apostrophe:
			apostrophe = true
		default:
			flush()
		}
	}
	flush()
	return out
}

// fold drops diacritics. It gives its input when there are none.
func fold(word string) string {
	for i := 0; i < len(word); i++ {
		if word[i] >= utf8.RuneSelf {
			return foldRunes(word)
		}
	}
	return word
}

func foldRunes(word string) string {
	var b strings.Builder
	for _, c := range norm.NFD.String(word) {
		switch {
		case unicode.Is(unicode.Mn, c):
		case c == 'ß':
			b.WriteString("ss")
		case c == 'ø':
			b.WriteByte('o')
		case c == 'ł':
			b.WriteByte('l')
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// spaceless says that a word is of a script that puts no spaces between words.
func spaceless(word string) bool {
	for _, c := range word {
		if unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
			return true
		}
	}
	return false
}
