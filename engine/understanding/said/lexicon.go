package said

import "strings"

// Lexicon is a closed vocabulary: phrases of one word or more, each with a meaning.
// It is built once and then only read.
type Lexicon[T comparable] struct {
	by    map[string][]phrase[T] // the first word, longest phrase first
	alone map[byte][]phrase[T]   // of one word, for slips, by the first and the second letter
}

type phrase[T comparable] struct {
	words []string
	value T
}

// Add enters phrases that are found in spite of a slip; see AddExact.
func (l *Lexicon[T]) Add(value T, list string) {
	l.AddExact(value, list)
	if l.alone == nil {
		l.alone = map[byte][]phrase[T]{}
	}
	for text := range strings.SplitSeq(list, "|") {
		if w := strings.TrimSpace(Fold(text)); len(w) >= shortestSlip && !strings.ContainsAny(w, " '") {
			p := phrase[T]{[]string{w}, value}
			l.alone[w[0]] = append(l.alone[w[0]], p)
			if w[1] != w[0] { // the first two may be swapped
				l.alone[w[1]] = append(l.alone[w[1]], p)
			}
		}
	}
}

// shortestSlip is how many letters a word has in which a slip is seen.
const shortestSlip = 4

// AddExact enters phrases with | between them. An apostrophe is a space: "don't" is
// "don t".
func (l *Lexicon[T]) AddExact(value T, list string) {
	if l.by == nil {
		l.by = map[string][]phrase[T]{}
	}
	for text := range strings.SplitSeq(list, "|") {
		words := strings.Fields(strings.ReplaceAll(Fold(text), "'", " "))
		if len(words) == 0 {
			continue
		}
		known := l.by[words[0]]
		at := 0
		for at < len(known) && len(known[at].words) >= len(words) {
			at++
		}
		known = append(known, phrase[T]{})
		copy(known[at+1:], known[at:])
		known[at] = phrase[T]{words, value}
		l.by[words[0]] = known
	}
}

// At is the longest phrase that stands at word i, and where it ends.
func (l *Lexicon[T]) At(words []Word, i int) (value T, next int, ok bool) {
	if i < 0 || i >= len(words) {
		return value, i, false
	}
	for _, p := range l.by[words[i].Text] {
		if next := follow(words, i, p.words); next > 0 {
			return p.value, next, true
		}
	}
	return value, i, false
}

// Meant is At for a word that is written wrong: stretched, in the other German
// spelling, or with a slip that only one meaning explains.
func (l *Lexicon[T]) Meant(words []Word, i int) (value T, next int, ok bool) {
	if value, next, ok = l.At(words, i); ok || i >= len(words) || words[i].Kind != Letter || len(words[i].Text) > 32 {
		return value, next, ok
	}
	w := words[i].Text
	for _, other := range []string{Squeezed(w), Spelt(w)} {
		if other == w {
			continue
		}
		one := []Word{{Text: other, Kind: Letter, Gap: true}}
		if value, _, ok := l.At(one, 0); ok {
			return value, i + 1, true
		}
	}
	for _, p := range l.alone[w[0]] {
		if Slip(w, p.words[0]) {
			if ok && p.value != value {
				var none T
				return none, i, false
			}
			value, ok = p.value, true
		}
	}
	if !ok {
		return value, i, false
	}
	return value, i + 1, true
}

// follow tells where the words end that begin at word i, 0 when they do not stand
// there. They may be joined by hyphens and apostrophes.
func follow(words []Word, i int, want []string) int {
	for n, w := range want {
		if n > 0 && i < len(words) && !words[i].Gap && (words[i].Text == "-" || words[i].Text == "'") {
			i++
		}
		if i >= len(words) || words[i].Text != w {
			return 0
		}
		i++
	}
	return i
}
