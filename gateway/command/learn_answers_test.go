package command_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

func TestLearnAnswers(t *testing.T) {
	t.Parallel()
	golden(t, "help_learn_answers", parley(t, "learn", "answers", "--help").out)
	v := newVault(t)
	if out := v.does("learn answers " + v.dir); !strings.HasSuffix(out, " has no FAQ.\n") {
		t.Error(out)
	}
	v.write("faq/shop.md", "## Can I park?\n\n- Is there a car park?\n\nYes.\n\n## When are you open?\n\nAlways.\n\n## Where are you?\n\nHere.\n")
	if out := v.does("learn answers " + v.dir); !strings.Contains(out, "Nobody has said yet whether an answer helped.") {
		t.Error(out)
	}
	at := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	v.open(func(w *enginetest.World) {
		w.Update(func(tx engine.Tx) error {
			for _, f := range []engine.FAQFeedback{
				{Brand: "acme", Question: "Where are you?", Helped: 1, Unhelped: 2, At: at},
				{Brand: "acme", Question: "Can I park?", Helped: 2, Unhelped: 1, At: at},
				{Brand: "acme", Question: "Who \x1b[2J are you?", Helped: 1, At: at},
				{Brand: "beta", Question: "When are you open?", Unhelped: 1, At: at},
			} {
				if err := tx.Feedback().Add(f); err != nil {
					return err
				}
			}
			u := engine.Utterance{
				Brand: "acme", Conversation: "c", Text: "how do I get to you", Source: engine.FromAnswer, State: engine.UtteranceOpen, Question: "Where are you?", At: at,
			}
			return tx.Utterances().Add(&u)
		})
	})
	golden(t, "learn_answers", v.does("learn answers "+v.dir))
	if out := v.does("learn " + v.dir); !strings.Contains(out, "how do I get to you  (was answered with “Where are you?”, which did not help)") {
		t.Error(out)
	}
	var report struct {
		Brand   string
		Answers []struct {
			Question string
			Helped   int
			Share    *float64
			Last     time.Time
			Gone     bool
		}
	}
	if err := json.Unmarshal([]byte(v.does("learn answers "+v.dir+" --json")), &report); err != nil {
		t.Fatal(err)
	}
	if a := report.Answers; len(a) != 4 || a[0].Question != "Where are you?" || a[0].Helped != 1 || *a[0].Share != 1.0/3 || !a[0].Last.Equal(at) || !a[2].Gone || a[3].Share != nil {
		t.Errorf("%+v", report)
	}
	for line, code := range map[string]int{"learn answers": 2, "learn answers /nowhere": 2, "learn answers " + v.dir + " x": 2} {
		if r := v.run("", line); r.code != code || r.err == "" {
			t.Errorf("%s: %+v, want %d", line, r, code)
		}
	}
}
