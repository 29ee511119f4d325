package phone

import (
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"
)

// E164 is the one spelling of a number that is written with its country, "+…" or "00…",
// and with any signs between the digits. ok is false for what is no number.
func E164(text string) (number string, ok bool) {
	text = strings.TrimSpace(text)
	if rest, found := strings.CutPrefix(text, "00"); found {
		text = "+" + rest
	}
	if !strings.HasPrefix(text, "+") {
		return "", false
	}
	format := func(text string) string {
		n, err := phonenumbers.Parse(text, "")
		if err != nil || !phonenumbers.IsPossibleNumber(n) {
			return ""
		}
		return phonenumbers.Format(n, phonenumbers.E164)
	}
	number = format(text)
	if number == "" || format(number) != number { // zeros that are dropped one by one make no number
		return "", false
	}
	return number, true
}

// Aliases are the other spellings of a number in E.164 under which carriers and
// messengers know the same telephone: with and without the 1 behind +52 of Mexico and
// the 9 behind +54 of Argentina, and with and without the ninth digit of Brazil's mobile
// numbers. They are nobody else's number.
func Aliases(number string) []string {
	switch {
	case strings.HasPrefix(number, "+521") && len(number) == 14:
		return []string{"+52" + number[4:]}
	case strings.HasPrefix(number, "+52") && len(number) == 13:
		return []string{"+521" + number[3:]}
	case strings.HasPrefix(number, "+549") && len(number) == 14:
		return []string{"+54" + number[4:]}
	case strings.HasPrefix(number, "+54") && len(number) == 13:
		return []string{"+549" + number[3:]}
	// +55, two digits of the area, and eight or nine. Landlines, which begin with 2 to 5,
	// have no ninth.
	case strings.HasPrefix(number, "+55") && len(number) == 14 && number[5] == '9' && number[6] >= '6':
		return []string{number[:5] + number[6:]}
	case strings.HasPrefix(number, "+55") && len(number) == 13 && number[5] >= '6':
		return []string{number[:5] + "9" + number[5:]}
	}
	return nil
}

// Zones are the time zones in which a number in E.164 may ring; none for one of no
// country, or of a country that is not known.
func Zones(number string) (zones []*time.Location) {
	n, err := phonenumbers.Parse(number, "")
	if err != nil {
		return nil
	}
	names, err := phonenumbers.GetTimezonesForNumber(n)
	if err != nil {
		return nil
	}
	for _, name := range names {
		if zone, err := time.LoadLocation(name); err == nil && name != phonenumbers.UNKNOWN_TIMEZONE {
			zones = append(zones, zone)
		}
	}
	return zones
}
