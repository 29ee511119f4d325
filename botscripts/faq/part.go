package faq

import (
	"encoding/binary"
	"slices"
	"strings"

	"parley/engine/understanding/nlu"
)

// part knows the questions in the words of one language, "" for those that are in
// none in particular. What is said in one language tells nothing about another, and
// learned together the languages would make each other weaker.
type part struct {
	language string // base, in lower case
	faq      *nlu.FAQ
}

func baseOf(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	return base
}

// own is the part for a conversation in a language.
func (x *Index) own(language string) part {
	base := baseOf(language)
	if i := slices.IndexFunc(x.parts, func(p part) bool { return p.language == base }); i > 0 {
		return x.parts[i]
	}
	return x.parts[0]
}

// questions are those that a part learns: of each group the variants in its language,
// else those in none, else all. A variant in a language that has wordings is known by
// these alone: the heading that it shares may be in another one.
func (x *Index) questions(language string) []nlu.Question {
	out := make([]nlu.Question, len(x.groups))
	for i, g := range x.groups {
		in := func(language string) (found []Entry, wordings int) {
			for _, e := range g.variants {
				if baseOf(e.Language) == language {
					found = append(found, e)
					wordings += len(e.Wordings)
				}
			}
			return found, wordings
		}
		chosen, wordings := in(language)
		heading := language == "" || wordings == 0
		if len(chosen) == 0 {
			chosen, _ = in("")
		}
		if len(chosen) == 0 {
			chosen = g.variants
		}
		var q nlu.Question
		if heading {
			q.Phrasings = append(q.Phrasings, g.question)
		}
		for _, e := range chosen {
			q.Phrasings = append(q.Phrasings, e.Wordings...)
			q.Answer += e.Answer + "\n"
		}
		out[i] = q
	}
	return out
}

// Hash names what NewIndex learns from the entries.
func Hash(entries []Entry) string {
	x := grouped(entries)
	var all []nlu.Question
	for _, p := range x.parts {
		all = append(all, x.questions(p.language)...)
	}
	return nlu.HashFAQ(all)
}

// Encode gives what was learned, to be kept by its hash: each part with its length
// before it.
func (x *Index) Encode() []byte {
	var out []byte
	for _, p := range x.parts {
		learned := p.faq.Encode()
		out = append(binary.AppendUvarint(out, uint64(len(learned))), learned...)
	}
	return out
}

// Restore is NewIndex with what was learned before. The error is that it is
// damaged, or was learned from other entries.
func Restore(entries []Entry, learned []byte) (*Index, error) {
	x := grouped(entries)
	for i := range x.parts {
		length, n := binary.Uvarint(learned)
		if n <= 0 || length > uint64(len(learned)-n) {
			return nil, nlu.ErrDamaged
		}
		var err error
		if x.parts[i].faq, err = nlu.DecodeFAQ(learned[n : n+int(length)]); err != nil {
			return nil, err
		}
		if learned = learned[n+int(length):]; x.parts[i].faq.Questions() != len(x.groups) {
			return nil, nlu.ErrDamaged
		}
	}
	if len(learned) > 0 {
		return nil, nlu.ErrDamaged
	}
	return x, nil
}
