package slots

func spanishClock() clockWords {
	return clockWords{
		cues: listed[cue](exactly, "a las|a la|las|para las|para la|por las|a eso de las|a eso de la|tipo|alla por las", nearly, "sobre|hacia", weak, "digamos|creo que|mejor|a|para|la|el|al|de las|de la|como",
			until, "antes de las|antes de la|antes de|antes del|hasta las|hasta la|hasta|hasta el|no mas tarde de las|como muy tarde a las|como tarde a las|a mas tardar a las|a mas tardar",
			since, "despues de las|despues de la|despues de|despues del|desde las|desde la|desde|desde el|a partir de las|a partir de la|a partir de|a partir del|pasadas las|pasada la|no antes de las|no antes de|mas tarde de las|tras las|luego de las|de",
			between, "entre las|entre la|entre"),
		tails:       listed[cue](until, "o antes|como muy tarde|como maximo|a mas tardar", since, "pasadas|o mas tarde|o despues|en adelante|como pronto|como minimo"),
		about:       listed[bool](true, "y pico|sobre|hacia|alrededor de|cerca de|cerca del|a eso de|aproximadamente|aprox|mas o menos|como|como a|por ahi de|por ahi|o asi|en punto|exactamente|puntual|quizas|quiza|tal vez|mejor|casi"),
		clockSigns:  setOf("h hs hrs am pm a p horas"),
		hours:       listed[bool](true, "en punto|hs|hrs", false, "horas|hora|h"),
		noons:       listed[int](720, "mediodia|al mediodia|del mediodia|medio dia|el mediodia|al medio dia|las doce del mediodia|las 12 del mediodia|las doce de mediodia|las 12 de mediodia|doce del mediodia|12 del mediodia", 0, "medianoche|a medianoche|media noche|la medianoche|a la medianoche"),
		pastHalf:    listed[int](-15, "cuarto para las|cuarto para la|un cuarto para las|un cuarto para la|faltan quince para las|falta un cuarto para las"),
		pastPlain:   listed[int](30, "y media", 15, "y cuarto|y un cuarto", -15, "menos cuarto|menos un cuarto", 45, "y tres cuartos"),
		pastMinutes: listed[int](-1, "para las|para la|minutos para las|minutos para la"),
		plusMinutes: listed[int](1, "y|horas y|horas|con", -1, "menos"),
		upTo:        listed[bool](false, "a|a las|a la|hasta|hasta las|hasta la|-", true, "y|y las|y la"),
		either:      setOf("o u y"),
		firmParts: listed[string]("morning", "por la manana|de la manana|en la manana|de la madrugada|de la madruga", "afternoon", "por la tarde|de la tarde|en la tarde|a la tarde",
			"night", "por la noche|de la noche|en la noche|a la noche"),
		nights:    listed[bool](true, "esta noche"),
		ampm:      listed[string]("am", "am|a m", "pm", "pm|p m"),
		zoneWords: listed[bool](true, "hora local|mi hora", false, "hora de|hora del|zona horaria|huso horario|hora peninsular|hora insular|hora canaria|hora central|hora pacifico|su hora"),
		nowWords:  listed[bool](true, "ahora|ahora mismo|ahorita|ya mismo|inmediatamente"),
	}
}

func spanishDurations() durationWords {
	return durationWords{
		measures: unitsWith(spanishTimes().lengths, "segundo segundos seg s", map[string]length{"h": {"minute", 60}, "hs": {"minute", 60}, "m": {"minute", 1}, "d": {"day", 1}, "noche": {"day", 1}, "noches": {"day", 1}}),
		lasting:  setOf("durante dura duran por unos unas llevo tarda tardo tardan"),
		shareOf:  listed[float64](0.5, "media|medio", 0.25, "un cuarto de|cuarto de", 0.75, "tres cuartos de|3 cuartos de"),
		unitPart: listed[float64](0.5, "y media|y medio", 0.25, "y cuarto|y un cuarto", 0.75, "y tres cuartos"),
		wholes:   phrases[float64]{},
		joins:    setOf("y con"),
		limits:   listed[bool](true, "casi|al menos|como minimo|como maximo|hasta|mas de|menos de|por lo menos|maximo|minimo|o mas|o menos|a lo sumo|no mas de|a mas tardar|un maximo de|un minimo de"),
		inexact:  listed[bool](true, "un par de|unos pocos|unas pocas|unos cuantos|unas cuantas|algunos|algunas|varios|varias|pocos|pocas|muchos|muchas|par de|unos|unas"),
	}
}
