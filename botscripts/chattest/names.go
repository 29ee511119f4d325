package chattest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// These are never written.
var (
	// introduced are words after which a name comes, whatever it looks like.
	introduced = regexp.MustCompile(`(?i)\b(?:my (?:full |first |last |sur)?name is|my name['’]s|the name is|the name['’]s|i am called|(?:full |last |first )?name\s*:|` +
		`mein(?:e)? (?:vor|nach|voller )?name ist|ich hei(?:ß|ss)e|vorname\s*:|nachname\s*:|me llamo|mi nombre (?:completo )?es|nombre\s*:|je m['’]appelle|mon (?:pré)?nom est|nom\s*:)\s+`)
	// perhaps are words after which two capitalised ones are a name.
	perhaps = regexp.MustCompile(`(?i)\b(?:i am|i['’]m|this is|here is|ich bin|hier ist|hier spricht|soy|habla|je suis|ici)\s+`)
	// titled are words before a family name.
	titled = regexp.MustCompile(`\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herr|Herrn|Frau|Sr|Sra|Señor|Señora|Mme|Mlle|Monsieur|Madame)\.?\s+`)
	// signed are the last words of a letter, before its writer's name.
	signed = regexp.MustCompile(`(?im)^[ \t]*(?:[\p{L} ]{0,20}(?:regards|sincerely|cheers|gr(?:ü|ue)(?:ß|ss)en?|gru(?:ß|ss)|saludos|atentamente|cordialement)|mfg|lg|vg|thanks|thank you|danke|gracias|merci)[,.! \t]*\n+[ \t]*`)
	// nameAsked is a question for somebody's name.
	nameAsked = regexp.MustCompile(`(?i)\b(?:names?|namen|hei(?:ß|ss)en|hei(?:ß|ss)t|llamas?|nombre|nom|appelez|appelles)\b`)
	sentence  = regexp.MustCompile(`[.,;:!?\n()"]|\s(?:and|und|y|et|but|aber|pero|mais|from|aus|de la|with|mit|i|my|ich|meine?)\s`)
)

func isParticle(word string) bool {
	return slices.Contains([]string{"von", "van", "de", "der", "den", "del", "della", "di", "da", "la", "le", "zu", "bin", "al", "el", "dos", "du", "ter"}, strings.ToLower(word))
}

func capital(word string) bool {
	for _, r := range word {
		return unicode.IsUpper(r)
	}
	return false
}

// nameIn takes a name from the beginning of a text. strict wants two capitalised words.
func nameIn(text string, strict bool) string {
	if at := sentence.FindStringIndex(text + "\n"); at != nil {
		text = text[:min(at[0], len(text))]
	}
	words := strings.Fields(text)
	var name []string
	if len(words) > 0 && (capital(words[0]) || isParticle(words[0]) && len(words) > 1 && capital(words[1])) {
		for _, w := range words {
			if len(name) == 5 || !capital(w) && !isParticle(w) {
				break
			}
			name = append(name, w)
		}
		for len(name) > 0 && isParticle(name[len(name)-1]) && !capital(name[len(name)-1]) {
			name = name[:len(name)-1]
		}
	} else if !strict && len(words) > 0 {
		name = words[:1]
		if len(words) <= 3 {
			name = words
		}
	}
	full := 0
	for _, w := range name {
		if capital(w) {
			full++
		}
	}
	if strict && full < 2 {
		return ""
	}
	return strings.Join(name, " ")
}

// introduce finds names that somebody gives in a text.
func (m *mask) introduce(text string) {
	for _, at := range introduced.FindAllStringIndex(text, -1) {
		m.stranger(nameIn(text[at[1]:], false))
	}
	for _, at := range perhaps.FindAllStringIndex(text, -1) {
		m.stranger(nameIn(text[at[1]:], true))
	}
	for _, find := range []*regexp.Regexp{titled, signed} {
		for _, at := range find.FindAllStringIndex(text, -1) {
			if rest := text[at[1]:]; capital(rest) {
				m.stranger(nameIn(rest, false))
			}
		}
	}
}

// answered finds a name in the answer to a question for one.
func (m *mask) answered(question, answer string) {
	if words := strings.Fields(answer); nameAsked.MatchString(question) && len(words) > 0 && len(words) <= 4 && !strings.ContainsAny(answer, "0123456789@?") {
		m.stranger(strings.Trim(answer, " .,!"))
	}
}

// stranger is knowName for what only looks like a name: a word of the brand's
// own files is none, as bots would not know what it was replaced by.
func (m *mask) stranger(name string) {
	var parts []string
	for _, part := range strings.Fields(name) {
		part = strings.Trim(part, `.,;:!?"'’()-`)
		if len([]rune(part)) > 1 && !isParticle(part) && !m.ownWord(part) {
			parts = append(parts, part)
		}
	}
	for _, part := range parts {
		m.knowWord(part)
	}
}

// ownWord says whether a word stands in the brand's files, in small letters or as it is.
func (m *mask) ownWord(word string) bool {
	if m.words == nil {
		m.words = map[string]bool{}
		for _, s := range m.scripts {
			for _, w := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' }) {
				m.words[strings.ToLower(w)] = true
			}
		}
		for _, w := range strings.Fields("yes no yeah nope ok okay hi hello hey agent person human somebody someone nobody help stop start thanks please sorry back skip none anonymous not here there what why how sure fine " +
			"ja nein hallo mensch mitarbeiter hilfe danke bitte niemand keine keiner hier was warum sicher nicht si sí no hola agente persona humano ayuda gracias nadie aquí oui non bonjour salut humain aide merci personne ici the a an der die das ein eine el la un una le les une") {
			m.words[w] = true
		}
	}
	return m.words[strings.ToLower(word)]
}

// knowWord makes one word of a name personal as it is written, with a capital,
// and in capitals.
func (m *mask) knowWord(word string) {
	lower := strings.ToLower(word)
	title := strings.ToUpper(string([]rune(lower)[:1])) + string([]rune(lower)[1:])
	fake := m.nameFor(lower)
	m.knowAs(word, fake)
	m.knowAs(title, fake)
	if len([]rune(word)) > 3 {
		m.knowAs(strings.ToUpper(word), strings.ToUpper(fake))
	}
}

// isName says whether a word is made up.
func (m *mask) isName(word string) bool {
	for _, fake := range m.names {
		if strings.EqualFold(fake, strings.Trim(word, ".,!?")) {
			return true
		}
	}
	return slices.ContainsFunc(m.known, func(k known) bool { return k.fake == word })
}
