package learning

import (
	"fmt"
	"strings"
	"testing"

	"parley/engine"
)

func TestRowsPutEqualTextsTogether(t *testing.T) {
	t.Parallel()
	u := func(n int64, text string, source engine.UtteranceSource) engine.Utterance {
		return engine.Utterance{N: n, Text: text, Source: source}
	}
	got := Rows([]engine.Utterance{
		u(1, "Where is my stuff?", engine.FromIntent), u(2, "refund", engine.FromFAQ), u(3, "where is  my stuff", engine.FromAgent),
		u(4, "WHERE IS MY STUFF!!", engine.FromIntent), u(5, "Refund…", engine.FromFAQ), u(6, "Ähm", engine.FromIntent), u(7, "ähm", engine.FromAnswer),
	})
	var told []string
	for _, r := range got {
		told = append(told, fmt.Sprint(r.N, " ", r.Count, " ", r.Text))
	}
	if want := "3 3 where is  my stuff, 5 2 Refund…, 7 2 ähm"; strings.Join(told, ", ") != want {
		t.Errorf("got %q, want %q", strings.Join(told, ", "), want)
	}
}

func TestARequestForAPersonIsUnderstood(t *testing.T) {
	t.Parallel()
	words := map[string][]string{"en": {"agent", "talk to a person"}, "de": {"Mitarbeiter"}}
	texts := []string{"agent", "Agent!!", "MITARBEITER", "talk to a person.", "could I have a human", "my travel agent lost my bag"}
	var list []engine.Utterance
	for _, s := range texts {
		list = append(list, engine.Utterance{Text: s})
	}
	calls := []engine.JournalEntry{
		{Call: "intent.classify", Answer: []byte(`{"known":false}`)},
		{Call: "ask", Answer: []byte(`{"kind":"escape","text":"Could I have a human?","at":1}`)},
		{Call: "ask", Answer: []byte(`{"kind":"again","text":"my travel agent lost my bag","at":1}`)},
	}
	left := unheard(list, words, calls)
	if len(left) != 1 || left[0].Text != "my travel agent lost my bag" {
		t.Errorf("got %v", left)
	}
}
