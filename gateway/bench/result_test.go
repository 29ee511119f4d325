package bench

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestOutput(t *testing.T) {
	t.Parallel()
	r := Result{
		IngestPerSecond: 5427, IngestMS: Spread{5.51, 20.29}, TurnsPerSecond: 1516.8, TurnMS: Spread{301.2, 646.28},
		BareInsertsPerSecond: 13107.5, WebhookHalfLoadMS: Spread{2.3, 12.31}, FloorPerSecond: 8150.4, TurnCoreMS: 0.904,
		ListsMS: Spread{1.9, 7.04}, SearchMS: Spread{0.81, 3.5}, RSSMB: 93.3, Lost: 1, Duplicated: 2,
	}
	var table, object bytes.Buffer
	if err := r.Table(&table); err != nil {
		t.Fatal(err)
	}
	if err := r.JSON(&object); err != nil {
		t.Fatal(err)
	}
	golden(t, "table.golden", table.Bytes())
	golden(t, "json.golden", object.Bytes())
}

func TestPercentile(t *testing.T) {
	t.Parallel()
	hundred := make([]time.Duration, 100)
	for i := range hundred {
		hundred[i] = time.Duration(i + 1)
	}
	for _, c := range []struct {
		name   string
		sorted []time.Duration
		p      int
		want   time.Duration
	}{
		{"of none", nil, 50, 0},
		{"of one", []time.Duration{7}, 99, 7},
		{"lowest", hundred, 0, 1},
		{"median of two", []time.Duration{1, 9}, 50, 1},
		{"median of three", []time.Duration{1, 5, 9}, 50, 5},
		{"p50 of a hundred", hundred, 50, 50},
		{"p99 of a hundred", hundred, 99, 99},
		{"p99 of ten", hundred[:10], 99, 10},
		{"highest", hundred, 100, 100},
	} {
		if got := percentile(c.sorted, c.p); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	took := []time.Duration{30 * time.Millisecond, 1500 * time.Microsecond, 2 * time.Millisecond}
	if got, want := spread(took), (Spread{2, 30}); got != want {
		t.Errorf("spread %v, want %v", got, want)
	}
}

func TestParseResident(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in string
		kb int
		ok bool
	}{
		{"Name:\tparley\nVmHWM:\t  999 kB\nVmRSS:\t  83214 kB\nThreads:\t9\n", 83214, true},
		{"VmRSS:", 0, false},
		{"VmRSS:\tmany kB\n", 0, false},
		{"", 0, false},
	} {
		if kb, ok := parseResident([]byte(c.in)); kb != c.kb || ok != c.ok {
			t.Errorf("%q: %d, %v", c.in, kb, ok)
		}
	}
	if resident() <= 0 {
		t.Error("this process has no memory")
	}
}
