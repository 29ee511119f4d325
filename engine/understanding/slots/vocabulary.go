package slots

import (
	"strings"
	"sync"
	"time"
)

// vocabulary is what a language says values with; all words are folded.
type vocabulary struct {
	language string
	numberWords
	timeWords
	clockWords
	durationWords
	dayVocabulary
	feasts phrases[feast]
	opens  set // words that an expression of days may begin with
}

// numberWords are what a language says numbers with.
type numberWords struct {
	decimal byte

	units        map[string]int
	articles     set
	scales       map[string]float64
	suffixes     map[string]float64            // after digits: "Mio"
	compound     func(word string) (int, bool) // numbers written as one word
	and          string                        // inside a number
	pointWords   set
	halves       phrases[float64] // "anderthalb"
	andHalf      phrases[float64]
	dozens       phrases[float64] // after an article
	dozenWords   map[string]float64
	shareWords   phrases[float64] // "half"
	denominators map[string]int   // beside the ordinals: "quarter"
	alone        phrases[float64] // numbers as a whole answer only: "none"
	percents     phrases[bool]
	ordinals     phrases[int] // of days
	ordinalUnits map[string]int
	ordinalSigns set
	sideWords
}

// sideWords are what changes a number that it stands beside.
type sideWords struct {
	sides          phrases[side] // before a number
	sidesAfter     phrases[side]
	sidesTime      phrases[bool] // after a number that is an hour
	betweenNumbers phrases[side] // of two numbers
	vague          set           // before a scale: "few"
	powers         set           // after a number: "squared"
	afterOrdinal   set           // "last" of "second last"
	streets        set           // beside the number of a house
	plurals        set           // scales that nobody counted: "hundreds"
	notTypos       set           // words next to one of numbers: "there"
	codes          set           // before digits that are no number: "postcode"
	eachOf         set           // after an amount, of each of several: "apiece"
	amountTails    set           // may follow an amount without a currency
}

// timeWords are what a language says days and times of day with.
type timeWords struct {
	days       phrases[dayWord]
	weekdays   map[string]time.Weekday
	shortDays  map[string]time.Weekday // words too, so only beside a modifier or a date
	parts      phrases[string]
	glued      []gluedPart // "freitagabend"
	in, ago    phrases[bool]
	fromNow    phrases[bool] // after a length of time
	agoAfter   phrases[bool]
	lengths    map[string]length
	shares     phrases[float64] // "half an", before a length
	fillers    set              // between the parts of a date
	dayCues    set              // before a day of the month
	monthLinks set              // between day, month and year
}

type set map[string]bool

type dayWord struct {
	ahead int
	part  string
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
	all := map[string]*vocabulary{
		"en": {language: "en", numberWords: englishNumbers(), timeWords: englishTimes(), clockWords: englishClock(), durationWords: englishDurations(), dayVocabulary: englishDays()},
		"de": {language: "de", numberWords: germanNumbers(), timeWords: germanTimes(), clockWords: germanClock(), durationWords: germanDurations(), dayVocabulary: germanDays()},
		"es": {language: "es", numberWords: spanishNumbers(), timeWords: spanishTimes(), clockWords: spanishClock(), durationWords: spanishDurations(), dayVocabulary: spanishDays()},
		"fr": {language: "fr", numberWords: frenchNumbers(), timeWords: frenchTimes(), clockWords: frenchClock(), durationWords: frenchDurations(), dayVocabulary: frenchDays()},
	}
	for language, v := range all {
		v.feasts = feastsOf(language)
		v.opens = opensOf(v)
	}
	return all
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

// misspelt is the month that a word of a whole answer names with one wrong letter.
func misspelt(w string) int {
	if len(w) < 5 {
		return 0
	}
	found := 0
	for i, names := range monthNames() {
		for _, name := range names {
			if len(name) >= 5 && name[0] == w[0] && oneEdit(w, name) {
				if found > 0 && found != i+1 {
					return 0
				}
				found = i + 1
			}
		}
	}
	return found
}

func monthNames() [12][]string {
	return [12][]string{{"january", "januar", "enero", "janvier"}, {"february", "februar", "febrero", "fevrier"}, {"march", "marzo"}, {"april", "abril", "avril"}, {}, {"junio"}, {"julio", "juillet"},
		{"august", "agosto"}, {"september", "septiembre", "septembre"}, {"october", "oktober", "octubre", "octobre"}, {"november", "noviembre", "novembre"}, {"december", "dezember", "diciembre", "decembre"}}
}

// opensOf are the first words of all that a language says days with, besides numbers.
func opensOf(v *vocabulary) set {
	out := set{}
	for w := range v.weekdays {
		out[w] = true
	}
	for w := range v.shortDays {
		out[w] = true
	}
	for _, words := range []set{v.dayCues, v.monthCues, v.dayLinks} {
		for w := range words {
			out[w] = true
		}
	}
	firstWords(out, v.days)
	firstWords(out, v.feasts)
	firstWords(out, v.lasts, v.nextDay, v.ordinals, v.rests)
	firstWords(out, v.which, v.whichAfter)
	firstWords(out, v.grains, v.counts, v.quarters)
	firstWords(out, v.bounds, v.boundsAfter)
	firstWords(out, v.shares, v.halves)
	firstWords(out, v.in, v.ago, v.workdays, v.roughly, v.weekOf, v.weekNumber, v.yearCues, v.from, v.between, v.within)
	return out
}

func firstWords[T any](into set, lists ...phrases[T]) {
	for _, list := range lists {
		for w := range list {
			into[w] = true
		}
	}
}

// dayOpens says that an expression of days may begin at token i.
func (s *scan) dayOpens(i int) bool {
	t := s.tokens[i]
	switch {
	case s.whole, t.class == figure, s.v.opens[t.text], t.class == word && Month(t.text) > 0:
		return true
	case t.class == mark:
		return false
	}
	if _, ok := s.v.units[t.text]; ok {
		return true
	}
	if s.v.language == "de" && s.weekdayStem(t.text) {
		return true // "sonntagabend"
	}
	if _, _, ok := s.ordinal(i); ok {
		return true
	}
	if s.v.compound != nil {
		if _, ok := s.v.compound(t.text); ok {
			return true
		}
	}
	return len(s.Holidays) > 0
}
