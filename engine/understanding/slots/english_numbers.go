package slots

import "strings"

func englishNumbers() numberWords {
	v := numberWords{
		decimal: '.', and: "and", pointWords: setOf("point dot"),
		units:        map[string]int{"a": 1, "an": 1},
		articles:     setOf("a an"),
		scales:       map[string]float64{"hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000, "million": 1e6, "millions": 1e6, "billion": 1e9, "billions": 1e9, "trillion": 1e12, "trillions": 1e12, "quadrillion": 1e15, "quadrillions": 1e15, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "crore": 1e7, "crores": 1e7, "cr": 1e7, "krore": 1e7, "krores": 1e7},
		suffixes:     map[string]float64{"mio": 1e6, "mill": 1e6, "mln": 1e6, "mn": 1e6, "bn": 1e9, "bln": 1e9, "tn": 1e12},
		andHalf:      listed[float64](0.5, "and a half|and half|and one half"),
		dozens:       listed[float64](12.0, "dozen", 2.0, "couple|couple of|pair|pair of"),
		dozenWords:   map[string]float64{"dozen": 12, "dozens": 12, "doz": 12, "dz": 12},
		shareWords:   listed[float64](0.5, "half|a half|one half"),
		denominators: map[string]int{"half": 2, "halves": 2, "quarter": 4, "quarters": 4},
		alone:        listed[float64](0.0, "none|naught|nought|nil", 1.0, "single|a single|just the one|once", 2.0, "twice|pair", 12.0, "dozen"),
		percents:     listed[bool](true, "percent|per cent|pct|pc"),
		ordinals:     phrases[int]{},
		ordinalUnits: map[string]int{"hundredth": 100, "thousandth": 1000, "millionth": 1e6, "nineth": 9, "eigth": 8, "twelth": 12, "twelveth": 12},
		ordinalSigns: setOf("st nd rd th"),
		sideWords: sideWords{
			sides: listed[side](
				seeThrough, "about|around|roughly|approximately|approx|approx .|circa|ca|some|the|a|an|only|just|exactly|precisely|maybe|perhaps|probably|like|say|is|are|was|were|be|s|it|all|of|my|our|your|these|those|another|an extra|even|total of|in total|to|more or less|give or take",
				negating, "any but|all but|everything but|not|don t|dont|isn t|isnt|aren t|arent|doesn t|doesnt|didn t|didnt|won t|wont|can t|cant|cannot|wasn t|wasnt|weren t|haven t|havent|hasn t|hadn t|wouldn t|never|no|without|except|except for|but not|other than|rather than|instead of|neither|nor|anything but|apart from|excluding",
				comparing, "more then|less then|greater then|bigger then|smaller then|fewer then|higher then|lower then|double|triple|treble|every|each|every other|out of|divided by|multiplied by|at the very least|at the very most|at the least|less than|more than|fewer than|greater than|higher than|lower than|bigger than|smaller than|larger than|at least|at most|at the most|over|under|above|below|beyond|exceeding|up to|max|max .|maximum|minimum|min|min .|no more than|no less than|not more than|not less than|a minimum of|a maximum of|minimum of|maximum of|starting at|starting from|upwards of|almost|nearly|close to|not quite|less|more|until|till|within",
				harmless, "not sure|i m not sure|don t know|i don t know|dont know|not only|no problem|not a problem|no worries|no idea|can t say exactly|not certain|don t mind|can t remember|don t remember",
				otherKind, "at|past|o clock|half past",
				newClause, "but|and|so|because|then|just need|only need|only want"),
			sidesAfter: listed[side](
				openEnded, "at the very most|at the very least|if that|less|fewer|short|and a bit|and some|and change|to the|something|odd|or more|or less|or fewer|or over|or under|or so less|and more|and up|and above|and over|and under|and below|or above|or below|at least|at most|at the most|at a minimum|at a maximum|max|maximum|minimum|tops|upwards|plus|times as|times more|times less|and counting|if not more|to the power",
				negating, "any but|all but|everything but|not|isn t|isnt|aren t|arent|don t|doesn t|is not|never|no longer|wasn t|is wrong|is too|are too|were not|is incorrect",
				harmless, "more or less|plus or minus|give or take|not sure|i don t know|no problem|not more|and not more|i m not sure|no more|don t know|no doubt", newClause, "but"),
			sidesTime:      listed[bool](true, "o clock|oclock|a m|p m|past|quarter past|quarter to|minutes past|minutes to|in the morning|in the afternoon|in the evening|at night"),
			betweenNumbers: listed[side](linking, "to|through|thru|up to|till|until", sharing, "of|out of|in every|divided by|times|multiplied by|by|over|plus|minus|x", newClause, "&|and", harmless, "or"),
			vague:          setOf("few several many some couple of or various"),
			powers:         setOf("squared cubed fold mil mils grand millionths"), afterOrdinal: setOf("last half thirds"),
			streets:  setOf("street st road rd avenue ave lane drive boulevard blvd court square crescent terrace highway hwy suite flat apt apartment"),
			notTypos: setOf("there these tree fiver fives forth fort hundredths thin tens tents sever event evens eights nines sixes trio treat thee where theres then than"),
			plurals:  setOf("hundreds thousands millions billions trillions lakhs crores"),
			codes:    setOf("ending card zip postcode postal zipcode phone telephone tel mobile cell fax whatsapp iban"),
			eachOf:   setOf("each apiece"), amountTails: setOf("total altogether each per a an cash maximum approx or roughly about all in for from of euros only left back off too tomorrow today now yesterday probably i he she they we per more less paid was were is month monthly year"),
		},
	}
	counted(v.units, 0, "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	counted(v.units, 0, "naught/nought/nil")
	first := []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"}
	for i, w := range append(first, "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth") {
		v.ordinals.add(i+1, w)
		v.ordinalUnits[w] = i + 1
	}
	for i, ten := range []string{"twenty", "thirty", "forty/fourty", "fifty", "sixty", "seventy", "eighty", "ninety"} {
		counted(v.units, 20+10*i, ten)
		for _, ten := range strings.Split(ten, "/") {
			for k, one := range strings.Fields("one two three four five six seven eight nine") { // "thirtyfive"
				v.units[ten+one] = 21 + 10*i + k
			}
			v.ordinalUnits[ten[:len(ten)-1]+"ieth"] = 20 + 10*i
			for k, w := range first {
				v.ordinalUnits[ten+w] = 21 + 10*i + k
				if i < 2 {
					v.ordinals.add(21+10*i+k, ten+" "+w)
				}
			}
		}
		if i < 2 {
			v.ordinals.add(20+10*i, ten[:len(ten)-1]+"ieth")
		}
	}
	return v
}
