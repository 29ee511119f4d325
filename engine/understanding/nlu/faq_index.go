package nlu

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
)

// posting is a document, above, and the weight that a gram has in it, below: a
// large FAQ has tens of millions.
type posting uint32

const (
	weightBits = 12
	weightMask = 1<<weightBits - 1
	// maxDocuments is how many texts an index compares a query with.
	maxDocuments = 1 << (32 - weightBits)
	octaves      = 16 // weights are 2^-16 … 1
)

var errTooLarge = errors.New("nlu: a FAQ has too many questions and wordings to be indexed")

// weightTable gives the weights that the low bits of a posting stand for: evenly
// spaced logarithms, a fifth of a percent apart.
var weightTable = sync.OnceValue(func() *[1 << weightBits]float32 {
	var t [1 << weightBits]float32
	for i := range t {
		t[i] = float32(math.Exp2(float64(i-weightMask) * octaves / weightMask))
	}
	return &t
})

func weightCode(w float32) posting {
	code := math.Round(weightMask + math.Log2(float64(w))*weightMask/octaves)
	return posting(max(0, min(weightMask, code)))
}

// gramsOf counts the character n-grams of words.
func gramsOf(words []string) map[string]int {
	grams := make(map[string]int, 16*len(words))
	for _, w := range words {
		wordGrams(w, grams)
	}
	return grams
}

func wordGrams(w string, grams map[string]int) {
	addGrams(grams, w)
	if plain := fold(w); plain != w {
		addGrams(grams, plain)
	}
}

// indexing is an index on its way: the texts as numbers of words, the words as
// numbers of grams. Texts repeat words, so that each is taken apart once.
type indexing struct {
	*FAQ
	words  map[string]int32
	counts []int     // of each word
	texts  [][]int32 // words of each document
	grams  [][]gram  // of each word
}

type gram struct {
	index int32
	times int32
}

func index(ctx context.Context, questions []Question, classified bool) (*FAQ, error) {
	x := indexing{FAQ: &FAQ{questions: len(questions)}, words: map[string]int32{}}
	if err := x.read(questions); err != nil {
		return nil, err
	}
	x.number()
	x.weigh()
	if err := x.post(ctx); err != nil {
		return nil, err
	}
	known := make(map[string]int, len(x.words))
	for w, i := range x.words {
		known[w] = x.counts[i]
	}
	x.repair = newSpeller(known)
	if !classified {
		return x.FAQ, ctx.Err()
	}
	var examples []Example
	for i, q := range questions {
		for _, p := range q.Phrasings {
			examples = append(examples, Example{Text: p, Label: label(i)})
		}
	}
	var err error
	x.model, err = Train(ctx, examples, Options{PlainNames: true, DefaultCut: true})
	return x.FAQ, err
}

// read makes the documents: each phrasing, the answer, and all of it together.
func (x *indexing) read(questions []Question) error {
	var texts []string
	for i, q := range questions {
		add := func(text string, share float64) {
			x.docs, texts = append(x.docs, document{int32(i), share}), append(texts, text)
		}
		for _, p := range q.Phrasings {
			add(p, 0)
		}
		if q.Answer != "" {
			add(q.Answer, answerShare)
			add(strings.Join(q.Phrasings, "\n")+"\n"+q.Answer, wholeShare)
		}
	}
	if len(x.docs) >= maxDocuments {
		return errTooLarge
	}
	x.texts = make([][]int32, len(texts))
	const chunk = 1024
	for from := 0; from < len(texts); from += chunk {
		read := make([][]string, min(chunk, len(texts)-from))
		parallel(len(read), func(i int) { read[i] = tokens(texts[from+i]) })
		for i, words := range read {
			numbers := make([]int32, len(words))
			for k, w := range words {
				n, ok := x.words[w]
				if !ok {
					n = int32(len(x.counts))
					x.words[strings.Clone(w)] = n
					x.counts = append(x.counts, 0)
				}
				x.counts[n]++
				numbers[k] = n
			}
			x.texts[from+i] = numbers
		}
	}
	return nil
}

// number gives the grams their numbers, in the order of their texts.
func (x *indexing) number() {
	x.FAQ.grams = map[string]int32{}
	for w := range x.words {
		one := map[string]int{}
		wordGrams(w, one)
		for g := range one {
			if _, ok := x.FAQ.grams[g]; !ok {
				x.FAQ.grams[strings.Clone(g)] = 0
			}
		}
	}
	for i, g := range slices.Sorted(mapKeys(x.FAQ.grams)) {
		x.FAQ.grams[g] = int32(i)
	}
	x.grams = make([][]gram, len(x.counts))
	for w, n := range x.words {
		one := map[string]int{}
		wordGrams(w, one)
		list := make([]gram, 0, len(one))
		for g, times := range one {
			list = append(list, gram{x.FAQ.grams[g], int32(times)})
		}
		x.grams[n] = list
	}
}

// weigh counts in how many questions a gram is. Rarity counts questions, not
// phrasings: a word in all of one is rare.
func (x *indexing) weigh() {
	df, last := make([]int, len(x.FAQ.grams)), make([]int32, len(x.FAQ.grams))
	for d, words := range x.texts {
		stamp := x.docs[d].question + 1
		for _, w := range words {
			for _, g := range x.grams[w] {
				if last[g.index] != stamp {
					last[g.index] = stamp
					df[g.index]++
				}
			}
		}
	}
	rarity := func(n int) float64 { return math.Log(float64(1+x.questions)/float64(1+n)) + 0.25 }
	x.unseen = rarity(0)
	x.idf = make([]float64, len(df))
	for g, n := range df {
		x.idf[g] = rarity(n)
	}
}

// post lists the documents of each gram: it makes the vectors twice, to count
// and to fill in, since all of them at once are large.
func (x *indexing) post(ctx context.Context) error {
	x.starts = make([]int32, len(x.idf)+1)
	err := x.vectors(ctx, func(_ int, v []term) {
		for _, t := range v {
			x.starts[t.index+1]++
		}
	})
	if err != nil {
		return err
	}
	total := int64(0)
	for g := range x.idf {
		if total += int64(x.starts[g+1]); total > math.MaxInt32 {
			return errTooLarge
		}
		x.starts[g+1] += x.starts[g]
	}
	x.postings = make([]posting, total)
	next := slices.Clone(x.starts[:len(x.idf)])
	return x.vectors(ctx, func(d int, v []term) {
		for _, t := range v {
			x.postings[next[t.index]] = posting(d)<<weightBits | weightCode(t.value)
			next[t.index]++
		}
	})
}

// vectors gives the vector of each document in turn.
func (x *indexing) vectors(ctx context.Context, take func(document int, v []term)) error {
	const chunk = 512
	made, spaces := make([][]term, chunk), make([][]gram, chunk)
	for from := 0; from < len(x.texts) && ctx.Err() == nil; from += chunk {
		n := min(chunk, len(x.texts)-from)
		parallel(n, func(i int) { made[i], spaces[i] = x.document(x.texts[from+i], made[i][:0], spaces[i][:0]) })
		for i := range n {
			take(from+i, made[i])
		}
	}
	return ctx.Err()
}

// document is the vector of a text, made like that of a query, in out; all is
// space for it.
func (x *indexing) document(words []int32, out []term, all []gram) ([]term, []gram) {
	for _, w := range words {
		all = append(all, x.grams[w]...)
	}
	slices.SortFunc(all, func(a, b gram) int { return cmp.Compare(a.index, b.index) })
	sum := 0.0
	for i := 0; i < len(all); {
		g, times := all[i].index, int32(0)
		for ; i < len(all) && all[i].index == g; i++ {
			times += all[i].times
		}
		t := term{g, float32((1 + math.Log(float64(times))) * x.idf[g])}
		out = append(out, t)
		sum += float64(t.value) * float64(t.value)
	}
	if sum > 0 {
		scale(out, 1/math.Sqrt(sum))
	}
	return out, all
}
