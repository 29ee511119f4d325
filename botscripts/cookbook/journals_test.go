package cookbook

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/engine"
	"parley/engine/simulate"
	"parley/storage/memory"
)

var update = flag.Bool("update", false, "write the journals of this generation")

// generation is the folder of the journals that TestJournals compares with and
// -update writes. Those of older ones are never written again: they hold their
// scripts, so that they stay what an older parley has recorded. Begin a new one
// with each release.
const generation = "2026-11"

// record is what the sessions of one folder's tests did.
type record struct {
	Files    map[string]string `json:"files"` // the bundle
	Sessions []session         `json:"sessions"`
}

// session is a session at its end, or where the test left it.
type session struct {
	Test    string              `json:"test"`
	ID      string              `json:"id"`
	Bot     string              `json:"bot"`
	Seed    int64               `json:"seed"`
	Start   json.RawMessage     `json:"start,omitempty"`
	State   engine.SessionState `json:"state"`
	Wait    engine.Wait         `json:"wait"`
	Restart json.RawMessage     `json:"restart,omitempty"`
	Journal []entry             `json:"journal"`
}

// entry is one host call.
type entry struct {
	Call   string          `json:"call"`
	Hash   string          `json:"hash"`
	Answer json.RawMessage `json:"answer,omitempty"`
	Line   string          `json:"line"`
}

// recorder is a runtime that keeps what its sessions did.
type recorder struct {
	engine.BotRuntime
	mu       sync.Mutex
	test     string
	sessions []*session
}

func (r *recorder) Bot(hash, name string, load func() (engine.Bundle, error)) (engine.Bot, error) {
	bot, err := r.BotRuntime.Bot(hash, name, load)
	return recordedBot{bot, r}, err
}

type recordedBot struct {
	engine.Bot
	recorder *recorder
}

func (b recordedBot) Step(t engine.Turn) (engine.Outcome, error) {
	out, err := b.Bot.Step(t)
	if err == nil {
		b.recorder.keep(t.Session, out)
	}
	return out, err
}

func (r *recorder) keep(s engine.Session, out engine.Outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.sessions, func(k *session) bool { return k.Test == r.test && k.ID == s.ID })
	if i < 0 {
		i = len(r.sessions)
		r.sessions = append(r.sessions, &session{Test: r.test, ID: s.ID, Bot: s.Bot, Seed: s.Seed, Start: s.Start})
	}
	k := r.sessions[i]
	k.State, k.Wait, k.Restart = out.State, out.Wait, out.Restart
	for _, e := range out.Journal {
		made := entry{Call: e.Call, Hash: e.Hash, Answer: e.Answer, Line: e.Line}
		if e.N < len(k.Journal) {
			k.Journal[e.N] = made
		} else {
			k.Journal = append(k.Journal, made)
		}
	}
}

// play runs the folder's tests, one after the other, and gives the record.
func play(t *testing.T, brand brandfolder.Brand) record {
	t.Helper()
	r := &recorder{BotRuntime: chattest.NewRuntime(nil)}
	for _, file := range slices.Sorted(maps.Keys(brand.Tests)) {
		tests, problems := chattest.Parse(file, brand.Tests[file])
		for _, p := range problems {
			t.Fatal(p)
		}
		for _, test := range tests {
			r.test = test.Title
			if result := chattest.Run(t.Context(), test, brand, simulate.Stage{Runtime: r, Store: memory.New}); result.Failure != nil {
				t.Fatal(result.Failure)
			}
		}
	}
	out := record{Files: brand.Bundle.Files}
	for _, s := range r.sessions {
		out.Sessions = append(out.Sessions, *s)
	}
	return out
}

func marshal(t *testing.T, r record) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The tests' journals are those that are checked in, on every machine and with
// every version of Go.
func TestJournals(t *testing.T) {
	t.Parallel()
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := marshal(t, play(t, load(t, name)))
			file := filepath.Join("testdata", "journals", generation, name+".json")
			if *update {
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(want, got) {
				t.Errorf("%s (-want +got; go test -update writes it after a change of the bot):\n%s", file, cmp.Diff(string(want), string(got)))
			}
		})
	}
}

// Sessions that an older parley recorded go on in this one: their scripts make
// the same calls up to where they were, and nothing else.
func TestReplayOfRecordedJournals(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "journals", "*", "*.json"))
	if err != nil || len(files) < len(Names()) {
		t.Fatalf("there are only %d records (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var r record
			if err := json.Unmarshal(raw, &r); err != nil {
				t.Fatal(err)
			}
			rt := chattest.NewRuntime(nil)
			for _, s := range r.Sessions {
				bot, err := rt.Bot(file, s.Bot, func() (engine.Bundle, error) { return engine.Bundle{Hash: file, Files: r.Files}, nil })
				if err != nil {
					t.Fatal(err)
				}
				replay(t, bot, s)
			}
		})
	}
}

func replay(t *testing.T, bot engine.Bot, s session) {
	turn := engine.Turn{
		Session: engine.Session{ID: s.ID, Bot: s.Bot, Seed: s.Seed, Start: s.Start, State: engine.SessionWaiting, Wait: s.Wait, Steps: len(s.Journal)},
		// Nothing but the journal may matter: it is another day and the brand has changed.
		Now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	for n, e := range s.Journal {
		turn.Journal = append(turn.Journal, engine.JournalEntry{Session: s.ID, N: n, Call: e.Call, Hash: e.Hash, Answer: e.Answer, Line: e.Line})
	}
	out, err := bot.Step(turn)
	switch {
	case err != nil:
		t.Errorf("%s, session %s: %v", s.Test, s.ID, err)
	case out.Fault != nil && s.State != engine.SessionParked:
		t.Errorf("%s, session %s: %+v", s.Test, s.ID, out.Fault)
	case out.State != s.State || out.Wait.Step != s.Wait.Step || out.Wait.Kind != s.Wait.Kind:
		t.Errorf("%s, session %s: is %s %+v, was %s %+v", s.Test, s.ID, out.State, out.Wait, s.State, s.Wait)
	case len(out.Effects) > 0 || len(out.Journal) > 0 && s.State != engine.SessionWaiting:
		t.Errorf("%s, session %s: made %d effects and %d entries anew", s.Test, s.ID, len(out.Effects), len(out.Journal))
	}
}

// A script that asks something else diverges from its journal: the replay would
// notice.
func TestReplayNoticesAChange(t *testing.T) {
	t.Parallel()
	brand := load(t, "retail-returns")
	r := play(t, brand)
	changed := maps.Clone(r.Files)
	changed["bots/returns.lua"] = "return function(chat) chat:ask 'Something else?' end"
	bot, err := chattest.NewRuntime(nil).Bot("changed", "returns", func() (engine.Bundle, error) {
		return engine.Bundle{Hash: "changed", Files: changed}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s := r.Sessions[0]
	turn := engine.Turn{Session: engine.Session{ID: s.ID, Bot: s.Bot, Seed: s.Seed, Wait: s.Wait, Steps: len(s.Journal)}, Now: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	for n, e := range s.Journal {
		turn.Journal = append(turn.Journal, engine.JournalEntry{Session: s.ID, N: n, Call: e.Call, Hash: e.Hash, Answer: e.Answer})
	}
	if out, err := bot.Step(turn); err != nil || out.Fault == nil || out.Fault.Kind != "divergence" {
		t.Errorf("%+v, %v", out, err)
	}
}
