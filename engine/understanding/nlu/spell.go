package nlu

import (
	"math/bits"
	"slices"
	"strings"
)

// speller repairs words that the brand never used to ones that it did.
type speller struct {
	known    map[string]int
	byLength [][]string // words of at least three letters by letters, frequent first
	masks    [][]uint64 // the letters of each, as bits
}

const (
	minRepaired = 4  // letters of a word that may be repaired
	minTarget   = 3  // letters of what it becomes
	maxTarget   = 32 //
	oneEdit     = 6  // up to so many letters one edit is repaired, above two
)

func newSpeller(known map[string]int) *speller {
	s := &speller{known: known, byLength: make([][]string, maxTarget+1)}
	for _, w := range slices.Sorted(mapKeys(known)) {
		if n := letters(w); n >= minTarget && n <= maxTarget && w[0] != '<' {
			s.byLength[n] = append(s.byLength[n], w)
		}
	}
	s.masks = make([][]uint64, len(s.byLength))
	for n, list := range s.byLength {
		slices.SortStableFunc(list, func(a, b string) int { return known[b] - known[a] })
		s.masks[n] = make([]uint64, len(list))
		for i, w := range list {
			s.masks[n][i] = letterMask(w)
		}
	}
	return s
}

// letterMask has a bit for each letter. One edit changes at most two.
func letterMask(word string) (mask uint64) {
	for _, c := range word {
		mask |= 1 << (c & 63)
	}
	return mask
}

// words repairs unknown words in place.
func (s *speller) words(words []string) {
	for i, w := range words {
		if _, ok := s.known[w]; !ok {
			words[i] = s.word(w)
		}
	}
}

// word gives the nearest known word, or the word itself: the fewest edits, then
// the most frequent, then the first by alphabet.
func (s *speller) word(w string) string {
	n := letters(w)
	if n < minRepaired || n > maxTarget || w[0] == '<' || strings.ContainsAny(w, "0123456789") {
		return w
	}
	limit := 2
	if n <= oneEdit {
		limit = 1
	}
	a := []rune(w)
	best, found, mask := w, limit+1, letterMask(w)
	var rows edits
	for length := max(minTarget, n-limit); length <= min(maxTarget, n+limit); length++ {
		for i, candidate := range s.byLength[length] {
			if bits.OnesCount64(mask^s.masks[length][i]) > 2*min(limit, found) {
				continue
			}
			d := rows.distance(a, candidate, min(limit, found))
			if d < found || d == found && d <= limit && better(s.known, candidate, best) {
				best, found = candidate, d
			}
		}
	}
	return best
}

func better(known map[string]int, a, b string) bool {
	return known[a] > known[b] || known[a] == known[b] && a < b
}

// edits holds the rows of the distance table between calls.
type edits struct {
	rows [3][maxTarget + 1]int
	b    [maxTarget]rune
}

// distance is the optimal string alignment distance, or more than limit.
func (e *edits) distance(a []rune, candidate string, limit int) int {
	n := 0
	for _, c := range candidate {
		e.b[n] = c
		n++
	}
	b := e.b[:n]
	before, last, row := &e.rows[0], &e.rows[1], &e.rows[2]
	for j := 0; j <= n; j++ {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		low := i
		for j := 1; j <= n; j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, before[j-2]+1)
			}
			row[j] = d
			low = min(low, d)
		}
		if low > limit {
			return limit + 1
		}
		before, last, row = last, row, before
	}
	return last[n]
}
