package language_test

import (
	"os"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"parley/engine/understanding/language"
)

var all = strings.Fields("en de es fr it pt nl pl")

// TestShortMessages: testdata/short.txt has 25 messages in each of eight languages,
// "code text", none of them in the texts that the model was made from.
func TestShortMessages(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/short.txt")
	if err != nil {
		t.Fatal(err)
	}
	trained := ""
	for _, code := range all {
		text, err := os.ReadFile("corpus/" + code + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		trained += strings.ToLower(string(text))
	}
	right, total, alone := 0, 0, 0
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		want, text, _ := strings.Cut(line, " ")
		if len(strings.Fields(text)) > 2 && strings.Contains(trained, text) {
			t.Errorf("%q is in the training text", text)
		}
		total++
		got, confidence, ok := language.Detect(text, all, nil)
		if ok && got == want {
			right++
		} else {
			t.Logf("%q is %s, got %q %.2f", text, want, got, confidence)
		}
		if got, _, ok := language.Detect(text, []string{want, "en", "de"}, map[string]float64{want: 3}); ok && got == want {
			alone++
		}
	}
	if total != 200 {
		t.Errorf("%d messages, want 200", total)
	}
	t.Logf("%d of %d right; with three candidates and history %d", right, total, alone)
	if right*100 < total*97 || alone*100 < total*99 {
		t.Errorf("%d and %d of %d right, want 97 %% and 99 %%", right, alone, total)
	}
}

// TestEveryday: testdata/everyday.txt has 15 messages in each of eight languages
// about anything but a shop, of a few words each, as they are and without diacritics.
func TestEveryday(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/everyday.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	right, bare := 0, 0
	for _, line := range lines {
		want, text, _ := strings.Cut(line, " ")
		if got, confidence, ok := language.Detect(text, all, nil); ok && got == want {
			right++
		} else {
			t.Logf("%q is %s, got %q %.2f", text, want, got, confidence)
		}
		stripped := strings.Map(func(c rune) rune {
			if unicode.Is(unicode.Mn, c) {
				return -1
			}
			return c
		}, norm.NFD.String(text))
		if got, _, ok := language.Detect(stripped, all, nil); ok && got == want {
			bare++
		}
	}
	t.Logf("%d of %d right, without diacritics %d", right, len(lines), bare)
	if n := len(lines); n != 120 || right*100 < n*94 || bare*100 < n*93 {
		t.Errorf("%d and %d of %d right, want 94 %% and 93 %% of 120", right, bare, n)
	}
}

func TestNothingToGoBy(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "   ", "12345", "👍🎉", "https://example.com/hello", "kim@example.com", "AC-12345", "Kim", "Jonas Müller", "?", "...", "ok@", "\xff\xfe", "日本語"} {
		if lang, confidence, ok := language.Detect(text, all, map[string]float64{"de": 9}); ok {
			t.Errorf("%q: %s %.2f", text, lang, confidence)
		}
	}
	if _, _, ok := language.Detect("where is my parcel", []string{"sv", "fi"}, nil); ok {
		t.Error("a language that is not known")
	}
	if _, _, ok := language.Detect("where is my parcel", nil, nil); ok {
		t.Error("no candidates")
	}
}

// TestPrior: history decides what the words leave open, not against the words.
func TestPrior(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, want string
		prior      map[string]float64
	}{
		{"hallo", "nl", map[string]float64{"nl": 4}}, {"hallo", "de", map[string]float64{"de": 4}},
		{"super", "fr", map[string]float64{"fr": 2}}, {"super", "de", map[string]float64{"de": 2}},
		{"where is my order please", "en", map[string]float64{"de": 50}},
	} {
		if got, confidence, _ := language.Detect(tt.text, all, tt.prior); got != tt.want {
			t.Errorf("%q with %v: %s %.2f", tt.text, tt.prior, got, confidence)
		}
	}
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text       string
		candidates []string
		want       string
	}{
		{"wo ist mein Paket", []string{"en-GB", "de-AT"}, "de-AT"}, {"wo ist mein Paket", []string{"fr"}, "fr"},
		{"где мой заказ", []string{"en", "ru"}, "ru"}, {"где мой заказ", []string{"en", "ru", "uk"}, ""}, {"注文はどこですか", []string{"ja", "zh", "en"}, "ja"},
		{"我的订单在哪里", []string{"ja", "zh", "en"}, "zh"}, {"WO IST MEIN PAKET", all, "de"},
	} {
		if got, _, ok := language.Detect(tt.text, tt.candidates, nil); got != tt.want || ok != (got != "") {
			t.Errorf("%q among %v: %q", tt.text, tt.candidates, got)
		}
	}
}

// TestEvidence: reading once and deciding with any history is the same as detecting.
func TestEvidence(t *testing.T) {
	t.Parallel()
	var none language.Evidence
	if lang, _, ok := none.Decide(map[string]float64{"de": 1}); ok || lang != "" {
		t.Errorf("nothing was read, but it is %q", lang)
	}
	for _, text := range []string{"hallo", "super", "где мой заказ", "👍", "where is my order"} {
		e := language.Read(text, append(all, "ru"))
		for _, prior := range []map[string]float64{nil, {"de": 2}, {"nl": 3, "fr": 1}} {
			lang, confidence, ok := e.Decide(prior)
			if l, c, o := language.Detect(text, append(all, "ru"), prior); l != lang || c != confidence || o != ok {
				t.Errorf("%q with %v: %q %.3f %t, detected %q %.3f %t", text, prior, lang, confidence, ok, l, c, o)
			}
		}
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	spoken := []string{"en", "de", "pt-PT", "pt-BR"}
	for tag, want := range map[string]int{"": -1, "en": 0, "de-AT": 1, "DE_ch": 1, "pt-BR": 3, "pt": 2, "fr": -1} {
		if got := language.Index(spoken, tag); got != want {
			t.Errorf("%q: %d, want %d", tag, got, want)
		}
	}
	if language.Index(nil, "en") != -1 {
		t.Error("found among none")
	}
}

func TestBounded(t *testing.T) {
	t.Parallel()
	m := language.New()
	started := time.Now()
	for _, unit := range []string{"a", "ab ", "ä\u0301", "\xff", "漢", "'", "é-"} {
		m.Detect(strings.Repeat(unit, 1<<20), all, nil)
	}
	if d := time.Since(started); d > 2*time.Second {
		t.Errorf("took %s", d)
	}
}

func FuzzDetect(f *testing.F) {
	for _, seed := range []string{"where is my order", "wo ist", "\xff", "👍", "где", "注文", "a\u0301\u0302", "İ", "", strings.Repeat("wo ", 5000), "\x00\xff\xfe\x80", "где my 注文 مرحبا", "👩\u200d👩\u200d👧 🇩🇪"} {
		f.Add(seed, 1.5)
	}
	m := language.New()
	f.Fuzz(func(t *testing.T, text string, weight float64) {
		lang, confidence, ok := m.Detect(text, []string{"de", "en", "ru", "xx"}, map[string]float64{"de": weight, "zz": weight})
		if ok != (lang != "") || !(confidence >= 0 && confidence <= 1) || lang == "xx" {
			t.Fatalf("%q: %q %v %v", text, lang, confidence, ok)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		language.New()
	}
}

func BenchmarkDetect(b *testing.B) {
	m := language.New()
	for b.Loop() {
		m.Detect("Guten Tag, ich wollte nur mal fragen wo denn meine Bestellung bleibt, danke", all, nil)
	}
}

func BenchmarkDecide(b *testing.B) {
	e := language.Read("Guten Tag, ich wollte nur mal fragen wo denn meine Bestellung bleibt, danke", all)
	prior := map[string]float64{"de": 3, "en": 1}
	for b.Loop() {
		e.Decide(prior)
	}
}
