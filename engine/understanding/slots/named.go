package slots

import (
	"unicode"
	"unicode/utf8"
)

// makes are names that a number is a part of: "Windows 11". Those that are also plain words
// are none.
var makes = setOf(`iphone ipad ipod ios macos macbook imac airpods android galaxy pixel redmi xiaomi huawei oneplus oppo nokia kindle
	windows playstation xbox nintendo fritzbox thinkpad geforce radeon ryzen rtx gtx usb hdmi bluetooth wifi
	covid corona sars formula formel boeing airbus fifa`)

// named says that a number is a part of a name: "iPhone 15", "eBook 4".
func (s *scan) named(i int) bool {
	if s.is(i-1, "-") && s.tight(i-1) && s.tight(i) {
		i--
	}
	if s.class(i-1) != word {
		return false
	}
	t := s.tokens[i-1]
	return makes[t.text] || humped(s.text[t.start:t.end])
}

// humped says that a capital stands behind a small letter.
func humped(w string) bool {
	small := false
	for len(w) > 0 {
		c, size := utf8.DecodeRuneInString(w)
		if small && unicode.IsUpper(c) {
			return true
		}
		small, w = unicode.IsLower(c), w[size:]
	}
	return false
}

// sayings are what has the word of a number, of a rank or of a coin in it and says none.
var sayings = map[string]phrases[Kind]{
	"en": listed[Kind](Number, "one moment|one second|one sec|thanks a million|million thanks|zero chance|4k tv|4k video|4k monitor|one mo|one instant|one tick",
		Ordinal, "at first|first of all|first off|first things first|first class|second class|first hand|second hand|first aid|first name|first sight|second thought|second thoughts|second nature|first come|first time|third party|third parties|third degree|sixth sense",
		Money, "my 2 cents|my two cents|a penny for your|a penny for my"),
	"de": listed[Kind](Number, "ein moment|einen moment|einen augenblick|ein augenblick|eine sekunde|ne sekunde|tausend dank|eins a|vier augen",
		Ordinal, "erste klasse|erster klasse|ersten klasse|zweite klasse|zweiter klasse|zweiten klasse|erste hilfe|erster hilfe|erster hand|zweiter hand|furs erste|zum ersten mal|das erste mal|ersten blick|erster linie|dritte partei|an erster stelle|zu allererst"),
	"es": listed[Kind](Number, "un momento|un momentito|un segundo|un segundito|un instante|mil disculpas|mil perdones",
		Ordinal, "primera clase|segunda clase|segunda mano|primera mano|primeros auxilios|primero que nada|primero que todo|en primer lugar|primera vez|primera vista|de segunda|de primera|sexto sentido"),
	"fr": listed[Kind](Number, "un moment|un instant|une seconde|mille excuses|mille pardons|mille fois|son 31",
		Ordinal, "premiere classe|deuxieme classe|seconde classe|seconde main|premiere main|premiers secours|premiers soins|premier abord|premier lieu|premiere fois|premiere vue|premier temps|sixieme sens|tout premier"),
}

// proverbial says that the tokens i … next stand in a saying.
func (s *scan) proverbial(kind Kind, i, next int) bool {
	list := sayings[s.v.language]
	for k := max(0, i-3); k <= i; k++ {
		if of, end, ok := list.at(s.tokens, k); ok && of == kind && end >= next {
			return !s.is(end-1, "class", "klasse", "clase", "classe") || s.ends(end) // "a first class seat" is one of the first class
		}
	}
	return false
}
