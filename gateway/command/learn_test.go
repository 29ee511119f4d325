package command_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/learning"
)

const learntIntents = `order: # most of them
  - Where is my bike?
  - Track my order
  - Has my parcel been sent?
  - Is my delivery on its way?
refund:
  - I want my money back
  - Please refund me
  - How do I get a refund?
  - Give me back what I paid
`

func (v *vault) write(name, text string) {
	v.t.Helper()
	file := filepath.Join(v.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		v.t.Fatal(err)
	}
}

func (v *vault) read(name string) string {
	v.t.Helper()
	raw, err := os.ReadFile(filepath.Join(v.dir, filepath.FromSlash(name)))
	if err != nil {
		v.t.Fatal(err)
	}
	return string(raw)
}

func TestLearn(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.write("intents.yaml", learntIntents)
	if out := v.does("learn " + v.dir); out != "There is nothing to learn.\n" {
		t.Error(out)
	}
	v.open(func(w *enginetest.World) {
		w.Update(func(tx engine.Tx) error {
			if err := tx.Brands().Save(engine.Brand{ID: "acme", Name: "Acme"}); err != nil {
				return err
			}
			for i, text := range []string{"gimme my cash back", "cash back, please", "my cat is grey", "track my order", "cash \x1b[2J back for me please"} {
				err := learning.Collect(tx, engine.Conversation{Brand: "acme", ID: string(rune('a' + i))}, []engine.JournalEntry{{
					Call: "intent.classify", Args: []byte(`{"text":"` + strings.ReplaceAll(text, "\x1b", `\u001b`) + `"}`), Answer: []byte(`{"known":false}`), At: w.Clock.Now(),
				}})
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
	golden(t, "learn", v.does("learn "+v.dir))
	if out := v.does("learn " + v.dir + " --groups 1 --texts 1"); !strings.Contains(out, "more groups") || strings.Contains(out, "grey") {
		t.Error(out)
	}
	golden(t, "learn_accept", v.does("learn accept "+v.dir+" 1 2 --intent refund"))
	if got := v.read("intents.yaml"); got != learntIntents+"  - gimme my cash back\n  - cash back, please\n" {
		t.Error(got)
	}
	if got := v.read("tests/intents.yaml"); !strings.HasSuffix(got, "refund:\n  - gimme my cash back\n  - cash back, please\n") {
		t.Error(got)
	}
	if out := v.does("learn " + v.dir); strings.Contains(out, "gimme") {
		t.Error(out)
	}
	v.does("check " + v.dir)
	v.does("learn accept "+v.dir+" 3", "--question", "Which colour is the cat?", "--answer", "Grey.")
	if got := v.read("faq/learned.md"); !strings.Contains(got, "## Which colour is the cat?\n\n- my cat is grey\n\nGrey.\n") {
		t.Error(got)
	}
	for line, code := range map[string]int{
		"learn": 2, "learn /nowhere": 2, "learn accept " + v.dir: 2, "learn accept " + v.dir + " x --intent refund": 2,
		"learn accept " + v.dir + " 1": 2, "learn accept " + v.dir + " 99 --intent refund": 1, "learn accept " + v.dir + " 1 --intent refund": 1,
		"learn accept " + v.dir + " 1 --intent order": 2, "learn accept " + v.dir + " 5 --question Why?": 2,
	} {
		if r := v.run("", line); r.code != code || r.err == "" {
			t.Errorf("%s: %+v, want %d", line, r, code)
		}
	}
}

// A folder that would understand less stays as it is.
func TestLearnRefuses(t *testing.T) {
	t.Parallel()
	v := newVault(t)
	v.write("intents.yaml", learntIntents)
	v.write("tests/intents.yaml", "refund:\n  - give me a refund please\n")
	v.open(func(w *enginetest.World) {
		w.Update(func(tx engine.Tx) error {
			for _, text := range []string{"please give me a refund", "give me a refund please now", "a refund please for me", "refund my money please", "I want a refund of my money"} {
				u := engine.Utterance{Brand: "acme", Conversation: "c", Text: text, Source: engine.FromFAQ, State: engine.UtteranceOpen, At: w.Clock.Now()}
				if err := tx.Utterances().Add(&u); err != nil {
					return err
				}
			}
			return nil
		})
	})
	r := v.run("", "learn accept "+v.dir+" 1 2 3 4 5 --intent order")
	if r.code != 1 || !strings.Contains(r.out, "not written: ") || strings.Contains(r.out, "written: intents") {
		t.Errorf("%+v", r)
	}
	if v.read("intents.yaml") != learntIntents {
		t.Error("the folder was changed")
	}
}
