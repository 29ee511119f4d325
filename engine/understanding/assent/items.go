package assent

import "parley/engine/understanding/said"

// class is what a word does in an answer.
type class byte

const (
	unknown  class = iota
	yes            // "yes": an answer whatever follows
	no             // "no"
	nope           // "nope", "nein": a no, and of nothing else
	never          // "never": a no, and a negation
	firmly         // "of course": an answer by itself, else it is what its clause is
	certain        // "sure": the same, but "not sure" is no answer
	short          // "it is", "I do": an answer by itself alone
	agree          // "ok", "correct": said of the matter, and more may follow behind a sign
	good           // "right", "want": said of the matter
	light          // "bueno": a yes only when nothing else is said
	well           // "I'm fine": friendly, and no answer alone
	bad            // "wrong"
	trouble        // "problem", "doubt": a yes where there is none
	chance         // "way", "chance": a no where there is none
	not            // "not"
	lacking        // "kein", "sans": the same, and nothing by itself
	idiom          // "cómo no": a yes that looks like a question
	why            // with a negation a yes: "why not"
	say            // "say": "I can't say no"
	hedge          // "maybe", "only", "but"
	whether        // "si": a yes, and before words that are not understood a condition
	asks           // "what"
	accented       // the same, where only the accent tells it: "qué"
	where          // "où", which without its accent is "or"
	filler         // "that", "is"
	aux            // a filler that, before "you" or a subject, asks: "is", "do"
	you            // a filler
	whole          // "everything", of which a negation says nothing
	very           // a filler that parts nothing: "at all", "que"
	subject        // a filler that begins a sentence: "I", "my"
	polite         // "please", "thanks"
)

// item is a word of a clause, or a phrase.
type item struct {
	class
	end     int  // the word behind it
	negates bool // it negates what follows in its clause
	joined  bool // it stands beside the one before
}

// items are the words from … to as what they do. open is the place of the first that
// is not understood, -1 when all are.
func (r *reading) items(from, to int) (items []item, open int) {
	open = -1
	for i := from; i < to; {
		c, next := r.class(i, to, open < 0)
		if c == unknown && open < 0 {
			open = len(items)
		}
		items = append(items, item{class: c, end: next, negates: c == not || c == lacking || c == never || c == no && r.noNegates})
		i = next
	}
	return items, open
}

// class is what the word or phrase at i does, which ends before to. Slips of the
// finger are mended where fix says so.
func (r *reading) class(i, to int, fix bool) (c class, next int) {
	w := r.words[i]
	find := r.At
	if r.fix && fix {
		find = r.Meant
	}
	c, next, ok := find(r.words[:to], i)
	switch {
	case ok && c == no && i+2 < len(r.words) && r.words[i+1].Text == "." && !r.words[i+1].Gap && r.words[i+2].Kind == said.Figure:
		return unknown, next // "no. 5"
	case !ok && w.Kind == said.Mark:
		return sign(w.Text), i + 1
	case !ok:
		return unknown, i + 1
	case len(w.Text) == 1 && next == i+1 && c == yes && r.several():
		return filler, next // "y" is a yes only by itself
	case len(w.Text) == 1 && next == i+1 && c == no && r.several():
		if next < to && r.words[next].Text == "'" {
			return filler, next // "n'ai"
		}
		return unknown, next
	case c == where && !w.Accented:
		return hedge, next
	case (c == accented || c == where) && w.Accented:
		return asks, next
	case c == accented:
		return very, next
	case c == whether && w.Accented:
		return yes, next
	}
	return c, next
}

// several says whether the text has more words than one; signs do not count.
func (r *reading) several() bool {
	n := 0
	for _, w := range r.words {
		if w.Kind != said.Mark {
			n++
		}
	}
	return n > 1
}

// sign is the class of a sign. Pictures that say nothing are fillers; signs that
// belong to values are not understood.
func sign(s string) class {
	switch s {
	case "👍", "✅", "👌", "✔", "☑", "🆗", "💯", "🙆":
		return yes
	case "👎", "❌", "🚫", "✖", "🙅", "⛔":
		return no
	case "🤷", "🤔":
		return hedge
	case "#", "+", "$", "€", "£", "%", "@", "=", "*", "&", "°":
		return unknown
	}
	return filler
}
