package twilio

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestQuickFormsAgree holds the checks without a regular expression against one.
func TestQuickFormsAgree(t *testing.T) {
	t.Parallel()
	date := regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	media := regexp.MustCompile(`^Media(?:Url|ContentType)[0-9]$`)
	parts := rapid.SampledFrom(append(strings.Split("2010 - 04 01 1 +1 555 MediaUrl MediaContentType 0 x From To MessageSid NumMedia Channel sms: é", " "), structuralNames()...))
	rapid.Check(t, func(t *rapid.T) {
		v := strings.Join(rapid.SliceOfN(parts, 0, 6).Draw(t, "parts"), "")
		found := false
		for _, name := range structural() {
			found = found || strings.Contains(v, name)
		}
		for what, got := range map[string][2]bool{
			"isDate":    {isDate(v), date.MatchString(v)},
			"isMedia":   {isMedia(v), media.MatchString(v)},
			"isAddress": {isAddress(v), addressForm.MatchString(v)},
			"swallows":  {swallows(v), swallowed.MatchString(v)},
			"holds":     {holds(v), found},
		} {
			if got[0] != got[1] {
				t.Errorf("%s(%q) is %v", what, v, got[0])
			}
		}
	})
}

func structuralNames() []string {
	names := structural()
	return names[:]
}
