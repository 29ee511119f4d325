package slots

func germanClock() clockWords {
	return clockWords{
		cues: listed[cue](exactly, "um|auf|punkt|um punkt|schlag|gegen", weak, "sagen wir|sagen wir mal|denke|lieber|fur|zu|so|die|der|das|den|am|kurz",
			until, "vor|bis|bis um|bis gegen|spatestens|spatestens um|bis spatestens|nicht spater als|fruher als|nicht nach|kurz vor",
			since, "nach|ab|seit|von|fruhestens|fruhestens um|fruhestens ab|ab fruhestens|nicht vor|erst ab|erst um|erst nach|spater als|nicht fruher als|kurz nach", between, "zwischen"),
		tails:       listed[cue](until, "oder fruher|oder eher|spatestens", since, "oder spater|fruhestens|und spater|aufwarts"),
		about:       listed[bool](true, "ca|circa|zirka|etwa|ungefahr|rund|so|so um|so gegen|gegen|in etwa|oder so|schatzungsweise|annahernd|genau|punkt|punktlich|exakt|vielleicht|eventuell|wahrscheinlich|am besten|herum|rum|mehr oder weniger"),
		clockSigns:  setOf("h uhr am pm"),
		hours:       listed[bool](true, "uhr", false, "h"),
		noons:       listed[int](720, "mittag|mittags|mittagszeit|am mittag|zu mittag|zwolf uhr mittags|12 uhr mittags|12 mittags|zwolf mittags|zur mittagszeit", 0, "mitternacht|mitternachts|zur mitternacht|um mitternacht|zwolf uhr nachts mitternacht"),
		pastHalf:    listed[int](-30, "halb", 15, "viertel nach|ein viertel nach", -15, "viertel vor|dreiviertel|drei viertel|ein viertel vor", -45, "viertel", -35, "funf vor halb|5 vor halb", -25, "funf nach halb|5 nach halb"),
		pastPlain:   phrases[int]{},
		pastMinutes: listed[int](1, "nach|minuten nach|min nach", -1, "vor|minuten vor|min vor"),
		plusMinutes: listed[int](1, "uhr|uhr und"),
		upTo:        listed[bool](false, "bis|bis um|bis gegen|-", true, "und"),
		either:      setOf("oder und"),
		firmParts: listed[string]("morning", "morgens|fruh|frueh|vormittags|in der fruh|in der fruhe|am morgen|am vormittag|fruhmorgens|des morgens", "afternoon", "nachmittags|am nachmittag|des nachmittags",
			"evening", "abends|am abend|spatabends|des abends", "night", "nachts|in der nacht"),
		nights:    listed[bool](true, "heute nacht"),
		ampm:      listed[string]("pm", "pm"),
		zoneWords: listed[bool](true, "ortszeit|meiner zeit|meine zeit|lokaler zeit|lokalzeit", false, "ihrer zeit|eurer zeit|zeitzone|weltzeit|sommerzeit|winterzeit|normalzeit"),
		nowWords:  listed[bool](true, "jetzt|sofort|jetzt gleich|jetzt sofort"),
	}
}

func germanDurations() durationWords {
	return durationWords{
		measures: unitsWith(germanTimes().lengths, "sekunde sekunden sek s", map[string]length{"h": {"minute", 60}, "m": {"minute", 1}, "d": {"day", 1}, "j": {"month", 12}, "viertelstunden": {"minute", 15}, "nacht": {"day", 1}, "nachte": {"day", 1}, "nachten": {"day", 1}, "naechte": {"day", 1}}),
		lasting:  setOf("dauert dauern seit dauer lang fur insgesamt"),
		shareOf:  listed[float64](0.5, "eine halbe|einer halben|ne halbe|ner halben|halbe|halben|halbes|ein halbes|einen halben|halber", 0.25, "ein viertel", 0.75, "drei viertel|dreiviertel|eine dreiviertel"),
		unitPart: listed[float64](0.5, "und eine halbe|und ein halbes|und einen halben|und ne halbe", 0.25, "und eine viertel"),
		wholes:   listed[float64](15.0, "eine viertelstunde|einer viertelstunde|viertelstunde|ne viertelstunde", 45.0, "eine dreiviertelstunde|einer dreiviertelstunde|dreiviertelstunde|ne dreiviertelstunde", 30.0, "halbstunde"),
		joins:    setOf("und"),
		limits:   listed[bool](true, "fast|beinahe|knapp|nahezu|fruhestens|spatestens|mindestens|hochstens|maximal|bis zu|mehr als|weniger als|uber|unter|max|mind|minimal|oder mehr|oder weniger|oder langer|wenigstens|langstens|binnen|innerhalb von|nicht mehr als|nicht langer als"),
		inexact:  listed[bool](true, "ein paar|paar|einige|mehrere|wenige|viele|einigen|mehreren"),
	}
}
