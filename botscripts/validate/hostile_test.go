package validate_test

import (
	"strings"
	"testing"
	"time"

	"parley/botscripts/validate"
)

// TestHostile: no text takes long.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"a ", "one ", "twenty ", "1 ", "1.", "in ", "ein", "a@", "12:", "vingt et ", "@", "half past "} {
		text := strings.Repeat(unit, 500)[:500]
		for _, kind := range []validate.Kind{validate.Number, validate.Integer, validate.Date, validate.Time, validate.Email, validate.Phone, validate.Money, validate.YesNo} {
			for _, language := range []string{"en", "de", "es", "fr"} {
				started := time.Now()
				validate.Parse(kind, text, validate.Options{Language: language, Region: "DE", Now: started})
				if d := time.Since(started); d > 2*time.Second {
					t.Errorf("%q as %s in %s took %s", unit, kind, language, d)
				}
			}
		}
	}
}
