package validate

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

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
