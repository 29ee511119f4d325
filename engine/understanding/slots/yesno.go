package slots

import "parley/engine/understanding/assent"

// answer is the slot of a whole text that says yes or no.
func (s *scan) answer() (Slot, bool) {
	a := assent.Read(s.text, s.v.language)
	if a != assent.Yes && a != assent.No {
		return Slot{}, false
	}
	return Slot{Kind: YesNo, Value: string(a), Text: s.text, End: len(s.text)}, true
}

// opening finds the yes or no that a longer message begins with: "yes, tomorrow
// at 5".
func (s *scan) opening() (slot Slot, next int, ok bool) {
	a, end, ok := assent.Opening(s.text, s.v.language)
	for ok && next < len(s.tokens) && s.tokens[next].end <= end {
		next++
	}
	return Slot{Kind: YesNo, Value: string(a)}, next, ok && next > 0
}

// polite says that a word only makes an answer polite.
func (s *scan) polite(i int) bool {
	if i >= len(s.tokens) {
		return false
	}
	switch s.tokens[i].text {
	case "please", "pls", "plz", "thanks", "thank", "thx", "ty", "porfa", "porfis", "porfavor", "stp", "cheers", "sir", "madam", "mate", "bitte", "danke", "gracias", "favor", "merci", "svp", "plait", "vous":
		return true
	}
	return false
}
