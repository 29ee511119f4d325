package slots

import (
	"strings"
	"unicode"

	"parley/engine"
	lexical "parley/engine/understanding/said"
)

const (
	mostHolidays = 50
	holidayName  = 60 // bytes
)

// CheckHolidays says what is wrong with holidays of a brand's own.
func CheckHolidays(list []engine.Holiday) error {
	if len(list) > mostHolidays {
		return engine.Errorf(engine.Invalid, "There may be at most %d holidays.", mostHolidays)
	}
	for _, h := range list {
		if len(holidayWords(h)) == 0 || len(h.Name) > holidayName {
			return engine.Errorf(engine.Invalid, "The name of a holiday has words, %d bytes at most.", holidayName)
		}
		if _, ok := dayOfRule(h.On, 2028); !ok || len(h.On) > 20 {
			return engine.Errorf(engine.Invalid, "%q is no day of a year; write 06-15, easter+39, \"4 thu 11\" or \"-1 mon 5\".", h.On)
		}
	}
	return nil
}

func holidayWords(h engine.Holiday) []string {
	return strings.FieldsFunc(lexical.Fold(h.Name), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}
