package slots

import (
	"slices"
	"strings"
)

// What happened lies behind: "it arrived on monday". A day without more may then be the
// one that lies behind or, as people also write "I got a date for monday", the one ahead.

// happened are verbs in a past form, as they are written: Spanish "llego" is "I come".
var happened = map[string]set{
	"en": setOf("arrived came happened received bought delivered broke ordered stopped"),
	"de": setOf("kam ankam angekommen eingetroffen passiert geschehen erhalten geliefert gekauft bestellt gekommen"),
	"es": setOf("llegó llegaron compré recibí ocurrió pasó pedí vino recibimos compramos"),
	"fr": setOf("arrivé arrivée arrivés arrivées reçu achetée acheté commandé commandée livré livrée passé"),
}

// ahead are words that say of such a form that it has not happened yet.
var ahead = map[string]set{
	"en": setOf("will want would like can could should need must be to for if"),
	"de": setOf("will möchte mochte würde werden wird soll sollte kann könnte für fürs wenn hätte muss"),
	"es": setOf("para que quiero si"),
	"fr": setOf("veux voudrais serai sera être pour si peut pourrait souhaite"),
}

// behind says that a text tells what happened.
func (s *scan) behind() bool {
	said := false
	for _, t := range s.tokens {
		if t.class != word {
			continue
		}
		w := strings.ToLower(s.text[t.start:t.end])
		if ahead[s.v.language][w] {
			return false
		}
		said = said || happened[s.v.language][w]
	}
	return said
}

// eitherWay are the values of a text; of days those that lie behind, and those ahead that
// it may mean too.
func eitherWay(kind Kind, text string, o Options) []Slot {
	days := read(kind, text, o)
	if kind != Date || len(days) == 0 || o.Past || !newScan(text, o).behind() {
		return days
	}
	o.Past = true
	before := read(Date, text, o)
	for _, day := range days {
		if !slices.ContainsFunc(before, func(s Slot) bool { return s.Value == day.Value }) {
			before = append(before, day)
		}
	}
	return before
}
