package learning

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"parley/engine"
	"parley/engine/understanding/nlu"
	"parley/engine/understanding/nlu/evaluate"
)

// Share is how many of some texts were understood.
type Share struct{ Right, Of int }

func (s Share) String() string {
	if s.Of == 0 {
		return "none"
	}
	return fmt.Sprintf("%.1f %% (%d of %d)", 100*float64(s.Right)/float64(s.Of), s.Right, s.Of)
}

func (s *Share) add(right bool) {
	s.Of++
	if right {
		s.Right++
	}
}

// Moved is an intent of which more, or fewer, examples are understood.
type Moved struct {
	Intent        string
	Before, After Share
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
	Moved                       []Moved  // those that lose most first
	Broken                      []Change // regression cases: Was is what they must mean
	Tests                       Share    // tests of the new version that come out so; none when something else is against it
	Unplayed                    int      // tests that there was no time for
	Failing                     []Test   // those that come out so before, and not with the new version
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
		out = append(out, fmt.Sprintf("%q would mean %s and not %s", c.Text, cmp.Or(c.Is, "nothing known"), c.Was))
	}
	for _, t := range v.Failing {
		out = append(out, fmt.Sprintf("the test %s:%d (%s) would fail at line %d: %s", t.File, t.Line, t.Title, t.FailedAt, t.Failure))
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
		if err := v.faq(ctx, book, before, after, open); err != nil {
			return v, err
		}
	}
	if !v.Accepted() { // playing takes longer than all of the above
		return v, nil
	}
	return v, v.tests(ctx, book, before.all, after.all)
}

// tests finds those that would come out otherwise than before.
func (v *Verdict) tests(ctx context.Context, book Book, before, after map[string]string) error {
	played, unplayed, err := book.Tests(ctx, after, func(Test) bool { return true })
	if err != nil {
		return err
	}
	v.Unplayed = unplayed
	failing := map[Test]Test{} // by place
	for _, t := range played {
		v.Tests.add(t.Failure == "")
		if t.Failure != "" {
			failing[t.place()] = t
		}
	}
	if len(failing) == 0 {
		return nil
	}
	played, _, err = book.Tests(ctx, before, func(t Test) bool { return failing[t.place()].Failure != "" })
	for _, t := range played {
		if t.Failure == "" {
			v.Failing = append(v.Failing, failing[t.place()])
		}
	}
	return err
}

func (v *Verdict) intents(ctx context.Context, before, after Knowledge, open []engine.Utterance) error {
	old, proven, all := among(before.examples()), among(before.Cases), after.examples()
	was, err := evaluate.CrossValidate(ctx, all, nlu.Options{}, func(e nlu.Example) bool { return old[e] }, nil)
	if err != nil {
		return err
	}
	is, err := evaluate.CrossValidate(ctx, all, nlu.Options{}, nil, nil)
	if err != nil {
		return err
	}
	v.count(was, is)
	first, err := train(ctx, before.examples())
	if err != nil {
		return err
	}
	second, err := train(ctx, all)
	if err != nil {
		return err
	}
	for _, c := range after.Cases {
		got := second(c.Text)
		// One that was wrong already is not broken by this addition.
		if got != c.Label && (!proven[c] || first(c.Text) == c.Label) {
			v.Broken = append(v.Broken, Change{Text: c.Text, Was: c.Label, Is: got})
		}
	}
	v.compare(open, first, second)
	return nil
}

// count tells how many answers are right, of all and of each intent.
func (v *Verdict) count(was, is []evaluate.Answer) {
	by := map[string]*Moved{}
	for i := range is {
		name := is[i].Want
		if by[name] == nil {
			by[name] = &Moved{Intent: name}
		}
		for _, s := range []*Share{&v.IntentsBefore, &by[name].Before} {
			s.add(was[i].Right())
		}
		for _, s := range []*Share{&v.IntentsAfter, &by[name].After} {
			s.add(is[i].Right())
		}
	}
	for _, name := range slices.Sorted(maps.Keys(by)) {
		if m := *by[name]; m.Before != m.After {
			v.Moved = append(v.Moved, m)
		}
	}
	won := func(m Moved) int { return m.After.Right - m.Before.Right }
	slices.SortStableFunc(v.Moved, func(a, b Moved) int { return won(a) - won(b) })
}

// train gives what says what a text means, "" for what it does not know; nothing
// is known of examples that are not of two intents.
func train(ctx context.Context, examples []nlu.Example) (func(text string) string, error) {
	if !slices.ContainsFunc(examples, func(e nlu.Example) bool { return e.Label != examples[0].Label }) {
		return func(string) string { return "" }, ctx.Err()
	}
	m, err := nlu.Train(ctx, examples, nlu.Options{})
	return func(text string) string {
		r := m.Classify(text)
		if !r.Known {
			return ""
		}
		return r.Label
	}, err
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
	old := among(before.wordings())
	for _, e := range after.wordings() {
		was, is := same(first(e.Text)) == same(e.Label), same(second(e.Text)) == same(e.Label)
		v.FAQBefore.add(was)
		v.FAQAfter.add(is)
		if !is && (was || !old[e]) {
			v.Broken = append(v.Broken, Change{Text: e.Text, Was: e.Label, Is: second(e.Text)})
		}
	}
	v.compare(open, first, second)
	return nil
}

func among(examples []nlu.Example) map[nlu.Example]bool {
	set := map[nlu.Example]bool{}
	for _, e := range examples {
		set[e] = true
	}
	return set
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
