package slots

func spanish() *vocabulary {
	v := &vocabulary{
		language: "es", decimal: ',', and: "y", pointWord: "coma",
		units:        map[string]int{},
		articles:     setOf("un una uno"),
		scales:       map[string]float64{"mil": 1000, "millon": 1e6, "millones": 1e6},
		andHalf:      listed[float64](0.5, "y medio|y media"),
		dozens:       listed[float64](12.0, "docena|docena de", 2.0, "par|par de"),
		ordinals:     phrases[int]{},
		ordinalSigns: setOf("º ª o a er ro do ra da"),
		days: listed[dayWord](dayWord{2, ""}, "pasado manana", dayWord{-2, ""}, "anteayer|antes de ayer|antier", dayWord{1, ""}, "manana", dayWord{0, ""}, "hoy", dayWord{-1, ""}, "ayer",
			dayWord{0, "morning"}, "esta manana", dayWord{0, "afternoon"}, "esta tarde", dayWord{0, "night"}, "esta noche", dayWord{-1, "night"}, "anoche", dayWord{1, "morning"}, "manana temprano"),
		weekdays:  weekdaysOf("domingo lunes martes miercoles jueves viernes sabado"),
		shortDays: weekdaysOf("dom lun mart mie jue vie sab"),
		before:    listed[int](1, "proximo|el proximo|siguiente", 0, "este", -1, "el pasado|pasado|ultimo"),
		after:     listed[int](1, "proximo|que viene|siguiente", -1, "pasado|ultimo"),
		spans: listed[span](span{"week", 1}, "la semana que viene|semana que viene|la proxima semana|proxima semana|la semana proxima|semana proxima", span{"week", 0}, "esta semana", span{"week", -1}, "la semana pasada|semana pasada",
			span{"month", 1}, "el mes que viene|mes que viene|el proximo mes|proximo mes", span{"month", 0}, "este mes", span{"month", -1}, "el mes pasado|mes pasado",
			span{"year", 1}, "el ano que viene|ano que viene|el proximo ano|proximo ano", span{"year", 0}, "este ano", span{"year", -1}, "el ano pasado|ano pasado",
			span{"weekend", 0}, "este fin de semana|el fin de semana|este finde|el finde", span{"weekend", 1}, "el proximo fin de semana|proximo fin de semana|fin de semana que viene|el fin de semana que viene", span{"weekend", -1}, "el fin de semana pasado|fin de semana pasado"),
		parts: listed[string]("morning", "por la manana|de la manana|en la manana|de la madrugada|temprano por la manana", "afternoon", "por la tarde|de la tarde|en la tarde|a la tarde|tarde",
			"night", "por la noche|de la noche|en la noche|a la noche|noche"),
		in: listed[bool](true, "en|dentro de|de aqui a"), ago: listed[bool](true, "hace"), fromNow: phrases[bool]{}, agoAfter: listed[bool](true, "atras"),
		lengths: map[string]length{"minuto": {"minute", 1}, "minutos": {"minute", 1}, "min": {"minute", 1}, "hora": {"minute", 60}, "horas": {"minute", 60}, "h": {"minute", 60},
			"dia": {"day", 1}, "dias": {"day", 1}, "semana": {"day", 7}, "semanas": {"day", 7}, "quincena": {"day", 15}, "mes": {"month", 1}, "meses": {"month", 1}, "ano": {"month", 12}, "anos": {"month", 12}},
		shares:      listed[float64](0.5, "media|medio", 0.25, "un cuarto de", 0.75, "tres cuartos de", 2.0, "un par de"),
		fillers:     setOf(", a las la el de del por sobre hacia en - para los al ("),
		dayCues:     setOf("el dia al del"),
		monthLinks:  setOf("de del , /"),
		clockCues:   listed[bool](true, "a las|a la|las|sobre las|hacia las|para las|antes de las|despues de las|desde las|hasta las|a eso de las|entre las|de las|por las|y las"),
		clockSigns:  setOf("h hs hrs am pm a p horas"),
		hours:       listed[bool](true, "horas|h|hs|hrs|en punto"),
		noons:       listed[int](720, "mediodia|al mediodia|del mediodia|medio dia", 0, "medianoche|a medianoche|media noche"),
		pastHalf:    phrases[int]{},
		pastPlain:   listed[int](30, "y media", 15, "y cuarto", -15, "menos cuarto"),
		pastMinutes: phrases[int]{},
		plusMinutes: listed[int](1, "y|horas", -1, "menos"),
	}
	ones := "uno/un/una dos tres cuatro cinco seis siete ocho nueve"
	counted(v.units, 0, "cero "+ones+" diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte veintiuno/veintiun/veintiuna veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve")
	for i, ten := range []string{"treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"} {
		counted(v.units, 30+10*i, ten)
	}
	for i, hundred := range []string{"cien/ciento", "doscientos/doscientas", "trescientos/trescientas", "cuatrocientos/cuatrocientas", "quinientos/quinientas", "seiscientos/seiscientas", "setecientos/setecientas", "ochocientos/ochocientas", "novecientos/novecientas"} {
		counted(v.units, 100+100*i, hundred)
	}
	for i, list := range []string{"primero|primera|primer", "segundo|segunda", "tercero|tercera|tercer", "cuarto|cuarta", "quinto|quinta", "sexto|sexta", "septimo|septima", "octavo|octava", "noveno|novena", "decimo|decima"} {
		v.ordinals.add(i+1, list)
	}
	return v
}
