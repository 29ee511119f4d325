package sentiment_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/understanding/nlu"
	"parley/engine/understanding/sentiment"
)

// TestSentences: testdata/<language>.txt has 20 messages of each label, "label text".
func TestSentences(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "es", "fr"} {
		raw, err := os.ReadFile("testdata/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		right, flipped, total := 0, 0, 0
		for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
			want, text, _ := strings.Cut(line, " ")
			r := sentiment.Score(text, language)
			total++
			if string(r.Label) == want {
				right++
				continue
			}
			if r.Label != engine.ToneNeutral && want != string(engine.ToneNeutral) {
				flipped++
			}
			t.Logf("%s %q is %s, got %s %.2f %q", language, text, want, r.Label, r.Score, r.Words)
		}
		t.Logf("%s: %d of %d right, %d the wrong way round", language, right, total, flipped)
		if total < 60 || right*100 < 90*total || flipped > 0 {
			t.Errorf("%s: %d of %d right, %d the wrong way round; want 60 or more, 90 %% and 0", language, right, total, flipped)
		}
	}
}

// TestContext: what changes a weight changes it in the right direction.
func TestContext(t *testing.T) {
	t.Parallel()
	score := func(text string) float64 { return sentiment.Score(text, "en").Score }
	for _, order := range [][]string{
		{"very bad", "bad", "slightly bad", "nothing to say"},
		{"not good", "ok then", "good", "very good", "very good!!"},
		{"BAD SERVICE AGAIN!!", "bad service again!!", "bad service again"},
		{"it is broken 😡", "it is broken"},
		{"good product but terrible support", "terrible support but good product"},
		{"soooo bad", "bad"},
	} {
		for i := 1; i < len(order); i++ {
			if a, b := score(order[i-1]), score(order[i]); a >= b {
				t.Errorf("%q %.3f is not below %q %.3f", order[i-1], a, order[i], b)
			}
		}
	}
	if r := sentiment.Score("😡😡😡", "ja"); r.Label != engine.ToneNegative {
		t.Errorf("an unknown language: %+v", r)
	}
}

// TestTrain: a brand's own words count when there are enough of them.
func TestTrain(t *testing.T) {
	t.Parallel()
	var examples []nlu.Example
	for i := range sentiment.Enough {
		examples = append(examples,
			nlu.Example{Text: fmt.Sprintf("the gizmo flumps again on ride %d", i), Label: "negative"},
			nlu.Example{Text: fmt.Sprintf("the gizmo purrs nicely on ride %d", i), Label: "positive"},
			nlu.Example{Text: "something else", Label: "spam"})
	}
	few, err := sentiment.Train(context.Background(), examples[:100])
	if err != nil || few.Trained() {
		t.Fatalf("too few: %v %v", few.Trained(), err)
	}
	s, err := sentiment.Train(context.Background(), examples)
	if err != nil || !s.Trained() {
		t.Fatalf("%v %v", s.Trained(), err)
	}
	if r := s.Score("my gizmo flumps", "en"); r.Label != engine.ToneNegative || !r.Trained || r.Score > -0.3 {
		t.Errorf("learnt: %+v", r)
	}
	if r := s.Score("😡", "en"); r.Label != engine.ToneNegative || r.Trained {
		t.Errorf("unlike all examples: %+v", r)
	}
	for _, text := range []string{"my gizmo flumps", "😡"} {
		want := s.Score(text, "en").Heard()
		for i, h := range s.Hear(text, []string{"en", "de", "ja"}) {
			if h != want || h.Tone != engine.ToneNegative {
				t.Errorf("%q in language %d: %+v, want %+v", text, i, h, want)
			}
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := sentiment.Train(ctx, examples); err == nil {
		t.Error("training went on after its end")
	}
	var none sentiment.Scorer
	if r := none.Score("this is terrible", "en"); r.Label != engine.ToneNegative || r.Trained {
		t.Errorf("lexicon: %+v", r)
	}
}

func TestBounded(t *testing.T) {
	t.Parallel()
	started := time.Now()
	for _, unit := range []string{"not ", "very ", "waiting hours ", "!", "?!", "😡", "a", "\u0301", "\xff", "A", "but ", "aaaa "} {
		sentiment.Score(strings.Repeat(unit, 1<<20), "de")
	}
	if d := time.Since(started); d > 2*time.Second {
		t.Errorf("took %s", d)
	}
}

func FuzzScore(f *testing.F) {
	for _, seed := range []string{"not good", "WHERE??", "schade!!", "\xff", "😡", "a bit", "no", "İİİİ", "", strings.Repeat("not bad ", 3000), "\x00\xff\xfe\x80", "good плохо 不好 سيئ", "😡👍🇩🇪"} {
		f.Add(seed, "en")
		f.Add(seed, "fr")
	}
	f.Fuzz(func(t *testing.T, text, language string) {
		r := sentiment.Score(text, language)
		if !(r.Score >= -1 && r.Score <= 1) || r.Label == "" || len(r.Words) > 8 {
			t.Fatalf("%q: %+v", text, r)
		}
		if again := sentiment.Score(text, language); again.Score != r.Score {
			t.Fatalf("%q: %v and %v", text, r.Score, again.Score)
		}
	})
}

func BenchmarkScore(b *testing.B) {
	for b.Loop() {
		sentiment.Score("I have been waiting two hours and still no answer, this is really not good enough!!", "en")
	}
}
