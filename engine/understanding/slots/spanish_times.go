package slots

func spanishTimes() timeWords {
	return timeWords{
		days: listed[dayWord](dayWord{2, ""}, "pasado manana", dayWord{-2, ""}, "anteayer|antes de ayer|antier", dayWord{1, ""}, "manana", dayWord{0, ""}, "hoy", dayWord{-1, ""}, "ayer",
			dayWord{0, "morning"}, "esta manana", dayWord{0, "afternoon"}, "esta tarde", dayWord{0, "night"}, "esta noche", dayWord{-1, "night"}, "anoche", dayWord{1, "morning"}, "manana temprano"),
		weekdays:  weekdaysOf("domingo lunes martes miercoles jueves viernes sabado"),
		shortDays: weekdaysOf("dom lun mart/mar mie/mier jue/juev vie/vier sab"),
		parts: listed[string]("morning", "por la manana|de la manana|en la manana|de la madrugada|temprano por la manana", "afternoon", "por la tarde|de la tarde|en la tarde|a la tarde|tarde",
			"night", "por la noche|de la noche|en la noche|a la noche|noche"),
		in: listed[bool](true, "en|dentro de|de aqui a"), ago: listed[bool](true, "hace"), fromNow: listed[bool](true, "a partir de ahora|desde ahora|a contar desde ahora|mas tarde"), agoAfter: listed[bool](true, "atras"),
		lengths: map[string]length{"minuto": {"minute", 1}, "minutos": {"minute", 1}, "min": {"minute", 1}, "mins": {"minute", 1}, "hr": {"minute", 60}, "hrs": {"minute", 60}, "hora": {"minute", 60}, "horas": {"minute", 60}, "h": {"minute", 60},
			"dia": {"day", 1}, "dias": {"day", 1}, "semana": {"day", 7}, "semanas": {"day", 7}, "quincena": {"day", 15}, "mes": {"month", 1}, "meses": {"month", 1}, "ano": {"month", 12}, "anos": {"month", 12}},
		shares:     listed[float64](0.5, "media|medio", 0.25, "un cuarto de", 0.75, "tres cuartos de", 2.0, "un par de"),
		fillers:    setOf(", a las la el de del por sobre hacia en - para los al ("),
		dayCues:    setOf("el dia al del"),
		monthLinks: setOf("de del , /"),
	}
}
