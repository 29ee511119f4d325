package slots

func frenchTimes() timeWords {
	return timeWords{
		days: listed[dayWord](dayWord{2, ""}, "apres demain|surlendemain", dayWord{-2, ""}, "avant hier", dayWord{1, ""}, "demain", dayWord{0, ""}, "aujourd hui|ajourd hui|aujourdhui", dayWord{-1, ""}, "hier",
			dayWord{0, "morning"}, "ce matin", dayWord{0, "afternoon"}, "cet apres midi|cette apres midi", dayWord{0, "evening"}, "ce soir", dayWord{0, "night"}, "cette nuit", dayWord{-1, "evening"}, "hier soir"),
		weekdays:  weekdaysOf("dimanche lundi mardi mercredi jeudi vendredi samedi"),
		shortDays: weekdaysOf("dim lun mar mer jeu ven sam"),
		parts: listed[string]("morning", "du matin|du mat|le matin|au matin|dans la matinee|matin|en matinee", "afternoon", "de l apres midi|l apres midi|dans l apres midi|apres midi|en apres midi",
			"evening", "du soir|le soir|au soir|dans la soiree|soir|en soiree", "night", "la nuit|de la nuit|dans la nuit"),
		in: listed[bool](true, "dans|d ici|sous"), ago: listed[bool](true, "il y a|y a"), fromNow: listed[bool](true, "a partir de maintenant|plus tard"), agoAfter: phrases[bool]{},
		lengths: map[string]length{"minute": {"minute", 1}, "minutes": {"minute", 1}, "min": {"minute", 1}, "mn": {"minute", 1}, "heure": {"minute", 60}, "heures": {"minute", 60}, "h": {"minute", 60},
			"jour": {"day", 1}, "jours": {"day", 1}, "semaine": {"day", 7}, "semaines": {"day", 7}, "quinzaine": {"day", 14}, "mois": {"month", 1}, "an": {"month", 12}, "ans": {"month", 12}, "annee": {"month", 12}, "annees": {"month", 12}},
		shares:     listed[float64](0.5, "une demi|demi", 0.25, "un quart d", 0.75, "trois quarts d"),
		fillers:    setOf(", a le la les de du au vers en - pour des l ("),
		dayCues:    setOf("le au du"),
		monthLinks: setOf(","),
	}
}
