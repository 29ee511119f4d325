package slots

// clockWords are what a language says times of day with.
type clockWords struct {
	twelve      bool            // "5:30" is on the 12-hour clock
	cues        phrases[cue]    // before a time
	tails       phrases[cue]    // after one: "or later"
	about       phrases[bool]   // before or after one, without a meaning of their own: "around", "sharp"
	clockSigns  set             // after an hour in digits
	hours       phrases[bool]   // words after an hour; true: nothing else is counted in them
	noons       phrases[int]    // minutes after midnight
	pastHalf    phrases[int]    // before an hour: "half past" 30, "halb" -30
	pastPlain   phrases[int]    // after an hour: "y media" 30, "moins le quart" -15
	pastMinutes phrases[int]    // between minutes and an hour: "past" 1, "vor" -1
	plusMinutes phrases[int]    // between an hour and minutes: "y" 1, "moins" -1
	upTo        phrases[bool]   // between the ends of a range; true: only after a word such as "between"
	either      set             // between two times, one of which is meant
	firmParts   phrases[string] // parts of a day that make a time of a number: "abends"
	nights      phrases[bool]   // days that go on after midnight: "tonight"
	ampm        phrases[string] // "am" and "pm" as this language has them
	zoneWords   phrases[bool]   // what tells of a time zone after a time; true: the consumer's own
	nowWords    phrases[bool]
}

// cue is what words before or after a time make of it.
type cue byte

const (
	uncued  cue = iota
	weak        // an hour may follow: "for"
	nearly      // an hour follows in an answer: "about"
	exactly     // an hour follows: "at"
	until       // the end of a range
	since       // its beginning
	between     // both follow
)
