package slots

import "strings"

func germanDays() dayVocabulary {
	v := dayVocabulary{
		which: listed[which](nextOne, "na .|nachst .|nachst"), whichAfter: listed[which](afterNext, "nach dem nachsten|nach der nachsten|nach nachsten|nach dem kommenden|nach nachster", beforeLast, "vor dem letzten|vor der letzten"),
		grains:   listed[string]("week", "woche|wochen", "weekend", "wochenende|wochenendes|we", "month", "monat|monats|monates", "year", "jahr|jahres|jahrs", "quarter", "quartal|quartals|quartales"),
		dayLinks: setOf("der die das den dem des im am in an vom von zum , fur auf wahrend irgendwann"), lasts: phrases[int]{},
		counts:     listed[string]("day", "tag|tages|tags", "workday", "arbeitstag|werktag|geschaftstag|arbeitstages"),
		nextDay:    listed[int](1, "tag nach|tag danach|folgetag|tags nach", -1, "tag vor|tag davor|vorabend von|vortag von|vorabend|tags vor"),
		anchors:    listed[int](1, "nach|ab|seit|von", -1, "vor"),
		weekLater:  phrases[int]{},
		workdays:   listed[bool](false, "arbeitstag|arbeitstage|arbeitstagen|geschaftstag|geschaftstage|geschaftstagen|bankarbeitstage|bankarbeitstagen", true, "werktag|werktage|werktagen"),
		laterOn:    listed[int](1, "spater|danach|nachher|darauf", -1, "fruher|davor|vorher|zuvor"),
		roughly:    listed[bool](true, "etwa|ungefahr|circa|ca|zirka|rund|genau|gut|knapp|den"),
		weekOf:     listed[bool](true, "woche vom|woche ab|woche um den|woche von|woche des|woche um"),
		weekNumber: listed[bool](true, "kw|kalenderwoche|woche"),
		monthCues:  setOf("im in des fur wahrend monat"),
		yearCues:   listed[bool](true, "im jahr|im jahre|des jahres|jahr|in"),
		quarters:   listed[string]("quarter", "quartal"),
		from:       listed[bool](true, "von|vom|ab|ab dem|von dem|irgendwann von"), between: listed[bool](true, "zwischen|zwischen dem|irgendwann zwischen"),
		to: listed[bool](true, "bis|bis zum|bis zur|bis einschliesslich|bis inklusive|bis hin zum|bis zu|bis einschliesslich zum"), ands: setOf("und & -"),
		bounds: listed[bound](_until, "bis|bis zum|bis zur|bis einschliesslich|bis spatestens|spatestens|spatestens am|spatestens bis|bis spatestens zum|nicht spater als|langstens bis|hochstens bis", _before, "vor|noch vor|vor dem|bis vor|nicht nach",
			_since, "seit|seit dem", _from, "ab|ab dem|fruhestens|fruhestens am|fruhestens ab|erst ab|von jetzt an bis nach|beginnend am|beginnend mit|nicht vor|erst|erst am", _after, "nach|nach dem|erst nach"),
		boundsAfter: listed[bound](_from, "oder spater|oder danach|an|aufwarts|fruhestens|und danach|und spater|oder nachher", _until, "oder fruher|oder davor|oder eher|spatestens|und davor|oder vorher"),
		rests:       listed[int](1, "die nachsten|den nachsten|der nachsten|nachsten|die kommenden|den kommenden|kommenden|nachste|die folgenden", -1, "die letzten|den letzten|der letzten|letzten|die vergangenen|den vergangenen|vergangenen"),
		within:      listed[bool](true, "innerhalb von|innerhalb der nachsten|innerhalb|binnen|in den nachsten|in den kommenden|in weniger als|in maximal|in hochstens|wahrend der nachsten|in spatestens|fur die nachsten"),
		every:       setOf("irgendein irgendeinen irgendeinem irgendwelche jeden jeder jedes jedem jede alle immer jeweils montags dienstags mittwochs donnerstags freitags samstags sonntags sonnabends"),
		except:      listed[bool](true, "ausser|ausser am|bis auf|ausgenommen|mit ausnahme von|abgesehen von|statt|anstatt|anstelle von|mit ausnahme des"),
		copulas:     setOf("ist ware wird sind bin klingt"),
		suits:       setOf("gut ok okay super fein perfekt recht lieber besser ideal optimal moglich machbar frei prima toll passend schon richtig besten beste da zuhause hier um am verfugbar super bestens klasse ausreichend"),
		busy:        setOf("arbeiten schlecht fallt entfallt weg beschaftigt verhindert verreist arbeite krank unmoglich ausgebucht schwierig unpassend verplant ausgeschlossen"),
		edges:       setOf("ende anfang mitte beginn ausgang halfte"),
		seasons:     setOf("fruhling fruhjahr sommer herbst winter"),
		left:        setOf("ferien feiertage feiertagen andere anderen anderer nachste nachsten nachster nachstes letzte letzten letzter letztes woche wochen monat jahr tage tagen wochenende drauf danach davor"),
	}
	ends := "e en er es em"
	inflected(v.which, nextOne, ends, "nachst", "naechst", "folgend", "darauffolgend")
	inflected(v.which, comingOne, ends, "kommend", "diesen kommend")
	inflected(v.which, thisOne, ends, "dies", "laufend", "aktuell", "jetzig")
	inflected(v.which, lastOne, ends, "letzt", "vergangen", "vorig")
	inflected(v.which, afterNext, ends, "ubernachst", "uebernachst", "uebernaechst", "ubernaechst")
	inflected(v.which, beforeLast, ends, "vorletzt", "vorvorig")
	for _, end := range strings.Fields(ends) {
		for n, stem := range []string{"letzt", "vorletzt", "drittletzt", "viertletzt", "funftletzt", "sechstletzt"} {
			v.lasts.add(-n-1, stem+end)
		}
	}
	return v
}
