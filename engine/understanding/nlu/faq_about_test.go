package nlu

import "testing"

// TestFAQIsAboutSomething: what says nothing, or is about something that no
// question knows, asks none of them, however many of its other words are there.
func TestFAQIsAboutSomething(t *testing.T) {
	t.Parallel()
	x := newTestFAQ(t, shopQuestions())
	for _, text := range []string{
		"12345", "12345678", "kim@example.com", "https://example.com", "asdf qwer",
		"can you fix my television", "how do I book a flight to Chicago", "what is your wifi password",
	} {
		if found := x.Search(text, 1); len(found) > 0 {
			t.Errorf("%q gave %+v", text, found)
		}
	}
	for text, want := range map[string]int{
		"can you fix my old bike please":  4,
		"12345: when will my bike arrive": 0,
	} {
		if found := x.Search(text, 1); len(found) != 1 || found[0].Index != want {
			t.Errorf("%q gave %+v, want %d", text, found, want)
		}
	}
}

// TestStrange: words in another form are known, words that begin otherwise are not.
func TestStrange(t *testing.T) {
	t.Parallel()
	x := newTestFAQ(t, shopQuestions())
	for word, want := range map[string]bool{
		"delivery": false, "deliveries": false, "workshops": false, "bikes": false,
		"television": true, "chicago": true, "wifi": true, "tv": false, "東京都庁舎": false,
	} {
		if got := x.strange(word); got != want {
			t.Errorf("%q: %t", word, got)
		}
	}
}
