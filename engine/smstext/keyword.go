package smstext

import (
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

// longestKeyword bounds the bytes that are looked at, once outer space and punctuation are gone.
const longestKeyword = 48

// ParseKeyword tells whether text as a whole is a keyword. Case, width, outer white space, quotes and trailing
// punctuation do not matter: " “Stop!” " is one, "stop it" is not. YES is a start word only from an address
// that opted out; from any other it is an ordinary answer.
func ParseKeyword(text string, optedOut bool) Keyword {
	text = strings.TrimFunc(text, isNoise)
	if len(text) > longestKeyword {
		return KeywordNone
	}
	text = strings.TrimFunc(norm.NFKC.String(text), isNoise)
	switch strings.ToUpper(text) {
	case "STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "OPT-OUT":
		return KeywordStop
	case "START", "UNSTOP":
		return KeywordStart
	case "YES":
		if optedOut {
			return KeywordStart
		}
	case "HELP", "INFO":
		return KeywordHelp
	}
	return KeywordNone
}

// isNoise tells what may stand around a keyword: space, punctuation and characters that are not seen.
func isNoise(r rune) bool {
	return unicode.IsSpace(r) || unicode.In(r, unicode.Cf, unicode.Cc) || strings.ContainsRune(".,;:!?…\"'“”‘’„«»`*。！？", r)
}
