package choice

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"parley/engine"
	"parley/engine/smstext"
)

// Option is one of the choices, in the order they were shown.
type Option struct {
	ID    string // what a tapped button sends back
	Label string // what the consumer reads
}

// Options are the choices of a content.
func Options(choices []engine.Choice) []Option {
	options := make([]Option, len(choices))
	for i, c := range choices {
		options[i] = Option{ID: c.ID, Label: c.Label}
	}
	return options
}

const (
	longestAnswer = 1024 // bytes; a longer text is a message, not a choice
	shortestStart = 3    // code points of a label that tell it from the others
)

// Numbered tells whether a channel without buttons should number the options: not when one is itself a number that
// would stand at another place, or begins with the number of another's place, or has it for its ID. "1. 3, 2. 6,
// 3. 12" leaves open what "3" means, and "1. 2 people, 2. 4 people" what "2" does.
func Numbered(options []Option) bool {
	for i, option := range options {
		label := bare(normal(option.Label))
		if n := wholeNumber(label); n >= 0 && n != i+1 {
			return false
		}
		for _, n := range []int{leading(label), wholeNumber(bare(normal(option.ID)))} {
			if n != i+1 && 0 < n && n <= len(options) {
				return false
			}
		}
	}
	return true
}

// Resolve tells which option an answer means; the first of these rules that finds one decides:
//
//  1. payload is an option's ID,
//  2. text is exactly one option's label or ID; case, width and outer punctuation do not matter, nor how a number
//     is written: "three" and "3️⃣" are the label "3"; or text is the number with which exactly one label begins: "2"
//     is "2 people",
//  3. where numbered says that the options were shown with numbers, text is one of these, counted from 1: "1", "1.",
//     "(1)", "#1", "１", "①", "1️⃣", "١", "option 1", or the word for it in English, German, Spanish or French up to
//     ten; or it is the line as it was shown, "2. Return",
//  4. text is the start of exactly one label: 3 characters or more of it, or its emoji.
//
// Words that opt out or ask for help are never an answer, whatever the labels say. ok is false when the
// answer stays open.
func Resolve(options []Option, text, payload string, numbered bool) (index int, ok bool) {
	if payload != "" {
		for i, option := range options {
			if option.ID == payload {
				return i, true
			}
		}
	}
	if len(text) > longestAnswer {
		return 0, false
	}
	if word := smstext.ParseKeyword(text, false); word == smstext.KeywordStop || word == smstext.KeywordHelp {
		return 0, false
	}
	answer, raw := normal(text), strings.TrimSpace(text)
	if answer == "" {
		return 0, false
	}
	type names struct{ id, label string }
	list := make([]names, len(options))
	for i, option := range options {
		list[i] = names{normal(option.ID), normal(option.Label)}
	}
	plain := bare(answer)
	number, behind := parseLine(answer)
	for _, rule := range []func(i int) bool{
		func(i int) bool { return strings.TrimSpace(options[i].Label) == raw },
		func(i int) bool { return list[i].label == answer },
		func(i int) bool { return plain != "" && bare(list[i].label) == plain },
		func(i int) bool { return options[i].ID == raw },
		func(i int) bool { return list[i].id == plain },
		func(i int) bool { return number > 0 && behind == "" && wholeNumber(bare(list[i].label)) == number }, // "three" of 3, 6, 12
		func(i int) bool { return number > 0 && behind == "" && leading(bare(list[i].label)) == number },     // "2" of 2 people, 4 people
	} {
		if index, found := only(len(options), rule); found > 0 {
			return index, found == 1
		}
	}
	if numbered && number > 0 && Numbered(options) {
		if number <= len(options) && starts(list[number-1].label, behind) {
			return number - 1, true
		}
	}
	begins := func(i int) bool { return strings.HasPrefix(bare(list[i].label), plain) }
	if plain == "" { // "👍" of 👍 Good, 👎 Bad
		begins = func(i int) bool {
			return strings.IndexFunc(answer, isPicture) == 0 && strings.HasPrefix(list[i].label, answer)
		}
	} else if utf8.RuneCountInString(plain) < shortestStart {
		return 0, false
	}
	index, found := only(len(options), begins)
	return index, found == 1
}

// starts tells whether what stands behind a number is the label beside it, or its start.
func starts(label, line string) bool {
	line, label = bare(line), bare(label)
	return line == "" || line == label || utf8.RuneCountInString(line) >= shortestStart && strings.HasPrefix(label, line)
}

// only counts the options that a rule fits and gives the last of them.
func only(n int, fits func(i int) bool) (index, found int) {
	for i := range n {
		if fits(i) {
			index = i
			found++
		}
	}
	if found != 1 {
		index = 0
	}
	return index, found
}

// normal brings what people type and what labels say to one form: compatibility forms composed, case folded,
// runs of white space as one space, nothing around it; what is not seen is dropped, and what an emoji keycap or a
// dingbat makes of a digit.
func normal(s string) string {
	s = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))))
	s = strings.Map(func(r rune) rune {
		switch {
		case r == keycap || unicode.Is(unicode.Variation_Selector, r) || '🏻' <= r && r <= '🏿': // the last are tones of skin
			return -1
		case unicode.Is(unicode.Cf, r) && !isBlank(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.FieldsFunc(s, isBlank), " ")
}

const keycap = '\u20E3' // COMBINING ENCLOSING KEYCAP, of 1️⃣

func isBlank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune("\u200B\uFEFF\u115F\u1160", r)
}

// bare drops the punctuation and the pictures around s, but for the sign of a number.
func bare(s string) string {
	plain := strings.TrimFunc(s, func(r rune) bool { return unicode.IsPunct(r) || isPicture(r) || r == ' ' })
	if plain != "" && '0' <= plain[0] && plain[0] <= '9' && strings.HasPrefix(s, "-"+plain) {
		return "-" + plain
	}
	return plain
}

// leading is the number with which a label begins, "2" of "2 people", "$2" or "2:30", or that it is in words; 0 for
// none. "1.5 l" begins with none.
func leading(label string) int {
	if n := numberWord(label); n > 0 {
		return n
	}
	label = strings.Map(digit, strings.TrimLeftFunc(label, func(r rune) bool { return unicode.Is(unicode.Sc, r) || r == ' ' }))
	found := front.FindStringSubmatch(label)
	if found == nil {
		return 0
	}
	n, _ := strconv.Atoi(found[1]) // nine digits at most
	return n
}

var front = regexp.MustCompile(`^([1-9][0-9]{0,8})(?:[.,]?$|[.,]?[^0-9.,])`)

// isPicture tells of emoji, but for those that are numbers, and of what stands between their parts.
func isPicture(r rune) bool {
	return unicode.In(r, unicode.So, unicode.Sk) && digit(r) == r && !strings.ContainsRune(tenSigns, r)
}

// line is a number and what stands behind it, in normal form.
var line = regexp.MustCompile(`^([1-9][0-9]{0,2})(?:$|[ .,:;!?)\]}>。、？؟،؛।–—/"'”’»“-]+(.*)$)`)

// before is what may stand before a number: a bullet, a word or a sign.
var before = regexp.MustCompile(`^(?:[-–—]+[> ] *)?(?:(?:option|number|choice|no|n°|nr|nummer|auswahl|opción|opcion|número|numero|numéro|choix)[ .:]*)?#? ?`)

// parseLine reads an answer in normal form as a number and what stands behind it; 0 when it begins with none.
func parseLine(s string) (number int, rest string) {
	s = strings.TrimFunc(strings.Map(digit, tens().Replace(s)), func(r rune) bool {
		return r == ' ' || isPicture(r) || unicode.In(r, unicode.Ps, unicode.Pe, unicode.Pi, unicode.Pf) || strings.ContainsRune("\"'*_~<>→•·", r)
	})
	s = s[len(before.FindString(s)):]
	if n := numberWord(strings.TrimRight(s, ".,:;!?)] ")); n > 0 {
		return n, ""
	}
	found := line.FindStringSubmatch(s)
	if found == nil {
		return 0, ""
	}
	number, _ = strconv.Atoi(found[1]) // three digits at most
	if isCourtesy(bare(found[2])) {
		return number, ""
	}
	return number, found[2]
}

const tenSigns = "🔟❿➉➓⓾"

// tens writes the signs for ten as digits.
func tens() *strings.Replacer {
	return strings.NewReplacer("🔟", "10", "❿", "10", "➉", "10", "➓", "10", "⓾", "10")
}

// isCourtesy tells of what is said beside a choice and names none.
func isCourtesy(s string) bool {
	switch s {
	case "please", "pls", "thanks", "thank you", "bitte", "danke", "por favor", "gracias", "s'il vous plaît", "svp", "merci":
		return true
	}
	return false
}

// wholeNumber is a text of at most 15 digits as a number, and -1 for any other.
func wholeNumber(s string) int {
	if n, err := strconv.Atoi(strings.Map(digit, s)); err == nil && n >= 0 && len(s) < 64 && n < 1e15 {
		return n
	}
	return -1
}

// digit is r, or the ASCII digit of the same value for a digit of another script or a dingbat of one. The digits of
// a script stand in a row of ten, which Unicode promises to keep.
func digit(r rune) rune {
	switch {
	case '❶' <= r && r <= '❾':
		return r - '❶' + '1'
	case '➀' <= r && r <= '➈':
		return r - '➀' + '1'
	case '➊' <= r && r <= '➒':
		return r - '➊' + '1'
	case '⓵' <= r && r <= '⓽':
		return r - '⓵' + '1'
	case r < utf8.RuneSelf || !unicode.Is(unicode.Nd, r):
		return r
	}
	first := r
	for unicode.Is(unicode.Nd, first-1) {
		first--
	}
	return '0' + (r-first)%10
}

func numberWord(s string) int {
	switch s {
	case "one", "eins", "ein", "eine", "uno", "una", "un", "une":
		return 1
	case "two", "zwei", "zwo", "dos", "deux":
		return 2
	case "three", "drei", "tres", "trois":
		return 3
	case "four", "vier", "cuatro", "quatre":
		return 4
	case "five", "fünf", "fuenf", "cinco", "cinq":
		return 5
	case "six", "sechs", "seis":
		return 6
	case "seven", "sieben", "siete", "sept":
		return 7
	case "eight", "acht", "ocho", "huit":
		return 8
	case "nine", "neun", "nueve", "neuf":
		return 9
	case "ten", "zehn", "diez", "dix":
		return 10
	}
	return 0
}
