package chat

import (
	"strings"
	"time"
	"unicode"

	"parley/botscripts/kernel"
	"parley/engine"
)

// Words of the four languages that a correction begins with: some that take back,
// then what says that something else was meant.
const (
	takingBack = " stop wait no nope sorry oops oh ah uh hold on hang actually pardon" +
		" stopp halt moment warte warten sie nein ne entschuldigung verzeihung ups äh nee" +
		" espera espere perdón perdon perdona perdone ay alto" +
		" attends attendez non pardon désolé désolée oups euh "
	takenBackWords = 5 // such words
)

// meant are those that say so alone, meaning those that need a word before that takes back.
func meant() []string {
	return []string{
		"i meant to say", "i meant to write", "i meant", "ich meinte doch", "ich meinte", "ich wollte sagen",
		"quise decir", "quería decir", "queria decir", "je voulais dire",
	}
}

func meaning() []string {
	return []string{"i mean", "make that", "ich meine doch", "ich meine", "me refiero a", "je veux dire"}
}

// corrected gives what is meant by "stop, I meant Tuesday": "Tuesday". ok is false
// for a text that takes nothing back.
func corrected(text string) (rest string, ok bool) {
	rest = text
	back := 0
	for back < takenBackWords {
		word, after := firstWord(rest)
		if word == "" || !strings.Contains(takingBack, " "+word+" ") {
			break
		}
		rest, back = after, back+1
	}
	said := meant()
	if back > 0 {
		said = append(said, meaning()...)
	}
	for _, phrase := range said {
		if after, ok := cutPhrase(rest, phrase); ok && strings.ContainsFunc(after, unicode.IsLetter) || ok && strings.ContainsFunc(after, unicode.IsDigit) {
			return strings.TrimSpace(after), true
		}
	}
	return "", false
}

// firstWord is the first word in lower case, with what follows it and the signs around it.
func firstWord(text string) (word, rest string) {
	inside := func(c rune) bool { return unicode.IsLetter(c) || unicode.IsMark(c) || c == '\'' || c == '’' }
	start := strings.IndexFunc(text, inside)
	if start < 0 || strings.ContainsFunc(text[:start], unicode.IsDigit) {
		return "", text
	}
	rest = text[start:]
	end := strings.IndexFunc(rest, func(c rune) bool { return !inside(c) })
	if end < 0 {
		end = len(rest)
	}
	return strings.ReplaceAll(strings.ToLower(rest[:end]), "’", "'"), strings.TrimLeftFunc(rest[end:], func(c rune) bool {
		return unicode.IsSpace(c) || strings.ContainsRune(",.;:!…–—", c)
	})
}

func cutPhrase(text, phrase string) (rest string, ok bool) {
	for _, want := range strings.Fields(phrase) {
		var word string
		if word, text = firstWord(text); word != want {
			return "", false
		}
	}
	return text, true
}

// corrects takes a text as the answer before, in a form, where it fits that
// question. Where it fits neither, the question before is asked again.
func (r *talk) corrects(q question, rest string, p engine.Reply) (engine.Reply, bool) {
	if q.before == nil {
		return p, false
	}
	before := *q.before
	before.before, before.escape, before.aside = nil, false, asidesNever
	fits := func(q question) (engine.Reply, bool) {
		in := engine.InboxEntry{Kind: engine.InboxMessage, Data: kernel.Encode(engine.Content{Text: rest}), At: time.Unix(p.At, 0)}
		taken, ok := r.judge(q, q.retries, maxAsides, in).(engine.Reply)
		return taken, ok && taken.Kind == engine.ReplyOK
	}
	if taken, ok := fits(before); ok {
		taken.Kind, taken.Corrects = engine.ReplyBack, true
		return taken, true
	}
	q.before, q.escape, q.aside = nil, false, asidesNever
	if _, ok := fits(q); ok {
		return p, false
	}
	p.Kind = engine.ReplyBack
	return p, true
}
