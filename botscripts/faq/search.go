package faq

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Hit is the entry that fits a query best.
type Hit struct {
	Question string
	Answer   string
	// Score is 0 … 1, how alike the query and the entry are. It orders hits;
	// it is not a probability. Good hits are at 0.3 and above.
	Score float64
}

// threshold rejects a query that is like no entry. Below it more wrong answers
// come through than right ones; TestAccuracy holds what it does.
const threshold = 0.25

// maxQuery is how many bytes of a query count.
const maxQuery = 1000

// Index finds entries. It never changes, so any number of goroutines may search it.
//
// Texts are compared as bags of character n-grams inside words, weighted by
// how rare they are in the brand's FAQ: that needs no dictionary, knows no
// language and takes a misspelt word for what it nearly is.
type Index struct {
	entries  []Entry
	idf      map[string]float64
	unseen   float64 // idf of what no entry holds
	docs     []document
	postings map[string][]posting // feature → documents
}

// document is one thing that a query is compared with: a wording of an entry,
// or all of its words.
type document struct {
	entry int
	whole bool
}

// posting is the weight of a feature in a document.
type posting struct {
	doc    int
	weight float64
}

// NewIndex makes an index of the entries. Of two that fit alike the earlier wins.
func NewIndex(entries []Entry) *Index {
	x := &Index{entries: slices.Clone(entries), idf: map[string]float64{}, postings: map[string][]posting{}}
	var bags []map[string]float64
	for i, e := range x.entries {
		wordings := append([]string{e.Question}, e.Wordings...)
		for _, w := range wordings {
			x.docs, bags = append(x.docs, document{entry: i}), append(bags, features(w))
		}
		whole := features(strings.Join(wordings, "\n") + "\n" + e.Answer)
		x.docs, bags = append(x.docs, document{entry: i, whole: true}), append(bags, whole)
		for f := range whole {
			x.idf[f]++
		}
	}
	// Rarity counts entries, not wordings: a word in five wordings of one entry is rare.
	rarity := func(n float64) float64 { return math.Log(float64(1+len(entries))/(1+n)) + 0.25 }
	x.unseen = rarity(0)
	for f, n := range x.idf {
		x.idf[f] = rarity(n)
	}
	for d, bag := range bags {
		for f, w := range x.vector(bag) {
			x.postings[f] = append(x.postings[f], posting{d, w})
		}
	}
	return x
}

// Search finds the entry that fits the query best: the mean of how like its
// best wording and how like the entry as a whole is. It is false when no entry
// is close enough to be worth an answer; the hit is then the zero value.
func (x *Index) Search(query string) (Hit, bool) {
	if len(query) > maxQuery {
		query = query[:maxQuery]
	}
	likeness := make([]float64, len(x.docs))
	vector := x.vector(features(query))
	for _, f := range sorted(vector) {
		for _, p := range x.postings[f] {
			likeness[p.doc] += vector[f] * p.weight
		}
	}
	best, score, wording := 0, 0.0, 0.0
	for d, doc := range x.docs {
		if !doc.whole {
			wording = max(wording, likeness[d])
			continue
		}
		if s := (wording + likeness[d]) / 2; s > score {
			best, score = doc.entry, s
		}
		wording = 0
	}
	if score < threshold {
		return Hit{}, false
	}
	e := x.entries[best]
	return Hit{Question: e.Question, Answer: e.Answer, Score: min(score, 1)}, true
}

// vector weighs counts by rarity and scales the whole to length 1.
func (x *Index) vector(bag map[string]float64) map[string]float64 {
	v := make(map[string]float64, len(bag))
	sum := 0.0
	for _, f := range sorted(bag) {
		idf, ok := x.idf[f]
		if !ok {
			idf = x.unseen
		}
		v[f] = math.Log(1+bag[f]) * idf
		sum += v[f] * v[f]
	}
	for f := range v {
		v[f] /= math.Sqrt(sum)
	}
	return v
}

// sorted fixes the order of sums, so that a query scores the same to the last bit each time.
func sorted(bag map[string]float64) []string {
	keys := make([]string, 0, len(bag))
	for f := range bag {
		keys = append(keys, f)
	}
	slices.Sort(keys)
	return keys
}

// features counts the runs of 2 to 5 letters inside each word, where the space
// at either end counts as a letter; where words are not spaced, the runs of 1
// to 5. Case, width, accents and apostrophes do not matter.
func features(text string) map[string]float64 {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || r == '\'' || r == '’' {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(strings.ToValidUTF8(text, " ")))
	bag := map[string]float64{}
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		letters, shortest := []rune(" "+word+" "), 2
		if strings.ContainsFunc(word, unspaced) {
			letters, shortest = []rune(word), 1
		}
		for n := shortest; n <= 5; n++ {
			for i := 0; i+n <= len(letters); i++ {
				bag[string(letters[i:i+n])]++
			}
		}
	}
	return bag
}

// unspaced tells the letters of scripts that put no space between words.
func unspaced(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
