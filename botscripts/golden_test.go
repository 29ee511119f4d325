package botscripts

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

// golden is a recorded session: what the bot was, what came in, and what the
// journal became.
type golden struct {
	Files map[string]string `json:"files"`
	Turns []goldenTurn      `json:"turns"`
}

type goldenTurn struct {
	Now     time.Time          `json:"now"`
	First   *engine.Content    `json:"first,omitempty"`
	Input   *engine.InboxEntry `json:"input,omitempty"`
	Entries []goldenEntry      `json:"entries"` // new ones, and the one that Input answered
	State   string             `json:"state"`
	Wait    engine.Wait        `json:"wait"`
}

type goldenEntry struct {
	N      int             `json:"n"`
	Call   string          `json:"call"`
	Hash   string          `json:"hash"`
	Answer json.RawMessage `json:"answer,omitempty"`
	Line   string          `json:"line"`
}

func goldenEntries(list []engine.JournalEntry) []goldenEntry {
	out := make([]goldenEntry, len(list))
	for i, e := range list {
		out[i] = goldenEntry{N: e.N, Call: e.Call, Hash: e.Hash, Answer: e.Answer, Line: e.Line}
	}
	return out
}

// TestGoldenJournals replays journals that were recorded by earlier versions of
// parley. They must go on working: conversations wait for months. -update
// records talks that have no journal yet and never rewrites one.
func TestGoldenJournals(t *testing.T) {
	t.Parallel()
	talks, err := filepath.Glob("testdata/talks/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, talk := range talks {
		path := goldenPath(talk)
		if _, err := os.Stat(path); *update && errors.Is(err, fs.ErrNotExist) {
			record(t, talk, path)
		}
	}
	paths, err := filepath.Glob("testdata/journals/*.json")
	if err != nil || len(paths) < 10 {
		t.Fatalf("%d journals, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".json"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var g golden
			if err := json.Unmarshal(raw, &g); err != nil {
				t.Fatal(err)
			}
			replay(t, g)
		})
	}
}

func goldenPath(talk string) string {
	return filepath.Join("testdata/journals", strings.TrimSuffix(filepath.Base(talk), ".txt")+".json")
}

// record plays a talk and keeps its journal.
func record(t *testing.T, talk, path string) {
	raw, err := os.ReadFile(talk)
	if err != nil {
		t.Fatal(err)
	}
	head, lines, ok := strings.Cut(string(raw), "-- talk --\n")
	if !ok {
		t.Fatalf("%s has no talk", talk)
	}
	g := golden{Files: sections(head)}
	d := newDriver(t, g.Files)
	d.watch = func(turn engine.Turn, out engine.Outcome) {
		g.Turns = append(g.Turns, goldenTurn{
			Now: turn.Now, First: turn.First, Input: turn.Input, Entries: goldenEntries(out.Journal), State: string(out.State), Wait: out.Wait,
		})
	}
	play(t, d, lines)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(g); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

// replay runs each turn over the recorded journal, never over what this run
// made of it. What a step says may change with parley; which calls it makes,
// with which hashes, and what it makes of the same input may not.
func replay(t *testing.T, g golden) {
	d := newDriver(t, g.Files)
	for n, turn := range g.Turns {
		d.now = turn.Now
		out := d.dry(turn.Input, turn.First)
		if diff := cmp.Diff(turn.Entries, goldenEntries(out.Journal), cmp.Comparer(sameJSON)); diff != "" {
			t.Fatalf("turn %d differs from its record (-recorded +now): %s\nfault %+v", n, diff, out.Fault)
		}
		if turn.State != string(out.State) || turn.Wait.Step != out.Wait.Step || turn.Wait.Kind != out.Wait.Kind || !turn.Wait.Until.Equal(out.Wait.Until) {
			t.Fatalf("turn %d ends %s with %+v, recorded was %s with %+v", n, out.State, out.Wait, turn.State, turn.Wait)
		}
		for _, e := range turn.Entries {
			entry := engine.JournalEntry{Session: d.session.ID, N: e.N, Call: e.Call, Hash: e.Hash, Answer: compact(t, e.Answer), Line: e.Line, At: turn.Now}
			if e.N < len(d.journal) {
				d.journal[e.N] = entry
			} else {
				d.journal = append(d.journal, entry)
			}
		}
		d.session.State, d.session.Wait, d.session.Steps = engine.SessionState(turn.State), turn.Wait, len(d.journal)
		if d.session.State == engine.SessionWaiting {
			// Without an input a session that waits replays and still waits.
			still := d.dry(nil, nil)
			if still.Fault != nil || still.State != engine.SessionWaiting || still.Wait.Step != turn.Wait.Step || len(still.Journal)+len(still.Effects) > 0 {
				t.Fatalf("after turn %d the session does not wait as it did: %+v\nfault %+v", n, still, still.Fault)
			}
		}
	}
}

// compact undoes the file's indentation: journals hold answers as they were written.
func compact(t *testing.T, raw json.RawMessage) []byte {
	if len(raw) == 0 {
		return nil
	}
	var b bytes.Buffer
	if err := json.Compact(&b, raw); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sameJSON compares answers as values: recorded files are indented.
func sameJSON(a, b json.RawMessage) bool {
	if len(a) == 0 || len(b) == 0 {
		return len(a) == len(b)
	}
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return false
	}
	return cmp.Equal(x, y)
}
