package sentiment

import (
	"math"
	"slices"
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
	var r Result
	sum := lex.sum(tokens, &r)
	marks, questions := runs(tokens)
	if marks {
		sum *= 1.2
	}
	if shouting(tokens) {
		sum *= 1.3
		if sum == 0 && marks {
			sum = -0.7
		}
	}
	if questions && sum <= 0 {
		sum -= 0.7
	}
	r.Score = math.Round(1000*sum/math.Sqrt(sum*sum+4)) / 1000
	r.Label = labelOf(r.Score)
	return r
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
func (lex *lexicon) sum(tokens []token, r *Result) float64 {
	sum, share := 0.0, 1.0
	signs := map[string]bool{}
	for i := 0; i < len(tokens); {
		t := tokens[i]
		if !t.word {
			if w := emojiWeight(t.text); w != 0 && !signs[t.text] && len(signs) < 8 {
				signs[t.text] = true
				sum += w
				r.note(t.text)
			}
			i++
			continue
		}
		if lex.is(t, turns) && i > 0 {
			sum *= 0.5
			share = 1.5
		}
		e, next, ok := lex.at(tokens, i, weighs)
		if !ok {
			i++
			continue
		}
		if e.weight != 0 {
			sum += share * lex.context(tokens, i, next, e.weight)
			r.note(strings.Join(e.words, " "))
		}
		i = next
	}
	if lex.waited(tokens) {
		sum -= 2
		r.note("waiting")
	}
	return sum
}

func (r *Result) note(words string) {
	if len(r.Words) < longestWords {
		r.Words = append(r.Words, words)
	}
}

// context changes a weight by the words around it, in the same part of the sentence.
func (lex *lexicon) context(tokens []token, i, next int, weight float64) float64 {
	if i > 0 && lex.is(tokens[i-1], scales) {
		if e, _, ok := lex.at(tokens, i-1, scales); ok {
			weight *= e.weight
		}
	}
	negated := lex.any(tokens, i-4, i, negates)
	if lex.any(tokens, i-6, i, supposes) && slices.ContainsFunc(tokens[next:], func(t token) bool { return t.text == "?" }) {
		weight *= 0.3
	}
	if i >= 2 {
		if e, after, ok := lex.at(tokens, i-2, scales); ok && after == i { // "a bit"
			weight *= e.weight
		}
	}
	if lex.after {
		for k := next; k < len(tokens) && k < next+2 && tokens[k].word; k++ {
			negated = negated || lex.is(tokens[k], negates)
		}
	}
	switch {
	case negated && weight > 0:
		return -0.7 * weight
	case negated:
		return -0.3 * weight
	}
	return weight
}

// waited says that a wait and a long time stand close together: "waiting two hours".
func (lex *lexicon) waited(tokens []token) bool {
	for i, t := range tokens {
		if !lex.is(t, lasts) {
			continue
		}
		for k := max(0, i-5); k < i; k++ {
			if lex.is(tokens[k], waits) && counted(tokens[k+1:i+1]) && (k == 0 || !lex.is(tokens[k-1], turns)) {
				return lex.complains(tokens, k)
			}
		}
	}
	return false
}

// complains says that a wait is being endured, not only said: with a form of "wait", or with something that is missing.
func (lex *lexicon) complains(tokens []token, k int) bool {
	for _, stem := range []string{"wait", "hold", "queue", "wart", "haeng", "hang", "esper", "llev", "tard", "attend", "attente", "took", "taken"} {
		if strings.HasPrefix(tokens[k].text, stem) {
			return true
		}
	}
	for _, t := range tokens {
		for _, stem := range []string{"wait", "warte", "gewartet", "esper", "attend"} {
			if strings.HasPrefix(t.text, stem) {
				return true
			}
		}
		if lex.is(t, negates) {
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
