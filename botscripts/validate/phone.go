package validate

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

var dialled = regexp.MustCompile(`\+?\(?\d[\d ()./-]{3,28}\d`)

// phone reads a telephone number: an international one, or a national one of
// the region.
func phone(text string, o Options) (any, Reason, bool) {
	found := ""
	for _, run := range dialled.FindAllString(strings.ReplaceAll(text, "–", "-"), -1) {
		if rest, ok := strings.CutPrefix(run, "00"); ok {
			run = "+" + rest
		}
		region := o.region()
		if region == "" {
			region = "ZZ" // none: only numbers that begin with +
		}
		n, err := phonenumbers.Parse(run, region)
		if err != nil || !phonenumbers.IsValidNumber(n) {
			continue
		}
		e164 := phonenumbers.Format(n, phonenumbers.E164)
		if found != "" && found != e164 {
			return nil, Unclear, false
		}
		found = e164
	}
	if found == "" {
		return nil, NotUnderstood, false
	}
	return found, "", true
}

// RegionOf is the country of a telephone number in E.164, "" when it is none.
func RegionOf(number string) string {
	if !strings.HasPrefix(number, "+") {
		return ""
	}
	n, err := phonenumbers.Parse(number, "ZZ")
	if err != nil {
		return ""
	}
	region := phonenumbers.GetRegionCodeForNumber(n)
	if len(region) != 2 || region == "ZZ" {
		return ""
	}
	return region
}
