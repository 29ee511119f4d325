package slots

// common are the holidays that have the same day everywhere.
const (
	christmas  = "* 12-25"
	stStephen  = "* 12-26"
	newYear    = "* 01-01"
	easterDay  = "* easter"
	maundy     = "* easter-3"
	goodFriday = "* easter-2"
	ascension  = "* easter+39"
	pentecost  = "* easter+49"
	allSaints  = "* 11-01"
	mayDay     = "* 05-01"
	labourDay  = "US,CA 1 mon 9; * 05-01"
	thanks     = "US 4 thu 11; CA 2 mon 10"
	mothersDay = "GB,IE easter-21; ES 1 sun 5; MX 05-10; AR 3 sun 10; FR -1 sun 5; US,CA,AU,NZ,DE,AT,CH,BE,CO,CL,PE,IT,NL 2 sun 5"
	fathersDay = "DE easter+39; AT 2 sun 6; BE 2 sun 6; AU,NZ 1 sun 9; ES 03-19; CH 1 sun 6; US,GB,CA,IE,FR,MX,AR,CO,CL,PE,NL 3 sun 6"
	national   = "FR 07-14; BE 07-21; CH 08-01; AT 10-26; DE 10-03; LU 06-23; ES 10-12; US 07-04"
	freedom    = "US 07-04; MX 09-16; AR 07-09; CO 07-20; PE 07-28; CL 09-18"
)

// feastList makes holidays of "rules names" pairs.
func feastList(pairs ...string) phrases[feast] {
	out := phrases[feast]{}
	for i := 0; i < len(pairs); i += 2 {
		out.add(feast{pairs[i]}, pairs[i+1])
	}
	return out
}

func feastsOf(language string) phrases[feast] {
	switch language {
	case "de":
		return feastList(
			christmas, "weihnachten|weihnachtstag|erster weihnachtstag|ersten weihnachtstag|erster weihnachtsfeiertag|ersten weihnachtsfeiertag|1 weihnachtstag|1 weihnachtsfeiertag",
			"* 12-24", "heiligabend|heilig abend|heiliger abend|heiligen abend|weihnachtsabend", stStephen, "zweiter weihnachtstag|zweiten weihnachtstag|zweiter weihnachtsfeiertag|zweiten weihnachtsfeiertag|2 weihnachtstag|2 weihnachtsfeiertag|stephanstag|stefanitag",
			"* 12-31", "silvester|sylvester|silvesterabend", newYear, "neujahr|neujahrstag", "* 01-06", "heilige drei konige|heiligen drei konige|heilige drei koenige|dreikonigstag|dreikonig",
			easterDay, "ostern|ostersonntag", "* easter+1", "ostermontag", goodFriday, "karfreitag", "* easter-1", "karsamstag|ostersamstag", maundy, "grundonnerstag|gruendonnerstag", "* easter-7", "palmsonntag",
			"* easter-46", "aschermittwoch", "* easter-48", "rosenmontag", "* easter-52", "weiberfastnacht|altweiber", "* easter-47", "faschingsdienstag|fastnachtsdienstag|veilchendienstag",
			ascension, "christi himmelfahrt|himmelfahrt|himmelfahrtstag|auffahrt", pentecost, "pfingsten|pfingstsonntag", "* easter+50", "pfingstmontag", "* easter+60", "fronleichnam",
			mayDay, "tag der arbeit|maifeiertag", "* 10-03", "tag der deutschen einheit|einheitstag", "* 10-31", "reformationstag|halloween", allSaints, "allerheiligen", "* 11-02", "allerseelen",
			"* 11-11", "martinstag|sankt martin|st martin", "* wed<11-23", "buss und bettag", "* sun<11-27", "totensonntag|ewigkeitssonntag", "* sun<12-04", "erster advent|ersten advent|1 advent", "* sun<12-11", "zweiter advent|zweiten advent|2 advent",
			"* sun<12-18", "dritter advent|dritten advent|3 advent", "* sun<12-25", "vierter advent|vierten advent|4 advent", "* 12-06", "nikolaus|nikolaustag", "* 08-15", "maria himmelfahrt", "* 12-08", "maria empfangnis", "* 08-08", "friedensfest|augsburger friedensfest",
			mothersDay, "muttertag", fathersDay, "vatertag", "* 02-14", "valentinstag", national, "nationalfeiertag", "* 08-01", "bundesfeiertag", "* 03-08", "frauentag|weltfrauentag", "* 09-20", "weltkindertag", "US 4 thu 11; * 4 thu 11", "thanksgiving", "* 4 thu 11 +1", "black friday", "* 4 thu 11 +4", "cyber monday")
	case "es":
		return feastList(
			christmas, "navidad|dia de navidad|navidades", "* 12-24", "nochebuena|noche buena", stStephen, "san esteban", "* 12-31", "nochevieja|noche vieja|fin de ano|ano viejo", newYear, "ano nuevo|dia de ano nuevo", "* 01-06", "reyes|dia de reyes|reyes magos|dia de los reyes magos|dia de los reyes|epifania",
			easterDay, "domingo de resurreccion|domingo de pascua|pascua|domingo santo", "* easter+1", "lunes de pascua", goodFriday, "viernes santo", maundy, "jueves santo", "* easter-1", "sabado santo|sabado de gloria", "* easter-7", "domingo de ramos", "* easter-46", "miercoles de ceniza", "* easter-47", "martes de carnaval",
			"* easter+60", "corpus christi", pentecost, "pentecostes", "* easter+39", "dia de la ascension", mayDay, "dia del trabajo|dia del trabajador|dia de los trabajadores|dia internacional de los trabajadores|dia internacional del trabajo|dia internacional del trabajador|fiesta del trabajo",
			"* 10-12", "dia de la hispanidad|fiesta nacional|dia de la raza|dia del pilar", allSaints, "dia de todos los santos|todos los santos", "* 11-02", "dia de los muertos|dia de muertos|dia de los difuntos|dia de difuntos", "ES 12-06; MX 02-05", "dia de la constitucion",
			"* 12-08", "inmaculada|inmaculada concepcion|dia de la inmaculada", "* 08-15", "asuncion|dia de la asuncion", "* 02-14", "san valentin|dia de san valentin|dia de los enamorados", "* 03-19", "san jose|dia de san jose", "* 06-24", "san juan|dia de san juan", "* 03-17", "san patricio|dia de san patricio",
			"* 04-22", "dia de la tierra", "* 04-23", "san jorge|sant jordi|dia del libro", mothersDay, "dia de la madre|dia de las madres", fathersDay, "dia del padre", freedom, "dia de la independencia", "* 03-08", "dia de la mujer", "* 12-28", "santos inocentes|dia de los inocentes|dia de los santos inocentes",
			thanks+"; * 4 thu 11", "accion de gracias|dia de accion de gracias", "* 10-31", "halloween", "* 4 thu 11 +1", "black friday|viernes negro", "* 4 thu 11 +4", "cyber monday")
	case "fr":
		return feastList(
			christmas, "noel|jour de noel", "* 12-24", "veille de noel|reveillon de noel", stStephen, "saint etienne", "* 12-31", "saint sylvestre|st sylvestre|reveillon du nouvel an|reveillon du jour de l an|veille du nouvel an", newYear, "nouvel an|jour de l an|premier de l an", "* 01-06", "epiphanie|jour des rois|fete des rois", "* 02-02", "chandeleur",
			"* 02-14", "saint valentin|st valentin", easterDay, "paques|dimanche de paques", "* easter+1", "lundi de paques", goodFriday, "vendredi saint", maundy, "jeudi saint", "* easter-1", "samedi saint", "* easter-7", "rameaux|dimanche des rameaux", "* easter-46", "mercredi des cendres", "* easter-47", "mardi gras",
			ascension, "ascension|jeudi de l ascension", pentecost, "pentecote|dimanche de pentecote|dimanche de la pentecote", "* easter+50", "lundi de pentecote|lundi de la pentecote", "* easter+60", "fete dieu", "CA 1 mon 9; * 05-01", "fete du travail|fete des travailleurs", "* 05-08", "fete de la victoire|victoire 1945|victoire de 1945",
			national, "fete nationale", "* 07-14", "prise de la bastille", "* 08-15", "assomption", allSaints, "toussaint", "* 11-11", "armistice|jour de l armistice", "* 12-06", "saint nicolas|st nicolas", "FR -1 sun 5; * 2 sun 5", "fete des meres", fathersDay, "fete des peres", "* 06-21", "fete de la musique", "* 10-31", "halloween",
			"* 03-17", "saint patrick", "* 06-24", "saint jean|st jean", "* 07-01", "fete du canada", "CA 2 mon 10; US 4 thu 11", "action de grace|action de graces", "* 04-01", "poisson d avril", "* 4 thu 11 +1", "black friday|vendredi noir", "* 4 thu 11 +4", "cyber monday", "* 03-08", "journee de la femme|journee des femmes")
	}
	return feastList(
		christmas, "christmas|christmas day|xmas|xmas day|x mas", "* 12-24", "christmas eve|xmas eve", stStephen, "boxing day|st stephen s day", newYear, "new year|new years|new year s|new years day|new year s day|new year day", "* 12-31", "new years eve|new year s eve|new year eve|nye",
		easterDay, "easter|easter sunday|easter day", "* easter+1", "easter monday", goodFriday, "good friday", "* easter-1", "holy saturday|easter saturday", maundy, "maundy thursday|holy thursday", "* easter-7", "palm sunday", "* easter-46", "ash wednesday", "* easter-47", "shrove tuesday|pancake day|mardi gras|fat tuesday",
		ascension, "ascension|ascension day", pentecost, "pentecost|whit sunday|whitsunday|whitsun", "* easter+50", "whit monday|pentecost monday", "* easter+60", "corpus christi", "* easter+56", "trinity sunday", "* 10-31", "halloween|hallowe en", allSaints, "all saints|all saints day|all saint s day|all hallows", "* 11-02", "all souls|all souls day|all soul s day",
		"* 02-14", "valentine s day|valentines day|valentines|valentine s|valentine day|st valentine s day", "* 03-17", "st patrick s day|st patricks day|saint patrick s day|st paddy s day|st paddys day", freedom, "independence day", thanks, "thanksgiving|thanksgiving day", "* 4 thu 11 +1", "black friday", "* 4 thu 11 +4", "cyber monday",
		labourDay, "labour day|labors day|labours day|international workers day|workers day", "US,CA 1 mon 9; * 1 mon 9", "labor day", "GB 1 mon 5; * 05-01", "may day", "* -1 mon 5", "memorial day", "* 11-11", "veterans day|veteran s day|remembrance day|armistice day", "* 3 mon 1", "martin luther king day|mlk day|martin luther king jr day",
		"* 3 mon 2", "presidents day|president s day", "* 2 mon 10", "columbus day|indigenous peoples day", "* 07-01", "canada day", "* mon<05-25", "victoria day", "* 04-25", "anzac day", "* 01-26", "australia day", "* 11-05", "guy fawkes|guy fawkes night|guy fawkes day|bonfire night", mothersDay, "mothers day|mother s day|mothering sunday", fathersDay, "fathers day|father s day",
		"* 02-02", "groundhog day", "* 04-22", "earth day", "* 04-01", "april fools day|april fools|april fool s day|april fool s", "* 01-06", "epiphany", "* 12-06", "st nicholas day", "* 06-19", "juneteenth", "* 03-08", "womens day|women s day|international women s day", "* 07-14", "bastille day", "* 04-23", "st george s day|st georges day", "* 11-30", "st andrew s day|st andrews day", "* 01-25", "burns night")
}
