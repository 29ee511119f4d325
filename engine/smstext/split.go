package smstext

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Split cuts text into pieces of at most so many UTF-16 code units, which are never fewer than the characters
// that any provider counts; 1 is taken for 2, and 0 for no limit. It cuts at the best place near the end of what fits: a
// paragraph, else a line, else a sentence, else a word, else between two graphemes. A place counts only
// if it leaves the piece at least a third full, so that one short line does not cost a message. A grapheme
// is cut, between code points, only if it alone breaks the limit.
//
// White space at a cut is dropped; nothing else is: the pieces stand in text in their order with only
// white space between them. Text that keeps the limit comes back unchanged; pieces of nothing but white
// space are left out, so empty or blank text may give none.
func Split(text string, limit int) []string { return SplitBy(text, limit, utf16.RuneLen) }

// SplitBy is Split in other units: size gives how many a code point takes, at most 4.
func SplitBy(text string, limit int, size func(rune) int) []string {
	if limit == 0 {
		limit = math.MaxInt
	}
	limit = max(limit, size(utf8.MaxRune)) // room for any one of them
	var pieces []string
	for text != "" {
		n := fit(text, limit, size)
		if n == len(text) {
			if strings.TrimSpace(text) != "" {
				pieces = append(pieces, text)
			}
			break
		}
		cut := bestCut(text, n)
		if piece := strings.TrimRightFunc(text[:cut], unicode.IsSpace); piece != "" {
			pieces = append(pieces, piece)
		}
		text = trimLeft(text[cut:])
	}
	return pieces
}

// fit is the length in bytes of the longest start of text that keeps the limit and ends between
// graphemes; if not even one grapheme does, between code points.
func fit(text string, limit int, count func(rune) int) int {
	n, units := 0, 0
	for n < len(text) {
		size := graphemeLen(text[n:])
		for i, r := range text[n : n+size] {
			if units += count(r); units <= limit {
				continue
			}
			if n > 0 {
				return n
			}
			_, first := utf8.DecodeRuneInString(text)
			return max(i, first)
		}
		n += size
	}
	return n
}

// place ranks where a text may be cut; a higher one is better.
type place int

const (
	nowhere place = iota
	betweenWords
	afterSentence
	afterLine
	afterParagraph
)

// bestCut is the offset at which to end a piece of text of which the first n bytes fit.
func bestCut(text string, n int) int {
	var last [afterParagraph + 1]int
	for i := 0; i < n; {
		i += graphemeLen(text[i:])
		if i > n {
			break
		}
		last[placeAt(text, i)] = i
	}
	for p := afterParagraph; p >= betweenWords; p-- {
		if last[p] > 0 && (last[p]*3 >= n || p == betweenWords) {
			return last[p]
		}
	}
	return n
}

// placeAt tells what ends at offset i of text, a boundary between graphemes.
func placeAt(text string, i int) place {
	next := text[i:]
	r, size := utf8.DecodeRuneInString(next)
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	if !isBreakingSpace(r) || size < graphemeLen(next) && !strings.HasPrefix(next, "\r\n") {
		if isWideStop(before) && !unicode.IsPunct(r) {
			return afterSentence
		}
		return nowhere
	}
	if unicode.IsSpace(before) {
		return nowhere // inside a run of white space: its start is the place
	}
	switch newlines(next) {
	case 0:
		if endsSentence(text[:i]) {
			return afterSentence
		}
		return betweenWords
	case 1:
		return afterLine
	}
	return afterParagraph
}

// newlines counts the line ends of the white space that s starts with.
func newlines(s string) int {
	count := 0
	for i, r := range s {
		switch {
		case r == '\u2029':
			return 2
		case r == '\n', r == '\u2028', r == '\r' && !strings.HasPrefix(s[i:], "\r\n"):
			count++
		case !unicode.IsSpace(r):
			return count
		}
	}
	return count
}

func isBreakingSpace(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00A0' && r != '\u2007' && r != '\u202F'
}

// isWideStop tells full stops of scripts that write no space after them.
func isWideStop(r rune) bool { return r == '。' || r == '！' || r == '？' }

// endsSentence tells whether s ends with a full stop, closing quotes aside. The stop of "2." at the start
// of a line is the number of a list and ends nothing.
func endsSentence(s string) bool {
	s = strings.TrimRight(s, "\"'”’»)")
	r, size := utf8.DecodeLastRuneInString(s)
	switch r {
	case '!', '?', '…', '。', '！', '？', '।', '؟':
		return true
	case '.':
		s = s[:len(s)-size]
		start := strings.TrimRight(s, "0123456789")
		return len(start) == len(s) || start != "" && !strings.HasSuffix(start, "\n")
	}
	return false
}

// trimLeft drops the white space that s starts with, but not a space that carries a combining mark.
func trimLeft(s string) string {
	for s != "" {
		n := graphemeLen(s)
		if strings.TrimSpace(s[:n]) != "" {
			break
		}
		s = s[n:]
	}
	return s
}
