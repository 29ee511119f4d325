package faq_test

import (
	"io/fs"
	"math"
	"os"
	"strings"
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
	x := faq.NewIndex(entries)
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
		hit, ok := x.Search(query)
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
		if hit, ok := x.Search(query); ok {
			t.Logf("taken  %q: %q at %.2f", query, hit.Question, hit.Score)
		} else {
			rejected++
		}
	}
	verbatim, phrasings := 0, 0
	for _, e := range entries {
		for _, wording := range append(e.Wordings, e.Question) {
			phrasings++
			if hit, ok := x.Search(strings.ToUpper(wording) + " !"); ok && hit.Question == e.Question {
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
		{"paraphrases answered right", right, len(paraphrases), 0.67, 1, 60},
		{"paraphrases answered wrong", wrong, len(paraphrases), 0, 0.10, 60},
		{"off-topic queries rejected", rejected, len(offTopic), 0.94, 1, 40},
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
	x := faq.NewIndex([]faq.Entry{
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
		hit, ok := x.Search(tt.query)
		if hit.Answer != tt.want || ok != (tt.want != "") {
			t.Errorf("Search(%q) = %+v, %v, want %q", tt.query, hit, ok, tt.want)
		}
	}
	if hit, ok := faq.NewIndex(nil).Search("anything"); ok {
		t.Errorf("an empty index found %+v", hit)
	}
}

func TestSearchIsDeterministic(t *testing.T) {
	t.Parallel()
	entries := exampleEntries(t)
	want, _ := faq.NewIndex(entries).Search("how long can i return things")
	for range 20 {
		got, _ := faq.NewIndex(entries).Search("how long can i return things")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
}

func FuzzSearch(f *testing.F) {
	x := faq.NewIndex(exampleEntries(f))
	for _, seed := range []string{"how long does delivery take", "", "\xf0\x9f\x9a\xb2", strings.Repeat("ä", 2000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		hit, ok := x.Search(query)
		if math.IsNaN(hit.Score) || hit.Score < 0 || hit.Score > 1 || ok != (hit.Question != "") {
			t.Fatalf("Search(%q) = %+v, %v", query, hit, ok)
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	x := faq.NewIndex(exampleEntries(b))
	for b.Loop() {
		x.Search("how many days do I have to send the helmet back")
	}
}
