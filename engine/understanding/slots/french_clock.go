package slots

func frenchClock() clockWords {
	return clockWords{
		cues: listed[cue](exactly, "a", weak, "disons|plutot|pour|de|et|l|les|la|le|sur|au|du",
			until, "avant|jusqu a|jusque|jusqu au|jusqu|au plus tard a|au plus tard|pas apres|plus tot que|d ici",
			since, "apres|des|depuis|a partir de|a compter de|au plus tot a|pas avant|plus tard que|passe|passees|passe les", between, "entre"),
		tails:       listed[cue](until, "ou avant|ou plus tot|au plus tard|maximum", since, "ou plus tard|ou apres|au plus tot|et apres|passees"),
		about:       listed[bool](true, "vers|vers les|environ|aux environs de|aux environs|aux alentours de|aux alentours|autour de|a peu pres|approximativement|sur les coups de|ou a peu pres|pile|precises|precise|exactement|peut etre|plutot|sonnantes|tapantes"),
		clockSigns:  setOf("h heure heures"),
		hours:       listed[bool](false, "heure|heures|h"),
		noons:       listed[int](720, "midi", 0, "minuit"),
		pastHalf:    phrases[int]{},
		pastPlain:   listed[int](30, "et demie|et demi", 15, "et quart|un quart|et un quart", 45, "trois quarts|et trois quarts", -15, "moins le quart|moins quart|moins un quart"),
		pastMinutes: phrases[int]{},
		plusMinutes: listed[int](1, "et", -1, "moins"),
		upTo:        listed[bool](false, "a|jusqu a|-", true, "et"),
		either:      setOf("ou et"),
		firmParts: listed[string]("morning", "du matin|du mat|le matin|au matin|dans la matinee", "afternoon", "de l apres midi|l apres midi|dans l apres midi", "evening", "du soir|le soir|au soir|dans la soiree",
			"night", "de la nuit|la nuit|dans la nuit"),
		nights:    listed[bool](true, "cette nuit"),
		ampm:      listed[string]("am", "am", "pm", "pm"),
		zoneWords: listed[bool](true, "heure locale|mon heure", false, "heure de|heure du|fuseau horaire|heure francaise|heure d|votre heure|temps universel"),
		nowWords:  listed[bool](true, "maintenant|tout de suite|immediatement|a l instant"),
	}
}

func frenchDurations() durationWords {
	return durationWords{
		measures: unitsWith(frenchTimes().lengths, "seconde secondes sec s", map[string]length{"m": {"minute", 1}, "j": {"day", 1}, "nuit": {"day", 1}, "nuits": {"day", 1}, "hrs": {"minute", 60}}),
		lasting:  setOf("pendant durant depuis dure durent prend pour environ total"),
		shareOf:  listed[float64](0.5, "une demi|demi|demie|une demie", 0.25, "un quart d|quart d", 0.75, "trois quarts d|3 quarts d"),
		unitPart: listed[float64](0.5, "et demi|et demie", 0.25, "et quart|et un quart", 0.75, "et trois quarts|trois quarts"),
		wholes:   phrases[float64]{},
		joins:    setOf("et"),
		limits:   listed[bool](true, "presque|quasiment|pres de|au moins|au plus|au maximum|au minimum|plus de|moins de|jusqu a|maximum|minimum|max|ou plus|ou moins|pas plus de"),
		inexact:  listed[bool](true, "quelques|plusieurs|une paire de|deux trois"),
	}
}
