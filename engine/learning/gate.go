package learning

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"

	"parley/engine"
	"parley/engine/nlu"
)

// Share is how many of some texts were understood.
type Share struct{ Right, Of int }

func (s Share) String() string {
	if s.Of == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %% (%d of %d)", 100*float64(s.Right)/float64(s.Of), s.Right, s.Of)
}

// Change is a text that is understood as another thing than before; "" is "I
// don't know".
type Change struct {
	Text string
	Was  string
	Is   string
}

// Verdict says whether a version with an addition may take the place of the one
// before, and what it changes.
type Verdict struct {
	// Intents and FAQ are what the version before and the new one understand of
	// the same texts: all examples, those of the addition too, each by a model
	// that was trained without it; and all wordings of all questions. Of is 0 for
	// what the addition does not touch.
	IntentsBefore, IntentsAfter Share
	FAQBefore, FAQAfter         Share
	Broken                      []Change // regression cases: Was is what they must mean
	Changed                     []Change // of the utterances that are still open
}

// Accepted says whether nothing got worse.
func (v Verdict) Accepted() bool { return len(v.Reasons()) == 0 }

// Reasons tells what got worse.
func (v Verdict) Reasons() []string {
	var out []string
	if v.IntentsAfter.Right < v.IntentsBefore.Right {
		out = append(out, fmt.Sprintf("the intents would be told apart less well: %s instead of %s", v.IntentsAfter, v.IntentsBefore))
	}
	if v.FAQAfter.Right < v.FAQBefore.Right {
		out = append(out, fmt.Sprintf("fewer questions would be found: %s instead of %s", v.FAQAfter, v.FAQBefore))
	}
	for _, c := range v.Broken {
		got := "nothing known"
		if c.Is != "" {
			got = c.Is
		}
		out = append(out, fmt.Sprintf("%q would mean %s and not %s", c.Text, got, c.Was))
	}
	return out
}

// files are a version's, with what they teach.
type files struct {
	all map[string]string
	Knowledge
}

// judge compares two versions on the same texts.
func judge(ctx context.Context, book Book, before, after files, open []engine.Utterance) (v Verdict, err error) {
	if !slices.EqualFunc(before.Intents, after.Intents, func(a, b Intent) bool {
		return a.Name == b.Name && slices.Equal(a.Examples, b.Examples)
	}) {
		if err := v.intents(ctx, before.Knowledge, after.Knowledge, open); err != nil {
			return v, err
		}
	}
	if !slices.EqualFunc(before.Entries, after.Entries, func(a, b Entry) bool {
		return a.Question == b.Question && slices.Equal(a.Wordings, b.Wordings)
	}) {
		return v, v.faq(ctx, book, before, after, open)
	}
	return v, nil
}

// folds of the cross-validation.
const folds = 5

func (v *Verdict) intents(ctx context.Context, before, after Knowledge, open []engine.Utterance) error {
	old := map[nlu.Example]bool{}
	for _, e := range before.examples() {
		old[e] = true
	}
	all := after.examples()
	fold := split(all)
	v.IntentsBefore.Of, v.IntentsAfter.Of = len(all), len(all)
	for n := range folds {
		var was, is []nlu.Example
		for i, e := range all {
			if fold[i] == n {
				continue
			}
			is = append(is, e)
			if old[e] {
				was = append(was, e)
			}
		}
		first, second, err := both(ctx, was, is, nlu.Options{DefaultCut: true}) // only labels are asked for
		if err != nil {
			return err
		}
		for i, e := range all {
			if fold[i] != n {
				continue
			}
			if label(first, e.Text) == e.Label {
				v.IntentsBefore.Right++
			}
			if label(second, e.Text) == e.Label {
				v.IntentsAfter.Right++
			}
		}
	}
	first, second, err := both(ctx, before.examples(), all, nlu.Options{})
	if err != nil {
		return err
	}
	proven := map[nlu.Example]bool{}
	for _, c := range before.Cases {
		proven[c] = true
	}
	for _, c := range after.Cases {
		got := meaning(second, c.Text)
		// One that was wrong already is not broken by this addition.
		if got != c.Label && (!proven[c] || meaning(first, c.Text) == c.Label) {
			v.Broken = append(v.Broken, Change{Text: c.Text, Was: c.Label, Is: got})
		}
	}
	v.compare(open, func(text string) string { return meaning(first, text) }, func(text string) string { return meaning(second, text) })
	return nil
}

// both trains two models, nil of examples that are not of two labels.
func both(ctx context.Context, was, is []nlu.Example, opt nlu.Options) (first, second *nlu.Model, err error) {
	train := func(examples []nlu.Example) (*nlu.Model, error) {
		if !slices.ContainsFunc(examples, func(e nlu.Example) bool { return e.Label != examples[0].Label }) {
			return nil, ctx.Err()
		}
		return nlu.Train(ctx, examples, opt)
	}
	if first, err = train(was); err == nil {
		second, err = train(is)
	}
	return first, second, err
}

// label is the likeliest one.
func label(m *nlu.Model, text string) string {
	if m == nil {
		return ""
	}
	return m.Classify(text).Label
}

// meaning is the likeliest label of a text that the model knows, else "".
func meaning(m *nlu.Model, text string) string {
	if m == nil {
		return ""
	}
	r := m.Classify(text)
	if !r.Known {
		return ""
	}
	return r.Label
}

// split gives each example a fold: those of a label go to all folds in turn, in
// an order that the texts alone decide.
func split(all []nlu.Example) []int {
	order := make([]int, len(all))
	sums := make([]uint64, len(all))
	for i, e := range all {
		h := fnv.New64a()
		_, _ = h.Write([]byte(e.Text)) // never fails
		order[i], sums[i] = i, h.Sum64()
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(all[a].Label, all[b].Label), cmp.Compare(sums[a], sums[b]), cmp.Compare(a, b))
	})
	out := make([]int, len(all))
	for n, i := range order {
		out[i] = n % folds
	}
	return out
}

func (v *Verdict) faq(ctx context.Context, book Book, before, after files, open []engine.Utterance) error {
	first, err := book.FAQ(ctx, before.all)
	if err != nil {
		return err
	}
	second, err := book.FAQ(ctx, after.all)
	if err != nil {
		return err
	}
	old := map[nlu.Example]bool{}
	for _, e := range before.wordings() {
		old[e] = true
	}
	for _, e := range after.wordings() {
		was, is := same(first(e.Text)) == same(e.Label), same(second(e.Text)) == same(e.Label)
		v.FAQBefore.Of++
		v.FAQAfter.Of++
		if was {
			v.FAQBefore.Right++
		}
		if is {
			v.FAQAfter.Right++
		}
		if !is && (was || !old[e]) {
			v.Broken = append(v.Broken, Change{Text: e.Text, Was: e.Label, Is: second(e.Text)})
		}
	}
	v.compare(open, first, second)
	return nil
}

// listed bounds the changes that a verdict tells.
const listed = 100

func (v *Verdict) compare(open []engine.Utterance, first, second func(string) string) {
	told := map[string]bool{}
	for _, u := range open {
		if told[same(u.Text)] || len(v.Changed) == listed {
			continue
		}
		told[same(u.Text)] = true
		if was, is := first(u.Text), second(u.Text); was != is {
			v.Changed = append(v.Changed, Change{Text: u.Text, Was: was, Is: is})
		}
	}
}
