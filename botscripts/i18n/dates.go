package i18n

import (
	"fmt"
	"strings"
	"time"
)

// Styles are the ways to write a point in time.
func Styles() []string {
	return []string{"short", "medium", "long", "full", "time", "datetime", "weekday"}
}

// Date writes a point in time in the zone that it is in: short "12/24/2026",
// medium "Dec 24, 2026", long "December 24, 2026", full "Thursday, December
// 24, 2026", time "5:30 PM", datetime medium and time, weekday "Thursday".
// English of other places than the United States puts the day first.
// Languages without words of their own here read English. It is false when
// there is no such style.
func Date(language string, at time.Time, style string) (string, bool) {
	w := wordsOf(language)
	switch style {
	case "time":
		return at.Format(w.clock), true
	case "datetime":
		day, _ := Date(language, at, "medium")
		return day + ", " + at.Format(w.clock), true
	case "weekday":
		return w.days[at.Weekday()], true
	}
	var layout string
	switch style {
	case "short":
		return at.Format(w.short), true
	case "medium":
		layout = w.medium
	case "long":
		layout = w.long
	case "full":
		layout = w.full
	default:
		return "", false
	}
	return strings.NewReplacer(
		"WEEKDAY", w.days[at.Weekday()], "MONTH", w.months[at.Month()-1], "MON", w.short3[at.Month()-1],
		"DAY", fmt.Sprint(at.Day()), "YEAR", fmt.Sprint(at.Year()),
	).Replace(layout), true
}

// words of a language for dates. short and clock are layouts of package time.
type words struct {
	short, clock       string
	medium, long, full string // with WEEKDAY, DAY, MONTH, MON, YEAR
	days               [7]string
	months, short3     [12]string
}

func wordsOf(language string) words {
	switch base(language) {
	case "de":
		return words{
			short: "02.01.2006", clock: "15:04",
			medium: "DAY. MON YEAR", long: "DAY. MONTH YEAR", full: "WEEKDAY, DAY. MONTH YEAR",
			days: [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
			months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September",
				"Oktober", "November", "Dezember"},
			short3: [12]string{"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."},
		}
	case "es":
		return words{
			short: "02/01/2006", clock: "15:04",
			medium: "DAY MON YEAR", long: "DAY de MONTH de YEAR", full: "WEEKDAY, DAY de MONTH de YEAR",
			days: [7]string{"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"},
			months: [12]string{"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
				"octubre", "noviembre", "diciembre"},
			short3: [12]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic"},
		}
	case "fr":
		return words{
			short: "02/01/2006", clock: "15:04",
			medium: "DAY MON YEAR", long: "DAY MONTH YEAR", full: "WEEKDAY DAY MONTH YEAR",
			days: [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
			months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
				"octobre", "novembre", "décembre"},
			short3: [12]string{"janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."},
		}
	}
	w := words{
		short: "01/02/2006", clock: "3:04 PM",
		medium: "MON DAY, YEAR", long: "MONTH DAY, YEAR", full: "WEEKDAY, MONTH DAY, YEAR",
		days: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September",
			"October", "November", "December"},
		short3: [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
	}
	if isBritish(language) {
		w.short, w.clock = "02/01/2006", "15:04"
		w.medium, w.long, w.full = "DAY MON YEAR", "DAY MONTH YEAR", "WEEKDAY, DAY MONTH YEAR"
	}
	return w
}

// isBritish tells English with a place other than the United States.
func isBritish(language string) bool {
	place, ok := strings.CutPrefix(strings.ToLower(language), "en-")
	return ok && place != "us"
}
