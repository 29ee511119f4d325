package learning

import (
	"math"
	"strings"
	"unicode"
)

// Orders of the character n-grams inside words by which texts are compared.
const minGram, maxGram = 2, 4

// weight is one feature of a text.
type weight struct {
	feature int32
	value   float64
}

// space numbers features in the order in which they are first seen, and knows
// how many texts have each.
type space struct {
	numbers map[string]int32
	seen    []int // texts, by feature
	texts   int
}

// count gives the features of a text with their counts, in the order of the
// text, and remembers that one more text has them.
func (s *space) count(text string) []weight {
	var out []weight
	at := map[int32]int{}
	s.texts++
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsMark(c) && !unicode.IsDigit(c)
	})
	for _, word := range words {
		letters := []rune(" " + word + " ")
		for n := minGram; n <= maxGram; n++ {
			for i := 0; i+n <= len(letters); i++ {
				gram := string(letters[i : i+n])
				f, ok := s.numbers[gram]
				if !ok {
					f = int32(len(s.seen))
					s.numbers[gram] = f
					s.seen = append(s.seen, 0)
				}
				if _, again := at[f]; !again {
					at[f] = len(out)
					out = append(out, weight{feature: f})
					s.seen[f]++
				}
				out[at[f]].value++
			}
		}
	}
	return out
}

// weigh makes a vector of unit length of counts: what few texts have says more.
func (s *space) weigh(counts []weight) []weight {
	sum := 0.0
	for i, w := range counts {
		rare := math.Log(float64(1+s.texts)/float64(1+s.seen[w.feature])) + 1
		counts[i].value = (1 + math.Log(w.value)) * rare
		sum += counts[i].value * counts[i].value
	}
	if sum > 0 {
		for i := range counts {
			counts[i].value /= math.Sqrt(sum)
		}
	}
	return counts
}

// shelf finds the texts that are most like another one.
type shelf struct {
	postings map[int32][]weight // feature → texts, whose numbers are in the place of features
	size     int
}

func (s *shelf) put(vector []weight) {
	for _, w := range vector {
		s.postings[w.feature] = append(s.postings[w.feature], weight{int32(s.size), w.value})
	}
	s.size++
}

// alike gives the cosine of every text with the vector.
func (s *shelf) alike(vector []weight) []float64 {
	out := make([]float64, s.size)
	for _, w := range vector {
		for _, p := range s.postings[w.feature] {
			out[p.feature] += w.value * p.value
		}
	}
	return out
}
