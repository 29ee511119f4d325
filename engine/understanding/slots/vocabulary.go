package slots

import (
	"strings"
	"sync"
	"time"
)

// vocabulary is what a language says values with; all words are folded.
type vocabulary struct {
	language string
	decimal  byte

	units        map[string]int
	articles     set
	scales       map[string]float64
	compound     func(word string) (int, bool) // numbers written as one word
	and          string                        // inside a number
	pointWord    string
	halves       phrases[float64] // "anderthalb"
	andHalf      phrases[float64]
	dozens       phrases[float64] // after an article
	ordinals     phrases[int]
	ordinalSigns set

	days        phrases[dayWord]
	weekdays    map[string]time.Weekday
	shortDays   map[string]time.Weekday // words too, so only beside a modifier or a date
	before      phrases[int]            // "next" 1, "this" 0, "last" -1, before a weekday
	after       phrases[int]
	spans       phrases[span]
	parts       phrases[string]
	glued       []gluedPart // "freitagabend"
	in, ago     phrases[bool]
	fromNow     phrases[bool] // after a length of time
	agoAfter    phrases[bool]
	lengths     map[string]length
	shares      phrases[float64] // "half an", before a length
	fillers     set              // between the parts of a date
	dayCues     set              // before a day of the month
	monthLinks  set              // between day, month and year
	clockCues   phrases[bool]    // before an hour
	clockSigns  set              // after an hour in digits
	hours       phrases[bool]    // words after an hour
	noons       phrases[int]     // minutes after midnight
	pastHalf    phrases[int]     // before an hour: "half past" 30, "halb" -30
	pastPlain   phrases[int]     // after an hour: "y media" 30, "moins le quart" -15
	pastMinutes phrases[int]     // between minutes and an hour: "past" 1, "vor" -1
	plusMinutes phrases[int]     // between an hour and minutes: "y" 1, "moins" -1
	twelve      bool             // "5:30" is on the 12-hour clock
}

type set map[string]bool

type dayWord struct {
	ahead int
	part  string
}

// span is a stretch of days: n grains from this one.
type span struct {
	grain string
	n     int
}

// length is a unit of time: n times days, months or minutes.
type length struct {
	grain string // "minute", "day" or "month"
	n     float64
}

type gluedPart struct{ word, part string }

func setOf(list string) set {
	out := set{}
	for _, w := range strings.Fields(list) {
		out[w] = true
	}
	return out
}

// counted numbers the words of a list from first on; words with / between are the same.
func counted(into map[string]int, first int, list string) {
	for i, words := range strings.Fields(list) {
		for _, w := range strings.Split(words, "/") {
			into[w] = first + i
		}
	}
}

func weekdaysOf(list string) map[string]time.Weekday {
	out := map[string]int{}
	counted(out, 0, list)
	days := make(map[string]time.Weekday, len(out))
	for w, n := range out {
		days[w] = time.Weekday(n)
	}
	return days
}

// listed makes phrases of "value text" pairs.
func listed[T any](pairs ...any) phrases[T] {
	out := phrases[T]{}
	for i := 0; i < len(pairs); i += 2 {
		out.add(pairs[i].(T), pairs[i+1].(string))
	}
	return out
}

var vocabularies = sync.OnceValue(func() map[string]*vocabulary {
	return map[string]*vocabulary{"en": english(), "de": german(), "es": spanish(), "fr": french()}
})

func vocabularyOf(language string) *vocabulary { return vocabularies()[base(language)] }

// base is the one of the four languages that texts are read in.
func base(language string) string {
	first, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(language, "_", "-")), "-")
	switch first {
	case "de", "es", "fr":
		return first
	}
	return "en"
}

// Month is the month that a folded word names in any of the four languages, 0
// for none. The names do not clash.
func Month(w string) time.Month {
	switch w {
	case "january", "januar", "janner", "jaenner", "enero", "janvier", "jan", "ene", "janv":
		return 1
	case "february", "februar", "feber", "febrero", "fevrier", "feb", "febr", "fev", "fevr":
		return 2
	case "march", "marz", "maerz", "marzo", "mars", "mar", "mrz":
		return 3
	case "april", "abril", "avril", "apr", "abr", "avr":
		return 4
	case "may", "mai", "mayo":
		return 5
	case "june", "juni", "junio", "juin", "jun":
		return 6
	case "july", "juli", "julio", "juillet", "jul", "juil":
		return 7
	case "august", "agosto", "aout", "aug", "ago":
		return 8
	case "september", "septiembre", "setiembre", "septembre", "sep", "sept":
		return 9
	case "october", "oktober", "octubre", "octobre", "oct", "okt":
		return 10
	case "november", "noviembre", "novembre", "nov":
		return 11
	case "december", "dezember", "diciembre", "decembre", "dec", "dez", "dic":
		return 12
	}
	return 0
}
