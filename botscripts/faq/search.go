package faq

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/understanding/nlu"
)

// Hit is a question that fits a query.
type Hit struct {
	Question string // the heading that the variants share
	Entry    Entry  // the variant for the conversation
	// Score is 0 … 1. It orders hits and is no probability; the best has 0.5 or
	// more, or it would have been rejected.
	Score float64
}

// Place is where a conversation is. Zero fields are unknown and fit everything.
type Place struct {
	Language string // BCP 47
	Channel  string // its id, "acme.web"
	Kind     string // of the channel
}

// maxQuery is how many bytes of a query count.
const maxQuery = 1000

// Index finds entries. It never changes, so any number of goroutines may search it.
type Index struct {
	groups []group
	faq    *nlu.FAQ
}

// group is one question with its variants for languages and channels.
type group struct {
	question string
	variants []Entry
}

// NewIndex makes an index of the entries; entries with one question are
// variants of it. It trains when questions have several wordings, which takes
// a while. Of two that fit alike the earlier wins. The error is that ctx ended,
// or that there are too many.
func NewIndex(ctx context.Context, entries []Entry) (*Index, error) {
	x, questions := grouped(entries)
	var err error
	x.faq, err = nlu.NewFAQ(ctx, questions)
	return x, err
}

// Hash names what NewIndex learns from the entries.
func Hash(entries []Entry) string {
	_, questions := grouped(entries)
	return nlu.HashFAQ(questions)
}

// Size is how many questions there are.
func (x *Index) Size() int { return len(x.groups) }

// Encode gives what was learned, to be kept by its hash.
func (x *Index) Encode() []byte { return x.faq.Encode() }

// Restore is NewIndex with what was learned before. The error is that it is
// damaged, or was learned from other entries.
func Restore(entries []Entry, learned []byte) (*Index, error) {
	x, _ := grouped(entries)
	var err error
	if x.faq, err = nlu.DecodeFAQ(learned); err == nil && x.faq.Questions() != len(x.groups) {
		err = nlu.ErrDamaged
	}
	return x, err
}

// grouped makes the groups, and what is learned of each.
func grouped(entries []Entry) (*Index, []nlu.Question) {
	x := &Index{}
	at := map[string]int{}
	for _, e := range entries {
		key := Key(e.Question)
		i, ok := at[key]
		if !ok {
			i = len(x.groups)
			at[key] = i
			x.groups = append(x.groups, group{question: e.Question})
		}
		x.groups[i].variants = append(x.groups[i].variants, e)
	}
	questions := make([]nlu.Question, len(x.groups))
	for i, g := range x.groups {
		q := nlu.Question{Phrasings: []string{g.question}}
		for _, e := range g.variants {
			q.Phrasings = append(q.Phrasings, e.Wordings...)
			q.Answer += e.Answer + "\n"
		}
		questions[i] = q
	}
	return x, questions
}

// Key is equal for questions that are the same but for case and blanks.
func Key(question string) string {
	return strings.ToLower(strings.Join(strings.Fields(question), " "))
}

// Search finds the questions that fit a query, at most limit, the best first.
// It finds none when the best is not close enough to be worth an answer.
func (x *Index) Search(query string, at Place, limit int) []Hit {
	if len(query) > maxQuery {
		query = query[:maxQuery]
	}
	var out []Hit
	// Some may have no answer here, so all are looked at.
	for _, m := range x.faq.Fitting(query, leastAlternative) {
		if len(out) == limit {
			break
		}
		g := x.groups[m.Index]
		if e, ok := g.variant(at); ok {
			out = append(out, Hit{Question: g.question, Entry: e, Score: m.Score})
		}
	}
	if len(out) > 0 && out[0].Score < 0.5 {
		return nil // what fits has no answer here
	}
	return out
}

// leastAlternative is the score below which a question has nothing to do with
// the query.
const leastAlternative = 0.05

// variant picks the answer for a place: by language, then by channel, then the
// first that was written.
func (g group) variant(at Place) (Entry, bool) {
	var fit []Entry
	for _, e := range g.variants {
		if e.serves(at) >= 0 {
			fit = append(fit, e)
		}
	}
	if len(fit) == 0 {
		return Entry{}, false
	}
	return slices.MaxFunc(fit, func(a, b Entry) int {
		return cmp.Or(
			cmp.Compare(a.speaks(at.Language), b.speaks(at.Language)),
			cmp.Compare(a.serves(at), b.serves(at)),
			cmp.Compare(b.Line, a.Line),
		)
	}), true
}

// serves is how well the entry is for the place's channel: 2 for just that, 1 for
// all, 0 when nobody knows the channel, -1 not at all.
func (e Entry) serves(at Place) int {
	_, short, _ := strings.Cut(at.Channel, ".")
	switch {
	case len(e.Channels) == 0:
		return 1
	case at.Channel == "" && at.Kind == "":
		return 0
	case slices.ContainsFunc(e.Channels, func(c string) bool { return c == at.Channel || c == short || c == at.Kind }):
		return 2
	}
	return -1
}

// Serves tells whether the entry is for the place's channel.
func (e Entry) Serves(at Place) bool { return e.serves(at) >= 0 }

// speaks is how well the entry's language fits: 3 the same, 2 the same but for
// the country, 1 none given, 0 another.
func (e Entry) speaks(language string) int {
	base := func(s string) string { s, _, _ = strings.Cut(s, "-"); return s }
	switch {
	case e.Language == "" || language == "":
		return 1
	case strings.EqualFold(e.Language, language):
		return 3
	case strings.EqualFold(base(e.Language), base(language)):
		return 2
	}
	return 0
}

// Links, cards and questions of an entry are those of the engine's messages.
type (
	Link = engine.Link
	Card = engine.Card
)
