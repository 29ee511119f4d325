package nlu

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// shop makes examples of as many intents as there are things, of sentences
// that differ: what is done with a thing is the intent.
func shop(intents, each int) []Example {
	verbs := []string{"return", "track", "cancel", "repair", "insure", "rent", "paint", "sell", "lock", "clean"}
	things := []string{"bike", "helmet", "order", "invoice", "voucher"}
	frames := []string{"how do i %s my %s", "i want to %s the %s", "can you %s a %s for me", "%s %s please", "need help to %s this %s",
		"is it possible to %s one %s", "where can i %s a %s", "tell me how to %s that %s", "what does it cost to %s a %s", "my friend would %s her %s"}
	extras := []string{"", " today", " quickly"}
	var out []Example
	for i := range intents {
		verb, thing := verbs[i%len(verbs)], things[i/len(verbs)]
		for j := range each {
			text := fmt.Sprintf(frames[j%len(frames)], verb, thing) + extras[j/len(frames)]
			out = append(out, Example{text, verb + "_" + thing})
		}
	}
	return out
}

func trained(t testing.TB, examples []Example, opt Options) *Model {
	t.Helper()
	m, err := Train(t.Context(), examples, opt)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestClassify(t *testing.T) {
	t.Parallel()
	m := trained(t, shop(10, 10), Options{})
	tests := []struct {
		text, label, read string
		known             bool
	}{
		{"Can you help me return my bike?", "return_bike", "can you help me return my bike", true},
		{"CANCEL the bike!!", "cancel_bike", "cancel the bike", true},
		{"please rapair the bkie", "repair_bike", "please repair the bike", true},
		{"quantum chromodynamics lectures", "", "quantum chromodynamics lectures", false},
		{"", "", "", false},
		{"🚲🚲🚲", "", "", false},
		{"\xff\xfe\x00", "", "", false},
	}
	for _, tt := range tests {
		r := m.Classify(tt.text)
		if r.Known != tt.known || tt.known && r.Label != tt.label || r.Read != tt.read {
			t.Errorf("Classify(%q) = %+v, want %s, read %q, known %v", tt.text, r, tt.label, tt.read, tt.known)
		}
		if len(r.Top) != 3 || r.Top[0] != r.Guess || r.Top[0].Probability < r.Top[1].Probability {
			t.Errorf("Classify(%q): top %+v", tt.text, r.Top)
		}
	}
}

func TestTrainRefuses(t *testing.T) {
	t.Parallel()
	for _, examples := range [][]Example{nil, {{"a", "x"}, {"b", "x"}}} {
		if _, err := Train(t.Context(), examples, Options{}); !errors.Is(err, errTooFew) {
			t.Errorf("Train(%v): %v", examples, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Train(ctx, shop(10, 10), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled training gave %v", err)
	}
}

func TestOrderOfExamplesDoesNotMatter(t *testing.T) {
	t.Parallel()
	examples := shop(12, 6)
	want := trained(t, examples, Options{})
	for range 3 {
		rand.Shuffle(len(examples), func(i, j int) { examples[i], examples[j] = examples[j], examples[i] })
		if got := trained(t, examples, Options{}); !bytes.Equal(got.Encode(), want.Encode()) {
			t.Fatal("another order gave another model")
		}
	}
	if got := Hash(examples, Options{}); got != want.Hash() {
		t.Errorf("the hash before training is %s, after it %s", got, want.Hash())
	}
}

func TestHashTellsModelsApart(t *testing.T) {
	t.Parallel()
	examples := shop(3, 3)
	other := slices.Clone(examples)
	other[0].Text += "!"
	seen := map[string]bool{
		Hash(examples, Options{}):                         true,
		Hash(other, Options{}):                            true,
		Hash(examples[1:], Options{}):                     true,
		Hash(examples, Options{PlainNames: true}):         true,
		Hash(examples, Options{Keep: 0.9}):                true,
		Hash(examples, Options{Encoder: fruit{}}):         true,
		Hash([]Example{{"ab", "c"}}, Options{}):           true,
		Hash([]Example{{"b", "ca"}}, Options{}):           true,
		Hash([]Example{{"a", "c"}, {"b", ""}}, Options{}): true,
	}
	if len(seen) != 9 {
		t.Errorf("9 inputs have %d hashes", len(seen))
	}
	if Hash(examples, Options{}) != Hash(examples, Options{Keep: defaultKeep}) {
		t.Error("the default written out is another model")
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	m := trained(t, shop(20, 10), Options{})
	r := m.Rejection()
	if !r.Measured || math.Abs(r.Keep-0.95) > 0.02 || r.Refused < 0 || r.Refused > 0.3 || r.Accepted < 0 || r.Accepted > 1 {
		t.Fatalf("%+v", r)
	}
	// Stricter rejects more of both.
	last := Rejection{Refused: 1}
	for _, keep := range []float64{0.1, 0.5, 0.9, 0.99, 1} {
		now := m.Keeping(keep).Rejection()
		if now.Cut < last.Cut || now.Refused > last.Refused || now.Accepted < last.Accepted || now.Keep < keep-0.01 {
			t.Errorf("keeping %v: %+v after %+v", keep, now, last)
		}
		last = now
	}
	// Too little to measure: four labels, or four sentences a label.
	for _, examples := range [][]Example{shop(4, 10), shop(10, 4)} {
		m := trained(t, examples, Options{})
		if r := m.Rejection(); r.Measured || r.Cut != defaultCut(len(m.Labels()), len(examples)) || m.Keeping(0.5).Rejection() != r {
			t.Errorf("of %d examples: %+v", len(examples), r)
		}
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	m := trained(t, shop(20, 10), Options{DefaultCut: true})
	r := m.Explain("please, can you reurn the helmet", "return_helmet")
	var words []string
	for _, w := range r.For[:2] {
		words = append(words, w.Word)
	}
	slices.Sort(words)
	if diff := cmp.Diff([]string{"helmet", "return"}, words); diff != "" {
		t.Errorf("%+v\n%s", r, diff)
	}
	r = m.Explain("return the bike", "return_helmet")
	if len(r.Against) == 0 || r.Against[0].Word != "bike" {
		t.Errorf("against the helmet speaks %+v", r)
	}
	long := m.Explain(strings.Repeat("how do i sell or rent or lock a bike or helmet ", 20), "sell_bike")
	if len(long.For) > maxFor || len(long.Against) > maxAgainst {
		t.Errorf("too many reasons: %+v", long)
	}
	if diff := cmp.Diff(Reasons{}, m.Explain("return the bike", "nothing")); diff != "" {
		t.Error(diff)
	}
}

// The reasons of all words are all that a text adds to a label.
func TestExplainAddsUp(t *testing.T) {
	t.Parallel()
	m := trained(t, shop(5, 5), Options{DefaultCut: true, Encoder: fruit{}})
	text := "sell bike"
	words := tokens(text)
	want := 0.0
	for _, term := range m.vocab.vector(text, words) {
		want += m.share(int(term.index), 1) * float64(term.value)
	}
	got := m.Explain(text, m.labels[1])
	sum := got.Encoder
	for _, r := range slices.Concat(got.For, got.Against) {
		sum += r.Weight
	}
	if math.Abs(sum-want) > 1e-6 || got.Encoder == 0 {
		t.Errorf("the reasons add up to %v, want %v", sum, want)
	}
}

// fruit is an encoder that knows what is a fruit and what is not.
type fruit struct{}

func (fruit) Name() string { return "fruit 1" }
func (fruit) Size() int    { return 2 }
func (fruit) Encode(text string) []float32 {
	for _, f := range []string{"apple", "pear", "plum", "quince"} {
		if strings.Contains(text, f) {
			return []float32{1, 0}
		}
	}
	return []float32{0, 1}
}

func TestEncoder(t *testing.T) {
	t.Parallel()
	examples := []Example{{"an apple", "fruit"}, {"one pear", "fruit"}, {"the plum", "fruit"}, {"an anvil", "tool"}, {"one hammer", "tool"}, {"the wrench", "tool"}}
	without, with := trained(t, examples, Options{PlainNames: true}), trained(t, examples, Options{PlainNames: true, Encoder: fruit{}})
	// Letters alone cannot know what a quince is.
	a, b := without.Classify("some quince"), with.Classify("some quince")
	if b.Label != "fruit" || b.Probability < 0.6 || b.Probability <= a.Probability && a.Label == "fruit" {
		t.Errorf("without the encoder %+v, with it %+v", a.Guess, b.Guess)
	}
	if _, err := Decode(with.Encode(), nil); !errors.Is(err, ErrDamaged) {
		t.Errorf("decoding without the encoder: %v", err)
	}
	again, err := Decode(with.Encode(), fruit{})
	if err != nil || again.Classify("some quince").Guess != b.Guess {
		t.Errorf("decoded: %v", err)
	}
}

func TestEncode(t *testing.T) {
	t.Parallel()
	m := trained(t, shop(10, 10), Options{Keep: 0.8})
	data := m.Encode()
	again, err := Decode(data, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.Encode(), data) || again.Hash() != m.Hash() || again.Rejection() != m.Rejection() {
		t.Error("it is another model")
	}
	for _, text := range []string{"return my bike", "weather", "", "rapair bike"} {
		if diff := cmp.Diff(m.Classify(text), again.Classify(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
	for i := 0; i < len(data); i += 97 {
		damaged := bytes.Clone(data)
		damaged[i] ^= 1
		if _, err := Decode(damaged, nil); !errors.Is(err, ErrDamaged) {
			t.Fatalf("a flipped bit at %d: %v", i, err)
		}
		if _, err := Decode(data[:i], nil); !errors.Is(err, ErrDamaged) {
			t.Fatalf("cut off at %d: %v", i, err)
		}
	}
}

func TestOverlaps(t *testing.T) {
	t.Parallel()
	got := Overlaps([][]string{{"How long is delivery?", "x"}, {"Where is the shop?"}, {"How long is the delivery?"}, {}}, 0.6)
	if len(got) != 1 || got[0].A != 0 || got[0].B != 2 || got[0].TextB != "How long is the delivery?" || got[0].Alike > 1 {
		t.Errorf("%+v", got)
	}
}
