package slots

import "parley/engine/understanding/choice"

// choiceAt reads the label of one option that begins at token i. Of several, the longest counts.
func (s *scan) choiceAt(i int) (Slot, int, bool) {
	if !s.wants(Choice) || len(s.Choices) == 0 {
		return Slot{}, i, false
	}
	best, end, twice := -1, i, false
	for n, label := range s.choiceWords() {
		next := 0
		if len(label) > 0 {
			next = follow(s.tokens, i, label)
		}
		switch {
		case next == 0 || next < end:
		case next == end && best >= 0:
			twice = true
		default:
			best, end, twice = n, next, false
		}
	}
	if best < 0 || twice || s.refuses(best) {
		return Slot{}, i, false
	}
	return Slot{Kind: Choice, Value: s.Choices[best].ID, Name: s.Choices[best].Label}, end, true
}

// refuses says whether the text says that an option is not meant: "not the blue one".
func (s *scan) refuses(n int) bool {
	if s.unmeant == nil {
		s.unmeant = make([]bool, len(s.Choices))
		for _, k := range choice.Read(s.Choices, s.text, true).Refused {
			s.unmeant[k] = true
		}
	}
	return s.unmeant[n]
}

// choiceWords are the labels as tokens without signs around them.
func (s *scan) choiceWords() [][]string {
	if s.labels == nil {
		s.labels = make([][]string, len(s.Choices))
		for n, option := range s.Choices {
			if len(option.Label) > 256 {
				continue
			}
			for _, t := range tokenize(option.Label) {
				if t.class != mark || t.text != "-" && t.text != "'" {
					s.labels[n] = append(s.labels[n], t.text)
				}
			}
			for len(s.labels[n]) > 0 && classOf([]rune(s.labels[n][len(s.labels[n])-1])[0]) == mark {
				s.labels[n] = s.labels[n][:len(s.labels[n])-1]
			}
		}
	}
	return s.labels
}

// chosen reads a whole answer as the options that it may mean.
func (s *scan) chosen() (out []Slot) {
	for _, n := range choice.Read(s.Choices, s.text, true).Options {
		out = append(out, Slot{Kind: Choice, Text: s.text, End: len(s.text), Value: s.Choices[n].ID, Name: s.Choices[n].Label})
	}
	return out
}
