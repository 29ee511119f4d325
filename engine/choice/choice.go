package choice

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"parley/engine/smstext"
)

// Option is one of the choices, in the order they were shown.
type Option struct {
	ID    string // what a tapped button sends back
	Label string // what the consumer reads
}

const (
	longestAnswer = 1024 // bytes; a longer text is a message, not a choice
	shortestStart = 3    // code points of a label that tell it from the others
)

// Resolve tells which option an answer means; the first of these rules that finds one decides:
//
//  1. payload is an option's ID,
//  2. text is an option's number, counted from 1: "1", "1.", "(1)", "#1", "１", "①", or the word for it in
//     English, German, Spanish or French up to ten,
//  3. text is exactly one option's label; case, width and outer punctuation do not matter,
//  4. text is the start, of 3 characters or more, of exactly one label.
//
// Words that opt out or ask for help are never an answer, whatever the labels say. ok is false when the
// answer stays open.
func Resolve(options []Option, text, payload string) (index int, ok bool) {
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
	answer := normal(text)
	if answer == "" {
		return 0, false
	}
	if number := parseNumber(answer); number > 0 {
		if number <= len(options) {
			return number - 1, true
		}
	}
	labels := make([]string, len(options))
	for i, option := range options {
		labels[i] = normal(option.Label)
	}
	raw := strings.TrimSpace(text)
	rules := []func(i int) bool{
		func(i int) bool { return strings.TrimSpace(options[i].Label) == raw },
		func(i int) bool { return labels[i] == answer },
		func(i int) bool { return bare(labels[i]) == bare(answer) && bare(answer) != "" },
		func(i int) bool {
			return utf8.RuneCountInString(answer) >= shortestStart && strings.HasPrefix(labels[i], answer)
		},
	}
	for _, rule := range rules {
		if index, found := only(len(options), rule); found > 0 {
			return index, found == 1
		}
	}
	return 0, false
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
// runs of white space as one space, nothing around it.
func normal(s string) string {
	s = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(strings.ToValidUTF8(s, "\uFFFD"))))
	return strings.Join(strings.FieldsFunc(s, isBlank), " ")
}

func isBlank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u200B' || r == '\uFEFF'
}

// bare drops the punctuation around s.
func bare(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsPunct(r) || r == ' ' })
}

// parseNumber reads an answer in normal form as a number; 0 when it is none.
func parseNumber(s string) int {
	s = strings.TrimSpace(strings.TrimLeft(s, "#(["))
	s = strings.TrimSpace(strings.TrimRight(s, ".,:;!)]"))
	if n := numberWord(s); n > 0 {
		return n
	}
	if s == "" || len(s) > 3 || s[0] == '0' || strings.Trim(s, "0123456789") != "" {
		return 0
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
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
