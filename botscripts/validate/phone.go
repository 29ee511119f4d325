package validate

import (
	"regexp"
	"strings"
)

var dialled = regexp.MustCompile(`\+?\(?\d[\d ()./-]{3,28}\d`)

// phone reads a telephone number: an international one, or a national one of
// the region. It checks the country code and the length, not whether a number
// range is in use.
func phone(text string, o Options) (any, Reason, bool) {
	found := ""
	for _, run := range dialled.FindAllString(strings.ReplaceAll(text, "–", "-"), -1) {
		number := e164(run, o.region())
		switch {
		case number == "" || number == found:
		case found != "":
			return nil, Unclear, false
		default:
			found = number
		}
	}
	if found == "" {
		return nil, NotUnderstood, false
	}
	return found, "", true
}

// e164 is the number as the world dials it, "" when it is none.
func e164(written, region string) string {
	international := strings.HasPrefix(written, "+")
	if international {
		written = strings.Replace(written, "(0)", "", 1) // +49 (0) 421 …
	}
	digits := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, written)
	if rest, ok := strings.CutPrefix(digits, "00"); ok && !international {
		digits, international = rest, true
	}
	if international {
		for _, p := range plans() {
			if national, ok := strings.CutPrefix(digits, p.code); ok && p.fits(national) {
				return "+" + digits
			}
		}
		if known := countryCode(digits); known == "" || len(digits) < 8 || len(digits) > 15 {
			return ""
		} else if p := planOfCode(known); p != nil {
			return "" // a plan knows better
		}
		return "+" + digits
	}
	for _, p := range plans() {
		if p.region != region {
			continue
		}
		national := digits
		if p.trunk != "" {
			rest, ok := strings.CutPrefix(digits, p.trunk)
			switch {
			case ok && (p.trunk != "1" || len(digits) == 11):
				national = rest
			case p.strict:
				return "" // without its trunk prefix it is a local number
			}
		}
		if p.fits(national) {
			return "+" + p.code + national
		}
	}
	return ""
}

// plan is the numbering plan of a country, as far as its lengths tell.
type plan struct {
	region, code string
	trunk        string // dialled before national numbers
	strict       bool   // and never left out
	least, most  int    // digits of a national number without the trunk prefix
	first        string // what a national number may begin with; "" for anything
}

func (p plan) fits(national string) bool {
	return len(national) >= p.least && len(national) <= p.most && (p.first == "" || strings.Contains(p.first, national[:1]))
}

func plans() []plan {
	return []plan{
		{"US", "1", "1", false, 10, 10, "23456789"}, {"CA", "1", "1", false, 10, 10, "23456789"},
		{"DE", "49", "0", true, 5, 11, "123456789"}, {"AT", "43", "0", true, 4, 13, "123456789"}, {"CH", "41", "0", true, 9, 9, "123456789"},
		{"GB", "44", "0", true, 9, 10, "123456789"}, {"IE", "353", "0", true, 7, 9, "123456789"},
		{"FR", "33", "0", true, 9, 9, "123456789"}, {"BE", "32", "0", true, 8, 9, "123456789"}, {"NL", "31", "0", true, 9, 9, "123456789"},
		{"LU", "352", "", false, 5, 11, ""}, {"ES", "34", "", false, 9, 9, "6789"}, {"PT", "351", "", false, 9, 9, "2369"},
		{"IT", "39", "", false, 6, 11, "03"}, {"DK", "45", "", false, 8, 8, ""}, {"SE", "46", "0", true, 7, 9, "123456789"},
		{"NO", "47", "", false, 8, 8, ""}, {"FI", "358", "0", true, 5, 11, "123456789"}, {"PL", "48", "", false, 9, 9, ""},
		{"CZ", "420", "", false, 9, 9, ""}, {"MX", "52", "", false, 10, 10, ""}, {"AR", "54", "0", false, 10, 11, ""},
		{"CO", "57", "", false, 10, 10, ""}, {"CL", "56", "", false, 9, 9, ""}, {"PE", "51", "0", false, 8, 9, ""},
		{"BR", "55", "0", false, 10, 11, ""}, {"AU", "61", "0", true, 9, 9, ""}, {"NZ", "64", "0", true, 8, 10, ""},
		{"IN", "91", "0", false, 10, 10, ""}, {"JP", "81", "0", true, 9, 10, ""}, {"SG", "65", "", false, 8, 8, ""}, {"ZA", "27", "0", true, 9, 9, ""},
	}
}

func planOfCode(code string) *plan {
	for _, p := range plans() {
		if p.code == code {
			return &p
		}
	}
	return nil
}

// countryCode is the calling code that international digits begin with.
func countryCode(digits string) string {
	if digits == "" {
		return ""
	}
	two := "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 "
	switch {
	case digits[0] == '1' || digits[0] == '7':
		return digits[:1]
	case len(digits) >= 2 && strings.Contains(two, digits[:2]+" "):
		return digits[:2]
	case len(digits) >= 3 && strings.Contains("2 3 4 5 6 8 9", digits[:1]) && digits[:2] != "28" && digits[:2] != "83" && digits[:2] != "89" && digits[:3] != "999":
		return digits[:3]
	}
	return ""
}

// RegionOf is the country of a telephone number in E.164, "" when it is of no
// country that national numbers are read for.
func RegionOf(number string) string {
	digits, ok := strings.CutPrefix(number, "+")
	if !ok {
		return ""
	}
	if p := planOfCode(countryCode(digits)); p != nil {
		return p.region
	}
	return ""
}
