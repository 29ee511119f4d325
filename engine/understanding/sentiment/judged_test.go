package sentiment_test

import (
	"hash/fnv"
	"os"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/understanding/sentiment"
)

// judged is a message with the tone that a person gave it, before it was measured.
type judged struct {
	text string
	want engine.Tone
	// kept says that its half is for measuring only: nobody looks at it when the
	// lexicon changes.
	kept bool
}

func readJudged(t testing.TB, language string) []judged {
	t.Helper()
	raw, err := os.ReadFile("testdata/judged/" + language + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	tones := map[string]engine.Tone{"-": engine.ToneNegative, "=": engine.ToneNeutral, "+": engine.TonePositive}
	var out []judged
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		sign, text, _ := strings.Cut(line, " ")
		if tones[sign] == "" || text == "" {
			t.Fatalf("%s: %q is no judged message", language, line)
		}
		h := fnv.New32a()
		h.Write([]byte(text)) // never fails
		out = append(out, judged{text, tones[sign], h.Sum32()&1 == 1})
	}
	return out
}

// confusion counts messages by the tone that is wanted and the one that is given.
type confusion map[[2]engine.Tone]int

// macroF1 is the mean of the three tones' F1.
func (c confusion) macroF1() float64 {
	tones := []engine.Tone{engine.ToneNegative, engine.ToneNeutral, engine.TonePositive}
	sum := 0.0
	for _, tone := range tones {
		wanted, given := 0, 0
		for _, other := range tones {
			wanted += c[[2]engine.Tone{tone, other}]
			given += c[[2]engine.Tone{other, tone}]
		}
		if wanted+given > 0 {
			sum += 2 * float64(c[[2]engine.Tone{tone, tone}]) / float64(wanted+given)
		}
	}
	return sum / float64(len(tones))
}

// TestJudged: testdata/judged has over 400 messages a language, a third of each
// tone, "-" negative, "=" neutral, "+" positive. They were judged before any of
// them was measured; only the half that is not kept is ever shown.
func TestJudged(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr"} {
		all := readJudged(t, language)
		halves := [2]confusion{{}, {}}
		whole := confusion{}
		for _, m := range all {
			r := sentiment.Score(m.text, language)
			pair := [2]engine.Tone{m.want, r.Label}
			whole[pair]++
			if m.kept {
				halves[1][pair]++
				continue
			}
			halves[0][pair]++
			if r.Label != m.want {
				t.Logf("%s %q is %s, got %s %.2f %q", language, m.text, m.want, r.Label, r.Score, r.Words)
			}
		}
		t.Logf("%s: %d messages, macro-F1 %.3f; looked at %.3f, kept %.3f", language, len(all), whole.macroF1(), halves[0].macroF1(), halves[1].macroF1())
		if whole.macroF1() < 0.7 || halves[0].macroF1() < 0.7 || halves[1].macroF1() < 0.7 {
			t.Errorf("%s: macro-F1 %.3f, %.3f and %.3f, want 0.7", language, whole.macroF1(), halves[0].macroF1(), halves[1].macroF1())
		}
		if len(all) < 400 {
			t.Errorf("%s: %d messages, want 400", language, len(all))
		}
	}
}
