package slots

func germanNumbers() numberWords {
	v := numberWords{
		decimal: ',', and: "und", pointWords: setOf("komma punkt"),
		units:        map[string]int{},
		articles:     setOf("ein eine einen einer einem eines"),
		scales:       map[string]float64{"hundert": 100, "tausend": 1000, "million": 1e6, "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9, "billion": 1e12, "billionen": 1e12, "billiarde": 1e15, "billiarden": 1e15, "trillion": 1e18, "trillionen": 1e18},
		suffixes:     map[string]float64{"mio": 1e6, "mill": 1e6, "mln": 1e6, "mrd": 1e9, "mia": 1e9, "tsd": 1e3},
		halves:       listed[float64](1.5, "anderthalb|anderthalbe|eineinhalb|einundeinhalb|einundeinehalbe", 1.25, "eineinviertel|einundeinviertel", 2.25, "zweieinviertel", 1.75, "eindreiviertel|einunddreiviertel", 2.75, "zweidreiviertel|zweiunddreiviertel"),
		andHalf:      listed[float64](0.5, "und ein halb|und eine halbe|und ein halbes|und einen halben|und ein halber|ein halb"),
		dozens:       listed[float64](12.0, "dutzend"),
		dozenWords:   map[string]float64{"dutzend": 12, "dtzd": 12},
		shareWords:   listed[float64](0.5, "halb|halbe|halber|halbes|halben|halbem|ein halb|eine halbe|ein halbes|ein halber|einen halben|einer halben|einem halben", 0.75, "dreiviertel"),
		denominators: map[string]int{"halbe": 2, "halb": 2},
		alone:        listed[float64](0.0, "keine|keinen|keiner|keines|keins", 1.0, "einmal", 2.0, "zweimal", 12.0, "dutzend"),
		percents:     listed[bool](true, "prozent|proz|v h|vom hundert"),
		ordinals:     phrases[int]{},
		ordinalUnits: map[string]int{},
		ordinalSigns: setOf("ter te ten tes ste sten ster stes"),
		sideWords: sideWords{
			sides: listed[side](
				seeThrough, "etwa|ungefahr|circa|ca|ca .|zirka|rund|um die|so um die|so|so etwa|so ca|die|der|das|den|dem|des|nur|genau|exakt|vielleicht|wohl|wahrscheinlich|ist|sind|war|waren|es|wir|alle|von|meine|unsere|diese|noch|weitere|insgesamt|also|auf|zu|mehr oder weniger",
				negating, "nicht|kein|keine|keinen|keiner|keinem|keines|nie|niemals|ohne|ausser|statt|anstatt|weder|noch nicht|bloss nicht|keinesfalls|nicht mal|alles ausser|alles aber|mit ausnahme von",
				comparing, "jeder|jede|jedes|jeden|jedem|allerhochstens|im hochstfall|doppel|geteilt durch|mindestens|hochstens|maximal|minimal|max|max .|min|min .|mind|mind .|hochst|hochst .|maxi|mini|mehr als|weniger als|grosser als|kleiner als|hoher als|niedriger als|uber|unter|bis zu|bis|ab|fast|beinahe|knapp|wenigstens|zumindest|nicht mehr als|nicht weniger als|gut|uber die|unterhalb von|oberhalb von|nahezu|mehr|weniger|ofter als",
				harmless, "nicht sicher|bin nicht sicher|bin mir nicht sicher|ich weiss nicht|weiss nicht|weiss ich nicht|nicht nur|kein problem|kein thema|keine ahnung|keine sorge|weiss nicht genau|ich weiss nicht genau",
				otherKind, "um|gegen|am|zum|vom|nach|vor|halb|viertel nach|viertel vor|dreiviertel",
				newClause, "aber|und|sondern|weil|denn|dann|also"),
			sidesAfter: listed[side](
				openEnded, "so viel|so viele|allerhochstens|weniger|und ein bisschen|und etwas|und ein wenig|zu wenig|und ein paar|und etwas|noch was|oder mehr|oder weniger|oder daruber|oder drunter|und mehr|und daruber|mindestens|hochstens|maximal|max|minimum|maximum|aufwarts|plus|mal so|mal mehr|wenn nicht mehr|und aufwarts",
				negating, "nicht|stimmt nicht|sind nicht|ist nicht|ist falsch|kein|keine|sind zu|ist zu",
				harmless, "mehr oder weniger|nicht mehr|kein problem|glaube ich nicht sicher|keine ahnung|nicht sicher|weiss nicht", newClause, "aber|sondern"),
			sidesTime:      listed[bool](true, "uhr|nach|vor|viertel nach|viertel vor|minuten nach|minuten vor|morgens|abends|nachmittags|vormittags|nachts"),
			betweenNumbers: listed[side](linking, "bis|bis zu", sharing, "von|aus|durch|mal|geteilt durch|plus|minus|x|hoch", newClause, "mit|und|und den", harmless, "oder"),
			vague:          setOf("paar einige mehrere viele etliche wenige zig oder"),
			powers:         setOf("fache facher fachen quadrat hunderte tausende"), afterOrdinal: setOf("letzte letzten letzter letztes"),
			streets:  setOf("strasse str weg platz allee gasse ring ufer damm chaussee promenade"),
			notTypos: setOf("siegen sieden hunderte tausende wollen zwanziger tausender hunderter einer eines viere sechser achter"),
			plurals:  setOf("millionen milliarden billionen"),
			codes:    setOf("endziffern karte endet plz postleitzahl telefon telefonnummer tel handy handynummer mobil mobilnummer rufnummer fax iban hausnummer"),
			eachOf:   setOf("je jeweils"), amountTails: setOf("insgesamt gesamt bar pro je maximal ungefahr etwa circa ca zusammen jeweils fur zu vom von glaub glaube denke hochstens ungefahr nur noch zuruck bezahlt gezahlt ausgegeben uberwiesen gekostet zahlen bezahlen ausgeben kosten bekommen erhalten abgebucht heute morgen jetzt wir sie"),
		},
	}
	counted(v.units, 0, "null eins/ein/eine/einen/einer/einem/eines zwei/zwo drei vier funf/fuenf sechs sieben acht neun zehn elf zwolf/zwoelf dreizehn vierzehn funfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn")
	for i, ten := range []string{"zwanzig", "dreissig", "vierzig", "funfzig/fuenfzig", "sechzig", "siebzig", "achtzig", "neunzig"} {
		counted(v.units, 20+10*i, ten)
	}
	for word, n := range v.units {
		if n >= 2 && n <= 12 {
			v.halves.add(float64(n)+0.5, word+"einhalb|"+word+"undeinhalb|"+word+"undeinehalbe")
		}
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
