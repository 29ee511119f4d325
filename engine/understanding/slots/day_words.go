package slots

import "strings"

// dayVocabulary is what a language says which day with; timeWords has the names of the days.
type dayVocabulary struct {
	which      phrases[which]  // before a weekday, a week, a month: "next"
	whichAfter phrases[which]  // after it: "after next", "prochain"
	grains     phrases[string] // "week"
	dayLinks   set             // between words, without a meaning of their own: "the", "of"
	lasts      phrases[int]    // counted from the end: "last" -1, "penultimate" -2
	counts     phrases[string] // "day", "working day": what an nth counts
	nextDay    phrases[int]    // the day beside another one: "the day after" 1, "la veille de" -1
	anchors    phrases[int]    // between a length of time and a day: "after" 1, "before" -1
	weekLater  phrases[int]    // after a day, how many days later: "week", "en huit"
	workdays   phrases[bool]   // counted days that are no weekends and holidays; Saturdays may be some
	laterOn    phrases[int]    // after a length of time: "later" 1, "earlier" -1
	roughly    phrases[bool]   // before a number
	weekOf     phrases[bool]   // before a day, its week
	weekNumber phrases[bool]   // before the number of a week
	monthCues  set             // before a month that stands alone: "in"
	yearCues   phrases[bool]   // before a year that stands alone
	quarters   phrases[string] // what an ordinal makes a quarter of

	from, between phrases[bool]  // open a range
	to            phrases[bool]  // between its ends
	ands          set            // between the ends of what "between" opened
	bounds        phrases[bound] // before a day, which is one end
	boundsAfter   phrases[bound] // after it
	rests         phrases[int]   // counted days from today: "the next" 1, "the last" -1
	within        phrases[bool]  // "within" three days

	rhythm  phrases[bool] // after a day that comes again: "sur deux"
	busy    set           // in the clause of a day that does not suit
	copulas set           // between a day and what is said of it: "is", "I'm"
	suits   set           // behind these: it does
	every   set           // days that come again, or all but the one
	except  phrases[bool]
	edges   set // a part of a week or a month: "end", "mid"
	seasons set
	left    set // words of days that mean another day when they stand beside one and were not understood
}

// which tells which of the days with a name is meant.
type which int

const (
	plain which = iota
	thisOne
	nextOne    // this week's or the one after it, when this week's lies ahead
	comingOne  // the first one ahead
	lastOne    // this week's or the one before it, when this week's lies behind
	pastOne    // the latest one behind
	afterNext  // the one after the next
	beforeLast // the one before the last
)

// bound is one end of a range.
type bound int

const (
	_from   bound = iota // the day is the first
	_since               // it is, and lies behind
	_after               // the day before the first
	_until               // the last
	_before              // the day after the last
)

// inflected makes phrases of stems and endings.
func inflected(p phrases[which], w which, ends string, stems ...string) {
	for _, stem := range stems {
		for _, end := range strings.Fields(ends) {
			p.add(w, stem+end)
		}
	}
}
