package hours

import (
	"fmt"
	"strings"
	"time"

	"parley/engine"
)

// Describe says in words when h opens next, to be put into a sentence such as
// "We are back {opening}": "today at 14:00", "tomorrow at 09:00", "Monday at
// 09:00", "Monday 4 January at 09:00". It is "" when h is open at the instant
// or does not open within 400 days. lang is a BCP 47 tag; English, German,
// Spanish and French are known, all others read English. Days and times are
// those of the hours' own zone.
func Describe(h engine.Hours, zone string, at time.Time, lang string) string {
	open, ok := NextOpening(h, zone, at)
	if !ok || open.Equal(at) {
		return ""
	}
	w := wordsOf(lang)
	clock := fmt.Sprintf(w.at, open.Format("15:04"))
	switch days := daysBetween(at.In(open.Location()), open); {
	case days == 0:
		return w.today + " " + clock
	case days == 1:
		return w.tomorrow + " " + clock
	case days < 7:
		return w.days[open.Weekday()] + " " + clock
	default:
		return fmt.Sprintf(w.date, w.days[open.Weekday()], open.Day(), w.months[open.Month()-1]) + " " + clock
	}
}

func daysBetween(a, b time.Time) int {
	date := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(date(b).Sub(date(a)) / (24 * time.Hour))
}

type words struct {
	today, tomorrow string
	at              string // of a clock time
	date            string // of weekday, day and month
	days            [7]string
	months          [12]string
}

func wordsOf(lang string) words {
	base, _, _ := strings.Cut(strings.ToLower(lang), "-")
	switch base {
	case "de":
		return words{
			today: "heute", tomorrow: "morgen", at: "um %s Uhr", date: "%s, %d. %s,",
			days: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
			months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
				"Oktober", "November", "Dezember"},
		}
	case "es":
		return words{
			today: "hoy", tomorrow: "mañana", at: "a las %s", date: "%s %d de %s",
			days: [7]string{"el domingo", "el lunes", "el martes", "el miércoles", "el jueves", "el viernes", "el sábado"},
			months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
				"octubre", "noviembre", "diciembre"},
		}
	case "fr":
		return words{
			today: "aujourd’hui", tomorrow: "demain", at: "à %s", date: "%s %d %s",
			days: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
			months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
				"octobre", "novembre", "décembre"},
		}
	}
	return words{
		today: "today", tomorrow: "tomorrow", at: "at %s", date: "%s %d %s",
		days: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
			"October", "November", "December"},
	}
}
