package chat

import (
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

// maxAsides is how many questions of the consumer's own a question bears.
const maxAsides = 10

// asides says whether a question of the consumer's own is answered from the FAQ
// before a question goes on.
type asides int

const (
	asidesUsual  asides = iota // unless any text is an answer
	asidesAlways               // the author says so
	asidesNever
)

func (a call) asides(v lua.LValue) asides {
	switch {
	case v == lua.LNil:
		return asidesUsual
	case a.Boolean(v, "digress"):
		return asidesAlways
	}
	return asidesNever
}

// digresses says whether a message asks something that the FAQ answers, and is no
// answer. What is taken for an answer never is: a choice that was picked or written
// as it stands.
func (r *talk) digresses(q question, options []engine.Choice, c engine.Content) bool {
	free := (q.rule.kind == "" || q.rule.kind == kindText) && q.rule.match == ""
	switch {
	case q.aside == asidesNever, q.aside == asidesUsual && (free || q.retries == 0),
		r.Bundle.FAQ.Size() == 0, c.Picked != nil, !asksSomething(c.Text):
		return false
	}
	for _, o := range options {
		if slices.Equal(kernel.Words(c.Text), kernel.Words(o.Label)) || slices.Equal(kernel.Words(c.Text), kernel.Words(o.ID)) {
			return false
		}
	}
	if len(r.chosen(q, options, c.Text).Options) > 0 { // "can I have the blue one?"
		return false
	}
	return !(q.escape && r.WantsPerson(c.Text)) && r.SearchFAQ(c.Text, 1) != nil
}

// digress answers a question of the consumer's own. It leaves the entries of
// faq.search and chat:say, as a bot would that did it by hand.
func (r *talk) digress(L *lua.LState, text string) {
	hit := kernel.Decode[*engine.FAQAnswer](r.Immediate(L, engine.CallFAQ, kernel.Fields{"text": text}, func(int) any { return r.SearchFAQ(text, 1) }))
	if hit == nil {
		return
	}
	r.Try("answered in between: "+kernel.Shorten(hit.Question), true)
	text = hit.Answer
	for _, l := range hit.Links {
		text += "\n" + l.Label + ": " + l.URL
	}
	r.send(L, engine.Content{Text: text, Cards: hit.Cards})
}

// leastQuestion is how many words a question of its own has; "tomorrow?" and "the
// blue one?" are answers of somebody who is not sure.
const leastQuestion = 3

// asksSomething says whether a text is put as a question: it has the sign, or
// begins as questions do.
func asksSomething(text string) bool {
	said := kernel.Words(text)
	if len(said) < leastQuestion {
		return false
	}
	return strings.ContainsAny(text, "?¿？") || strings.Contains(interrogatives, " "+said[0]+" ")
}

// interrogatives are the words that questions of the four languages begin with.
const interrogatives = " what whats what's when where how why who which whose can could do does did is are will would should may have has" +
	" was wann wo wie warum wieso weshalb wer wem wen welche welcher welches woher wohin kann können könnte könnt kannst gibt habt haben hat ist sind darf muss" +
	" qué que cuándo cuando dónde donde cómo como cuánto cuanto cuánta cuánta cuántos cuántas quién quien cuál cual cuáles puedo puede pueden hay tienen tiene" +
	" quand où comment pourquoi combien qui quel quelle quels quelles est-ce puis-je peut-on avez-vous est avez "
