package slots

import "slices"

// offsets are the hours from UTC that the abbreviations of time zones stand for,
// in winter and in summer.
var offsets = map[string][]int{
	"utc": {0}, "gmt": {0}, "wet": {0}, "west": {1}, "bst": {1}, "cet": {1, 2}, "cest": {2}, "mez": {1, 2}, "mesz": {2}, "eet": {2, 3}, "eest": {3}, "msk": {3},
	"pt": {-8, -7}, "pst": {-8, -7}, "pdt": {-7}, "mt": {-7, -6}, "mst": {-7}, "mdt": {-6}, "ct": {-6, -5}, "cst": {-6, -5}, "cdt": {-5}, "et": {-5, -4}, "est": {-5, -4}, "edt": {-4},
	"akst": {-9}, "hst": {-10}, "ist": {5}, "jst": {9}, "kst": {9}, "sgt": {8}, "hkt": {8}, "aest": {10, 11}, "aedt": {11}, "awst": {8}, "nzst": {12, 13}, "nzdt": {13}, "brt": {-3}, "art": {-3},
}

// zoneAt reads a time zone after a time, and whether it is the consumer's.
func (s *scan) zoneAt(i int) (own bool, next int, ok bool) {
	at := i
	if s.is(at, "(") {
		at++
	}
	if s.class(at) == word {
		raw := s.text[s.tokens[at].start:s.tokens[at].end]
		known, ok := offsets[s.tokens[at].text]
		if ok && (isUpper(raw) || len(raw) > 3 || s.is(at, "utc", "gmt", "mez", "cet", "pst", "est")) {
			return s.zoneOffset(at, known)
		}
	}
	if own, next, ok := s.v.zoneWords.at(s.tokens, i); ok {
		return own, next, true
	}
	// "5 pm London time", "17 Uhr Berliner Zeit"
	if s.is(i+1, "time", "zeit") && s.class(i) == word && !closing[s.tokens[i].text] && !s.v.fillers[s.tokens[i].text] && !s.is(i, "next", "last", "any", "some", "good", "every", "same", "nachste", "gute", "keine") {
		return false, i + 2, true
	}
	return false, i, false
}

// zoneOffset reads an abbreviation with what may stand after it: "GMT+2".
func (s *scan) zoneOffset(at int, known []int) (own bool, next int, ok bool) {
	_, seconds := s.Now.Zone()
	next = at + 1
	if n, isNumber := s.integer(next+1, 2); isNumber && s.is(next, "+", "-") && s.tight(next+1) {
		minutes := 0
		if s.is(next, "-") {
			n = -n
		}
		next += 2
		if m, isNumber := s.integer(next+1, 2); isNumber && s.is(next, ":") && s.tight(next) && s.tight(next+1) {
			minutes, next = m, next+2
		}
		return seconds == n*3600+minutes*60, next, true
	}
	if s.is(next, "time", "zeit") {
		next++
	}
	if s.is(next, ")") {
		next++
	}
	return seconds%3600 == 0 && slices.Contains(known, seconds/3600), next, true
}

func isUpper(text string) bool {
	for _, c := range text {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return text != ""
}
