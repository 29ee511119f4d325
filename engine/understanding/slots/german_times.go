package slots

func germanTimes() timeWords {
	return timeWords{
		days: listed[dayWord](dayWord{2, ""}, "ubermorgen|uebermorgen", dayWord{-2, ""}, "vorgestern", dayWord{1, ""}, "morgen", dayWord{0, ""}, "heute|heut", dayWord{-1, ""}, "gestern",
			dayWord{0, "morning"}, "heute morgen|heute fruh|heute vormittag", dayWord{1, "morning"}, "morgen fruh|morgen frueh|morgen vormittag", dayWord{0, "night"}, "heute nacht", dayWord{-1, "night"}, "letzte nacht"),
		weekdays:  weekdaysOf("sonntag montag dienstag mittwoch donnerstag freitag samstag/sonnabend"),
		shortDays: weekdaysOf("so mo di mi do fr sa"),
		parts: listed[string]("morning", "morgens|fruh|am fruhen morgen|am fruhmorgen|frueh|vormittags|vormittag|in der fruh|am morgen|am vormittag|fruhmorgens|morgen fruh", "afternoon", "nachmittags|nachmittag|am nachmittag|spatnachmittag|am spatnachmittag|am spaten nachmittag|am fruhen nachmittag|mittags nachmittag",
			"evening", "abends|abend|am abend|spatabends|spatabend|am spatabend|am spaten abend|am fruhen abend|fruhabend|am fruhabend", "night", "nachts|nacht|in der nacht"),
		glued: []gluedPart{{"fruhmorgen", "morning"}, {"spatabend", "evening"}, {"fruhabend", "evening"}, {"spatnachmittag", "afternoon"}, {"nachmittag", "afternoon"}, {"vormittag", "morning"}, {"abend", "evening"}, {"morgen", "morning"}, {"mittag", "noon"}, {"nacht", "night"}, {"fruh", "morning"}},
		in:    listed[bool](true, "in|innerhalb von|binnen"), ago: listed[bool](true, "vor"), fromNow: listed[bool](true, "ab jetzt|von jetzt an|spater"), agoAfter: phrases[bool]{},
		lengths: map[string]length{"minute": {"minute", 1}, "minuten": {"minute", 1}, "min": {"minute", 1}, "minutchen": {"minute", 1}, "stunde": {"minute", 60}, "stunden": {"minute", 60}, "std": {"minute", 60}, "stdn": {"minute", 60}, "stundchen": {"minute", 60}, "viertelstunde": {"minute", 15}, "dreiviertelstunde": {"minute", 45},
			"tag": {"day", 1}, "tg": {"day", 1}, "tage": {"day", 1}, "tagen": {"day", 1}, "woche": {"day", 7}, "wochen": {"day", 7}, "monat": {"month", 1}, "monate": {"month", 1}, "monaten": {"month", 1},
			"jahr": {"month", 12}, "jahre": {"month", 12}, "jahren": {"month", 12}},
		shares:     listed[float64](0.5, "einer halben|eine halbe|einem halben|einen halben|ein halbes|ner halben|halben", 2.0, "ein paar|zwei"),
		fillers:    setOf(", um am den der dem gegen ab in - vom zum bis ca von so fur ("),
		dayCues:    setOf("am zum den der dem bis vom ab"),
		monthLinks: setOf(","),
	}
}
