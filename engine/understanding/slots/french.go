package slots

func french() *vocabulary {
	v := &vocabulary{
		language: "fr", decimal: ',', and: "et", pointWord: "virgule",
		units:        map[string]int{},
		articles:     setOf("un une"),
		scales:       map[string]float64{"cent": 100, "cents": 100, "mille": 1000, "million": 1e6, "millions": 1e6, "milliard": 1e9, "milliards": 1e9},
		andHalf:      listed[float64](0.5, "et demi|et demie"),
		dozens:       listed[float64](12.0, "douzaine|douzaine de", 10.0, "dizaine|dizaine de", 15.0, "quinzaine|quinzaine de", 20.0, "vingtaine|vingtaine de"),
		ordinals:     phrases[int]{},
		ordinalSigns: setOf("er ere re eme e ieme nd nde"),
		days: listed[dayWord](dayWord{2, ""}, "apres demain|surlendemain", dayWord{-2, ""}, "avant hier", dayWord{1, ""}, "demain", dayWord{0, ""}, "aujourd hui|ajourd hui|aujourdhui", dayWord{-1, ""}, "hier",
			dayWord{0, "morning"}, "ce matin", dayWord{0, "afternoon"}, "cet apres midi|cette apres midi", dayWord{0, "evening"}, "ce soir", dayWord{0, "night"}, "cette nuit", dayWord{-1, "evening"}, "hier soir"),
		weekdays:  weekdaysOf("dimanche lundi mardi mercredi jeudi vendredi samedi"),
		shortDays: weekdaysOf("dim lun mar mer jeu ven sam"),
		before:    listed[int](1, "le prochain|prochain", 0, "ce", -1, "le dernier"),
		after:     listed[int](1, "prochain|qui vient", -1, "dernier|passe"),
		spans: listed[span](span{"week", 1}, "la semaine prochaine|semaine prochaine|la semaine qui vient", span{"week", 0}, "cette semaine", span{"week", -1}, "la semaine derniere|semaine derniere",
			span{"month", 1}, "le mois prochain|mois prochain", span{"month", 0}, "ce mois ci|ce mois", span{"month", -1}, "le mois dernier|mois dernier",
			span{"year", 1}, "l annee prochaine|l an prochain|an prochain|annee prochaine", span{"year", 0}, "cette annee", span{"year", -1}, "l annee derniere|l an dernier|an dernier|annee derniere",
			span{"weekend", 0}, "ce week end|ce weekend|le week end", span{"weekend", 1}, "le week end prochain|week end prochain|weekend prochain|le weekend prochain", span{"weekend", -1}, "le week end dernier|week end dernier"),
		parts: listed[string]("morning", "du matin|le matin|au matin|dans la matinee|matin|en matinee", "afternoon", "de l apres midi|l apres midi|dans l apres midi|apres midi|en apres midi",
			"evening", "du soir|le soir|au soir|dans la soiree|soir|en soiree", "night", "la nuit|de la nuit|dans la nuit"),
		in: listed[bool](true, "dans|d ici|sous"), ago: listed[bool](true, "il y a|y a"), fromNow: phrases[bool]{}, agoAfter: phrases[bool]{},
		lengths: map[string]length{"minute": {"minute", 1}, "minutes": {"minute", 1}, "min": {"minute", 1}, "mn": {"minute", 1}, "heure": {"minute", 60}, "heures": {"minute", 60}, "h": {"minute", 60},
			"jour": {"day", 1}, "jours": {"day", 1}, "semaine": {"day", 7}, "semaines": {"day", 7}, "quinzaine": {"day", 14}, "mois": {"month", 1}, "an": {"month", 12}, "ans": {"month", 12}, "annee": {"month", 12}, "annees": {"month", 12}},
		shares:      listed[float64](0.5, "une demi|demi", 0.25, "un quart d", 0.75, "trois quarts d"),
		fillers:     setOf(", a le la les de du au vers en - pour des l ("),
		dayCues:     setOf("le au du"),
		monthLinks:  setOf(","),
		clockCues:   listed[bool](true, "a|vers|avant|apres|des|jusqu a|pour|entre|de|et"),
		clockSigns:  setOf("h heure heures"),
		hours:       listed[bool](true, "heure|heures|h"),
		noons:       listed[int](720, "midi", 0, "minuit", 750, "midi et demi|midi et demie|midi trente", 735, "midi et quart", 705, "midi moins le quart", 30, "minuit et demi"),
		pastHalf:    phrases[int]{},
		pastPlain:   listed[int](30, "et demie|et demi", 15, "et quart|un quart", -15, "moins le quart|moins quart"),
		pastMinutes: phrases[int]{},
		plusMinutes: listed[int](1, "et", -1, "moins"),
	}
	ones := "un/une deux trois quatre cinq six sept huit neuf"
	counted(v.units, 0, "zero "+ones+" dix onze douze treize quatorze quinze seize")
	for i, ten := range []string{"vingt/vingts", "trente", "quarante", "cinquante", "soixante", "septante", "huitante/octante", "nonante"} {
		counted(v.units, 20+10*i, ten)
	}
	roots := []string{"deuxieme|seconde", "troisieme", "quatrieme", "cinquieme", "sixieme", "septieme", "huitieme", "neuvieme", "dixieme", "onzieme", "douzieme", "treizieme", "quatorzieme", "quinzieme", "seizieme", "dix septieme", "dix huitieme", "dix neuvieme", "vingtieme", "vingt et unieme"}
	v.ordinals.add(1, "premier|premiere")
	for i, list := range roots {
		v.ordinals.add(i+2, list)
	}
	return v
}
