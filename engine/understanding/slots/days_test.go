package slots_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/understanding/slots"
)

// TestDays: every line of testdata/days/<language>.txt is "kind option=value … | text |
// values", with "or" between several meanings and "-" for none; the kind "find" gives
// what Find finds. It is Wednesday, 25 November 2026, 10 o'clock in Berlin.
func TestDays(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr"} {
		raw, err := os.ReadFile("testdata/days/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(raw), "\n") {
			if line == "" || line[0] == '#' {
				continue
			}
			parts := strings.Split(line, " | ")
			if len(parts) != 3 {
				t.Fatalf("%s:%d: %q is no case", language, n+1, line)
			}
			o := options(t, language)
			o.Now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
			o.Holidays = []engine.Holiday{{Name: "Acme-Tag", On: "06-15"}}
			head := strings.Fields(parts[0])
			for _, option := range head[1:] {
				switch name, value, _ := strings.Cut(option, "="); name {
				case "region":
					o.Region = value
				case "past":
					o.Past = true
				case "off":
					o.DaysOff = strings.Split(value, ",")
				default:
					t.Fatalf("%s:%d: %q is no option", language, n+1, option)
				}
			}
			var got []string
			if head[0] == "find" {
				got = []string{written(slots.Find(parts[1], o))}
			} else {
				for _, slot := range slots.Read(slots.Kind(head[0]), parts[1], o) {
					got = append(got, slot.Value)
				}
			}
			if got == nil {
				got = []string{"-"}
			}
			if text := strings.Join(got, " or "); text != parts[2] {
				t.Errorf("%s:%d: %s\n got %s\nwant %s", language, n+1, parts[1], text, parts[2])
			}
		}
	}
}

func TestCheckHolidays(t *testing.T) {
	t.Parallel()
	for _, on := range []string{"06-15", "02-29", "easter", "easter-2", "4 thu 11", "-1 mon 5", "4 thu 11 +1", "mon<05-25"} {
		if err := slots.CheckHolidays([]engine.Holiday{{Name: "Stadtfest", On: on}}); err != nil {
			t.Errorf("%s: %v", on, err)
		}
	}
	for _, h := range []engine.Holiday{{Name: "a", On: "13-01"}, {Name: "a", On: "02-30"}, {Name: "a", On: "easter+x"}, {Name: "a", On: "4 thu"}, {Name: "a", On: "6 thu 11"}, {Name: "a", On: "4 foo 11"}, {Name: "a"}, {Name: "-", On: "06-15"}, {Name: strings.Repeat("a", 61), On: "06-15"}, {Name: "a", On: "xxx<05-25"}, {Name: "a", On: "1 mon 99"}} {
		if err := slots.CheckHolidays([]engine.Holiday{h}); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("%+v: %v", h, err)
		}
	}
	if err := slots.CheckHolidays(make([]engine.Holiday, 51)); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("too many: %v", err)
	}
}

// TestDaysAmongWords: what a text means it means with a word of politeness too, and a
// word that takes the day out leaves no day.
func TestDaysAmongWords(t *testing.T) {
	t.Parallel()
	for language, words := range map[string]struct{ please, denial, every string }{
		"en": {"please", "not", "every"}, "de": {"bitte", "nicht", "jeden"}, "es": {"por favor", "no", "cada"}, "fr": {"svp", "pas", "chaque"},
	} {
		raw, err := os.ReadFile("testdata/days/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		o := options(t, language)
		o.Now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
		values := func(text string) string {
			var got []string
			for _, slot := range slots.Read(slots.Date, text, o) {
				got = append(got, slot.Value)
			}
			return strings.Join(got, " or ")
		}
		for _, line := range strings.Split(string(raw), "\n") {
			text, ok := strings.CutPrefix(line, "date | ")
			if !ok {
				continue
			}
			text, _, _ = strings.Cut(text, " | ")
			want := values(text)
			if want == "" {
				continue
			}
			for _, polite := range []string{text + " " + words.please, text + ", " + words.please, text + "!", words.please + " " + text, strings.ToUpper(text), "  " + text + " "} {
				if got := values(polite); got != want {
					t.Errorf("%s: %q means %q, %q alone %q", language, polite, got, text, want)
				}
			}
			if read := slots.Read(slots.Date, text, o); read[0].Start > 0 || read[0].End < len(text) {
				continue
			}
			for _, denied := range []string{words.denial + " " + text, words.every + " " + text} {
				if got := values(denied); got != "" && got == want {
					t.Errorf("%s: %q means %q", language, denied, got)
				}
			}
		}
	}
}
