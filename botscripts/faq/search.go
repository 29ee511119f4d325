package faq

import (
	"cmp"
	"context"
	"maps"
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
	parts  []part // the one for no language in particular first, then by language
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
	x := grouped(entries)
	for i := range x.parts {
		var err error
		if x.parts[i].faq, err = nlu.NewFAQ(ctx, x.questions(x.parts[i].language)); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// Size is how many questions there are.
func (x *Index) Size() int { return len(x.groups) }

// grouped makes the groups and the parts, which have learned nothing yet.
func grouped(entries []Entry) *Index {
	x := &Index{}
	at, languages := map[string]int{}, map[string]bool{"": true}
	for _, e := range entries {
		key := Key(e.Question)
		i, ok := at[key]
		if !ok {
			i = len(x.groups)
			at[key] = i
			x.groups = append(x.groups, group{question: e.Question})
		}
		x.groups[i].variants = append(x.groups[i].variants, e)
		languages[baseOf(e.Language)] = true
	}
	for _, language := range slices.Sorted(maps.Keys(languages)) {
		x.parts = append(x.parts, part{language: language})
	}
	return x
}

// Key is equal for questions that are the same but for case and blanks.
func Key(question string) string {
	return strings.ToLower(strings.Join(strings.Fields(question), " "))
}

// Search finds the questions that fit a query, at most limit, the best first.
// It finds none when the best is not close enough to be worth an answer. Words of
// another language than the conversation's must fit better.
func (x *Index) Search(query string, at Place, limit int) []Hit {
	if len(query) > maxQuery {
		query = query[:maxQuery]
	}
	own := x.own(at.Language)
	if out := x.search(own, query, at, limit); len(out) > 0 && out[0].Score >= leastHit {
		return out
	}
	for _, p := range x.parts {
		if p.language == own.language {
			continue
		}
		if out := x.search(p, query, at, limit); len(out) > 0 && out[0].Score >= leastForeign {
			return out
		}
	}
	return nil // or what fits has no answer here
}

func (x *Index) search(p part, query string, at Place, limit int) []Hit {
	var out []Hit
	// Some may have no answer here, so all are looked at.
	for _, m := range p.faq.Fitting(query, leastAlternative) {
		if len(out) == limit {
			break
		}
		g := x.groups[m.Index]
		if e, ok := g.variant(at); ok {
			out = append(out, Hit{Question: g.question, Entry: e, Score: m.Score})
		}
	}
	return out
}

const (
	leastHit     = 0.5 // is what Fitting calibrates
	leastForeign = 0.9 // of a part in another language than the conversation's
)

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
	switch {
	case e.Language == "" || language == "":
		return 1
	case strings.EqualFold(e.Language, language):
		return 3
	case baseOf(e.Language) == baseOf(language):
		return 2
	}
	return 0
}

// Links, cards and questions of an entry are those of the engine's messages.
type (
	Link = engine.Link
	Card = engine.Card
)
