package slots

func englishTimes() timeWords {
	return timeWords{
		days: listed[dayWord](dayWord{2, ""}, "day after tomorrow|overmorrow", dayWord{-2, ""}, "day before yesterday", dayWord{1, ""}, "tomorrow|tmrw|tomorow|tommorow|tommorrow",
			dayWord{0, ""}, "today", dayWord{-1, ""}, "yesterday", dayWord{0, "evening"}, "tonight|tonite|this evening", dayWord{0, "morning"}, "this morning",
			dayWord{0, "afternoon"}, "this afternoon", dayWord{-1, "night"}, "last night"),
		weekdays:  weekdaysOf("sunday monday/mon tuesday/tues/tue wednesday/wed thursday/thurs/thur/thu friday/fri saturday"),
		shortDays: weekdaysOf("sun mon tue wed thu fri sat"),
		parts: listed[string]("morning", "morning|in the morning|early morning|a m in the morning", "afternoon", "afternoon|in the afternoon", "evening", "evening|in the evening",
			"night", "night|at night|tonight"),
		in:       listed[bool](true, "in|within"),
		ago:      phrases[bool]{},
		fromNow:  listed[bool](true, "from now|from today|later|hence|time"),
		agoAfter: listed[bool](true, "ago|earlier"),
		lengths: map[string]length{"minute": {"minute", 1}, "minutes": {"minute", 1}, "min": {"minute", 1}, "mins": {"minute", 1}, "hour": {"minute", 60}, "hours": {"minute", 60}, "hr": {"minute", 60}, "hrs": {"minute", 60},
			"day": {"day", 1}, "days": {"day", 1}, "week": {"day", 7}, "weeks": {"day", 7}, "wks": {"day", 7}, "fortnight": {"day", 14}, "fortnights": {"day", 14},
			"month": {"month", 1}, "months": {"month", 1}, "year": {"month", 12}, "years": {"month", 12}},
		shares:     listed[float64](0.5, "half an|half a", 0.25, "a quarter of an|quarter of an", 0.75, "three quarters of an", 2.0, "a couple|a couple of|couple of"),
		fillers:    setOf(", at on the of in by around about - for early late from ("),
		dayCues:    setOf("the"),
		monthLinks: setOf("of ,"),
	}
}
