package smstext_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/engine/smstext"
)

func TestSegmentsOf(t *testing.T) {
	t.Parallel()
	x := strings.Repeat
	for name, tt := range map[string]struct {
		text string
		want smstext.Segments
	}{
		"nothing":              {"", smstext.Segments{}},
		"160":                  {x("a", 160), smstext.Segments{Count: 1}},
		"161":                  {x("a", 161), smstext.Segments{Count: 2}},
		"306":                  {x("a", 306), smstext.Segments{Count: 2}},
		"307":                  {x("a", 307), smstext.Segments{Count: 3}},
		"80 euros":             {x("€", 80), smstext.Segments{Count: 1}},
		"81 euros":             {x("€", 81), smstext.Segments{Count: 2}},
		"one at the edge":      {x("a", 152) + "€" + x("a", 10), smstext.Segments{Count: 2}},
		"pushed over":          {x("a", 152) + "€" + x("a", 152), smstext.Segments{Count: 3}},
		"umlauts":              {x("ä", 160), smstext.Segments{Count: 1}},
		"70 in Chinese":        {x("你", 70), smstext.Segments{Count: 1, Wide: true}},
		"71 in Chinese":        {x("你", 71), smstext.Segments{Count: 2, Wide: true}},
		"35 emoji":             {x("😀", 35), smstext.Segments{Count: 1, Wide: true}},
		"36 emoji":             {x("😀", 36), smstext.Segments{Count: 2, Wide: true}},
		"67 emoji":             {x("😀", 67), smstext.Segments{Count: 3, Wide: true}}, // 33 in a part
		"a typographer's mark": {x("a", 70) + "’", smstext.Segments{Count: 2, Wide: true}},
		"a small cedilla":      {"ç", smstext.Segments{Count: 1, Wide: true}},
		"a large one":          {"Ç", smstext.Segments{Count: 1}},
		"a backtick":           {"`", smstext.Segments{Count: 1, Wide: true}},
		"lines":                {"a\nb\r\nc", smstext.Segments{Count: 1}},
	} {
		if got := smstext.SegmentsOf(tt.text); got != tt.want {
			t.Errorf("%s: %+v, want %+v", name, got, tt.want)
		}
	}
}

func TestNarrow(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want, replaced string }{
		{"plain", "plain", ""},
		{"it’s “here” – now…", `it's "here" - now...`, "’“”–…"},
		{"ça va 你 😀", "ça va 你 😀", ""},
		{"a\u00a0b\tc", "a b c", "\u00a0\t"},
	} {
		got, replaced := smstext.Narrow(tt.text)
		if diff := cmp.Diff([]string{tt.want, tt.replaced}, []string{got, string(replaced)}); diff != "" {
			t.Errorf("%q: %s", tt.text, diff)
		}
	}
}

// TestSegmentsGrow: a longer text never costs less, and a narrow one never more than the same one wide.
func TestSegmentsGrow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.StringMatching(`[a-zA-Z €\[’你😀]{0,400}`).Draw(t, "a")
		b := rapid.StringMatching(`[a-z]{0,50}`).Draw(t, "b")
		if smstext.SegmentsOf(a+b).Count < smstext.SegmentsOf(a).Count {
			t.Fatal("a longer text costs less")
		}
	})
}
