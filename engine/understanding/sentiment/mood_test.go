package sentiment_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/understanding/sentiment"
)

func hear(m engine.Mood, texts ...string) engine.Mood {
	for _, text := range texts {
		m = sentiment.Add(m, sentiment.Score(text, "en").Heard())
	}
	return m
}

func TestAdd(t *testing.T) {
	t.Parallel()
	m := hear(engine.Mood{}, "hello", "where is my order?", "it is number 12345")
	if diff := cmp.Diff(engine.Mood{}, m); diff != "" {
		t.Errorf("only neutral messages:\n%s", diff)
	}
	angry := hear(m, "this is terrible")
	if angry.Tone != engine.ToneNegative || angry.Score() != sentiment.Score("this is terrible", "en").Score {
		t.Errorf("the first that is not neutral: %+v", angry)
	}
	low := hear(angry, "I am furious")
	if thanked := hear(low, "thanks"); thanked.Score() <= low.Score() || thanked.Score() > 0 {
		t.Errorf("one thanks after anger: %.2f after %.2f", thanked.Score(), low.Score())
	}
	content := hear(low, "thanks", "great, works perfectly now", "thank you so much", "perfect")
	if content.Tone != engine.TonePositive {
		t.Errorf("content in the end: %+v", content)
	}
	for range 10000 {
		content = hear(content, "ok")
	}
	if math.Abs(content.Score()) > 1e-5 || content.Tone != "" || content.Weight > 2 {
		t.Errorf("after many neutral ones: %+v", content)
	}
	if m := sentiment.Add(low, engine.Heard{Score: math.NaN(), Tone: engine.ToneNegative}); m.Sum != low.Sum {
		t.Errorf("not a number: %+v", m)
	}
}

// TestHear: each of several languages is read as if it were alone.
func TestHear(t *testing.T) {
	t.Parallel()
	languages := []string{"en-GB", "de", "ja", "fr", "es", "en", "pl"}
	var s sentiment.Scorer
	for _, text := range []string{"", "this is terrible", "das ist furchtbar schlecht!!", "👎", "muy mal servicio", "hello"} {
		heard := s.Hear(text, languages)
		for i, language := range languages {
			if want := sentiment.Score(text, language).Heard(); heard[i] != want {
				t.Errorf("%q in %s: %+v, want %+v", text, language, heard[i], want)
			}
		}
	}
	if len(s.Hear("x", nil)) != 0 {
		t.Error("heard in no language")
	}
}

// TestMoodStaysInBounds: whatever is heard, the mean is −1 … 1 and its band is the one that the documentation names.
func TestMoodStaysInBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var m engine.Mood
		tones := []engine.Tone{"", engine.ToneNeutral, engine.ToneNegative, engine.TonePositive}
		for range rapid.IntRange(0, 40).Draw(t, "messages") {
			h := engine.Heard{Score: rapid.Float64Range(-2, 2).Draw(t, "score"), Tone: rapid.SampledFrom(tones).Draw(t, "tone")}
			before := m
			m = sentiment.Add(m, h)
			s := m.Score()
			if math.IsNaN(s) || s < -1 || s > 1 || m.Weight < 0 || m.Weight > 2/0.3+1 {
				t.Fatalf("%+v after %+v", m, h)
			}
			want := engine.Tone("")
			if s < -1.0/3 {
				want = engine.ToneNegative
			} else if s > 1.0/3 {
				want = engine.TonePositive
			}
			if m.Tone != want {
				t.Fatalf("%.3f is %q", s, m.Tone)
			}
			if h.Tone == "" || h.Tone == engine.ToneNeutral {
				if math.Abs(s) > math.Abs(before.Score())+1e-5 {
					t.Fatalf("a neutral message moved %.4f to %.4f", before.Score(), s)
				}
			}
		}
	})
}
