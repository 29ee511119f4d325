package slots

import "strings"

func frenchNumbers() numberWords {
	v := numberWords{
		decimal: ',', and: "et", pointWords: setOf("virgule point"),
		units:        map[string]int{},
		articles:     setOf("un une"),
		scales:       map[string]float64{"cent": 100, "cents": 100, "mille": 1000, "million": 1e6, "millions": 1e6, "milliard": 1e9, "milliards": 1e9, "billion": 1e12, "billions": 1e12, "billiard": 1e15, "billiards": 1e15, "trillion": 1e18, "trillions": 1e18},
		suffixes:     map[string]float64{"mio": 1e6, "mrd": 1e9, "md": 1e9, "mds": 1e9},
		andHalf:      listed[float64](0.5, "et demi|et demie"),
		dozens:       listed[float64](12.0, "douzaine|douzaine de", 2.0, "paire|paire de", 10.0, "dizaine|dizaine de", 15.0, "quinzaine|quinzaine de", 20.0, "vingtaine|vingtaine de", 30.0, "trentaine|trentaine de", 40.0, "quarantaine|quarantaine de", 50.0, "cinquantaine|cinquantaine de", 100.0, "centaine|centaine de"),
		dozenWords:   map[string]float64{"douzaine": 12, "douzaines": 12, "dz": 12, "dizaine": 10, "dizaines": 10, "centaine": 100, "centaines": 100, "millier": 1000, "milliers": 1000},
		shareWords:   listed[float64](0.5, "demi|demie|un demi|une demi|une demie"),
		denominators: map[string]int{"tiers": 3, "quart": 4, "quarts": 4, "demis": 2, "dixiemes": 10, "centiemes": 100, "milliemes": 1000},
		alone:        listed[float64](0.0, "aucun|aucune", 1.0, "un seul|une seule|une fois", 2.0, "deux fois|une paire", 12.0, "douzaine"),
		percents:     listed[bool](true, "pour cent|pourcent|pourcents|pour cents"),
		ordinals:     phrases[int]{},
		ordinalUnits: map[string]int{"premier": 1, "premiere": 1, "premiers": 1, "premieres": 1, "second": 2, "seconde": 2, "unieme": 1, "tierce": 3, "centieme": 100, "millieme": 1000, "millionieme": 1e6, "vingtieme": 20, "trentieme": 30, "quarantieme": 40, "cinquantieme": 50, "soixantieme": 60, "septantieme": 70, "huitantieme": 80, "octantieme": 80, "nonantieme": 90, "dizieme": 10, "neufieme": 9, "cinqieme": 5},
		ordinalSigns: setOf("er ere re eme e ieme nd nde es emes iemes"),
		sideWords: sideWords{
			sides: listed[side](
				seeThrough, "environ|a peu pres|autour de|autour d|quelque|dans les|a environ|les|la|l|des|seulement|juste|exactement|peut etre|est|sont|c|ce|etait|sommes|de|d|mes|mon|nos|vos|encore|en tout|au total|on est|nous sommes|a|plus ou moins|en|que",
				negating, "pas|ne|n|jamais|sans|sauf|excepte|hormis|au lieu de|ni|non|aucun|aucune|tout sauf|pas de",
				comparing, "tout au plus|grand maximum|chaque|double|triple|divise par|plus de|moins de|plus que|moins que|plus d|moins d|au moins|au plus|au maximum|au minimum|max|max .|min|min .|maxi|mini|maximum|minimum|jusqu a|a partir de|presque|pres de|superieur a|inferieur a|pas plus de|pas moins de|au dessus de|en dessous de|un minimum de|un maximum de|tout au plus|minimum de|maximum de",
				harmless, "je ne sais pas|je sais pas|sais pas|pas sur|pas sure|je ne suis pas sur|je ne suis pas sure|pas de probleme|pas de souci|pas seulement|aucune idee|aucun probleme|sans probleme|sans doute",
				otherKind, "a la|vers|le|du",
				newClause, "mais|et|donc|car|alors|puis"),
			sidesAfter: listed[side](
				openEnded, "tout au plus|plus le|plus la|plus un|plus une|plus mon|plus ma|grand maximum|de moins|maxi|mini|au maximum|et un peu|et quelques|en moins|ou plus|ou moins|et plus|au moins|au plus|au maximum|au minimum|maximum|minimum|max|et demi de plus|fois plus|fois moins|et quelques|voire plus|ou davantage",
				negating, "est trop|c est trop|ce serait trop|ne|n est pas|ce n est pas|n est|c est pas|est pas|sont pas|ne sont|jamais",
				harmless, "plus ou moins|pas plus|je ne sais pas|pas de probleme|pas de souci|pas sur|pas sure|sans doute", newClause, "mais"),
			sidesTime:      listed[bool](true, "h|heures du matin|heures du soir|heures de l apres midi|heures pile|heures et|heures moins|du matin|du soir|heures precises"),
			betweenNumbers: listed[side](linking, "a|jusqu a|jusqu", sharing, "sur|de|des|divise par|fois|par|plus|moins|x", newClause, "avec|et", harmless, "ou"),
			vague:          setOf("quelques plusieurs beaucoup peu ou"),
			powers:         setOf("carre cube"), afterOrdinal: setOf("dernier derniere"),
			streets:  setOf("rue avenue boulevard bd place chemin route allee impasse quai bis appartement"),
			notTypos: setOf("douce douces milles mile millet quart quarts quarante seine seiner trempe centre onces vignt trente treize mulet millier milliers sixte huître quatrain"),
			plurals:  setOf("cents millions milliards billions"),
			codes:    setOf("finissant carte finit postal cp telephone tel portable mobile fax whatsapp iban"),
			eachOf:   setOf("chacun chacune piece"), amountTails: setOf("total tout par chacun chaque environ maximum especes liquide ou en au pour de seulement peut payes paye maintenant demain"),
		},
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
		if w, _, _ := strings.Cut(list, "|"); !strings.Contains(w, " ") && i+2 < 20 {
			v.ordinalUnits[w] = i + 2
		}
	}
	return v
}
