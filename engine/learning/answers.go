package learning

import (
	"cmp"
	"context"
	"slices"
	"time"

	"parley/engine"
)

// Answer is an FAQ entry with what consumers said of it.
type Answer struct {
	Question string
	Wordings int // other ways to ask it
	Helped   int
	Unhelped int
	At       time.Time // of the latest word; zero without any
	Active   bool      // false when the version has no such question any more
}

// Share is how much of the feedback says that the answer helped.
func (a Answer) Share() Share { return Share{Right: a.Helped, Of: a.Helped + a.Unhelped} }

// Answers gives the entries of a brand's active version, and those of older ones
// of which there is feedback; those that helped least first, see Rank.
func (l *Learner) Answers(ctx context.Context, brand string) ([]Answer, error) {
	var active engine.Bundle
	var feedback []engine.FAQFeedback
	err := l.Store.View(ctx, func(tx engine.Tx) error {
		b, err := tx.Brands().Get(brand)
		if err != nil {
			return err
		}
		if b.Version != "" {
			if active, err = tx.Bundles().Get(brand, b.Version); err != nil {
				return err
			}
		}
		feedback, err = tx.Feedback().List(brand)
		return err
	})
	if err != nil {
		return nil, err
	}
	k, err := l.Book.Read(active.Files)
	if err != nil {
		return nil, err
	}
	return Rank(k, feedback), nil
}

// Rank puts the knowledge's entries and their feedback together. The smallest
// share of help comes first, of equal ones that with more feedback. Those that
// nobody said anything of come last, in the files' order.
func Rank(k Knowledge, feedback []engine.FAQFeedback) []Answer {
	at := map[string]int{}
	var out []Answer
	place := func(question string) *Answer {
		i, ok := at[same(question)]
		if !ok {
			i = len(out)
			at[same(question)] = i
			out = append(out, Answer{Question: question})
		}
		return &out[i]
	}
	for _, e := range k.Entries {
		a := place(e.Question)
		a.Wordings, a.Active = a.Wordings+len(e.Wordings), true
	}
	for _, f := range feedback { // an older spelling of the heading is the same question
		a := place(f.Question)
		a.Helped, a.Unhelped, a.At = a.Helped+f.Helped, a.Unhelped+f.Unhelped, engine.Later(f.At, a.At)
	}
	slices.SortStableFunc(out, func(a, b Answer) int {
		x, y := a.Share(), b.Share()
		if x.Of == 0 || y.Of == 0 {
			return cmp.Compare(min(y.Of, 1), min(x.Of, 1))
		}
		return cmp.Or(cmp.Compare(x.Right*y.Of, y.Right*x.Of), cmp.Compare(y.Of, x.Of))
	})
	return out
}
