package validate_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"parley/botscripts/validate"
)

// Every line of testdata/<language>.txt is "kind option=value … | text | value or !reason".
// It is Sunday, 22 November 2026, 10 o'clock in Berlin.
func TestParse(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) != 4 {
		t.Fatalf("%v %v", paths, err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		language, cases := strings.TrimSuffix(filepath.Base(path), ".txt"), 0
		for n, line := range strings.Split(string(raw), "\n") {
			if line == "" || line[0] == '#' {
				continue
			}
			cases++
			t.Run(fmt.Sprintf("%s:%d", language, n+1), func(t *testing.T) {
				t.Parallel()
				check(t, language, line)
			})
		}
		if cases < 40 {
			t.Errorf("%s has %d cases, want 40 or more", path, cases)
		}
	}
}

func berlin(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func check(t *testing.T, language, line string) {
	parts := strings.Split(line, " | ")
	if len(parts) != 3 {
		t.Fatalf("%q is no case", line)
	}
	head := strings.Fields(parts[0])
	o := validate.Options{Language: language, Zone: berlin(t), Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	for _, option := range head[1:] {
		name, value, _ := strings.Cut(option, "=")
		bound := func() *float64 {
			f, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatal(err)
			}
			return &f
		}
		switch name {
		case "min":
			o.Min = bound()
		case "max":
			o.Max = bound()
		case "from":
			o.From = value
		case "until":
			o.Until = value
		case "region":
			o.Region = value
		case "currency":
			o.Currency = value
		case "language":
			o.Language = value
		default:
			t.Fatalf("%q is no option", name)
		}
	}
	value, reason, ok := validate.Parse(validate.Kind(head[0]), parts[1], o)
	got := "!" + string(reason)
	if ok {
		raw, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		got = strings.Trim(string(raw), `"`)
	}
	if got != parts[2] {
		t.Errorf("%s: got %s", line, got)
	}
}

// TestDaylight: tomorrow is a day ahead where the consumer is, not in UTC.
func TestDaylight(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC) // already Monday in Berlin
	o := validate.Options{Language: "de", Zone: berlin(t), Now: late}
	if v, _, _ := validate.Parse(validate.Date, "morgen", o); v != "2026-11-24" {
		t.Errorf("got %v", v)
	}
	if v, _, _ := validate.Parse(validate.Date, "heute", validate.Options{Language: "de", Now: late}); v != "2026-11-22" {
		t.Errorf("without a zone: got %v", v)
	}
}

func TestRegionOf(t *testing.T) {
	t.Parallel()
	for number, want := range map[string]string{
		"+4942112345": "DE", "+441312345678": "GB", "+12125550123": "US", "+34612345678": "ES", "+352271234": "LU", "visitor": "", "": "", "+": "", "+999": "",
	} {
		if got := validate.RegionOf(number); got != want {
			t.Errorf("RegionOf(%q) = %q, want %q", number, got, want)
		}
	}
}

// FuzzParse: no text panics, and a value read from a text is read again from
// its own form.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"5", "-1.234,5", "24.12.", "halb sechs", "12€50", "kim@example.com", "+49 421 12345", "the 31st", "vingt et un", "\xff", "29 feb"} {
		f.Add(seed, uint8(0))
		f.Add(seed, uint8(9))
	}
	kinds := []validate.Kind{validate.Number, validate.Integer, validate.Date, validate.Time, validate.Email, validate.Phone, validate.Money, validate.YesNo}
	languages := []string{"en", "de", "es", "fr", ""}
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string, pick uint8) {
		kind := kinds[int(pick)%len(kinds)]
		o := validate.Options{Language: languages[int(pick/8)%len(languages)], Now: now, Region: "DE"}
		value, reason, ok := validate.Parse(kind, text, o)
		if ok != (reason == "") || ok != (value != nil) {
			t.Fatalf("%v %q %v", value, reason, ok)
		}
		if s, isText := value.(string); isText {
			if again, _, ok := validate.Parse(kind, s, o); !ok || again != value {
				if kind == validate.Time { // "05:30" is never unclear
					t.Fatalf("%s %q gave %v, which gives %v", kind, text, value, again)
				}
				if kind != validate.Email || len(s) < 250 {
					t.Fatalf("%s %q gave %v, which gives %v", kind, text, value, again)
				}
			}
		}
	})
}
