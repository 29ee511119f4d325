package nlu

import (
	"cmp"
	"context"
	"maps"
	"math"
	"runtime"
	"slices"
	"strconv"
	"sync"
)

// Question is an entry of a FAQ.
type Question struct {
	Phrasings []string // the question and other ways to ask it; at least one
	Answer    string
}

// FAQ finds the question that a text asks. It never changes and is safe for
// concurrent use.
//
// A text is compared with all phrasings as bags of character n-grams, weighted
// by how rare they are: that takes a misspelt word for what it nearly is. What the
// words weigh that a question shares with the text counts, too, hardly those that
// stand in any sentence, and with two phrasings a question or more a classifier
// of the questions.
type FAQ struct {
	questions int
	docs      []document
	grams     map[string]int32
	idf       []float64
	unseen    float64   // idf of what no question holds
	starts    []int32   // of each gram's postings, and the end
	postings  []posting // of one gram after the other
	model     *Model    // nil with single phrasings
	repair    *speller
	cut       float64
	spaces    sync.Pool // of *[]float32: numbers for the documents
}

// document is one text that a query is compared with.
type document struct {
	question int32
	share    float64 // of its likeness; 0 for a phrasing
}

// Match is a question with how well a text fits it.
type Match struct {
	Index int // of the question, as given to NewFAQ
	// Score is 0 … 1. It orders matches and is no probability; a text is rejected
	// when its best is below 0.5.
	Score float64
}

// These were chosen on other texts than the tests'. Few phrasings of a question
// differ so much that a classifier learns little from them, and an answer's
// words tell more.
const (
	likenessWeight = 24.0 // beside logarithms of probabilities
	modelWeight    = 1.5
	sharedWeight   = 3.0  // of the logarithm of what the words weigh that a question shares
	answerShare    = 0.75 // of the answer's likeness beside the phrasings'
	wholeShare     = 2.0  // of that of everything about the question
	verbatim       = 0.9  // a cosine above this is the same text but for trifles
	nextPhrasing   = 0.25 // weight of a phrasing beside the next better one
	manyPhrasings  = 2    // a question on average: enough for a classifier
	mostClasses    = 300  // beyond, training takes too long
	leftOut        = 0.75 // share of the texts for questions taken out that must be rejected
	mostMeasured   = 3000 // phrasings that are all measured for the cut
	fewMeasured    = 400  // of more, so many
	fewQuestions   = 5    // below, too few can be taken out to measure the cut
	fewCut         = 6.5  // then
)

// NewFAQ indexes the questions, and trains from them when they have several
// phrasings. It fails when ctx ends.
func NewFAQ(ctx context.Context, questions []Question) (*FAQ, error) {
	phrasings := 0
	for _, q := range questions {
		phrasings += len(q.Phrasings)
	}
	classified := len(questions) > 1 && len(questions) <= mostClasses && phrasings >= manyPhrasings*len(questions)
	x, err := index(ctx, questions, classified)
	if err != nil {
		return nil, err
	}
	if phrasings > mostMeasured {
		runtime.GC() // what the texts were taken apart into is large, and so is what comes
	}
	return x, x.calibrate(ctx, questions)
}

// label names a question so that labels sort as questions do.
func label(i int) string { return strconv.Itoa(1e6 + i) }

// vector weighs the grams and scales them to unit length, unseen ones counted.
func (x *FAQ) vector(bag map[string]int) []term {
	out := make([]term, 0, len(bag))
	counts := map[int]int{} // of unseen grams by how often: sums of floats depend on their order
	for g, n := range bag {
		if i, ok := x.grams[g]; ok {
			out = append(out, term{i, float32((1 + math.Log(float64(n))) * x.idf[i])})
		} else {
			counts[n]++
		}
	}
	slices.SortFunc(out, func(a, b term) int { return cmp.Compare(a.index, b.index) })
	sum := 0.0
	for _, n := range slices.Sorted(maps.Keys(counts)) {
		w := (1 + math.Log(float64(n))) * x.unseen
		sum += float64(counts[n]) * w * w
	}
	for _, t := range out {
		sum += float64(t.value) * float64(t.value)
	}
	if sum > 0 {
		scale(out, 1/math.Sqrt(sum))
	}
	return out
}

// Search gives the questions that fit best, at most limit, the best first. It
// gives none when the text asks none of them, as far as it can tell.
func (x *FAQ) Search(text string, limit int) []Match {
	out := x.Fitting(text, 0)
	return out[:min(limit, len(out))]
}

// Fitting is Search for all questions with at least this score.
func (x *FAQ) Fitting(text string, least float64) []Match {
	f := x.fit(text, -1)
	if !x.asks(f) {
		return nil
	}
	var out []Match
	for i, s := range f.scores {
		if score := 1 / (1 + math.Exp(x.cut-s)); score >= least {
			out = append(out, Match{Index: i, Score: score})
		}
	}
	slices.SortFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(f.scores[b.Index], f.scores[a.Index]), cmp.Compare(a.Index, b.Index))
	})
	return out
}

// scores says how well the text fits each question: nothing at all, nil, when
// it has nothing in common with any. Question without is left out.
func (x *FAQ) scores(text string, without int) []float64 { return x.fit(text, without).scores }

func (x *FAQ) fit(text string, without int) fit {
	words := x.read(text)
	vector := x.vector(gramsOf(words))
	if len(vector) == 0 {
		return fit{}
	}
	f := x.share(words)
	f.scores = x.likeness(vector)
	for i := range f.scores {
		f.scores[i] = likenessWeight*f.scores[i] + sharedWeight*math.Log1p(f.shared[i])
	}
	if x.model != nil {
		p := make([]float32, x.questions)
		x.model.logits(x.model.vocab.vector(text, words), p)
		softmax(p, temperature)
		for i, v := range p {
			f.scores[i] += modelWeight * math.Log(max(float64(v), 1e-9))
		}
	}
	if without >= 0 {
		f.scores[without] = math.Inf(-1)
	}
	return f
}

// read repairs unknown words by one edit after the first letter, no more: a brand
// knows so few words that any word is like one of them.
func (x *FAQ) read(text string) []string {
	words := slices.DeleteFunc(tokens(text), func(w string) bool { return w[0] == '<' }) // a class says nothing here
	var rows edits
	for i, w := range words {
		if _, ok := x.repair.known[w]; ok {
			continue
		}
		if r := x.repair.word(w); r != w && r[0] == w[0] && rows.distance([]rune(w), r, 1) <= 1 {
			words[i] = r
		}
	}
	return words
}

// likeness is the mean cosine with the three most alike phrasings of each
// question, the best most of all, and shares of those with its answer and
// with all of it.
func (x *FAQ) likeness(vector []term) []float64 {
	// A search of a large FAQ would leave much behind.
	space, ok := x.spaces.Get().(*[]float32)
	if !ok {
		space = new([]float32)
		*space = make([]float32, len(x.docs))
	}
	defer x.spaces.Put(space)
	cosines, weights := *space, weightTable()
	clear(cosines)
	for _, t := range vector {
		for _, p := range x.postings[x.starts[t.index]:x.starts[t.index+1]] {
			cosines[p>>weightBits] += t.value * weights[p&weightMask]
		}
	}
	out := make([]float64, x.questions)
	var top [3]float32
	n := 0
	for d, doc := range x.docs {
		if doc.share > 0 {
			out[doc.question] += doc.share * float64(cosines[d])
		} else {
			n = insert(&top, n, cosines[d])
		}
		if d+1 < len(x.docs) && x.docs[d+1].question == doc.question {
			continue
		}
		sum, weight, w := 0.0, 0.0, 1.0
		for _, c := range top[:min(n, len(top))] {
			sum, weight, w = sum+w*float64(c), weight+w, w*nextPhrasing
		}
		if top[0] > verbatim { // then the other phrasings do not matter, nor how rare its words are
			sum, weight = 2*float64(top[0]), 1
		}
		if weight > 0 {
			out[doc.question] += sum / weight
		}
		if doc.share > 0 { // its answer is there
			out[doc.question] /= 1 + answerShare + wholeShare
		}
		top, n = [3]float32{}, 0
	}
	return out
}

// insert keeps the greatest, of which n were seen, in descending order.
func insert(top *[3]float32, n int, v float32) int {
	for i := range top {
		if i >= n || v > top[i] {
			copy(top[i+1:], top[i:])
			top[i] = v
			break
		}
	}
	return n + 1
}

// calibrate sets the cut: questions are taken out, and most of what asks for
// them must then be rejected.
func (x *FAQ) calibrate(ctx context.Context, questions []Question) error {
	if len(questions) < fewQuestions {
		x.cut = fewCut
		return nil
	}
	var scores []float64
	if x.model == nil {
		scores = x.strangers(ctx, questions)
	} else {
		const folds = 5
		// Of many questions a fifth is sample enough.
		for fold := range max(1, min(folds, 4*mostClasses/len(questions)/folds)) {
			var kept, out []Question
			for i, q := range questions {
				if i%folds == fold {
					out = append(out, q)
				} else {
					kept = append(kept, q)
				}
			}
			rest, err := index(ctx, kept, true)
			if err != nil {
				return err
			}
			for _, q := range out {
				for _, p := range q.Phrasings {
					if s := rest.scores(p, -1); s != nil {
						scores = append(scores, slices.Max(s))
					}
				}
			}
		}
	}
	slices.Sort(scores)
	if len(scores) > 0 {
		x.cut = scores[min(len(scores)-1, int(leftOut*float64(len(scores))))]
	}
	return ctx.Err()
}

// strangers gives how well phrasings fit when their own question is left out. Of
// very many it takes a sample, evenly.
func (x *FAQ) strangers(ctx context.Context, questions []Question) []float64 {
	type phrasing struct {
		text     string
		question int
	}
	var all []phrasing
	for i, q := range questions {
		for _, p := range q.Phrasings {
			all = append(all, phrasing{p, i})
		}
	}
	n := len(all)
	if n > mostMeasured {
		n = fewMeasured
	}
	best := make([]float64, n)
	parallel(n, func(i int) {
		best[i] = math.Inf(-1)
		if ctx.Err() != nil {
			return
		}
		p := all[i*len(all)/n]
		if s := x.scores(p.text, p.question); s != nil {
			best[i] = slices.Max(s)
		}
	})
	return slices.DeleteFunc(best, func(s float64) bool { return math.IsInf(s, -1) })
}

// Questions is how many there are.
func (x *FAQ) Questions() int { return x.questions }

// Cut is the score, before it is scaled, below which a text is rejected.
func (x *FAQ) Cut() float64 { return x.cut }
