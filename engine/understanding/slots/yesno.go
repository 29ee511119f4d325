package slots

import (
	"strings"
	"sync"
)

// longestYes is how many words a yes or no may have; longer messages say
// something else.
const longestYes = 7

// meaning of a phrase.
type meaning int

const (
	silent meaning = iota
	yes
	no
	unsure // also yes and no together
)

// Answer is what a text says to a question for yes or no.
type Answer string

// Answers.
const (
	Yes    Answer = "yes"
	No     Answer = "no"
	Unsure Answer = "unsure" // "maybe", and yes and no together
	Silent Answer = ""       // something else
)

// Assent reads a whole text as an answer to a question for yes or no.
func Assent(text, language string) Answer {
	switch newScan(text, Options{Language: language}).assent() {
	case yes:
		return Yes
	case no:
		return No
	case unsure:
		return Unsure
	}
	return Silent
}

// answer is the slot of a whole text that says yes or no.
func (s *scan) answer() (Slot, bool) {
	m := s.assent()
	if m != yes && m != no {
		return Slot{}, false
	}
	return Slot{Kind: YesNo, Value: m.String(), Text: s.text, End: len(s.text)}, true
}

// assent reads a whole text as yes or no: in the conversation's language, then in
// the others, as consumers switch languages. An unsure text in the own language is neither.
func (s *scan) assent() meaning {
	m := s.sign()
	var said []token
	for _, t := range s.tokens {
		if t.class != mark {
			said = append(said, t)
		}
	}
	if m == silent && len(said) > 0 && len(said) <= longestYes {
		for n, language := range []string{s.v.language, "en", "de", "es", "fr"} {
			if m = meaningOf(said, assents()[language]); m == yes || m == no || m == unsure && n == 0 {
				break
			}
		}
	}
	return m
}

func (m meaning) String() string {
	switch m {
	case yes:
		return "yes"
	case no:
		return "no"
	}
	return ""
}

// sign reads an answer of one sign.
func (s *scan) sign() meaning {
	switch strings.TrimRight(strings.TrimSpace(s.text), "!. \ufe0f🏻🏼🏽🏾🏿") {
	case "👍", "✅", "👌", "✔", "☑", "🆗", "+1":
		return yes
	case "👎", "❌", "🚫", "✖", "-1":
		return no
	}
	return silent
}

// meaningOf is what all phrases of the tokens say together.
func meaningOf(said []token, known phrases[meaning]) meaning {
	result := silent
	for i := 0; i < len(said); {
		m, next, ok := known.at(said, i)
		switch {
		case !ok, len(said[i].text) == 1 && next == i+1 && len(said) > 1: // "y" is yes only by itself
			i++
			continue
		case result != silent && result != m:
			return unsure
		}
		result, i = m, next
	}
	return result
}

// opening finds the yes or no that a longer message begins with: "yes, tomorrow
// at 5". What follows must not belong to it: "no funciona" is no answer.
func (s *scan) opening() (Slot, int, bool) {
	slot := Slot{Kind: YesNo}
	if m := s.sign(); m == yes || m == no {
		slot.Value = m.String()
		return slot, len(s.tokens), len(s.tokens) > 0
	}
	known := assents()[s.v.language]
	m, next, ok := known.at(s.tokens, 0)
	if !ok || m != yes && m != no || len(s.tokens[0].text) == 1 && next == 1 && len(s.tokens) > 1 {
		return slot, 0, false
	}
	for next < len(s.tokens) {
		if s.polite(next) {
			next++
			continue
		}
		more, after, ok := known.at(s.tokens, next)
		if !ok {
			break
		}
		if more != m {
			return slot, 0, false
		}
		next = after
	}
	if next < len(s.tokens) && (s.tokens[next].class != mark || s.is(next, "-", "+", "#", "$", "€", "£", "'", "@")) {
		return slot, 0, false
	}
	if rest := s.tokens[next:]; len(rest) > 0 && len(rest) <= longestYes {
		var said []token
		for _, t := range rest {
			if t.class != mark {
				said = append(said, t)
			}
		}
		if other := meaningOf(said, known); other == unsure || other != silent && other != m {
			return slot, 0, false
		}
	}
	slot.Value = m.String()
	return slot, next, true
}

// polite says that a word only makes an answer polite.
func (s *scan) polite(i int) bool {
	if i >= len(s.tokens) {
		return false
	}
	switch s.tokens[i].text {
	case "please", "pls", "plz", "thanks", "thank", "thx", "cheers", "sir", "madam", "mate", "bitte", "danke", "gracias", "favor", "merci", "svp", "plait", "vous":
		return true
	}
	return false
}

// assents are the phrases of each language. The longest that fits at a place
// counts, so "no problem" is not a no.
var assents = sync.OnceValue(func() map[string]phrases[meaning] {
	build := func(agree, refuse, doubt string) phrases[meaning] {
		p := phrases[meaning]{}
		p.add(yes, agree)
		p.add(no, refuse)
		p.add(unsure, doubt)
		return p
	}
	return map[string]phrases[meaning]{
		"en": build("yes|y|yeah|yea|yep|yup|ya|yess|yes please|yes i do|yes it is|sure|sure thing|of course|ok|okay|okey|k|kk|correct|right|that s right|that is right|that s correct|that is correct|exactly|absolutely|definitely|certainly|indeed|please do|go ahead|sounds good|sounds great|fine|that s fine|perfect|no problem|no problem at all|no worries|why not|i do|it did|it does|i think so|true|affirmative|by all means|with pleasure|you bet|totally|not a problem|i agree|works for me",
			"no|n|nope|nah|naw|not|no thanks|no thank you|not really|not right|not correct|that s not right|that s wrong|wrong|incorrect|never|never mind|no way|of course not|certainly not|definitely not|absolutely not|i don t|i do not|don t|please don t|it didn t|it did not|it doesn t|it does not|not yet|not now|not at all|i don t think so|i do not think so|negative|false|rather not|i d rather not|i disagree|not for me|no need",
			"not sure|i m not sure|i am not sure|maybe|perhaps|i don t know|i do not know|don t know|no idea"),
		"de": build("ja|j|jawohl|jo|joa|jep|jup|jap|yep|klar|na klar|ja klar|alles klar|gerne|gern|sehr gerne|ja bitte|genau|stimmt|das stimmt|korrekt|das ist korrekt|richtig|das ist richtig|naturlich|sicher|passt|das passt|einverstanden|ok|okay|in ordnung|das ist in ordnung|auf jeden fall|auf alle falle|selbstverstandlich|kein problem|gar kein problem|warum nicht|unbedingt|perfekt|jo passt|na gut|von mir aus|freilich|mach das|machen sie das|so ist es",
			"nein|n|ne|nee|no|noe|nicht|nicht richtig|nicht korrekt|das ist nicht richtig|das ist nicht korrekt|stimmt nicht|das stimmt nicht|stimmt leider nicht|passt nicht|das passt nicht|falsch|das ist falsch|auf keinen fall|keinesfalls|lieber nicht|leider nicht|leider nein|nein danke|nicht wirklich|eher nicht|niemals|noch nicht|jetzt nicht|gar nicht|uberhaupt nicht|nicht notig|bloss nicht|naturlich nicht|sicher nicht|kein bedarf|nope|brauche ich nicht",
			"nicht sicher|bin nicht sicher|ich bin nicht sicher|ich bin mir nicht sicher|bin mir nicht sicher|vielleicht|keine ahnung|jein|weiss nicht|ich weiss nicht|weiss ich nicht|mal sehen|kommt drauf an"),
		"es": build("si|s|sip|sii|claro|claro que si|por supuesto|por supuesto que si|vale|correcto|es correcto|de acuerdo|estoy de acuerdo|ok|okay|okey|eso es|exacto|exactamente|desde luego|perfecto|asi es|sin problema|no hay problema|ningun problema|por que no|bueno|esta bien|muy bien|dale|venga|con gusto|con mucho gusto|encantado|encantada|efectivamente|cierto|es cierto|adelante|me parece bien|si por favor|si gracias",
			"no|n|nop|no es correcto|no esta bien|no es cierto|incorrecto|para nada|en absoluto|nunca|jamas|claro que no|por supuesto que no|mejor no|tampoco|desde luego que no|no gracias|no por favor|todavia no|aun no|ahora no|de ninguna manera|ni hablar|no hace falta|que va|creo que no|no quiero|no me parece|negativo|falso|no es eso|no lo creo|no realmente",
			"no se|no lo se|no se bien|quizas|quiza|tal vez|a lo mejor|no estoy seguro|no estoy segura|depende|puede ser|ni idea"),
		"fr": build("oui|o|ouais|ouaip|oui oui|si|bien sur|bien sur que oui|d accord|dac|exact|c est exact|exactement|c est ca|c est bon|c est correct|correct|tout a fait|volontiers|avec plaisir|ok|okay|absolument|certainement|parfait|pas de probleme|pas de souci|pas de soucis|sans probleme|aucun probleme|aucun souci|pourquoi pas|evidemment|effectivement|entendu|ca marche|ca me va|je veux bien|allez y|carrement|c est vrai|vrai|oui merci|oui s il vous plait|oui svp|bien entendu",
			"non|n|nan|pas du tout|pas vraiment|jamais|incorrect|c est faux|faux|surtout pas|bien sur que non|pas d accord|je ne suis pas d accord|pas correct|absolument pas|certainement pas|ce n est pas ca|ce n est pas correct|c est pas ca|non merci|non pas du tout|pas maintenant|pas encore|pas la peine|ce n est pas la peine|en aucun cas|hors de question|je ne veux pas|je ne crois pas|je ne pense pas|plutot pas|pas tout a fait|non plus|moi non plus",
			"peut etre|je ne sais pas|je sais pas|je ne sais pas trop|pas sur|pas sure|je ne suis pas sur|je ne suis pas sure|ca depend|aucune idee"),
	}
})
