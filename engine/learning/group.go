package learning

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"unicode"

	"parley/engine"
	"parley/engine/understanding/nlu"
)

// What a suggestion is.
const (
	SuggestIntent = "intent"
	SuggestFAQ    = "faq"
	SuggestNew    = "new" // nothing that the brand knows is near
)

// Suggestion is where the texts of a group may belong.
type Suggestion struct {
	Kind  string
	Name  string  // the intent, or the question
	Score float64 // 0 … 1, how near it is; 1 when agents said so
}

// Group is utterances that are alike, the oldest first.
type Group struct {
	Utterances []engine.Utterance
	Suggestion Suggestion
}

const (
	// together is how alike a text must be to the first one of its group. Of
	// CLINC150's validation texts 81 % get company so, and 89 % of those are with
	// their like.
	together = 0.45
	// near is how alike a group must be to what is known. With ten examples an
	// intent it keeps two thirds of CLINC150's out-of-scope texts from a suggestion.
	near = 0.35
	// asked is how many texts of a group are compared with what is known.
	asked = 20
)

// Groups puts utterances together that are alike, and says where they may
// belong. What the knowledge has word for word by now is left out, unless its
// answer did not help. The largest
// group comes first; of two equal ones the one with the newest utterance.
func Groups(list []engine.Utterance, k Knowledge) []Group {
	taught := k.taught()
	list = slices.DeleteFunc(slices.Clone(list), func(u engine.Utterance) bool {
		return taught[same(u.Text)] && u.Source != engine.FromAnswer
	})
	slices.SortFunc(list, func(a, b engine.Utterance) int { return cmp.Compare(a.N, b.N) })

	s := &space{numbers: map[string]int32{}}
	targets := append(k.examples(), k.wordings()...)
	vectors := make([][]weight, 0, len(targets)+len(list))
	for _, t := range targets {
		vectors = append(vectors, s.count(t.Text))
	}
	for _, u := range list {
		vectors = append(vectors, s.count(u.Text))
	}
	known := &shelf{postings: map[int32][]weight{}}
	for i, v := range vectors {
		vectors[i] = s.weigh(v)
		if i < len(targets) {
			known.put(vectors[i])
		}
	}
	leaders := &shelf{postings: map[int32][]weight{}}
	var out []Group
	var of [][]int // vectors of each group
	for i, u := range list {
		vector := vectors[len(targets)+i]
		best, score := -1, together
		for g, v := range leaders.alike(vector) {
			if v >= score && (best < 0 || v > score) {
				best, score = g, v
			}
		}
		if best < 0 {
			best = len(out)
			leaders.put(vector)
			out, of = append(out, Group{}), append(of, nil)
		}
		out[best].Utterances = append(out[best].Utterances, u)
		of[best] = append(of[best], len(targets)+i)
	}
	for g := range out {
		out[g].Suggestion = suggest(out[g].Utterances, func(visit func([]float64)) {
			for _, i := range of[g][:min(asked, len(of[g]))] {
				visit(known.alike(vectors[i]))
			}
		}, targets, len(k.examples()))
	}
	slices.SortStableFunc(out, func(a, b Group) int {
		return cmp.Or(cmp.Compare(len(b.Utterances), len(a.Utterances)), cmp.Compare(newest(b), newest(a)))
	})
	return out
}

// Row is a text with how often it was written. Of utterances that say the same
// it is the one that tells most: what an agent said of it, else the newest.
type Row struct {
	engine.Utterance
	Count int
}

// Rows puts equal texts together, in the order in which each was first written.
func Rows(list []engine.Utterance) []Row {
	at := map[string]int{}
	var out []Row
	for _, u := range list {
		i, known := at[fold(u.Text)]
		if !known {
			at[fold(u.Text)] = len(out)
			out = append(out, Row{u, 1})
			continue
		}
		out[i].Count++
		if rank(u) >= rank(out[i].Utterance) {
			out[i].Utterance = u
		}
	}
	return out
}

func rank(u engine.Utterance) int {
	switch u.Source {
	case engine.FromAgent:
		return 2
	case engine.FromAnswer:
		return 1
	}
	return 0
}

// fold is a text without what does not change what it says: case, blanks and
// signs between words.
func fold(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) && c != '\'' && c != '’'
	}), " ")
}

func newest(g Group) int64 { return g.Utterances[len(g.Utterances)-1].N }

// suggest takes what most agents said, and else what is nearest on average: to
// an intent or a question a text is as near as to its nearest wording. An answer
// that did not help is not suggested again.
func suggest(group []engine.Utterance, each func(func([]float64)), targets []nlu.Example, intents int) Suggestion {
	if intent, said := agreed(group); said {
		if intent == "" {
			return Suggestion{Kind: SuggestNew}
		}
		return Suggestion{Kind: SuggestIntent, Name: intent, Score: 1}
	}
	sums, texts := map[Suggestion]float64{}, 0
	each(func(scores []float64) {
		texts++
		best := map[Suggestion]float64{}
		for i, v := range scores {
			kind := SuggestIntent
			if i >= intents {
				kind = SuggestFAQ
			}
			at := Suggestion{Kind: kind, Name: targets[i].Label}
			best[at] = max(best[at], v)
		}
		for at, v := range best {
			sums[at] += v
		}
	})
	for _, u := range group {
		if u.Source == engine.FromAnswer {
			delete(sums, Suggestion{Kind: SuggestFAQ, Name: u.Question})
		}
	}
	found := Suggestion{Kind: SuggestNew}
	for at, sum := range sums {
		at.Score = sum / float64(texts)
		if at.Score < near {
			continue
		}
		if c := cmp.Compare(at.Score, found.Score); c > 0 || c == 0 && cmp.Or(cmp.Compare(found.Kind, at.Kind), cmp.Compare(found.Name, at.Name)) > 0 {
			found = at
		}
	}
	return found
}

// agreed is the intent that most of the agents said, if any said one.
func agreed(group []engine.Utterance) (intent string, said bool) {
	votes := map[string]int{}
	for _, u := range group {
		if u.Source == engine.FromAgent {
			votes[u.Intent]++
		}
	}
	for _, name := range slices.Sorted(maps.Keys(votes)) {
		if !said || votes[name] > votes[intent] {
			intent, said = name, true
		}
	}
	return intent, said
}
