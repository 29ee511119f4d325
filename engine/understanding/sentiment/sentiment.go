package sentiment

import (
	"math"
	"strings"
	"unicode"

	"parley/engine"
)

// Edge is the score from which on a message is positive, and negative below −Edge.
const Edge = 0.3

// Result is how a message sounds.
type Result struct {
	Score   float64     `json:"score"` // −1 … 1
	Label   engine.Tone `json:"label"`
	Words   []string    `json:"words,omitempty"` // what spoke for it, as the lexicon has it
	Trained bool        `json:"trained"`         // from the brand's labels, not the lexicon
}

const longestWords = 8 // that a result names

// Heard is what counts of it: nothing when it is neutral.
func (r Result) Heard() engine.Heard {
	if r.Label != engine.ToneNegative && r.Label != engine.TonePositive {
		return engine.Heard{}
	}
	return engine.Heard{Score: r.Score, Tone: r.Label}
}

// Score reads a message by lexicon, in the language of a BCP 47 tag. Of languages
// without a lexicon it knows the signs only.
func Score(text, language string) Result {
	return lexiconOf(language).score(tokenize(text))
}

func (lex *lexicon) score(tokens []token) Result {
	r := lex.reading(tokens)
	sum := r.sum()
	marks, questions := runs(tokens)
	if marks {
		sum *= 1.2
	}
	if shouting(tokens) {
		sum *= 1.3
		if sum == 0 && (marks || questions) {
			sum = -0.7
		}
	}
	if questions && sum <= 0 {
		sum -= 0.7
	}
	r.Score = math.Round(1000*sum/math.Sqrt(sum*sum+4)) / 1000
	r.Label = labelOf(r.Score)
	return r.Result
}

func labelOf(score float64) engine.Tone {
	switch {
	case score >= Edge:
		return engine.TonePositive
	case score <= -Edge:
		return engine.ToneNegative
	}
	return engine.ToneNeutral
}

// sum adds the weights of what the lexicon knows.
func (r *reading) sum() float64 {
	glad, sorry, thankful := 0.0, 0.0, 0.0
	share := 1.0
	add := func(w float64, words string) {
		if w > 0 {
			glad += w
		} else {
			sorry += w
		}
		if w != 0 {
			r.note(words)
		}
	}
	signs := map[string]bool{}
	for i := 0; i < len(r.tokens); {
		t := r.tokens[i]
		if !t.word {
			if w := signWeight(t.text); w != 0 && !signs[t.text] && len(signs) < 8 {
				signs[t.text] = true
				add(w, t.text)
			}
			i++
			continue
		}
		if _, ok := r.at(i, turns); ok && i > 0 {
			glad, sorry, thankful, share = glad/2, sorry/2, thankful/2, 1.5
		}
		f, ok := r.telling(i)
		if !ok {
			i++
			continue
		}
		w := share * r.weight(i, f)
		if f.role == thanks {
			thankful += w
			r.note(f.String())
		} else {
			add(w, f.String())
		}
		if r.within(i, f.next, negates) {
			r.spent = f.next
		}
		i = f.next
	}
	if r.waited() {
		add(-2, "waiting")
	}
	if sorry <= complaint {
		glad, thankful = glad*gladInside, thankful*thanksInside
	}
	return glad + sorry + thankful
}

// What is good counts less in a message that complains, and thanks, which are
// often no more than manners, hardly at all.
const (
	complaint    = -1.2
	gladInside   = 0.7
	thanksInside = 0.2
)

// telling is the longest phrase at token i that has a weight.
func (r *reading) telling(i int) (best found, ok bool) {
	for _, is := range [...]role{peaks, rants, thanks, weighs, nobody, ought} {
		if f, here := r.at(i, is); here && f.next > best.next && (is != peaks || r.limited(i, f.next)) && (is != ought || r.negated(i, f.next, 6)) {
			best, ok = f, true
		}
	}
	return best, ok
}

func (r *Result) note(words string) {
	if len(r.Words) < longestWords {
		r.Words = append(r.Words, words)
	}
}

// weight is what a phrase weighs among the words around it, in the same part of the sentence.
func (r *reading) weight(i int, f found) float64 {
	w := f.entry.weight
	asked := r.asked(i)
	supposed := r.any(i-6, i, supposes)
	switch f.role {
	case rants, peaks:
		return w
	case nobody, ought:
		if asked || supposed || f.role == nobody && r.later(i, i+10, peaks) { // "nobody is better"
			return 0
		}
		return w
	}
	if s, ok := r.scaled(i); ok {
		w *= s
	}
	if f.role == thanks { // "nothing else, thank you"
		if r.refused(i) {
			return 0
		}
		return w
	}
	switch negated := r.negated(i, f.next, 2); {
	case negated && w > 0 && asked: // "is it not good for that?"
		return 0
	case negated && w > 0:
		return -0.7 * w
	case negated:
		return -0.3 * w
	case w > 0 && r.any(i-5, i, wishes):
		return wished * w
	case asked && supposed:
		return 0.2 * w
	case asked:
		return inQuestion * w
	}
	return w
}

const (
	inQuestion = 0.3  // of a word's weight
	wished     = -0.3 // of a good word's: it is not so
)

// scaled is the factor of the words just before token i.
func (r *reading) scaled(i int) (float64, bool) {
	for _, n := range [...]int{2, 1} { // "a bit", "very"
		if i >= n && r.tokens[i-1].word {
			if f, ok := r.at(i-n, scales); ok && f.next == i {
				return f.entry.weight, true
			}
		}
	}
	return 0, false
}

// negated says that a negation stands up to four words before tokens [i, next),
// or, where the language has it so, up to some after.
func (r *reading) negated(i, next, after int) bool {
	_, denied := r.at(max(0, i-1), denies)
	return denied && i > 0 || r.any(max(i-4, r.spent), i, negates) || r.after && r.later(next, next+after, negates)
}

// refused says that token i follows a "no" at the beginning: "no, thanks".
func (r *reading) refused(i int) bool {
	if i != 2 || r.tokens[1].text != "," {
		return false
	}
	_, denied := r.at(0, denies)
	return denied || r.any(0, 1, negates)
}

// limited says that a limit stands near tokens [i, next): "could not be better".
func (r *reading) limited(i, next int) bool {
	return r.any(i-6, i, limits) || r.later(next, next+5, limits)
}

// asked says that token i stands in a question or a request: its sentence ends as
// a question, or its part of the sentence begins as one, perhaps after a word of
// greeting.
func (r *reading) asked(i int) bool {
	start := i
	for start > 0 && r.tokens[start-1].word {
		start--
	}
	if f, ok := r.at(start, greets); ok && f.next <= i {
		start = f.next
	}
	if f, ok := r.at(start, asks); ok {
		if exclaimed, ok := r.at(start, scales); !ok || exclaimed.next < f.next { // "what a nice …"
			return true
		}
	}
	for k := i + 1; k < len(r.tokens); k++ {
		if ends(r.tokens[k]) {
			return r.tokens[k].text == "?"
		}
	}
	return false
}

func ends(t token) bool {
	switch t.text {
	case ".", "!", "?", "…", ";":
		return !t.word
	}
	return false
}

// waited says that a wait and a long time stand close together: "waiting two hours".
func (r *reading) waited() bool {
	for i := range r.tokens {
		if _, ok := r.at(i, lasts); !ok {
			continue
		}
		for k := max(0, i-5); k < i; k++ {
			if _, ok := r.at(k, waits); !ok || !counted(r.tokens[k+1:i+1]) {
				continue
			}
			if k == 0 || !r.any(k-1, k, turns) {
				return !r.asked(i) && r.complains(k)
			}
		}
	}
	return false
}

// complains says that a wait is being endured, not only said: with a form of "wait", or with something that is missing.
func (r *reading) complains(k int) bool {
	for _, stem := range []string{"wait", "hold", "queue", "wart", "haeng", "hang", "esper", "llev", "tard", "attend", "attente", "took", "taken"} {
		if strings.HasPrefix(r.tokens[k].text, stem) {
			return true
		}
	}
	for i, t := range r.tokens {
		for _, stem := range []string{"wait", "warte", "gewartet", "esper", "attend"} {
			if strings.HasPrefix(t.text, stem) {
				return true
			}
		}
		if _, ok := r.at(i, negates); ok {
			return true
		}
	}
	return false
}

// counted says that a number or a word for one stands before the long time.
func counted(tokens []token) bool {
	for _, t := range tokens[:len(tokens)-1] {
		if !t.word {
			return false
		}
	}
	return len(tokens) > 1
}

// runs finds "!!" and "??".
func runs(tokens []token) (marks, questions bool) {
	for i := 1; i < len(tokens); i++ {
		if tokens[i].word || tokens[i-1].word {
			continue
		}
		a, b := tokens[i-1].text, tokens[i].text
		marks = marks || (a == "!" || a == "¡") && b == "!"
		questions = questions || a == "?" && (b == "?" || b == "!") || a == "!" && b == "?"
	}
	return marks, questions
}

// shouting says that most of the message is in capitals.
func shouting(tokens []token) bool {
	upper, letters := 0, 0
	for _, t := range tokens {
		if !t.word {
			continue
		}
		for _, c := range t.raw {
			if unicode.IsUpper(c) {
				upper++
			}
			if unicode.IsLetter(c) {
				letters++
			}
		}
	}
	return letters >= 8 && 10*upper >= 7*letters
}
