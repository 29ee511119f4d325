package smstext

import (
	"unicode"
	"unicode/utf8"
)

// maxCluster bounds the code points that may join the first of a cluster. Writing needs a dozen at most; the
// bound keeps a flood of combining marks from being one character that no message can hold.
const maxCluster = 64

// graphemeLen is the length in bytes of the first grapheme cluster of s: what a reader sees as one
// character. It follows the rules of Unicode's UAX #29 as far as written messages need them: combining
// marks, emoji with modifiers, tags and joiners, flags, Hangul syllables and Indic conjuncts.
func graphemeLen(s string) int {
	prev, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return 0
	}
	if prev == '\r' && len(s) > 1 && s[1] == '\n' {
		return 2
	}
	if isBreak(prev) {
		return n
	}
	base := prev
	flagOpen := isRegional(prev)
	linked := false // a virama joins the next consonant
	for range maxCluster {
		if n == len(s) {
			break
		}
		r, size := utf8.DecodeRuneInString(s[n:])
		switch {
		case isExtend(r):
			linked = isVirama(r) || linked && isJoin(r)
		case flagOpen && isRegional(prev) && isRegional(r):
			flagOpen = false
		case prev == zwj && isPictograph(base) && isPictograph(r):
			base = r
		case linked && unicode.IsLetter(r):
			linked = false
		case hangulJoins(prev, r):
		default:
			return n
		}
		prev = r
		n += size
	}
	return n
}

const (
	zwnj = '\u200C'
	zwj  = '\u200D'
)

// isBreak tells characters that never join another: controls and line separators.
func isBreak(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\u200B' || r == '\uFEFF'
}

// isExtend tells characters that belong to what stands before them.
func isExtend(r rune) bool {
	return r > 0x7E && (unicode.IsMark(r) || isJoin(r) ||
		r >= 0x1F3FB && r <= 0x1F3FF || // skin tones
		r >= 0xE0020 && r <= 0xE007F || // tags of sub-national flags
		r == 0xFF9E || r == 0xFF9F) // half-width sound marks
}

func isJoin(r rune) bool { return r == zwj || r == zwnj }

func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

func isPictograph(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2190 && r <= 0x2BFF || r == 0x00A9 || r == 0x00AE ||
		r == 0x3030 || r == 0x303D || r == 0x3297 || r == 0x3299
}

func isVirama(r rune) bool {
	switch r {
	case 0x094D, 0x09CD, 0x0ACD, 0x0B4D, 0x0C4D, 0x0D4D:
		return true
	}
	return false
}

// hangulJoins tells whether two code points belong to one Hangul syllable.
func hangulJoins(prev, r rune) bool {
	if r < 0x1100 {
		return false
	}
	isL := func(r rune) bool { return r >= 0x1100 && r <= 0x115F || r >= 0xA960 && r <= 0xA97C }
	isV := func(r rune) bool { return r >= 0x1160 && r <= 0x11A7 || r >= 0xD7B0 && r <= 0xD7C6 }
	isT := func(r rune) bool { return r >= 0x11A8 && r <= 0x11FF || r >= 0xD7CB && r <= 0xD7FB }
	isSyllable := func(r rune) bool { return r >= 0xAC00 && r <= 0xD7A3 }
	openSyllable := isSyllable(prev) && (prev-0xAC00)%28 == 0
	switch {
	case isL(prev):
		return isL(r) || isV(r) || isSyllable(r)
	case isV(prev) || openSyllable:
		return isV(r) || isT(r)
	case isT(prev) || isSyllable(prev):
		return isT(r)
	}
	return false
}
