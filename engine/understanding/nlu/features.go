package nlu

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"
)

// term is one entry of a sparse vector.
type term struct {
	index int32
	value float32
}

// Encoder turns a text into a vector of unit length, always of the same size.
// A brand may mount its own as a third block of features. It must be deterministic
// and safe for concurrent use.
type Encoder interface {
	Name() string // another for every version that gives other vectors
	Size() int
	Encode(text string) []float32
}

// wordWeight is the weight of the words' block beside the characters', chosen on
// validation data: words are sparse where examples are few.
const wordWeight = 0.7

// encoderWeight is the weight of an Encoder's block beside the two of n-grams.
const encoderWeight = 1.5

// Orders of character n-grams: within padded words, and in scripts that put no
// spaces between words.
const (
	minGram, maxGram           = 2, 5
	minSpaceless, maxSpaceless = 1, 3
)

// vocabulary numbers the features of a training set and weighs them.
type vocabulary struct {
	words   map[string]int32 // one word, or two joined by a space
	grams   map[string]int32 // character n-grams
	idf     []float32
	unseen  float64        // squared weight of a feature that no example has
	known   map[string]int // word → how often it occurs
	encoder Encoder
}

const edge = "\x02" // a sentence's start and end, in bigrams

// features counts what a text consists of.
type features struct {
	words, grams map[string]int
}

func featuresOf(words []string) features {
	f := features{words: make(map[string]int, 2*len(words)+1), grams: make(map[string]int, 16*len(words))}
	before := edge
	for _, w := range words {
		f.words[w]++
		f.words[before+" "+w]++
		before = w
		addGrams(f.grams, w)
		if plain := fold(w); plain != w {
			addGrams(f.grams, plain)
		}
	}
	if len(words) > 0 {
		f.words[before+" "+edge]++
	}
	return f
}

func addGrams(grams map[string]int, word string) {
	if spaceless(word) {
		eachGram(word, minSpaceless, maxSpaceless, grams)
		return
	}
	eachGram(" "+word+" ", minGram, maxGram, grams)
}

// eachGram counts the n-grams of every order. A word shorter than an order
// counts whole, once.
func eachGram(s string, low, high int, grams map[string]int) {
	var at [64]int
	starts := at[:0]
	for i := range s {
		starts = append(starts, i)
	}
	starts = append(starts, len(s))
	runes := len(starts) - 1
	for n := low; n <= high; n++ {
		if runes < n {
			grams[s]++
			return
		}
		for i := 0; i+n <= runes; i++ {
			grams[s[starts[i]:starts[i+n]]]++
		}
	}
}

// newVocabulary numbers the features of all texts in sorted order.
func newVocabulary(texts [][]string, encoder Encoder) *vocabulary {
	v := &vocabulary{words: map[string]int32{}, grams: map[string]int32{}, known: map[string]int{}, encoder: encoder}
	wordDF, gramDF := map[string]int{}, map[string]int{}
	for _, words := range texts {
		f := featuresOf(words)
		for w := range f.words {
			wordDF[w]++
		}
		for g := range f.grams {
			gramDF[g]++
		}
		for _, w := range words {
			v.known[w]++
		}
	}
	number := func(df map[string]int, to map[string]int32) {
		for _, key := range slices.Sorted(mapKeys(df)) {
			to[key] = int32(len(v.idf))
			idf := math.Log(float64(1+len(texts))/float64(1+df[key])) + 1
			v.idf = append(v.idf, float32(math.Sqrt(idf)))
		}
	}
	v.unseen = math.Log(float64(1+len(texts))) + 1
	number(wordDF, v.words)
	number(gramDF, v.grams)
	return v
}

func mapKeys[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// size is how many features there are, without the bias.
func (v *vocabulary) size() int {
	n := len(v.idf)
	if v.encoder != nil {
		n += v.encoder.Size()
	}
	return n
}

// vector is a text's point: blocks of unit length, joined to unit length. What no
// example has counts for the length, so that a text of which little is known
// comes near to nothing and is taken for nothing in particular.
func (v *vocabulary) vector(text string, words []string) []term {
	f := featuresOf(words)
	out := make([]term, 0, len(f.words)+len(f.grams))
	length := float64(0) // squared
	block := func(counts map[string]int, index map[string]int32, weight float64) {
		from, unseen := len(out), 0
		for key, n := range counts {
			if i, ok := index[key]; ok {
				out = append(out, term{i, float32(1+math.Log(float64(n))) * v.idf[i]})
			} else {
				unseen++
			}
		}
		// Sums of floats depend on their order, and maps have none.
		slices.SortFunc(out[from:], func(a, b term) int { return cmp.Compare(a.index, b.index) })
		sum := float64(0)
		for _, t := range out[from:] {
			sum += float64(t.value) * float64(t.value)
		}
		if sum > 0 {
			sum += float64(unseen) * v.unseen
			scale(out[from:], weight/math.Sqrt(sum))
			length += weight * weight
		}
	}
	block(f.words, v.words, wordWeight)
	block(f.grams, v.grams, 1)
	if v.encoder != nil && len(words) > 0 {
		for i, x := range v.encoder.Encode(text) {
			if x != 0 {
				out = append(out, term{int32(len(v.idf) + i), encoderWeight * x})
			}
		}
		length += encoderWeight * encoderWeight
	}
	if length > 0 {
		scale(out, 1/math.Sqrt(length))
	}
	return out
}

func scale(terms []term, by float64) {
	for i := range terms {
		terms[i].value *= float32(by)
	}
}

// letters is the length of a word in runes.
func letters(word string) int { return utf8.RuneCountInString(word) }
