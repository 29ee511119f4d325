package slots

func englishClock() clockWords {
	return clockWords{
		twelve: true,
		cues: listed[cue](exactly, "at|@|at the", weak, "for|the|on|this|make it|make that|say|let s say|lets say|think|guess|prefer|like", nearly, "about|around|near|nearly|almost|towards",
			until, "by|until|till|til|before|up to|no later than|not later than|at the latest by|earlier than|prior to|ahead of",
			since, "after|past|from|since|starting|starting at|starting from|as of|later than|no earlier than|not earlier than|not before|not until|any time after|anytime after|beginning at", between, "between|in between|anywhere between"),
		tails:      listed[cue](until, "or earlier|or sooner|or before|at the latest|latest|the latest|tops", since, "or later|or after|onwards|onward|on wards|and later|at the earliest|earliest|the earliest|plus"),
		about:      listed[bool](true, "around|about|approximately|approx|roughly|circa|ca|close to|or so|or thereabouts|give or take|more or less|sharp|exactly|precisely|on the dot|prompt|ish|maybe|perhaps|probably"),
		clockSigns: setOf("am pm h hrs hours a p ish"),
		hours:      listed[bool](true, "o clock|oclock|o'clock", false, "hrs|hours|hundred hours|hundred hrs|h"),
		noons:      listed[int](720, "noon|noontime|midday|mid day|12 noon|twelve noon|12 midday|high noon|noonish|lunchtime|lunch time", 0, "midnight|mid night|12 midnight|twelve midnight"),
		pastHalf: listed[int](30, "half past|half after|half|a half past", 15, "quarter past|quarter after|a quarter past|a quarter after|one quarter past",
			-15, "quarter to|quarter of|quarter before|quarter till|quarter til|a quarter to|a quarter of|a quarter before|a quarter till"),
		pastPlain:   phrases[int]{},
		pastMinutes: listed[int](1, "past|after|minutes past|minutes after|mins past|min past", -1, "to|till|til|before|of|minutes to|minutes till|minutes before|mins to|minutes of"),
		plusMinutes: phrases[int]{},
		upTo:        listed[bool](false, "to|till|til|until|through|thru|-|up to|and until", true, "and"),
		either:      setOf("or and"),
		firmParts:   listed[string]("morning", "in the morning|of the morning", "afternoon", "in the afternoon", "evening", "in the evening", "night", "at night|in the night"),
		nights:      listed[bool](true, "tonight|tonite|to night"),
		ampm:        listed[string]("am", "am|a m|in the am", "pm", "pm|p m|in the pm"),
		zoneWords:   listed[bool](true, "local time|my time|our time|my local time|my timezone|my time zone", false, "your time|time zone|timezone|standard time|daylight time|pacific|eastern|mountain|central|pacific time|eastern time|mountain time|central time"),
		nowWords:    listed[bool](true, "now|right now|right away|immediately|straight away"),
	}
}

func englishDurations() durationWords {
	return durationWords{
		measures: unitsWith(englishTimes().lengths, "second seconds sec secs s", map[string]length{"h": {"minute", 60}, "m": {"minute", 1}, "wk": {"day", 7}, "yr": {"month", 12}, "yrs": {"month", 12}, "mos": {"month", 1}, "d": {"day", 1}, "night": {"day", 1}, "nights": {"day", 1}}),
		lasting:  setOf("for takes take took lasts last lasted lasting duration waited waiting about spend spent"),
		shareOf:  listed[float64](0.5, "half an|half a|a half|half|one half", 0.25, "a quarter of an|quarter of an|a quarter|quarter", 0.75, "three quarters of an|three quarters of a|three quarter of an|3 quarters of an|three quarter"),
		unitPart: listed[float64](0.5, "and a half|and one half", 0.25, "and a quarter", 0.75, "and three quarters"),
		wholes:   phrases[float64]{},
		joins:    setOf("and"),
		limits:   listed[bool](true, "almost|nearly|just under|just over|at least|at most|up to|more than|less than|over|under|no more than|no longer than|not more than|maximum|max|minimum|or more|or less|or longer|tops|at the most|plus|fewer than|a maximum of|a minimum of|within|as long as"),
		inexact:  listed[bool](true, "a couple of|couple of|a couple|a few|few|several|some|many|couple"),
	}
}
