package nlu

import (
	"cmp"
	"slices"
)

// Overlap is how alike two groups of texts are: those two of theirs that are most
// alike.
type Overlap struct {
	A     int     `json:"a"` // index of a group, below B
	B     int     `json:"b"`
	TextA string  `json:"text_a"`
	TextB string  `json:"text_b"`
	Alike float64 `json:"alike"` // cosine, 0 … 1
}

// Overlaps finds the pairs of groups with texts at least so alike, the most
// alike first. Groups are the wordings of FAQ entries, or the sentences of intents.
func Overlaps(groups [][]string, atLeast float64) []Overlap {
	type text struct {
		group int
		raw   string
		words []string
	}
	var texts []text
	var all [][]string
	for g, list := range groups {
		for _, raw := range list {
			words := tokens(raw)
			texts, all = append(texts, text{g, raw, words}), append(all, words)
		}
	}
	v := newVocabulary(all, nil)
	rows := make([][]term, len(texts))
	parallel(len(texts), func(i int) { rows[i] = v.vector(texts[i].raw, texts[i].words) })
	type posting struct {
		text  int32
		value float32
	}
	postings := make([][]posting, v.size())
	for i, row := range rows {
		for _, t := range row {
			postings[t.index] = append(postings[t.index], posting{int32(i), t.value})
		}
	}
	found := make([][]Overlap, len(texts))
	parallel(len(texts), func(i int) {
		alike := make([]float32, len(texts))
		for _, t := range rows[i] {
			for _, p := range postings[t.index] {
				alike[p.text] += p.value * t.value
			}
		}
		for j, a := range alike {
			if texts[i].group < texts[j].group && float64(a) >= atLeast {
				found[i] = append(found[i], Overlap{texts[i].group, texts[j].group, texts[i].raw, texts[j].raw, min(float64(a), 1)})
			}
		}
	})
	best := map[[2]int]Overlap{}
	for _, list := range found {
		for _, o := range list {
			if o.Alike > best[[2]int{o.A, o.B}].Alike {
				best[[2]int{o.A, o.B}] = o
			}
		}
	}
	out := make([]Overlap, 0, len(best))
	for _, o := range best {
		out = append(out, o)
	}
	slices.SortFunc(out, func(x, y Overlap) int {
		return cmp.Or(cmp.Compare(y.Alike, x.Alike), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	return out
}
