package slots_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/understanding/choice"
	"parley/engine/understanding/slots"
)

// It is Sunday, 22 November 2026, 10 o'clock in Berlin.
func options(t testing.TB, language string) slots.Options {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	patterns, err := slots.Compile([]engine.Pattern{{Name: "order", Shape: "AC-#####"}, {Name: "ticket", Regexp: `T[0-9]{4,6}[A-Z]`}})
	if err != nil {
		t.Fatal(err)
	}
	return slots.Options{Language: language, Now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Zone: zone, Patterns: patterns,
		Choices: []choice.Option{{ID: "city", Label: "City bike"}, {ID: "cargo", Label: "Lastenrad"}, {ID: "blue", Label: "Azul marino"}, {ID: "helmet", Label: "Casque d'été"}}}
}

// TestFind: every line of testdata/<language>.txt is "option=value … | text | slots".
// A slot is kind:value, a date with its part as date:value/part, one of another
// grain as date:value+grain; "-" is none. A line "= kind | text | value" is a whole answer.
func TestFind(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr"} {
		raw, err := os.ReadFile("testdata/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		cases := 0
		for n, line := range strings.Split(string(raw), "\n") {
			if line == "" || line[0] == '#' {
				continue
			}
			parts := strings.Split(line, "|")
			if len(parts) != 3 {
				t.Fatalf("%s:%d: %q is no case", language, n+1, line)
			}
			for i := range parts {
				parts[i] = strings.TrimSpace(parts[i])
			}
			cases++
			o := options(t, language)
			kind := ""
			for _, option := range strings.Fields(parts[0]) {
				name, value, _ := strings.Cut(option, "=")
				switch name {
				case "":
				case "region":
					o.Region = value
				case "currency":
					o.Currency = value
				case "past":
					o.Past = true
				case "only":
					kind = value
				default:
					t.Fatalf("%s:%d: %q is no option", language, n+1, option)
				}
			}
			got := ""
			if kind != "" {
				if slot, ok := slots.One(slots.Kind(kind), parts[1], o); ok {
					got = slot.Value
				} else {
					got = "-"
				}
			} else {
				got = written(slots.Find(parts[1], o))
			}
			if got != parts[2] {
				t.Errorf("%s:%d: %s\n got %s\nwant %s", language, n+1, parts[1], got, parts[2])
			}
		}
		if cases < 150 {
			t.Errorf("%s has %d cases, want 150 or more", language, cases)
		}
	}
}

func written(found []slots.Slot) string {
	var out []string
	for _, s := range found {
		value := strings.TrimSuffix(strings.TrimSuffix(s.Value, ":00+01:00"), ":00+02:00")
		text := fmt.Sprintf("%s:%s", s.Kind, strings.ReplaceAll(value, " ", ""))
		if s.Part != "" {
			text += "/" + s.Part
		}
		if s.Grain != "" && s.Grain != "day" && s.Kind != slots.Duration {
			text += "+" + s.Grain
		}
		out = append(out, text)
	}
	if out == nil {
		return "-"
	}
	return strings.Join(out, " ")
}
