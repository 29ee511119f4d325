package nlu

import (
	"math"
	"strings"
	"testing"
	"time"
)

// odd are texts that no brand foresees.
func odd() []string {
	return []string{"", " ", "\x00\xff\xfe", "🚲", "👩‍👩‍👧‍👦 🇩🇪", strings.Repeat("a", 1<<20), strings.Repeat("ab ", 1<<18), strings.Repeat("é", 5000),
		"送料はいくらですか bike", "привет bike مرحبا", "a\u0301\u0302\u0303\u0304", "https://example.com/?a=1 x@example.com 123456", "''''", "<url>", "\x02 \x02",
		strings.Repeat("z", 31) + " " + strings.Repeat("q", 32) + " " + strings.Repeat("ä", 33)}
}

func FuzzClassify(f *testing.F) {
	m := trained(f, shop(10, 10), Options{})
	for _, text := range odd() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		start := time.Now()
		r := m.Classify(text)
		sum := 0.0
		for _, g := range r.Top {
			sum += g.Probability
		}
		if len(r.Top) != 3 || !(sum > 0 && sum < 1.001) || math.IsNaN(r.Entropy) || r.Entropy < 0 || r.Entropy > math.Log(10)+0.001 {
			t.Fatalf("%+v", r)
		}
		m.Explain(text, r.Label)
		if took := time.Since(start); took > 5*time.Second {
			t.Fatalf("took %v", took)
		}
	})
}

func FuzzTrain(f *testing.F) {
	for _, text := range odd() {
		f.Add(text, "label", "text", "other")
	}
	f.Add("", "", "", "x")
	f.Fuzz(func(t *testing.T, text1, label1, text2, label2 string) {
		m, err := Train(t.Context(), []Example{{text1, label1}, {text2, label2}, {text1, label2}}, Options{})
		if err != nil {
			if label1 != label2 {
				t.Fatal(err)
			}
			return
		}
		if r := m.Classify(text1); math.IsNaN(r.Probability) || math.IsNaN(r.Entropy) {
			t.Fatalf("%+v", r)
		}
		again, err := Decode(m.Encode(), nil)
		if err != nil {
			t.Fatal(err)
		}
		again.Classify(text2)
	})
}

// FuzzDecode leaves the checksum out, which hides everything behind it.
func FuzzDecode(f *testing.F) {
	data := trained(f, []Example{{"a b", "x"}, {"c", "y"}}, Options{}).Encode()
	f.Add(data[len(magic) : len(data)-32])
	f.Add([]byte{1, 0xff, 0xff, 0xff, 0xff, 7})
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := decode(body, nil)
		if err != nil {
			return
		}
		m.Classify("a b unknown wrods")
		m.Explain("a b", m.labels[0])
		m.Keeping(0.5).Rejection()
	})
}
