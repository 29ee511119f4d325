package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/engine/understanding/nlu"
)

// answers of labels, right and wrong, and of texts out of scope, by entropy.
func answers(entropies ...float64) (out []Answer) {
	for _, e := range entropies {
		out = append(out, Answer{Want: "a", Got: "a", Entropy: e})
	}
	return out
}

func outside(entropies ...float64) (out []Answer) {
	for _, e := range entropies {
		out = append(out, Answer{Got: "a", Entropy: e})
	}
	return out
}

func TestAUROC(t *testing.T) {
	t.Parallel()
	tests := []struct {
		in, out []Answer
		want    float64
	}{
		{answers(1, 2), outside(3, 4), 1},
		{answers(3, 4), outside(1, 2), 0},
		{answers(1, 1), outside(1, 1), 0.5},
		{answers(1, 3), outside(2, 4), 0.75},
		{answers(1, 2, 2), outside(2), (1 + 0.5 + 0.5) / 3},
		{nil, outside(1), 0.5},
	}
	for _, tt := range tests {
		if got := AUROC(tt.in, tt.out); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("AUROC(%v, %v) = %v, want %v", tt.in, tt.out, got, tt.want)
		}
	}
}

func TestReject(t *testing.T) {
	t.Parallel()
	in := append(answers(0.1, 0.2, 0.3, 2), Answer{Want: "a", Got: "b", Entropy: 0.2})
	out := outside(0.25, 1, 1.5)
	cut := BestCut(in, out)
	if cut != 0.2 { // 0.3 is as good, and higher
		t.Fatalf("the best cut is %v", cut)
	}
	want := Rejecting{Cut: 0.2, InScope: 2.0 / 5, Recall: 1, F1: 2 * 3.0 / (3 + 2 + 3), Overall: 5.0 / 8}
	if diff := cmp.Diff(want, RejectAt(cut, in, out), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
	// No cut is better than the best one.
	for c := 0.0; c < 3; c += 0.05 {
		if got := RejectAt(c, in, out); got.Overall > want.Overall+1e-12 {
			t.Errorf("%+v is better", got)
		}
	}
}

func TestReliability(t *testing.T) {
	t.Parallel()
	all := []Answer{{Want: "a", Got: "a", Probability: 0.92}, {Want: "a", Got: "b", Probability: 0.98}, {Want: "a", Got: "a", Probability: 1}, {Want: "a", Got: "b", Probability: 0.2}}
	bins, ece := Reliability(all)
	if b := bins[9]; b.Answers != 3 || math.Abs(b.Accuracy-2.0/3) > 1e-12 || math.Abs(b.Probability-2.9/3) > 1e-12 || bins[2].Answers != 1 {
		t.Errorf("%+v", bins)
	}
	if want := (0.9 + 0.2) / 4; math.Abs(ece-want) > 1e-12 {
		t.Errorf("the error is %v, want %v", ece, want)
	}
}

func TestIntentsAndConfusions(t *testing.T) {
	t.Parallel()
	var all []Answer
	for i := range 12 {
		all = append(all, Answer{Text: fmt.Sprint("a", i), Want: "a", Got: "a"})
	}
	all = append(all, Answer{Text: "b0", Want: "b", Got: "a"}, Answer{Text: "b1", Want: "b", Got: "a"}, Answer{Text: "b2", Want: "b", Got: "b"}, Answer{Text: "c", Want: "c", Got: "b"})
	want := []Intent{
		{Label: "a", Examples: 12, Precision: 12.0 / 14, Recall: 1, F1: 24.0 / 26},
		{Label: "b", Examples: 3, Precision: 0.5, Recall: 1.0 / 3, F1: 0.4, Weak: "few examples"},
		{Label: "c", Examples: 1, Weak: "few examples"},
	}
	if diff := cmp.Diff(want, ByIntent(all), cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Error(diff)
	}
	pairs := []Confusion{{"b", "a", []string{"b0", "b1"}}, {"c", "b", []string{"c"}}}
	if diff := cmp.Diff(pairs, Confusions(all)); diff != "" {
		t.Error(diff)
	}
	if got := Accuracy(all); got != 13.0/16 {
		t.Errorf("accuracy %v", got)
	}
}

func talk() []nlu.Example {
	var out []nlu.Example
	for _, verb := range []string{"return", "track", "cancel", "repair"} {
		for _, frame := range []string{"how do i %s it", "please %s this", "i want to %s my bike", "can you %s a bike", "%s", "need to %s"} {
			out = append(out, nlu.Example{Text: fmt.Sprintf(frame, verb), Label: verb})
		}
	}
	return out
}

func TestCrossValidate(t *testing.T) {
	t.Parallel()
	examples := talk()
	told := 0
	got, err := CrossValidate(t.Context(), examples, nlu.Options{PlainNames: true}, nil, func(f, of int) { told += 10*of + f })
	if err != nil || told != 260 {
		t.Fatal(told, err)
	}
	for i, a := range got {
		if a.Text != examples[i].Text || a.Want != examples[i].Label {
			t.Errorf("answer %d is about %q", i, a.Text)
		}
	}
	if Accuracy(got) < 0.9 {
		t.Errorf("only %v right: %+v", Accuracy(got), Confusions(got))
	}
}

// What is not taught is asked all the same.
func TestCrossValidateWithout(t *testing.T) {
	t.Parallel()
	examples := talk()
	without := func(label string) func(nlu.Example) bool { return func(e nlu.Example) bool { return e.Label != label } }
	got, err := CrossValidate(t.Context(), examples, nlu.Options{PlainNames: true}, without("repair"), nil)
	if err != nil || len(got) != len(examples) {
		t.Fatal(len(got), err)
	}
	for _, a := range got {
		if a.Want == "repair" && a.Right() {
			t.Errorf("%q was known from nowhere", a.Text)
		}
	}
	right := func(a []Answer) (n int) {
		for _, a := range a {
			if a.Right() {
				n++
			}
		}
		return n
	}
	if n := right(got); n < 15 || n > 18 {
		t.Errorf("%d of the 18 others are right", n)
	}
	// One label alone tells nothing, and neither does none.
	one := func(e nlu.Example) bool { return e.Label == "track" }
	for _, teach := range []func(nlu.Example) bool{one, func(nlu.Example) bool { return false }} {
		if got, err = CrossValidate(t.Context(), examples, nlu.Options{}, teach, nil); err != nil || right(got) != 0 {
			t.Errorf("%d are right, %v", right(got), err)
		}
	}
	if got, err = CrossValidate(t.Context(), nil, nlu.Options{}, nil, nil); err != nil || len(got) != 0 {
		t.Error(got, err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err = CrossValidate(ended, examples, nlu.Options{}, nil, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestMisspell(t *testing.T) {
	t.Parallel()
	examples := append(talk(), nlu.Example{Text: ""}, nlu.Example{Text: "  "}, nlu.Example{Text: "é"})
	one := Misspell(examples, 1, 7)
	if diff := cmp.Diff(one, Misspell(examples, 1, 7)); diff != "" {
		t.Error("the same seed gave other texts")
	}
	changed := 0
	for i, e := range one {
		if d := len([]rune(e.Text)) - len([]rune(examples[i].Text)); d < -1 || d > 1 || e.Label != examples[i].Label {
			t.Errorf("%q became %q", examples[i].Text, e.Text)
		}
		if e.Text != examples[i].Text {
			changed++
		}
	}
	if changed < len(examples)*3/4 || cmp.Equal(one, Misspell(examples, 1, 8)) {
		t.Errorf("%d of %d changed", changed, len(examples))
	}
	if diff := cmp.Diff(examples, Misspell(examples, 0, 7)); diff != "" {
		t.Error(diff)
	}
}
