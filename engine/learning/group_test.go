package learning_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/learning"
)

func TestGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.miss("acme",
		"can you fix my bicycle", "wheres my parcell", "my cat is grey", "fix my bicycle please", "where is my parcell now",
		"can you fix a bicycle", "Track  my PARCEL", "do you sell gift cards", "gift cards for sale?")
	w.miss("beta", "something of another brand")
	groups, err := w.Groups(t.Context(), "acme", engine.UtteranceOpen)
	if err != nil {
		t.Fatal(err)
	}
	want := `can you fix my bicycle + fix my bicycle please + can you fix a bicycle = faq Do you repair bikes?
do you sell gift cards + gift cards for sale? = new 
wheres my parcell + where is my parcell now = intent order_status
my cat is grey = new 
`
	if diff := cmp.Diff(want, shape(groups)); diff != "" {
		t.Error(diff)
	}
	for _, g := range groups {
		if s := g.Suggestion; s.Kind != learning.SuggestNew && (s.Score < 0.35 || s.Score > 1) {
			t.Errorf("%+v", s)
		}
	}
}

// An answer that did not help is not suggested again, and its text is shown
// though the brand has it word for word.
func TestUnhelpfulAnswersAreNotSuggested(t *testing.T) {
	t.Parallel()
	k := learning.Knowledge{Entries: []learning.Entry{
		{Question: "Where is my order?", Wordings: []string{"where is my parcel"}}, {Question: "Where is my refund order?"},
	}}
	u := engine.Utterance{N: 1, Text: "where is my order?", Source: engine.FromAnswer, Question: "Where is my order?"}
	groups := learning.Groups([]engine.Utterance{u}, k)
	if len(groups) != 1 || groups[0].Suggestion.Name != "Where is my refund order?" {
		t.Errorf("%+v", groups)
	}
	u.Source = engine.FromFAQ
	if groups := learning.Groups([]engine.Utterance{u}, k); len(groups) != 0 {
		t.Errorf("%+v", groups)
	}
}

// What agents said counts more than what is near.
func TestAgentsDecideSuggestions(t *testing.T) {
	t.Parallel()
	said := func(n int64, text, intent string) engine.Utterance {
		return engine.Utterance{N: n, Text: text, Source: engine.FromAgent, Intent: intent}
	}
	missed := engine.Utterance{N: 9, Text: "where is my order please?", Source: engine.FromIntent}
	k := learning.Knowledge{Intents: []learning.Intent{{Name: "order_status", Examples: []string{"where is my order", "track my order"}}}}
	for name, tt := range map[string]struct {
		list []engine.Utterance
		want learning.Suggestion
	}{
		"one":       {[]engine.Utterance{missed, said(1, "where is my order please", "refund")}, learning.Suggestion{Kind: learning.SuggestIntent, Name: "refund", Score: 1}},
		"most":      {[]engine.Utterance{said(1, "where is my order please", "refund"), said(2, "where is my order, please", "b"), said(3, "where is my order please!", "b")}, learning.Suggestion{Kind: learning.SuggestIntent, Name: "b", Score: 1}},
		"none":      {[]engine.Utterance{said(1, "where is my order please", "")}, learning.Suggestion{Kind: learning.SuggestNew}},
		"a tie":     {[]engine.Utterance{said(1, "where is my order please", "b"), said(2, "where is my order, please", "a")}, learning.Suggestion{Kind: learning.SuggestIntent, Name: "a", Score: 1}},
		"no agents": {[]engine.Utterance{missed}, learning.Suggestion{Kind: learning.SuggestIntent, Name: "order_status"}},
	} {
		groups := learning.Groups(tt.list, k)
		if len(groups) != 1 {
			t.Errorf("%s: %s", name, shape(groups))
			continue
		}
		got := groups[0].Suggestion
		if tt.want.Score == 0 {
			got.Score = 0
		}
		if got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

// The order in which utterances come out of the store does not matter, and many
// of them take no longer than a page may.
func TestGroupsAreTheSameEachTime(t *testing.T) {
	t.Parallel()
	words := []string{"order", "parcel", "refund", "bike", "lost", "where", "my", "is", "the", "broken", "please", "today", "grey", "card"}
	rng := rand.New(rand.NewPCG(1, 2))
	var list []engine.Utterance
	for n := range 2000 {
		text := ""
		for range 3 + rng.IntN(4) {
			text += words[rng.IntN(len(words))] + " "
		}
		list = append(list, engine.Utterance{N: int64(n + 1), Text: learning.Plain(text + fmt.Sprint("x", n%300)), Source: engine.FromFAQ})
	}
	var k learning.Knowledge
	for i, word := range words {
		k.Intents = append(k.Intents, learning.Intent{Name: fmt.Sprint("i", i), Examples: []string{word + " " + words[(i+3)%len(words)], "my " + word}})
	}
	began := time.Now()
	want := shape(learning.Groups(list, k))
	t.Logf("%v", time.Since(began))
	rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	if got := shape(learning.Groups(list, k)); got != want {
		t.Error("the groups depend on the order")
	}
}
