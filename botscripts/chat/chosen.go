package chat

import (
	"strings"

	"parley/botscripts/validate"
	"parley/engine"
	"parley/engine/understanding/choice"
)

// chosen is what a sentence says of the choices, where a text may name one.
func (r *talk) chosen(q question, options []engine.Choice, text string) choice.Answer {
	if len(options) == 0 || !q.rule.byWord() || q.rule.scale {
		return choice.Answer{}
	}
	return choice.Read(choice.Options(options), text, false)
}

// unchosen is why no choice was taken: several are meant, or none of them.
func unchosen(said choice.Answer, reason string) string {
	switch {
	case len(said.Options) > 1:
		return string(validate.Unclear)
	case said.None:
		return string(validate.NoneOfThem)
	}
	return reason
}

// meantOf are the ids of the choices between which an answer is unclear.
func meantOf(options []engine.Choice, said choice.Answer) []any {
	if len(said.Options) < 2 {
		return nil
	}
	return each(said.Options, func(n int) any { return options[n].ID })
}

// which asks between the choices that an answer may mean, in words; "" when it is
// no choice that is unclear. They come from the journal.
func (r *talk) which(q question, p engine.Reply) string {
	if !q.rule.byWord() || len(p.Meanings) < 2 {
		return ""
	}
	var labels []string
	for _, m := range p.Meanings {
		for _, c := range q.choices() {
			if c.ID == m {
				labels = append(labels, c.Label)
			}
		}
	}
	if len(labels) < 2 {
		return ""
	}
	last := len(labels) - 1
	words := phrase(r.Start.Language)
	return format(format(words.between, "first", strings.Join(labels[:last], ", ")), "last", labels[last])
}
