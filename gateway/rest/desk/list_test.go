package desk

import (
	"testing"

	"parley/engine"
)

// FuzzPlace reads any cursor of a page: what is taken comes out the same.
func FuzzPlace(f *testing.F) {
	for _, s := range []string{"", "mzlb0000x", "00000001", "zzzzzzzzzz", "-0000001x", "mzlb000001999999000070008000000000000001"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := parsePlace(s)
		if err != nil {
			if engine.CodeOf(err) != engine.Invalid {
				t.Errorf("%q: %v", s, err)
			}
			return
		}
		again, err := parsePlace(p.String())
		if err != nil || !again.at.Equal(p.at) || again.id != p.id && len(s) <= maxPlaceID+placeTime {
			t.Errorf("%q: got %+v, %v, want %+v", s, again, err, p)
		}
	})
}
