package gist

import (
	"strings"
	"unicode"

	"parley/engine/understanding/person"
)

// Words that say nothing about the matter, in the languages that the gateway
// speaks. A message of nothing else is a greeting.
const greetings = `
hi hello hey hiya howdy yo good morning afternoon evening day there all team please thanks thank you ok okay yes no sir madam anybody anyone is
hallo guten morgen tag abend moin servus grüß gott liebes zusammen bitte danke ja nein okay jemand da
hola buenas buenos días dias tardes noches por favor gracias sí si qué que tal saludos alguien hay ahí
bonjour bonsoir salut coucou merci s'il vous plaît plait svp oui non madame monsieur quelqu'un est là
test`

// Words that ask for a person, beside the brand's own.
const persons = `
agent agents human person people representative rep operator somebody someone advisor staff
mitarbeiter mitarbeiterin mensch menschen person berater beraterin kundenberater jemanden jemandem
agente persona humano humana asesor asesora operador operadora alguien representante
agent humain humaine personne conseiller conseillère opérateur quelqu'un`

// Words that stand around them.
const asking = `
i we me my want wanna need would like to talk speak with an a real live the please now can could may get give connect transfer let put through us your of
ich wir mir mich möchte will brauche hätte gern gerne mit einem einer einen sprechen reden verbinden sie bitte jetzt kann können echten echter zu den dem der
quiero necesito quisiera hablar con un una por favor ahora puedo me pase pasar real de verdad
je nous veux voudrais souhaite parler à avec un une s'il vous plaît svp maintenant puis vrai vraie besoin d'un d'une`

// shortRequest is how many words a message may have that asks for a person in passing.
const shortRequest = 5

func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsMark(c) && c != '\'' && c != '’'
	})
}

func setOf(lists ...string) map[string]bool {
	out := map[string]bool{}
	for _, list := range lists {
		for _, w := range strings.Fields(list) {
			out[w] = true
		}
	}
	return out
}

// kind is what a consumer's message is good for.
type kind int

const (
	matter   kind = iota // says something about the matter
	greeting             // greets, thanks, says yes or no
	request              // asks for a person, and no more
	signs                // no letter or digit: emoji, dots, exclamation marks
	picture              // media without a word
)

// judge says what a text without media is good for.
type judge struct {
	greetings, persons, asking map[string]bool
	escapes                    map[string][]string // the brand's escape words
}

func newJudge(escapes map[string][]string) judge {
	return judge{greetings: setOf(greetings), persons: setOf(persons), asking: setOf(asking), escapes: escapes}
}

func (j judge) kind(text string) kind {
	said := words(text)
	if len(said) == 0 {
		return signs
	}
	polite, asks, around := true, false, true
	for _, w := range said {
		w = strings.ReplaceAll(w, "’", "'")
		polite = polite && j.greetings[w]
		asks = asks || j.persons[w]
		around = around && (j.greetings[w] || j.persons[w] || j.asking[w])
	}
	switch {
	case polite:
		return greeting
	case asks && around, len(said) <= shortRequest && person.Read(text, j.escapes) == person.Wanted:
		return request
	}
	return matter
}
