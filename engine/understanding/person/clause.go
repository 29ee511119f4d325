package person

import (
	"slices"

	"parley/engine/understanding/said"
)

// class is what a word does in a wish.
type class byte

const (
	unknown  class = iota
	somebody       // "agent", "human", the brand's words
	human          // "person": a wish alone only as a "real" one
	anybody        // "someone", "manager": only somebody to talk to
	boss           // "manager": somebody to talk to or to want, no wish alone
	robot          // "bot", "machine"
	real           // "real", "live", what may stand beside the noun
	service        // an adjective of the noun that means nothing alone: "customer service"
	one            // "a" that may be a number: "eine", "una"
	link           // "to", "the", "one of your"
	mine           // "my"
	contact        // "talk", "connect me"
	through        // "transfer me", which wants nobody else to be named
	helps          // "human help me", which is two of these
	ring           // "call me"
	present        // "parle", which with an accent is "parlé"
	talking        // "talking", "spreche": now, with you
	want           // "want", "need", "give me"
	there          // "is there"
	help           // "help", "call"
	can            // "can"
	must           // "have to"
	not            // "not", "kein"
	no             // "no", which before a subject is an answer
	why            // "why"
	told           // "told me"
	when           // "if", at the beginning
	be             // "are"
	you            // "you"
	art            // "you are" in one word: "eres"
	this           // "this"
	me             // "I"
	filler         // "hello", "now"
	polite         // "please"
)

// item is a word or a phrase of a clause.
type item struct {
	class
	own bool // the brand's
}

// reading is one pass over a text with one language's grammar.
type reading struct {
	grammar *said.Lexicon[class]
	own     []int // how many words from each on are one of the brand's
	words   []said.Word
	fix     bool
}

func (r *reading) read() Wish {
	wish, open, alone := Nothing, false, false
	mark := slices.ContainsFunc(r.words, func(w said.Word) bool { return w.Text == "?" })
	for i := 0; i < len(r.words); {
		end, asked := i, false
		for end < len(r.words) && !ends(r.words, end) && !(end > i && r.turns(end)) {
			end++
		}
		next := end
		for next < len(r.words) && ends(r.words, next) {
			asked = asked || r.words[next].Text == "?"
			next++
		}
		c := clause{items: r.items(i, end), asked: asked, mark: mark}
		i = max(next, i+1)
		if len(c.items) == 0 {
			continue
		}
		c.count()
		switch {
		case c.wish():
			return Wanted
		case c.curious():
			wish = Curious
		case c.alone():
			alone = true
			if i < len(r.words) {
				continue // what follows decides: "Mensch, das ist ja toll"
			}
			return Wanted
		}
		open = open || c.unknown
		if open {
			alone = false
		}
	}
	if alone {
		return Wanted
	}
	return wish
}

// turns says whether a new thought begins at word i: "not to a bot but to a human".
func (r *reading) turns(i int) bool {
	switch r.words[i].Text {
	case "but", "sondern", "sino", "mais", "and", "statt", "instead":
		return true
	}
	return r.words[i].Line
}

func ends(words []said.Word, i int) bool {
	switch words[i].Text {
	case ",":
		return i+2 >= len(words) || !relative(words[i+1].Text, words[i+2].Text)
	case ".", ";", ":", "!", "?", "…", "¡", "¿", "(", ")", "but", "sondern", "sino", "mais":
		return true
	case "-", "/":
		return words[i].Gap
	}
	return false
}

// relative says whether what follows a comma belongs to the noun before it: "jemand,
// mit dem ich reden kann".
func relative(with, whom string) bool {
	return slices.Contains([]string{"mit", "with", "a", "con"}, with) && slices.Contains([]string{"dem", "der", "denen", "whom", "qui", "quien"}, whom)
}

// items are the words from … to as what they do, without signs.
func (r *reading) items(from, to int) (items []item) {
	for i := from; i < to; {
		if n := r.own[i]; n > 0 && i+n <= to {
			if c, next, ok := r.grammar.At(r.words[:to], i); !ok || next-i < n || next-i == n && c != human && c != contact {
				items = append(items, item{somebody, true})
				i += n
				continue
			} else if next-i == n && c == human {
				items = append(items, item{human, true})
				i += n
				continue
			}
		}
		w := r.words[i]
		find := r.grammar.At
		if r.fix {
			find = r.grammar.Meant
		}
		c, next, ok := find(r.words[:to], i)
		switch {
		case !ok && w.Kind == said.Mark:
			i++
			continue
		case !ok:
			c, next = unknown, i+1
		case c == present && w.Accented:
			c = unknown
		}
		items = append(items, item{class: c})
		i = next
	}
	return items
}

// clause is what one clause says.
type clause struct {
	items   []item
	asked   bool // it ends as a question
	mark    bool // the text has a question mark
	has     [polite + 1]bool
	unknown bool
	through bool // "transfer me"
}

func (c *clause) count() {
	for i, it := range c.items {
		switch it.class {
		case through:
			c.items[i].class, c.through = contact, true
		case helps:
			c.items[i].class, c.has[help], c.has[me] = somebody, true, true
		case ring:
			c.has[help] = true
		}
		if it.class == no {
			c.items[i].class = not
			if c.at(i+1) == me {
				c.items[i].class = filler
			}
		}
		c.has[c.items[i].class] = true
	}
	c.unknown = c.has[unknown]
}

func (c *clause) at(i int) class {
	if i < 0 || i >= len(c.items) {
		return unknown
	}
	return c.items[i].class
}

// wish says whether somebody wants a person.
func (c *clause) wish() bool {
	switch {
	case c.has[told], c.at(0) == when, c.duty():
		return false
	case c.asked && c.has[present] && !c.has[can] && !c.has[want] && !c.has[why]:
		return false // "je parle à un humain ?"
	case c.askedOf(me) && !c.has[can]:
		return false // "bin ich mit einem Menschen verbunden?"
	case c.has[not] && c.has[robot]: // "I don't want to talk to a bot"
		return c.has[contact] || c.has[present] || c.has[want] || !c.unknown && !c.has[be] && !c.has[art]
	case c.has[not] && !c.complains():
		return false
	case c.has[why] && !c.has[not] && !c.has[can]:
		return false // "why would I need an agent"
	}
	for i := range c.items {
		if isNoun(c.at(i)) && c.wanted(i) {
			return true
		}
	}
	return false
}

// duty says whether the clause asks for what one has to do: "muss ich".
func (c *clause) duty() bool {
	for i := range c.items {
		if c.at(i) == must && (c.asked || c.at(i+1) == me || c.at(i-1) == be) {
			return true
		}
	}
	return false
}

// complains says whether a negation is a complaint: that one cannot, that there is none.
func (c *clause) complains() bool {
	return (c.has[can] || c.has[there] || c.has[why]) && !c.has[want]
}

func isNoun(c class) bool { return c == somebody || c == human || c == anybody || c == boss }

// longestRun is how many words may stand between a noun and its verb.
const longestRun = 12

// wanted says whether the noun at i is what a verb of getting through or wanting is about.
func (c *clause) wanted(i int) bool {
	noun, truly := c.at(i), c.at(i+1) == real
	from := i - 1
	for ; from >= max(0, i-longestRun); from-- {
		switch c.at(from) {
		case real:
			truly = true
			continue
		case link, one, mine, polite, filler, service, not, me:
			continue
		case you: // "tu supervisor"
			if from == i-1 {
				continue
			}
		}
		break
	}
	to := i + 1
	for ; to < min(len(c.items), i+longestRun); to++ {
		switch c.at(to) {
		case real, link, service, filler, polite, me, can, one, not, want, there:
			continue
		}
		break
	}
	verb, behind := c.at(from), c.at(to)
	switch {
	case verb == contact && c.at(from-1) == mine: // "my chat with an agent"
		return false
	case verb == contact || verb == present, verb == talking && c.has[can]:
		return noun != human || from < i-1 // "contact person"
	case behind == contact && (verb != be || c.has[can]):
		return noun == somebody || c.has[can] || c.has[me] || c.has[there] || c.has[want] || c.has[polite]
	case noun == anybody:
		if adjective := c.at(i+1) == real || c.at(i+1) == service; verb == want && adjective && c.closes(i+1) { // "jemand Kompetenten"
			return true
		}
		return c.has[ring] && !c.unknown && (c.has[can] || c.has[want] || c.has[polite]) && !c.has[mine]
	case (verb == want || verb == help && c.has[want]) && c.has[help] && !c.unknown && behind != robot:
		return noun == somebody || truly // "I want a human to help me"
	case verb == want:
		return to == len(c.items) && (noun != human || truly || c.at(i-1) != one || c.items[i].own || c.closes(i)) || behind == robot
	case verb == there:
		return noun == somebody || truly
	case c.has[can] && c.has[help]:
		return !c.unknown && (noun == somebody || truly || c.items[i].own)
	}
	return false
}

// closes says whether nothing but courtesy follows the noun.
func (c *clause) closes(i int) bool {
	for k := i + 1; k < len(c.items); k++ {
		if c.at(k) != polite && c.at(k) != filler {
			return false
		}
	}
	return true
}

// alone says whether the clause is nothing but a noun for a person with courtesies.
func (c *clause) alone() bool {
	found := c.through
	for i, it := range c.items {
		switch it.class {
		case somebody:
			found = true
		case human:
			found = found || c.at(i-1) == real || c.at(i+1) == real || it.own && c.at(i-1) != one && c.at(i-1) != contact
		case anybody, boss:
			found = found || c.at(i-1) == real || c.at(i+1) == real
		case link, one, real, service, filler, polite, want, contact, can, me:
		default:
			return false
		}
	}
	return found
}

// askedOf says whether the clause asks what somebody is: "are you", "am I".
func (c *clause) askedOf(whom class) bool {
	for i := range c.items {
		if c.at(i) == be && c.at(i+1) == whom {
			return true
		}
	}
	return false
}

// curious says whether the clause asks if a person writes here.
func (c *clause) curious() bool {
	if c.unknown || c.has[not] || !c.has[robot] && !c.has[somebody] && !c.has[human] && !(c.mark && c.has[real]) {
		return false
	}
	if c.askedOf(you) || c.askedOf(this) || c.askedOf(me) && (c.has[contact] || c.has[talking]) {
		return true
	}
	for i := range c.items {
		switch {
		case c.at(i) == art,
			c.mark && (c.at(i) == you || c.at(i) == this) && c.at(i+1) == be,
			c.at(i) == talking && c.at(i+1) == me,
			c.at(i) == talking && c.at(i-1) == be,
			c.asked && (c.at(i) == talking || c.at(i) == present) && (c.at(i-1) == me || i == 0),
			c.at(i) == be && c.at(i+1) == me && c.at(i+2) == talking:
			return true
		}
	}
	return false
}
