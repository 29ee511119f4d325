package evaluate

import (
	"math/rand/v2"
	"slices"

	"parley/engine/understanding/nlu"
)

// Misspell makes random edits in each text: a letter is put in, left out, swapped
// with the next or replaced, at a place that is no space. The same seed gives the
// same texts.
func Misspell(examples []nlu.Example, edits int, seed uint64) []nlu.Example {
	random := rand.New(rand.NewPCG(seed, uint64(edits)))
	out := slices.Clone(examples)
	for i := range out {
		text := []rune(out[i].Text)
		for range edits {
			text = misspell(text, random)
		}
		out[i].Text = string(text)
	}
	return out
}

func misspell(text []rune, random *rand.Rand) []rune {
	var places []int
	for i, c := range text {
		if c != ' ' {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return text
	}
	at := places[random.IntN(len(places))]
	letter := 'a' + rune(random.IntN(26))
	switch random.IntN(4) {
	case 0:
		return slices.Insert(text, at, letter)
	case 1:
		return slices.Delete(text, at, at+1)
	case 2:
		if at+1 < len(text) {
			text[at], text[at+1] = text[at+1], text[at]
		}
	default:
		text[at] = letter
	}
	return text
}
