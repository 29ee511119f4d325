package botscripts

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

var update = flag.Bool("update", false, "rewrite the expected lines of testdata/talks")

// TestTalks plays testdata/talks/*.txt. A file holds "-- path --" sections
// and last a "-- talk --", where
//
//	> text          the consumer writes
//	> [id] label    the consumer presses a choice
//	+ 90s           time passes; a timer that is due fires
//	= 200 {…}       the outside call answers; "= ! text" fails
//	! closed done   an agent's outcome, "! returned note" gives it back; "{…}" at its end are fields
//	!!              a message interrupts the outside call
//	< line          what the bot then does
func TestTalks(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/talks/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no talks: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			head, talk, ok := strings.Cut(string(raw), "-- talk --\n")
			if !ok {
				t.Fatal("no talk")
			}
			got := play(t, newDriver(t, sections(head)), talk)
			if *update {
				if err := os.WriteFile(path, []byte(head+"-- talk --\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(talk, got); diff != "" {
				t.Errorf("the talk differs (-want +got):\n%s", diff)
			}
		})
	}
}

func sections(text string) map[string]string {
	files := map[string]string{}
	path := ""
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(name, " --\n") {
			path = strings.TrimSuffix(name, " --\n")
			continue
		}
		if path != "" {
			files[path] += line
		}
	}
	return files
}

func play(t *testing.T, d *driver, talk string) string {
	var out strings.Builder
	started := false
	for raw := range strings.Lines(talk) {
		text := strings.TrimSuffix(raw, "\n")
		if strings.HasPrefix(text, "<") {
			continue
		}
		out.WriteString(raw)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if d.session.State == engine.SessionDone || d.session.State == engine.SessionParked {
			t.Fatalf("%q comes after the session's end", text)
		}
		effects := act(t, d, text, !started)
		started = true
		for _, l := range lines(effects) {
			out.WriteString("< " + strings.ReplaceAll(l, "\n", "\\n") + "\n")
		}
		switch {
		case d.fault != nil:
			fmt.Fprintf(&out, "< parked: %s at %s:%d, step %d: %s\n", d.fault.Kind, d.fault.File, d.fault.Line, d.fault.Step, d.fault.Message)
		case d.restart != nil:
			fmt.Fprintf(&out, "< restart %s\n", d.restart)
		case d.session.State == engine.SessionDone:
			out.WriteString("< done\n")
		}
	}
	return out.String()
}

func act(t *testing.T, d *driver, text string, first bool) []engine.Effect {
	t.Helper()
	kind, rest, _ := strings.Cut(text, " ")
	switch kind {
	case ">":
		c := engine.Content{Text: rest}
		if id, label, ok := strings.Cut(strings.TrimPrefix(rest, "["), "] "); ok && rest[0] == '[' {
			c = engine.Content{Text: label, Picked: &engine.Choice{ID: id, Label: label}}
		}
		if first {
			return d.step(nil, &c)
		}
		return d.content(c)
	case "+":
		pass, err := time.ParseDuration(rest)
		if err != nil {
			t.Fatal(err)
		}
		d.now = d.now.Add(pass)
		if w := d.session.Wait; w.Until.IsZero() || w.Until.After(d.now) {
			return nil
		}
		return d.input(engine.InboxTimer, nil)
	case "=":
		status, body, _ := strings.Cut(rest, " ")
		p := engine.HTTPResponse{Body: body, Header: map[string]string{"Content-Type": "application/json"}}
		if status == "!" {
			p = engine.HTTPResponse{Error: body}
		} else if n, err := strconv.Atoi(status); err == nil {
			p.Status = n
		} else {
			t.Fatal(err)
		}
		return d.input(engine.InboxResult, p)
	case "!!":
		return d.input(engine.InboxInterrupt, nil)
	case "!":
		how, rest, _ := strings.Cut(rest, " ")
		o := engine.HandoffOutcome{Kind: how, Agent: "Ana"}
		if text, raw, ok := strings.Cut(rest, "{"); ok {
			rest = strings.TrimSpace(text)
			if err := json.Unmarshal([]byte("{"+raw), &o.Fields); err != nil {
				t.Fatal(err)
			}
		}
		if how == "closed" {
			o.Outcome = rest
		} else {
			o.Note = rest
		}
		return d.input(engine.InboxOutcome, o)
	}
	t.Fatalf("cannot read %q", text)
	return nil
}
