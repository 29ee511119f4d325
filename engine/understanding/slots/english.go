package slots

func english() *vocabulary {
	v := &vocabulary{
		language: "en", decimal: '.', and: "and", pointWord: "point", twelve: true,
		units:        map[string]int{"a": 1, "an": 1},
		articles:     setOf("a an"),
		scales:       map[string]float64{"hundred": 100, "thousand": 1000, "million": 1e6, "billion": 1e9},
		andHalf:      listed[float64](0.5, "and a half"),
		dozens:       listed[float64](12.0, "dozen", 2.0, "couple|couple of"),
		ordinals:     phrases[int]{},
		ordinalSigns: setOf("st nd rd th"),
		days: listed[dayWord](dayWord{2, ""}, "day after tomorrow|overmorrow", dayWord{-2, ""}, "day before yesterday", dayWord{1, ""}, "tomorrow|tmrw|tomorow|tommorow|tommorrow",
			dayWord{0, ""}, "today", dayWord{-1, ""}, "yesterday", dayWord{0, "evening"}, "tonight|tonite|this evening", dayWord{0, "morning"}, "this morning",
			dayWord{0, "afternoon"}, "this afternoon", dayWord{-1, "night"}, "last night"),
		weekdays:  weekdaysOf("sunday monday/mon tuesday/tues/tue wednesday/wed thursday/thurs/thur/thu friday/fri saturday"),
		shortDays: weekdaysOf("sun mon tue wed thu fri sat"),
		before:    listed[int](1, "next|coming|the coming|upcoming|this coming", 0, "this", -1, "last|past|previous"),
		after:     phrases[int]{},
		spans: listed[span](span{"week", 1}, "next week|the coming week", span{"week", 0}, "this week", span{"week", -1}, "last week", span{"week", 2}, "week after next",
			span{"month", 1}, "next month", span{"month", 0}, "this month", span{"month", -1}, "last month", span{"year", 1}, "next year", span{"year", -1}, "last year", span{"year", 0}, "this year",
			span{"weekend", 0}, "this weekend|the weekend", span{"weekend", 1}, "next weekend", span{"weekend", -1}, "last weekend"),
		parts: listed[string]("morning", "morning|in the morning|early morning|a m in the morning", "afternoon", "afternoon|in the afternoon", "evening", "evening|in the evening",
			"night", "night|at night|tonight"),
		in:       listed[bool](true, "in|within"),
		ago:      phrases[bool]{},
		fromNow:  listed[bool](true, "from now|from today|later|hence|time"),
		agoAfter: listed[bool](true, "ago|earlier"),
		lengths: map[string]length{"minute": {"minute", 1}, "minutes": {"minute", 1}, "min": {"minute", 1}, "mins": {"minute", 1}, "hour": {"minute", 60}, "hours": {"minute", 60}, "hr": {"minute", 60}, "hrs": {"minute", 60},
			"day": {"day", 1}, "days": {"day", 1}, "week": {"day", 7}, "weeks": {"day", 7}, "wks": {"day", 7}, "fortnight": {"day", 14}, "fortnights": {"day", 14},
			"month": {"month", 1}, "months": {"month", 1}, "year": {"month", 12}, "years": {"month", 12}},
		shares:      listed[float64](0.5, "half an|half a", 0.25, "a quarter of an|quarter of an", 0.75, "three quarters of an", 2.0, "a couple|a couple of|couple of"),
		fillers:     setOf(", at on the of in by around about - for early late from ("),
		dayCues:     setOf("the"),
		monthLinks:  setOf("of ,"),
		clockCues:   listed[bool](true, "at|by|around|about|until|till|before|after|from|between|at around|at about|approx|past", true, "for"),
		clockSigns:  setOf("am pm h hrs hours a p"),
		hours:       listed[bool](true, "o clock|oclock|hrs|hours"),
		noons:       listed[int](720, "noon|midday|12 noon|twelve noon", 0, "midnight|12 midnight"),
		pastHalf:    listed[int](30, "half past|half", 15, "quarter past|quarter after|a quarter past", -15, "quarter to|quarter of|quarter before|a quarter to|quarter till"),
		pastPlain:   phrases[int]{},
		pastMinutes: listed[int](1, "past|minutes past|after", -1, "to|minutes to|till"),
		plusMinutes: phrases[int]{},
	}
	counted(v.units, 0, "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	first := []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"}
	for i, w := range append(first, "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth") {
		v.ordinals.add(i+1, w)
	}
	for i, ten := range []string{"twenty", "thirty", "forty/fourty", "fifty", "sixty", "seventy", "eighty", "ninety"} {
		counted(v.units, 20+10*i, ten)
		if i < 2 {
			v.ordinals.add(20+10*i, ten[:len(ten)-1]+"ieth")
			for k, w := range first {
				v.ordinals.add(21+10*i+k, ten+" "+w)
			}
		}
	}
	return v
}
