package uri

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// address is a web address in a text as far as it may go. It is never written.
var address = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"\x{ab}\x{bb}\x{201c}-\x{201f}\x{2018}-\x{201b}]+`)

// Text escapes the web addresses in a text: what shows texts to people often
// ends a link at the first letter that is not ASCII. The text around them stays,
// and so do addresses that cannot be one.
func Text(s string) string {
	return address.ReplaceAllStringFunc(s, func(found string) string {
		link, rest := cut(found)
		out, err := Escape(link)
		if err != nil || !strings.Contains(link, "://") {
			return found
		}
		return out + rest
	})
}

// cut ends an address before the punctuation of its sentence, and before words
// of a script that is written without blanks, unless they are a part of the path.
func cut(s string) (link, rest string) {
	end, last := len(s), rune(0)
	within := strings.Index(s, "://") + len("://")
	for i, r := range s[within:] {
		if unbroken(r) && !unbroken(last) && last != 0 && !strings.ContainsRune("/=-_?&.#+%", last) || wide(r) {
			end = within + i
			break
		}
		last = r
	}
	link = s[:end]
	for link != "" {
		r, n := utf8.DecodeLastRuneInString(link)
		switch {
		case strings.ContainsRune(`?!.,:;*_~'|`, r):
		case r == ')' && strings.Count(link, ")") > strings.Count(link, "("):
		case r == ']' && strings.Count(link, "]") > strings.Count(link, "["):
		case r == '}' && strings.Count(link, "}") > strings.Count(link, "{"):
		case r > unicode.MaxASCII && unicode.IsPunct(r):
		default:
			return link, s[len(link):]
		}
		link = link[:len(link)-n]
	}
	return link, s[len(link):]
}

// unbroken says whether words of the letter's script follow each other without blanks.
func unbroken(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// wide says whether a rune is punctuation that no address holds: 。、「」（）！？
func wide(r rune) bool {
	return r >= 0x3000 && r <= 0x303f || r >= 0xff01 && r <= 0xff0f || r >= 0xff1a && r <= 0xff20 || r >= 0xff3b && r <= 0xff40 || r >= 0xff5b && r <= 0xff65 ||
		r == '،' || r == '؛' || r == '؟' || r == '۔'
}
