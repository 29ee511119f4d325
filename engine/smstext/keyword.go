package smstext

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Keyword is what a whole message asks of the gateway itself, before any bot or agent.
type Keyword int

// The meanings of a keyword.
const (
	KeywordNone  Keyword = iota // an ordinary message
	KeywordStop                 // opt out
	KeywordStart                // opt in again
	KeywordHelp                 // who is this?
)

// Keywords are the words of a channel by what they ask, each as FoldKeyword leaves it.
type Keywords struct {
	Stop, Start, Help []string
	// Again are start words for an address that opted out; from any other they are an ordinary answer.
	Again []string
}

// Standard are the words that providers know by themselves, and ARRET, which Canada requires beside STOP.
func Standard() Keywords {
	return Keywords{
		Stop:  []string{"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "OPT-OUT", "ARRET"},
		Start: []string{"START", "UNSTOP"},
		Help:  []string{"HELP", "INFO"},
		Again: []string{"YES"},
	}
}

// Providers are the words that Twilio and its like answer by themselves.
func Providers() Keywords {
	k := Standard()
	k.Stop = k.Stop[:len(k.Stop)-1] // but not ARRET
	return k
}

// KeywordLanguages are the languages that have words of their own beside the standard ones.
func KeywordLanguages() []string { return []string{"de", "es", "fr"} }

// KeywordsOf are a language's own words; none for a language that has none. Only French has one for HELP, which
// Canada requires: "Hilfe" and "ayuda" are left to the bot, who can help.
func KeywordsOf(language string) Keywords {
	switch language {
	case "de":
		return Keywords{Stop: []string{"STOPP", "ABMELDEN", "ABBESTELLEN"}, Again: []string{"JA"}}
	case "es":
		return Keywords{Stop: []string{"BAJA", "ALTO", "PARAR"}, Again: []string{"SI"}}
	case "fr":
		return Keywords{Stop: []string{"ARRET", "ARRETER", "DESABONNER", "DESINSCRIRE"}, Help: []string{"AIDE"}, Again: []string{"OUI"}}
	}
	return Keywords{}
}

// And are the words of k and of more.
func (k Keywords) And(more Keywords) Keywords {
	return Keywords{
		Stop: slices.Concat(k.Stop, more.Stop), Start: slices.Concat(k.Start, more.Start),
		Help: slices.Concat(k.Help, more.Help), Again: slices.Concat(k.Again, more.Again),
	}
}

// longestKeyword bounds the bytes that are looked at, once what stands around is gone.
const longestKeyword = 64

// Parse tells whether text as a whole is a keyword. Case, width, accents, and what stands around it (space,
// punctuation, emoji, characters that are not seen) do not matter: " “Stop!” 🛑" is one; other words do: "stop it"
// is not.
func (k Keywords) Parse(text string, optedOut bool) Keyword {
	word := FoldKeyword(text)
	if word == "" || len(word) > longestKeyword {
		return KeywordNone
	}
	switch {
	case slices.Contains(k.Stop, word):
		return KeywordStop
	case slices.Contains(k.Start, word), optedOut && slices.Contains(k.Again, word):
		return KeywordStart
	case slices.Contains(k.Help, word):
		return KeywordHelp
	}
	return KeywordNone
}

// ParseKeyword is Parse with the standard words.
func ParseKeyword(text string, optedOut bool) Keyword { return Standard().Parse(text, optedOut) }

// FoldKeyword brings a word to the form in which keywords are compared; "" when nothing is left of it.
func FoldKeyword(text string) string {
	text = strings.TrimFunc(text, isNoise)
	if len(text) > 4*longestKeyword {
		return text // too long to be one
	}
	if plain(text) {
		return strings.ToUpper(text)
	}
	text = norm.NFKD.String(strings.ToUpper(norm.NFKC.String(text)))
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1 // ARRÊT
		case unicode.Is(unicode.Pd, r):
			return '-'
		}
		return r
	}, strings.TrimFunc(text, isNoise))
	text = strings.Join(strings.FieldsFunc(text, unicode.IsSpace), " ")
	return strings.NewReplacer(" - ", "-", " -", "-", "- ", "-").Replace(text)
}

// plain tells of words in ASCII with single blanks between them, as most are.
func plain(text string) bool {
	for i := range len(text) {
		c := text[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && (c != ' ' || text[i+1] == ' ') { // no blank ends it
			return false
		}
	}
	return true
}

// isNoise tells what may stand around a keyword: space, punctuation, symbols and emoji with their parts, and
// characters that are not seen.
func isNoise(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) ||
		unicode.In(r, unicode.Cf, unicode.Cc, unicode.Me, unicode.Variation_Selector) || strings.ContainsRune("\u115F\u1160\u3164\uFFA0", r)
}

// IsShortCode tells of a sender's number that is no telephone number.
func IsShortCode(address string) bool {
	return len(address) >= 3 && len(address) <= 8 && strings.Trim(address, "0123456789") == ""
}
