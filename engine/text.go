package engine

import "unicode"

// Blank says whether the text has nothing to see: white space, controls, and
// characters that are drawn as nothing, such as zero-width ones, fillers,
// variation selectors and the Braille blank.
func Blank(text string) bool {
	for _, r := range text {
		if !unseen(r) {
			return false
		}
	}
	return true
}

func unseen(r rune) bool {
	switch {
	case unicode.IsSpace(r), unicode.IsControl(r):
		return true
	case r == '\u2800', r >= '\ufff9' && r <= '\ufffc': // Braille blank; annotations and a place for an object
		return true
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r), r >= 0x13430 && r <= 0x13440: // of a number or a hieroglyph, and drawn
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Zs, unicode.Zl, unicode.Zp, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)
}
