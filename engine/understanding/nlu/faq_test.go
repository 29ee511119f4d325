package nlu

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

func shopQuestions() []Question {
	return []Question{
		{[]string{"How long does delivery take?", "When will my bike arrive?"}, "Parts arrive in 2 days, bikes in 5."},
		{[]string{"What is your return policy?", "Can I send something back?"}, "You have 30 days to return anything unused."},
		{[]string{"Where is your shop?", "How do I find you?"}, "Lindenufer 12, opposite the station."},
		{[]string{"Which payment methods do you accept?", "Can I pay with PayPal?"}, "Card, PayPal, bank transfer."},
		{[]string{"Do you repair bikes from other brands?", "Can you fix my old bike?"}, "Yes, our workshop takes all brands."},
		{[]string{"How do I book a test ride?", "Can I try a bike?"}, "Online, or come to the shop."},
	}
}

func newTestFAQ(t testing.TB, questions []Question) *FAQ {
	t.Helper()
	x, err := NewFAQ(t.Context(), questions)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestFAQ(t *testing.T) {
	t.Parallel()
	x := newTestFAQ(t, shopQuestions())
	for _, tt := range []struct {
		text string
		want int // -1 for none
	}{
		{"how long does the delivery take", 0},
		{"HOW LONG DOES DELIVERY TAKE???", 0},
		{"how long does delivry take", 0},
		{"can i send it back", 1},
		{"where's the shop", 2},
		{"can I pay by paypal?", 3},
		{"station", 2}, // the answer counts
		{strings.Repeat("ä", 2000), -1},
		{"", -1},
		{"?!", -1},
		{"\xff", -1},
		{"Ωμέγα", -1},
		{"who wrote Macbeth", -1},
	} {
		found := x.Search(tt.text, 3)
		if got := len(found) > 0; got != (tt.want >= 0) || got && found[0].Index != tt.want {
			t.Errorf("%q: %+v, want %d", tt.text, found, tt.want)
		}
		if !slices.IsSortedFunc(found, func(a, b Match) int { return int(math.Copysign(1, b.Score-a.Score)) }) || len(found) > 3 {
			t.Errorf("%q: %+v is not in order", tt.text, found)
		}
	}
}

// Small and large sets, with and without a classifier, find their own phrasings.
func TestFAQFindsItsOwn(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, 2, 4, 5, 20} {
		for _, phrasings := range []int{1, 2, 7} {
			questions := manyQuestions(size, phrasings)
			x := newTestFAQ(t, questions)
			if (x.model != nil) != (size > 1 && phrasings >= manyPhrasings) {
				t.Errorf("%d × %d: a classifier: %v", size, phrasings, x.model != nil)
			}
			for i, q := range questions {
				for _, p := range q.Phrasings {
					if found := x.Search(p, 1); len(found) != 1 || found[0].Index != i || found[0].Score < 0.5 {
						t.Errorf("%d × %d: %q gave %+v", size, phrasings, p, found)
					}
				}
			}
		}
	}
}

// manyQuestions are made of words that differ, with common ones between.
func manyQuestions(n, phrasings int) []Question {
	out := make([]Question, n)
	word := func(i int) string {
		return string([]rune{rune('a' + i%26), rune('a' + i/26%26), 'e', rune('a' + i*7%26), rune('a' + i*11%26)})
	}
	for i := range out {
		for p := range phrasings {
			out[i].Phrasings = append(out[i].Phrasings, fmt.Sprintf("how do I %s the %s with a %s", word(i*phrasings+p), word(1000+i), word(5000+i*3+p)))
		}
		out[i].Answer = "You take the " + word(1000+i) + " and give it to the " + word(9000+i) + ". It is done in a day."
	}
	return out
}

func TestFAQIsDeterministic(t *testing.T) {
	t.Parallel()
	questions := manyQuestions(12, 7)
	want := newTestFAQ(t, questions)
	for range 3 {
		got := newTestFAQ(t, questions)
		if got.Cut() != want.Cut() {
			t.Fatalf("cuts %v and %v", got.Cut(), want.Cut())
		}
		if a, b := got.Search("how do I give the thing", 5), want.Search("how do I give the thing", 5); !slices.Equal(a, b) {
			t.Fatalf("%v and %v", a, b)
		}
	}
}

func TestFAQEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewFAQ(ctx, manyQuestions(20, 7)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func FuzzFAQ(f *testing.F) {
	x := newTestFAQ(f, shopQuestions())
	for _, seed := range []string{"how long", "", "\xf0\x9f\x9a\xb2", "送料はいくらですか", "a@b.c https://x.y 1234567"} {
		f.Add(seed)
	}
	for _, text := range odd() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := x.Search(text, 2)
		for _, m := range found {
			if math.IsNaN(m.Score) || m.Score < 0 || m.Score > 1 || m.Index < 0 || m.Index >= 6 {
				t.Fatalf("%q gave %+v", text, found)
			}
		}
		if len(found) > 2 || len(found) > 0 && found[0].Score < 0.5 {
			t.Fatalf("%q gave %+v", text, found)
		}
	})
}

func BenchmarkFAQSearch(b *testing.B) {
	for _, phrasings := range []int{1, 4} {
		b.Run(fmt.Sprintf("500 questions of %d", phrasings), func(b *testing.B) {
			x := newTestFAQ(b, manyQuestions(500, phrasings))
			for b.Loop() {
				x.Search("how long does it take until I get the thing that I ordered", 3)
			}
		})
	}
}

func BenchmarkFAQTrain(b *testing.B) {
	questions := manyQuestions(100, 8)
	for b.Loop() {
		newTestFAQ(b, questions)
	}
}
