package learning_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/learning"
)

func TestRank(t *testing.T) {
	t.Parallel()
	k := learning.Knowledge{Entries: []learning.Entry{
		{Question: "New?"}, {Question: "Good?", Wordings: []string{"a", "b"}}, {Question: "Bad?"}, {Question: "Newer?"},
		{Question: "Worse?"}, {Question: "Well known?"}, {Question: "good?", Wordings: []string{"c"}},
	}}
	got := learning.Rank(k, []engine.FAQFeedback{
		{Question: "Bad?", Helped: 1, Unhelped: 9},
		{Question: "GOOD?", Helped: 2, At: time.Unix(9, 0)},
		{Question: "Good?", Helped: 1, Unhelped: 1, At: time.Unix(5, 0)},
		{Question: "Lost?", Helped: 1, Unhelped: 1},
		{Question: "Well  known?", Helped: 30, Unhelped: 10},
		{Question: "Worse?", Unhelped: 1},
	})
	var lines []string
	for _, a := range got {
		lines = append(lines, fmt.Sprint(a.Question, " ", a.Wordings, " ", a.Helped, "/", a.Helped+a.Unhelped, " ", a.Active))
	}
	want := []string{
		"Worse? 0 0/1 true", "Bad? 0 1/10 true", "Lost? 0 1/2 false", "Well known? 0 30/40 true", "Good? 3 3/4 true",
		"New? 0 0/0 true", "Newer? 0 0/0 true",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
	if got[4].At != time.Unix(9, 0) {
		t.Errorf("the latest word is of %v", got[4].At)
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx engine.Tx) error {
		for _, f := range []engine.FAQFeedback{
			{Brand: "acme", Question: "Can I park at the shop?", Helped: 1, At: w.now},
			{Brand: "acme", Question: "Can I park at the shop?", Unhelped: 1, At: w.now.Add(-time.Hour)},
			{Brand: "beta", Question: "Do you repair bikes?", Unhelped: 1, At: w.now},
		} {
			if err := tx.Feedback().Add(f); err != nil {
				return err
			}
		}
		return nil
	})
	got, err := w.Answers(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	want := []learning.Answer{
		{Question: "Can I park at the shop?", Helped: 1, Unhelped: 1, At: w.now, Active: true},
		{Question: "Do you repair bikes?", Wordings: 1, Active: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := w.Answers(t.Context(), "nobody"); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("a brand that is not there: %v", err)
	}
}

// An answer that did not help is worth a look: its text is kept, once.
func TestUnhelped(t *testing.T) {
	t.Parallel()
	found := call("faq.search", "where can I leave my car?", `{"question":"Can I park at the shop?"}`)
	for name, tt := range map[string]struct {
		conv  engine.Conversation
		f     engine.FeedbackEffect
		calls []engine.JournalEntry
		want  []string
	}{
		"did not help": {f: engine.FeedbackEffect{Question: "q", Text: "my\ncar"}, want: []string{"answer open my car q []"}},
		"helped":       {f: engine.FeedbackEffect{Question: "q", Text: "my car", Helped: true}},
		"no text":      {f: engine.FeedbackEffect{Question: "q"}},
		"a draft":      {conv: engine.Conversation{Draft: "h"}, f: engine.FeedbackEffect{Question: "q", Text: "my car"}},
		"with guesses": {
			f: engine.FeedbackEffect{Question: "q", Text: "x y"}, calls: []engine.JournalEntry{unknown("x"), unknown("x y"), found},
			want: []string{"answer open x y q [refund order_status]"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			tt.conv.Brand, tt.conv.ID = "acme", "c1"
			for range 2 {
				w.update(func(tx engine.Tx) error { return learning.Unhelped(tx, w.now, tt.conv, tt.f, tt.calls) })
			}
			var got []string
			for _, u := range w.list("acme", "") {
				var guesses []string
				for _, g := range u.Guesses {
					guesses = append(guesses, g.Intent)
				}
				got = append(got, fmt.Sprint(u.Source, " ", u.State, " ", u.Text, " ", u.Question, " ", guesses))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
