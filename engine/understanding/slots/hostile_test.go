package slots_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley/engine"
	"parley/engine/understanding/slots"
)

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	many := make([]engine.Pattern, 33)
	for i := range many {
		many[i] = engine.Pattern{Name: "n", Shape: "#"}
	}
	for name, list := range map[string][]engine.Pattern{
		"too many": many, "no name": {{Shape: "###"}}, "both": {{Name: "a", Shape: "#", Regexp: "a"}}, "none": {{Name: "a"}}, "no place holder": {{Name: "a", Shape: "ABC"}},
		"long": {{Name: "a", Regexp: strings.Repeat("a", 201)}}, "broken": {{Name: "a", Regexp: "("}}, "empty": {{Name: "a", Regexp: "a*"}}, "nested": {{Name: "a", Regexp: "((a{30}){30})b"}},
		"large": {{Name: "a", Regexp: strings.Repeat("a{64}", 20)}, {Name: "b", Regexp: strings.Repeat("a{64}", 20)}},
	} {
		if _, err := slots.Compile(list); engine.CodeOf(err) != engine.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWith: the patterns of a call come first and replace those of their name.
func TestWith(t *testing.T) {
	t.Parallel()
	compile := func(list ...engine.Pattern) slots.Patterns {
		p, err := slots.Compile(list)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	brand := compile(engine.Pattern{Name: "order", Shape: "AC-#####"}, engine.Pattern{Name: "ticket", Regexp: "T[0-9]{6}"})
	for name, tt := range map[string]struct {
		patterns slots.Patterns
		want     string
	}{
		"the brand's":    {brand.With(slots.Patterns{}), "order AC-12345 ticket T123456"},
		"none":           {slots.Patterns{}.With(slots.Patterns{}), ""},
		"the call's":     {slots.Patterns{}.With(compile(engine.Pattern{Name: "x", Shape: "T######"})), "x T123456"},
		"one more":       {brand.With(compile(engine.Pattern{Name: "part", Shape: "P-##"})), "order AC-12345 ticket T123456 part P-12"},
		"another order":  {brand.With(compile(engine.Pattern{Name: "order", Shape: "P-##"})), "ticket T123456 order P-12"},
		"the same place": {brand.With(compile(engine.Pattern{Name: "first", Shape: "AC-#####"})), "first AC-12345 ticket T123456"},
	} {
		var got []string
		for _, s := range slots.Find("AC 12345 has ac-1 and t123456, P12 and xAC-12345", slots.Options{Kinds: []slots.Kind{slots.Reference}, Patterns: tt.patterns}) {
			got = append(got, s.Name+" "+strings.NewReplacer("AC 12345", "AC-12345", "P12", "P-12").Replace(s.Value))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}

// TestHeavyPatterns: what may be compiled cannot take long, however it is built.
func TestHeavyPatterns(t *testing.T) {
	t.Parallel()
	for _, part := range []string{`(?:a?){60}`, `a{60}`, `(?:a|aa)*`, `[a-z]`, `\pL?`, `(?:a*b?)`} {
		var list []engine.Pattern
		var kept slots.Patterns
		for range 32 {
			list = append(list, engine.Pattern{Name: "p", Regexp: strings.Repeat(part, 190/len(part)) + "q"})
			if p, err := slots.Compile(list); err == nil {
				kept = p
			}
		}
		if kept.Steps() > 1000 {
			t.Errorf("%s: %d steps", part, kept.Steps())
		}
		// The race detector makes matching twenty times slower, so that only what
		// grows out of all bounds is told.
		started := time.Now()
		slots.Find(strings.Repeat("a", 5000), slots.Options{Patterns: kept})
		if d := time.Since(started); d > 20*time.Second {
			t.Errorf("%s took %s", part, d)
		}
	}
}

// TestPlaces: a slot's text is where it says, also after signs of many bytes.
func TestPlaces(t *testing.T) {
	t.Parallel()
	text := "🚲🚲 Übrigens: ich käme übermorgen um halb acht, mit 3 Rädern"
	found := slots.Find(text, options(t, "de"))
	if len(found) != 2 || found[0].Text != "übermorgen um halb acht" || found[1].Text != "3" {
		t.Fatalf("%+v", found)
	}
	for _, s := range found {
		if text[s.Start:s.End] != s.Text {
			t.Errorf("%q is not %q", text[s.Start:s.End], s.Text)
		}
	}
}

// TestHostile: the time grows with the length of the text that is read, whatever it says.
func TestHostile(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"twenty ", "1.", "1 ", "a@", "(at) ", "12:", "in ", "friday ", "+1 ", "ein", "hundert", "und", "€", "1e5", "- ", "'", "\xff", "\u0301", "👍", "the 1st of ", "a las ", "quatre-vingt-", "0049421-", "half past ", "two days after ", "the day after ", "last week of the ", "first monday of ", "from monday to ", "the week of ", "friday or ", "not friday ", "march ", "3. ", "next ", "in 2 weeks and ", "montag vor ", "le dernier vendredi de ", "del ", "between 2 and ", "um 5 oder ", "2 h ", "not at 5 ", "una hora y "} {
		text := strings.Repeat(unit, 1<<16/len(unit))
		for _, language := range []string{"en", "de", "es", "fr"} {
			started := time.Now()
			slots.Find(text, options(t, language))
			if d := time.Since(started); d > 2*time.Second {
				t.Errorf("%q in %s took %s", unit, language, d)
			}
		}
	}
}

// TestHostileAnswers: so does the time of reading an answer.
func TestHostileAnswers(t *testing.T) {
	t.Parallel()
	for _, unit := range []string{"5 sorry ", "a ", "8 to ", "5 instead of 6 ", "friday no wait "} {
		text := strings.Repeat(unit, 1<<12/len(unit))
		for _, language := range []string{"en", "de", "es", "fr"} {
			for _, kind := range []slots.Kind{slots.Number, slots.Money, slots.Date, slots.Hours, slots.Range, slots.Duration} {
				started := time.Now()
				slots.Read(kind, text, options(t, language))
				if d := time.Since(started); d > 5*time.Second {
					t.Errorf("%q as %s in %s took %s", unit, kind, language, d)
				}
			}
		}
	}
}

func FuzzFind(f *testing.F) {
	for i, seed := range []string{"next friday at 5", "-1.234,5", "24.12.", "halb sechs", "12€50", "kim (at) example (dot) com", "+49 421 12345", "the 31st", "quatre-vingt-dix-sept",
		"\xff", "29 feb 2027", "AC-12345", "ja, übermorgen um halb acht", "in half an hour", "mañana a las 5 y media de la tarde", "１２：３０", "99999999999999999999 years ago", "in 5000 years", "ok.foo@example.com", "yes-5", "no+49421123456",
		"", strings.Repeat("am 3. ", 1000), "\x00\xff\xfe\x80", "between 2", "entre las 2", "2h30", "an hour and a half", "zwischen 3 und", "7:56:30 pm", "3pm GMT+2", "from 9 to 5 on monday", "10 to 5", "minuit trois", "half past", "送料は5円 завтра в 5 مرحبا", "🚲🚲", "👩\u200d👩\u200d👧 🇩🇪"} {
		f.Add(seed, uint8(i))
	}
	languages := []string{"en", "de", "es", "fr", "xx"}
	kinds := []slots.Kind{slots.Number, slots.Ordinal, slots.Date, slots.Time, slots.Moment, slots.Hours, slots.Duration, slots.Email, slots.Phone, slots.Money, slots.Reference, slots.Choice, slots.YesNo}
	f.Fuzz(func(t *testing.T, text string, pick uint8) {
		o := options(t, languages[int(pick)%len(languages)])
		o.Region = []string{"", "DE", "US", "FR"}[int(pick)%4]
		end := 0
		for _, s := range slots.Find(text, o) {
			if s.Start < end || s.End <= s.Start || s.End > len(text) || text[s.Start:s.End] != s.Text || s.Value == "" {
				t.Fatalf("%q: %+v after %d", text, s, end)
			}
			if !utf8.ValidString(s.Value) {
				t.Fatalf("%q: value %q", text, s.Value)
			}
			end = s.End
		}
		if s, ok := slots.One(kinds[int(pick)%len(kinds)], text, o); ok != (s.Value != "") {
			t.Fatalf("%q: %+v %v", text, s, ok)
		}
	})
}

// FuzzCompile: what is taken for a pattern neither hangs nor finds what is not there.
func FuzzCompile(f *testing.F) {
	f.Add("AC-#####", "", "AC 12345")
	f.Add("", "T[0-9]{6,8}", "t1234567 and more")
	f.Add("*", `(a|aa)*b`, strings.Repeat("a", 5000))
	f.Add("\xff#", `\pL{64}`, "送料\xff5")
	f.Add("", `^$|\b`, "")
	f.Fuzz(func(t *testing.T, shape, expr, text string) {
		var kept slots.Patterns
		for _, p := range []engine.Pattern{{Name: "shape", Shape: shape}, {Name: "regexp", Regexp: expr}} {
			if one, err := slots.Compile([]engine.Pattern{p}); err == nil {
				kept = kept.With(one)
			} else if engine.CodeOf(err) != engine.Invalid {
				t.Fatalf("%+v: %v", p, err)
			}
		}
		started := time.Now()
		for _, s := range slots.Find(text, slots.Options{Patterns: kept, Kinds: []slots.Kind{slots.Reference}}) {
			if s.Kind != slots.Reference || s.Name != "shape" && s.Name != "regexp" || s.Text == "" || text[s.Start:s.End] != s.Text {
				t.Fatalf("%q, %q in %q: %+v", shape, expr, text, s)
			}
		}
		if d := time.Since(started); d > 5*time.Second {
			t.Fatalf("%q, %q took %s", shape, expr, d)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	o := options(b, "en")
	o.Region = "US"
	for b.Loop() {
		slots.Find("Hi, could you please call me next friday at half past five about order AC-12345? My number is 212-555-0123 and I paid $25.50", o)
	}
}

func BenchmarkFindNothing(b *testing.B) {
	o := options(b, "de")
	for b.Loop() {
		slots.Find("Guten Tag, ich wollte nur mal fragen wo denn meine Bestellung bleibt, danke", o)
	}
}
