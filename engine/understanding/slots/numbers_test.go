package slots_test

import (
	"os"
	"strings"
	"testing"

	"parley/engine/understanding/slots"
)

// numberCase is a line of testdata/numbers.txt: "language kind option=value … | text | meanings",
// the meanings of the whole answer with "or" between them, "-" for none.
type numberCase struct {
	line, text, want string
	kind             slots.Kind
	o                slots.Options
}

func numberCases(t testing.TB) (cases []numberCase) {
	raw, err := os.ReadFile("testdata/numbers.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(raw), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line, " | ")
		head := strings.Fields(parts[0])
		if len(parts) != 3 || len(head) < 2 {
			t.Fatalf("%q is no case", line)
		}
		c := numberCase{line: line, text: parts[1], want: parts[2], kind: slots.Kind(head[1]), o: options(t, head[0])}
		for _, option := range head[2:] {
			switch name, value, _ := strings.Cut(option, "="); name {
			case "currency":
				c.o.Currency = value
			case "region":
				c.o.Region = value
			default:
				t.Fatalf("%q: %q is no option", line, option)
			}
		}
		cases = append(cases, c)
	}
	return cases
}

func meanings(found []slots.Slot) string {
	var values []string
	for _, slot := range found {
		values = append(values, slot.Value)
	}
	if values == nil {
		return "-"
	}
	return strings.Join(values, " or ")
}

func TestNumbers(t *testing.T) {
	t.Parallel()
	cases := numberCases(t)
	if len(cases) < 500 {
		t.Errorf("%d cases, want 500 or more", len(cases))
	}
	for _, c := range cases {
		if got := meanings(slots.Read(c.kind, c.text, c.o)); got != c.want {
			t.Errorf("%s: got %s", c.line, got)
		}
	}
}

// TestBesideNumbers: words around an answer leave its value, or leave none. Nothing makes
// another value of it without a word.
func TestBesideNumbers(t *testing.T) {
	t.Parallel()
	polite := map[string]string{"en": "please", "de": "bitte", "es": "por favor", "fr": "s'il vous plaît"}
	changed := map[string][]string{
		"en": {"not %", "less than %", "at least %", "% or more", "anything but %", "% isn't right", "% out of 97", "between % and 97", "%^2"},
		"de": {"nicht %", "weniger als %", "mindestens %", "% oder mehr", "alles außer %", "% stimmt nicht", "zwischen % und 97", "%^2"},
		"es": {"no %", "menos de %", "al menos %", "% o más", "todo menos %", "entre % y 97", "%^2"},
		"fr": {"pas %", "moins de %", "au moins %", "% ou plus", "tout sauf %", "entre % et 97", "%^2"},
	}
	for _, c := range numberCases(t) {
		if c.want == "-" || strings.Contains(c.want, " or ") || c.kind == slots.Phone {
			continue
		}
		if got := meanings(slots.Read(c.kind, c.text+" "+polite[c.o.Language], c.o)); got != c.want {
			t.Errorf("%s, politely: got %s", c.line, got)
		}
		for _, text := range []string{c.text + " " + "zork", "zork " + c.text, c.text + " zork"} {
			if got := meanings(slots.Read(c.kind, text, c.o)); got != c.want && got != "-" && !strings.Contains(got, " or ") {
				t.Errorf("%s: %q gives %s", c.line, text, got)
			}
		}
		if only := slots.Read(c.kind, c.text, c.o); only[0].Text != c.text || c.kind == slots.Ordinal {
			continue
		}
		for _, frame := range changed[c.o.Language] {
			text := strings.ReplaceAll(frame, "%", c.text)
			if found := slots.Read(c.kind, text, c.o); len(found) == 1 && !strings.ContainsAny(c.text, ",.:;?!(") {
				t.Errorf("%s: %q gives %s", c.line, text, meanings(found))
			}
		}
	}
}
