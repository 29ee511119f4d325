package sentiment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const longestText = 2048 // bytes that are read of a message

// token is a folded word or a sign. raw keeps capitals.
type token struct {
	text, raw string
	word      bool
}

func tokenize(text string) []token {
	if len(text) > longestText {
		text = text[:longestText]
	}
	text = norm.NFC.String(strings.ToValidUTF8(text, " "))
	out := make([]token, 0, 4+len(text)/5)
	start, skip := -1, 0
	flush := func(end int) {
		if start >= 0 {
			raw := text[start:end]
			out = append(out, token{fold(raw), raw, true})
			start = -1
		}
	}
	for i, c := range text {
		if i < skip {
			continue
		}
		if face := faceAt(text, i, c); face != "" {
			flush(i)
			out = append(out, token{face, face, false})
			skip = i + len(face)
			continue
		}
		switch {
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			if start < 0 {
				start = i
			}
			continue
		}
		flush(i)
		switch {
		case unicode.IsSpace(c), c == '\'', c == '’', c == '-', c == '`', c == '\ufe0f', c == '\u200d':
		default:
			out = append(out, token{string(c), string(c), false})
		}
	}
	flush(len(text))
	return out
}

// fold lowers the case, drops accents and shortens letters that are written three
// times or more: "soooo" is "so".
func fold(word string) string {
	word = strings.ToLower(word)
	if plain(word) {
		return word
	}
	var b strings.Builder
	last, run := rune(0), 0
	for _, c := range norm.NFD.String(word) {
		if unicode.Is(unicode.Mn, c) {
			continue
		}
		if c != last {
			last, run = c, 0
		}
		if run++; run == 3 && !unicode.IsDigit(c) {
			s := b.String()
			b.Reset()
			b.WriteString(strings.TrimSuffix(s, string(c)))
		}
		if run >= 3 && !unicode.IsDigit(c) {
			continue
		}
		if c == 'ß' {
			b.WriteString("ss")
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

// plain says that a word in lower case has nothing to fold, as most have not.
func plain(word string) bool {
	run := 0
	for i := range len(word) {
		if word[i] >= 0x80 {
			return false
		}
		if i == 0 || word[i] != word[i-1] {
			run = 0
		}
		if run++; run == 3 && (word[i] < '0' || word[i] > '9') {
			return false
		}
	}
	return true
}

// faces are smileys made of letters and signs, with what they say about the mood.
// Longer ones stand before those that they begin with.
var faces = []struct {
	text   string
	weight float64
}{
	{":'-(", -2}, {":'(", -2}, {">:-(", -2.5}, {">:(", -2.5}, {":-)", 1.2}, {":)", 1.2}, {":-(", -1.5}, {":(", -1.5},
	{":-d", 1.2}, {":d", 1.2}, {";-)", 0.7}, {";)", 0.7}, {":-/", -1}, {":/", -1}, {":-|", -0.7}, {":|", -0.7}, {":-p", 0.7}, {":p", 0.7},
	{"=)", 1.2}, {"=(", -1.5}, {":]", 1.2}, {":[", -1.5}, {":-*", 1.2}, {":*", 1.2}, {"<3", 2}, {"</3", -1.5}, {"^^", 0.7}, {"-.-", -1}, {"-_-", -1}, {"xd", 0.7},
}

// faceAt is the smiley that begins at byte i of a text with c, "" for none. It
// ends where a word does not go on.
func faceAt(text string, i int, c rune) string {
	switch c {
	case ':', ';', '=', '<', '>', '^', '-', 'x', 'X':
	default:
		return ""
	}
	if (c == 'x' || c == 'X' || c == '-' || c == '<') && i > 0 && text[i-1] > ' ' { // within a word
		return ""
	}
	for _, f := range faces {
		end := i + len(f.text)
		if end > len(text) || !strings.EqualFold(text[i:end], f.text) {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[end:])
		last := text[end-1]
		if end < len(text) && (unicode.IsLetter(next) || unicode.IsDigit(next) || last == '/' && next == '/') {
			continue
		}
		return f.text
	}
	return ""
}

// signWeight is what an emoji or a smiley says about the mood, 0 for most.
func signWeight(sign string) float64 {
	switch sign {
	case "😍", "🥰", "🤩", "🎉", "💯", "❤", "😘", "🏆", "🙌":
		return 2
	case "😀", "😃", "😄", "😁", "😊", "🙂", "👍", "👏", "🙏", "😎", "🤗", "💪", "👌", "⭐", "🌟", "💚", "💙", "😻", "☺":
		return 1.2
	case "😡", "🤬", "😠", "🖕", "🤮", "💩", "👎", "😤":
		return -2.5
	case "😞", "😢", "😭", "😒", "🙄", "😩", "😫", "☹", "🙁", "😣", "😖", "💔", "😔", "🤦", "😑":
		return -1.5
	}
	for _, f := range faces {
		if f.text == sign {
			return f.weight
		}
	}
	return 0
}
