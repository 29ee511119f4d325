package faq_test

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/example"
	"parley/botscripts/faq"
)

// exampleEntries are those of the bundled example brand.
func exampleEntries(t testing.TB) []faq.Entry {
	t.Helper()
	paths, err := fs.Glob(example.FS(), "faq/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no FAQ files: %v", err)
	}
	var all []faq.Entry
	for _, path := range paths {
		data, err := fs.ReadFile(example.FS(), path)
		if err != nil {
			t.Fatal(err)
		}
		entries, err := faq.Parse(path, string(data))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entries...)
	}
	return all
}

// learned is the index of the example's FAQ, for the tests that only search.
var learned = sync.OnceValue(func() *faq.Index {
	paths, err := fs.Glob(example.FS(), "faq/*.md")
	var all []faq.Entry
	for _, path := range paths {
		data, readErr := fs.ReadFile(example.FS(), path)
		entries, parseErr := faq.Parse(path, string(data))
		all, err = append(all, entries...), errors.Join(err, readErr, parseErr)
	}
	x, learnErr := faq.NewIndex(context.Background(), all)
	if err := errors.Join(err, learnErr); err != nil {
		panic(err)
	}
	return x
})

func newIndex(t testing.TB, entries []faq.Entry) *faq.Index {
	t.Helper()
	x, err := faq.NewIndex(t.Context(), entries)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// search gives the best hit.
func search(x *faq.Index, query string) (faq.Hit, bool) {
	hits := x.Search(query, faq.Place{}, 1)
	if len(hits) == 0 {
		return faq.Hit{}, false
	}
	return hits[0], true
}

func lines(t testing.TB, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(data)), "\n")
}

// The floors are what was measured when they were written. The paraphrases
// share few words with the FAQ on purpose; the wordings were not fitted to them.
func TestAccuracy(t *testing.T) {
	t.Parallel()
	entries := exampleEntries(t)
	x := learned()
	known := map[string]bool{}
	for _, e := range entries {
		known[e.Question] = true
	}

	right, wrong := 0, 0
	paraphrases := lines(t, "testdata/paraphrases.tsv")
	for _, line := range paraphrases {
		query, want, _ := strings.Cut(line, "\t")
		if !known[want] {
			t.Errorf("testdata names a question that the FAQ has not: %q", want)
		}
		hit, ok := search(x, query)
		switch {
		case !ok:
			t.Logf("missed %q", query)
		case hit.Question == want:
			right++
		default:
			wrong++
			t.Logf("wrong  %q: %q at %.2f", query, hit.Question, hit.Score)
		}
	}
	rejected := 0
	offTopic := lines(t, "testdata/offtopic.txt")
	for _, query := range offTopic {
		if hit, ok := search(x, query); ok {
			t.Logf("taken  %q: %q at %.2f", query, hit.Question, hit.Score)
		} else {
			rejected++
		}
	}
	verbatim, phrasings := 0, 0
	for _, e := range entries {
		for _, wording := range append(e.Wordings, e.Question) {
			phrasings++
			hits := x.Search(strings.ToUpper(wording)+" !", faq.Place{Language: e.Language}, 1)
			if len(hits) == 1 && hits[0].Question == e.Question {
				verbatim++
			}
		}
	}

	for _, m := range []struct {
		name      string
		got, of   int
		atLeast   float64
		atMost    float64
		ofMinimum int
	}{
		{"paraphrases answered right", right, len(paraphrases), 0.62, 1, 60},
		{"paraphrases answered wrong", wrong, len(paraphrases), 0, 0.02, 60},
		{"off-topic queries rejected", rejected, len(offTopic), 0.96, 1, 40},
		{"own wordings found", verbatim, phrasings, 1, 1, 60},
	} {
		share := float64(m.got) / float64(m.of)
		t.Logf("%s: %d of %d (%.3f)", m.name, m.got, m.of, share)
		if share < m.atLeast || share > m.atMost || m.of < m.ofMinimum {
			t.Errorf("%s: %d of %d (%.3f), want %.2f … %.2f of at least %d", m.name, m.got, m.of, share, m.atLeast, m.atMost, m.ofMinimum)
		}
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	x := newIndex(t, []faq.Entry{
		{Question: "Wie lange dauert die Rückgabe?", Answer: "Drei Tage.", Wordings: []string{"Wann bekomme ich mein Geld zurück?"}},
		{Question: "¿Dónde está la tienda?", Answer: "En Berlín."},
		{Question: "送料はいくらですか", Answer: "無料です。"},
	})
	tests := []struct{ query, want string }{
		{"rueckgabe rückgabe dauer", "Drei Tage."},
		{"RUCKGABE", "Drei Tage."},       // without the accent
		{"Rükgabe dauert", "Drei Tage."}, // misspelt
		{"donde esta vuestra tienda", "En Berlín."},
		{"送料は?", "無料です。"},
		{"", ""},
		{"?!", ""},
		{"\xff\xfe", ""},
		{"weather", ""},
	}
	for _, tt := range tests {
		hit, ok := search(x, tt.query)
		if hit.Entry.Answer != tt.want || ok != (tt.want != "") {
			t.Errorf("Search(%q) = %+v, %v, want %q", tt.query, hit, ok, tt.want)
		}
	}
	if hit, ok := search(newIndex(t, nil), "anything"); ok {
		t.Errorf("an empty index found %+v", hit)
	}
}

func TestVariants(t *testing.T) {
	t.Parallel()
	x := newIndex(t, []faq.Entry{
		{Question: "What does delivery cost?", Answer: "Five euros.", Line: 1},
		{Question: "what does  delivery cost?", Answer: "Fünf Euro.", Language: "de", Wordings: []string{"Was kostet der Versand?"}, Line: 2},
		{Question: "What does delivery cost?", Answer: "5 EUR", Channels: []string{"sms"}, Line: 3},
		{Question: "What does delivery cost?", Answer: "5 Eur.", Language: "de", Channels: []string{"sms"}, Line: 4},
		{Question: "How do I use the widget?", Answer: "Click it.", Channels: []string{"webchat"}, Line: 5},
		{Question: "Where is your shop?", Answer: "In Berlin.", Line: 6},
	})
	for _, tt := range []struct {
		query string
		at    faq.Place
		want  string
	}{
		{"what does delivery cost", faq.Place{}, "Five euros."},
		{"what does delivery cost", faq.Place{Language: "fr", Channel: "acme.web", Kind: "webchat"}, "Five euros."},
		{"was kostet der versand", faq.Place{Language: "en", Channel: "acme.web", Kind: "webchat"}, "Five euros."},
		{"was kostet der versand", faq.Place{Language: "de-AT", Channel: "acme.web", Kind: "webchat"}, "Fünf Euro."},
		{"what does delivery cost", faq.Place{Language: "en", Channel: "acme.sms", Kind: "twilio"}, "5 EUR"},
		{"what does delivery cost", faq.Place{Language: "de", Channel: "acme.sms", Kind: "twilio"}, "5 Eur."},
		{"how do i use the widget", faq.Place{Channel: "acme.web", Kind: "webchat"}, "Click it."},
		{"how do i use the widget", faq.Place{Channel: "acme.sms", Kind: "twilio"}, ""},
	} {
		got := ""
		if hits := x.Search(tt.query, tt.at, 3); len(hits) > 0 {
			got = hits[0].Entry.Answer
		}
		if got != tt.want {
			t.Errorf("%q at %+v: %q, want %q", tt.query, tt.at, got, tt.want)
		}
	}
}

func TestSearchIsDeterministic(t *testing.T) {
	t.Parallel()
	entries := exampleEntries(t)
	one, two := newIndex(t, entries), newIndex(t, entries)
	for _, query := range []string{"how long can i return things", "was kostet der versand", "12345"} {
		if diff := cmp.Diff(one.Search(query, faq.Place{}, 5), two.Search(query, faq.Place{}, 5)); diff != "" {
			t.Fatal(diff)
		}
	}
}

func FuzzSearch(f *testing.F) {
	x := learned()
	for _, seed := range []string{"how long does delivery take", "", "\xf0\x9f\x9a\xb2", strings.Repeat("ä", 2000), "\x00\xff\xfe", "送料は how long привет مرحبا", "👩\u200d👩\u200d👧 🇩🇪"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		hit, ok := search(x, query)
		if math.IsNaN(hit.Score) || hit.Score < 0 || hit.Score > 1 || ok != (hit.Question != "") {
			t.Fatalf("Search(%q) = %+v, %v", query, hit, ok)
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	x := newIndex(b, exampleEntries(b))
	for b.Loop() {
		x.Search("how many days do I have to send the helmet back", faq.Place{}, 3)
	}
}
