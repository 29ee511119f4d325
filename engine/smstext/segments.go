package smstext

import (
	"strings"
	"unicode/utf16"
)

// Segments is what a text costs as SMS.
type Segments struct {
	Count int  // messages on the wire, of which carriers charge each
	Wide  bool // in UCS-2, because of a character that GSM-7 has not
}

// The room of a message and of each part of a longer one, in septets of GSM-7 and in
// UTF-16 units of UCS-2 (3GPP TS 23.038 and 23.040).
const (
	septets, septetsOfPart = 160, 153
	wide, wideOfPart       = 70, 67
)

// basic is the default alphabet of GSM 03.38; extended characters take two septets.
const (
	basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿" +
		"abcdefghijklmnopqrstuvwxyzäöñüà"
	extended = "\f^{}\\[~]|€"
)

// SegmentsOf counts a text's segments. A character is never torn apart between two of
// them: an extended one takes both its septets along, a surrogate pair both its units.
func SegmentsOf(text string) Segments {
	if text == "" {
		return Segments{}
	}
	size := func(r rune) int {
		if strings.ContainsRune(extended, r) {
			return 2
		}
		return 1
	}
	one, part := septets, septetsOfPart
	s := Segments{Count: 1, Wide: strings.ContainsFunc(text, isWide)}
	if s.Wide {
		size, one, part = func(r rune) int { return max(utf16.RuneLen(r), 1) }, wide, wideOfPart
	}
	total, used := 0, 0
	for _, r := range text {
		n := size(r)
		total += n
		if used += n; used > part {
			s.Count, used = s.Count+1, n
		}
	}
	if total <= one {
		s.Count = 1
	}
	return s
}

// isWide tells the characters for which a whole text becomes UCS-2.
func isWide(r rune) bool {
	return !strings.ContainsRune(basic, r) && !strings.ContainsRune(extended, r)
}

// Narrow gives a text without the characters that make it UCS-2 and have another
// spelling in GSM-7, such as typographic quotes and dashes, and those that it replaced
// in the order of the text. Letters stay as they are.
func Narrow(text string) (narrow string, replaced []rune) {
	var b strings.Builder
	seen := map[rune]bool{}
	for _, r := range text {
		spelt, ok := spelling(r)
		if !ok {
			b.WriteRune(r)
			continue
		}
		b.WriteString(spelt)
		if !seen[r] {
			seen[r] = true
			replaced = append(replaced, r)
		}
	}
	return b.String(), replaced
}

// spelling is how GSM-7 writes a sign.
func spelling(r rune) (string, bool) {
	switch r {
	case '‘', '’', '‚', '‛', '′', '`', '´':
		return "'", true
	case '“', '”', '„', '‟', '″', '«', '»':
		return `"`, true
	case '–', '—', '‐', '‑', '‒', '−':
		return "-", true
	case '…':
		return "...", true
	case '•', '·':
		return "-", true
	case '\t', '\u00a0', '\u2007', '\u2009', '\u202f':
		return " ", true
	}
	return "", false
}
