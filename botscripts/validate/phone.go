package validate

import (
	"strings"

	"github.com/nyaruka/phonenumbers"

	"parley/engine/understanding/slots"
)

// phone reads a telephone number: an international one, or a national one of
// the region.
func phone(text string, o Options) (any, Reason, bool) {
	return only(slots.Phone, text, o)
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
