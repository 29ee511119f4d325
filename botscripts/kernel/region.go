package kernel

import (
	"strings"

	"parley/botscripts/validate"
)

// Region is where a telephone number without a country code is from: where the
// consumer or the channel has its own number, else the conversation's language
// or the brand's time zone says.
func (r *Run) Region() string {
	if region := validate.RegionOf(r.Start.Consumer.Address); region != "" {
		return region
	}
	if region := validate.RegionOf(r.Turn.Channel.Address); region != "" {
		return region
	}
	if _, tag, ok := strings.Cut(r.Start.Language, "-"); ok && len(tag) == 2 {
		return strings.ToUpper(tag)
	}
	return zoneRegion(r.Start.Zone)
}

// zoneRegion is the country of a time zone that is one country's alone.
func zoneRegion(zone string) string {
	place, city, _ := strings.Cut(zone, "/")
	regions := map[string]string{
		"Europe/Berlin": "DE", "Europe/Vienna": "AT", "Europe/Zurich": "CH", "Europe/Paris": "FR", "Europe/Madrid": "ES", "Europe/London": "GB",
		"Europe/Dublin": "IE", "Europe/Amsterdam": "NL", "Europe/Brussels": "BE", "Europe/Luxembourg": "LU", "Europe/Rome": "IT", "Europe/Lisbon": "PT",
		"Europe/Copenhagen": "DK", "Europe/Stockholm": "SE", "Europe/Oslo": "NO", "Europe/Helsinki": "FI", "Europe/Warsaw": "PL", "Europe/Prague": "CZ",
		"America/New_York": "US", "America/Chicago": "US", "America/Denver": "US", "America/Los_Angeles": "US", "America/Phoenix": "US",
		"America/Toronto": "CA", "America/Vancouver": "CA", "America/Mexico_City": "MX", "America/Bogota": "CO", "America/Santiago": "CL",
		"America/Lima": "PE", "America/Sao_Paulo": "BR", "America/Buenos_Aires": "AR", "America/Argentina/Buenos_Aires": "AR",
		"Asia/Kolkata": "IN", "Asia/Tokyo": "JP", "Asia/Singapore": "SG", "Africa/Johannesburg": "ZA", "Pacific/Auckland": "NZ",
	}
	if place == "Australia" && city != "" {
		return "AU"
	}
	return regions[zone]
}
