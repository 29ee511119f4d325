package slots

func german() *vocabulary {
	v := &vocabulary{
		language: "de", decimal: ',', and: "und", pointWord: "komma",
		units:        map[string]int{},
		articles:     setOf("ein eine einen einer einem eines"),
		scales:       map[string]float64{"hundert": 100, "tausend": 1000, "million": 1e6, "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9},
		halves:       listed[float64](1.5, "anderthalb|eineinhalb", 2.5, "zweieinhalb", 3.5, "dreieinhalb", 4.5, "viereinhalb", 5.5, "funfeinhalb", 6.5, "sechseinhalb", 7.5, "siebeneinhalb", 8.5, "achteinhalb"),
		andHalf:      listed[float64](0.5, "und ein halb|und eine halbe"),
		dozens:       listed[float64](12.0, "dutzend"),
		ordinals:     phrases[int]{},
		ordinalSigns: setOf("ter te ten tes"),
		days: listed[dayWord](dayWord{2, ""}, "ubermorgen|uebermorgen", dayWord{-2, ""}, "vorgestern", dayWord{1, ""}, "morgen", dayWord{0, ""}, "heute|heut", dayWord{-1, ""}, "gestern",
			dayWord{0, "morning"}, "heute morgen|heute fruh|heute vormittag", dayWord{1, "morning"}, "morgen fruh|morgen frueh|morgen vormittag", dayWord{0, "night"}, "heute nacht", dayWord{-1, "night"}, "letzte nacht"),
		weekdays:  weekdaysOf("sonntag montag dienstag mittwoch donnerstag freitag samstag/sonnabend"),
		shortDays: weekdaysOf("so mo di mi do fr sa"),
		before: listed[int](1, "nachsten|nachster|nachste|nachstem|naechsten|kommenden|kommender|kommende|am kommenden|am nachsten", 0, "diesen|dieser|diese|diesem",
			-1, "letzten|letzter|letzte|letztem|vergangenen|vergangener|vorigen"),
		after: phrases[int]{},
		spans: listed[span](span{"week", 1}, "nachste woche|nachster woche|naechste woche|kommende woche|kommender woche|nachsten woche|kommenden woche", span{"week", 0}, "diese woche|dieser woche",
			span{"week", -1}, "letzte woche|letzter woche|vergangene woche|vorige woche", span{"week", 2}, "ubernachste woche|ubernachster woche",
			span{"month", 1}, "nachsten monat|nachster monat|kommenden monat|nachstem monat", span{"month", 0}, "diesen monat", span{"month", -1}, "letzten monat|vergangenen monat",
			span{"year", 1}, "nachstes jahr|nachsten jahr|kommendes jahr", span{"year", 0}, "dieses jahr", span{"year", -1}, "letztes jahr|vergangenes jahr",
			span{"weekend", 0}, "am wochenende|dieses wochenende|diesem wochenende|kommendes wochenende", span{"weekend", 1}, "nachstes wochenende|nachsten wochenende", span{"weekend", -1}, "letztes wochenende|letzten wochenende"),
		parts: listed[string]("morning", "morgens|fruh|frueh|vormittags|vormittag|in der fruh|am morgen|am vormittag|fruhmorgens|morgen fruh", "afternoon", "nachmittags|nachmittag|am nachmittag|mittags nachmittag",
			"evening", "abends|abend|am abend", "night", "nachts|nacht|in der nacht"),
		glued: []gluedPart{{"nachmittag", "afternoon"}, {"vormittag", "morning"}, {"abend", "evening"}, {"morgen", "morning"}, {"mittag", "noon"}, {"nacht", "night"}, {"fruh", "morning"}},
		in:    listed[bool](true, "in|innerhalb von|binnen"), ago: listed[bool](true, "vor"), fromNow: phrases[bool]{}, agoAfter: phrases[bool]{},
		lengths: map[string]length{"minute": {"minute", 1}, "minuten": {"minute", 1}, "min": {"minute", 1}, "stunde": {"minute", 60}, "stunden": {"minute", 60}, "std": {"minute", 60}, "viertelstunde": {"minute", 15}, "dreiviertelstunde": {"minute", 45},
			"tag": {"day", 1}, "tage": {"day", 1}, "tagen": {"day", 1}, "woche": {"day", 7}, "wochen": {"day", 7}, "monat": {"month", 1}, "monate": {"month", 1}, "monaten": {"month", 1},
			"jahr": {"month", 12}, "jahre": {"month", 12}, "jahren": {"month", 12}},
		shares:      listed[float64](0.5, "einer halben|eine halbe|ner halben|halben", 2.0, "ein paar|zwei"),
		fillers:     setOf(", um am den der dem gegen ab in - vom zum bis ca von so fur ("),
		dayCues:     setOf("am zum den der dem bis vom ab"),
		monthLinks:  setOf(","),
		clockCues:   listed[bool](true, "um|gegen|ab|bis|vor|nach|zwischen|so um|so gegen|von|um ca"),
		clockSigns:  setOf("h uhr am pm"),
		hours:       listed[bool](true, "uhr|h"),
		noons:       listed[int](720, "mittag|mittags|zwolf uhr mittags|12 uhr mittags", 0, "mitternacht"),
		pastHalf:    listed[int](-30, "halb", 15, "viertel nach", -15, "viertel vor|dreiviertel", -45, "viertel", -35, "funf vor halb|5 vor halb", -25, "funf nach halb|5 nach halb"),
		pastPlain:   phrases[int]{},
		pastMinutes: listed[int](1, "nach|minuten nach", -1, "vor|minuten vor"),
		plusMinutes: listed[int](1, "uhr"),
	}
	counted(v.units, 0, "null eins/ein/eine/einen/einer/einem/eines zwei/zwo drei vier funf/fuenf sechs sieben acht neun zehn elf zwolf/zwoelf dreizehn vierzehn funfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn")
	for i, ten := range []string{"zwanzig", "dreissig", "vierzig", "funfzig/fuenfzig", "sechzig", "siebzig", "achtzig", "neunzig"} {
		counted(v.units, 20+10*i, ten)
	}
	v.compound = func(w string) (int, bool) {
		if len(w) < 7 || len(w) > 60 {
			return 0, false
		}
		return germanNumber(w, v.units)
	}
	roots := []string{"erst", "zweit", "dritt", "viert", "funft", "sechst", "siebt", "acht", "neunt", "zehnt", "elft", "zwolft", "dreizehnt", "vierzehnt", "funfzehnt", "sechzehnt", "siebzehnt", "achtzehnt", "neunzehnt", "zwanzigst"}
	for _, one := range []string{"ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun"} {
		roots = append(roots, one+"undzwanzigst")
	}
	roots = append(roots, "dreissigst", "einunddreissigst")
	for i, root := range roots {
		for _, end := range []string{"e", "en", "er", "es", "em"} {
			v.ordinals.add(i+1, root+end)
		}
	}
	return v
}
