package command_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/botscripts/intents"
)

func TestNLUHelp(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"nlu", "nlu bench", "nlu eval", "nlu slots"} {
		r := parley(t, append(strings.Fields(name), "--help")...)
		if r.code != 0 || r.err != "" {
			t.Errorf("code %d, %s", r.code, r.err)
		}
		golden(t, "help_"+strings.ReplaceAll(name, " ", "_"), r.out)
	}
}

func inFolder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// benched and evaluated are what the commands tell as JSON, as far as it is looked at.
type benched struct {
	Set                         string
	Labels, Examples, Questions int
	Accuracy, AUROC             float64
	Larson                      *struct{ Recall float64 }
	OwnCut                      *struct{} `json:"own_cut"`
	Edits                       []struct{ Accuracy float64 }
}

type evaluated struct {
	Brand      string
	Intents    []struct{ Weak string }
	Examples   int
	Accuracy   float64
	OutOfScope *struct{ Measured bool } `json:"out_of_scope"`
	Model      string
	Cases      struct {
		Cases, Right int
		Failing      []struct{ Place, Text, Want, Got string }
	}
	Questions int                                      `json:"faq_entries"`
	Overlaps  []struct{ First struct{ Place string } } `json:"faq_overlaps"`
}

func TestNLUBench(t *testing.T) {
	t.Parallel()
	const train = "text,category\n\"where is it, please\",track\ntrack my order,track\nI want my money back,refund\nrefund me now,refund\n"
	plain := inFolder(t, map[string]string{"train.csv": train, "test.csv": "category,text\ntrack,where is my order\nrefund,money back please\n"})
	var got benched
	r := parley(t, "nlu", "bench", plain, "--edits", "2", "--json")
	if err := json.Unmarshal([]byte(r.out), &got); r.code != 0 || err != nil {
		t.Fatal(r.code, r.err, err)
	}
	if got.Labels != 2 || got.Examples != 4 || got.Questions != 2 || got.Accuracy != 1 || len(got.Edits) != 2 || got.Larson != nil {
		t.Errorf("%+v", got)
	}
	if r := parley(t, "nlu", "bench", plain, "--shots", "1"); r.code != 0 || !strings.Contains(r.out, "2 labels, 2 examples, 2 test texts") {
		t.Error(r.code, r.out, r.err)
	}

	scope := inFolder(t, map[string]string{"data_full.json": `{"train": [["where is my order", "track"], ["track it", "track"], ["refund me", "refund"], ["my money back", "refund"]],
		"val": [["track my order", "track"]], "test": [["where is it", "track"], ["refund", "refund"]],
		"oos_val": [["weather in lisbon", "oos"]], "oos_test": [["zodiac sign", "oos"]], "oos_train": []}`})
	got = benched{}
	r = parley(t, "nlu", "bench", scope, "--json")
	if err := json.Unmarshal([]byte(r.out), &got); r.code != 0 || err != nil {
		t.Fatal(r.code, r.err, err)
	}
	if got.Set != "CLINC150" || got.Accuracy != 1 || got.AUROC != 1 || got.Larson == nil || got.Larson.Recall != 1 || got.OwnCut == nil {
		t.Errorf("%+v", got)
	}
	if r := parley(t, "nlu", "bench", scope); r.code != 0 || !strings.Contains(r.out, "Larson's rule") || !strings.Contains(r.err, "training on 4 texts") {
		t.Error(r.code, r.out, r.err)
	}
}

func TestNLUUnusable(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, command string
		files         map[string]string
		want          string
	}{
		{"nothing", "bench", nil, "has neither data_full.json nor train.csv and test.csv"},
		{"no test", "bench", map[string]string{"train.csv": "text,category\na,b\n"}, "has neither"},
		{"other columns", "bench", map[string]string{"train.csv": "a,b\n1,2\n"}, "train.csv has no columns text and category"},
		{"ragged", "bench", map[string]string{"train.csv": "text,category\n1\n"}, "train.csv: record on line 2"},
		{"empty", "bench", map[string]string{"train.csv": ""}, "train.csv is empty"},
		{"one label", "bench", map[string]string{"train.csv": "text,category\na,b\n", "test.csv": "text,category\na,b\n"}, "at least two labels"},
		{"no JSON", "bench", map[string]string{"data_full.json": "["}, "data_full.json is no CLINC150"},
		{"no tests in JSON", "bench", map[string]string{"data_full.json": "{}"}, "no test texts"},
		{"no brand", "eval", nil, "the brand folder has"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if r := parley(t, "nlu", tt.command, inFolder(t, tt.files)); r.code != 2 || !strings.Contains(r.err, tt.want) || r.out != "" {
				t.Errorf("code %d, %q, %q", r.code, r.err, r.out)
			}
		})
	}
	for _, line := range []string{"nlu bench", "nlu eval", "nlu bench /nowhere", "nlu eval /nowhere", "nlu bench x --edits 11", "nlu nonsense"} {
		if r := parley(t, strings.Fields(line)...); r.code != 2 {
			t.Errorf("%s: code %d, %s", line, r.code, r.err)
		}
	}
}

func TestNLUEval(t *testing.T) {
	t.Parallel()
	var yaml strings.Builder
	for _, verb := range []string{"return", "track", "cancel", "repair", "insure"} {
		fmt.Fprintf(&yaml, "%s:\n", verb)
		for _, frame := range []string{"how do I %s it", "please %s this", "I want to %s my bike", "can you %s a bike", "%s now", "need to %s one"} {
			fmt.Fprintf(&yaml, "  - "+frame+"\n", verb)
		}
	}
	files := map[string]string{
		"brand.yaml":   "id: acme\nname: Acme\ntime_zone: Europe/Berlin\nlanguages: [en]\ndefault_skill: care\nskills:\n  care:\n    name: Care\nchannels:\n  web:\n    kind: webchat\n    bot: ava\n",
		"bots/ava.lua": "return function(chat) chat:say 'Hi' end\n",
		"intents.yaml": yaml.String(),
		"faq/a.md":     "## How long does delivery take?\n\nDays.\n\n## How long does the delivery take?\n\nWeeks.\n",
	}
	var got evaluated
	r := parley(t, "nlu", "eval", inFolder(t, files), "--json")
	if err := json.Unmarshal([]byte(r.out), &got); r.code != 0 || err != nil {
		t.Fatal(r.code, r.err, err)
	}
	if got.Brand != "Acme" || len(got.Intents) != 5 || got.Examples != 30 || got.Accuracy < 0.9 || got.OutOfScope == nil || !got.OutOfScope.Measured ||
		got.Questions != 2 || len(got.Overlaps) != 1 || got.Overlaps[0].First.Place != "faq/a.md:1" || got.Intents[0].Weak != "few examples" {
		t.Errorf("%+v", got)
	}
	r = parley(t, "nlu", "eval", inFolder(t, files))
	for _, want := range []string{"Acme: 5 intents, 30 examples", "few examples", "Out of scope above an entropy of", "FAQ: 2 entries, 1 pairs", "faq/a.md:5"} {
		if r.code != 0 || !strings.Contains(r.out, want) {
			t.Errorf("code %d, no %q in:\n%s%s", r.code, want, r.out, r.err)
		}
	}
	if want := intents.ModelHash(files); got.Model != want || want == "" || !strings.Contains(r.out, "model "+want[:12]+"\n") || strings.Contains(r.out, "Regression") {
		t.Errorf("the model is %q, want %q\n%s", got.Model, want, r.out)
	}
	files["tests/intents.yaml"] = "track:\n  - please track my bike\nreturn:\n  - how do I cancel it now\n"
	dir := inFolder(t, files)
	r = parley(t, "nlu", "eval", dir, "--json")
	if err := json.Unmarshal([]byte(r.out), &got); r.code != 1 || err != nil || !strings.Contains(r.err, "1 of 2 regression cases failed") {
		t.Fatal(r.code, r.err, err)
	}
	if c := got.Cases; c.Cases != 2 || c.Right != 1 || len(c.Failing) != 1 || c.Failing[0].Place != "tests/intents.yaml:4" ||
		c.Failing[0].Text != "how do I cancel it now" || c.Failing[0].Want != "return" || c.Failing[0].Got != "cancel" {
		t.Errorf("%+v", c)
	}
	if r = parley(t, "nlu", "eval", dir); r.code != 1 || !strings.Contains(r.out, "Regression cases: 1 of 2 hold\n  tests/intents.yaml:4: how do I cancel it now means return, got cancel (") {
		t.Errorf("code %d\n%s", r.code, r.out)
	}
	files["tests/intents.yaml"] = "track:\n  - please track my bike\n"
	if r = parley(t, "nlu", "eval", inFolder(t, files)); r.code != 0 || !strings.Contains(r.out, "Regression cases: 1 of 1 hold\n") {
		t.Errorf("code %d\n%s%s", r.code, r.out, r.err)
	}
	delete(files, "tests/intents.yaml")
	delete(files, "intents.yaml")
	if r := parley(t, "nlu", "eval", inFolder(t, files)); r.code != 0 || !strings.Contains(r.out, "Acme: no intents") {
		t.Error(r.code, r.out, r.err)
	}
	delete(files, "faq/a.md")
	if r := parley(t, "nlu", "eval", inFolder(t, files)); r.code != 2 || !strings.Contains(r.err, "neither intents nor an FAQ") {
		t.Error(r.code, r.out, r.err)
	}
}

// Two wordings that are alike are an overlap only where one conversation could meet both entries.
func TestNLUEvalOverlaps(t *testing.T) {
	t.Parallel()
	const brand = "id: acme\nname: Acme\ntime_zone: Europe/Berlin\nlanguages: [en, de, pt-BR, pt-PT]\ndefault_skill: care\nskills:\n  care:\n    name: Care\n" +
		"channels:\n  web:\n    kind: webchat\n    bot: ava\n  site:\n    kind: webchat\n    bot: ava\n  sms:\n    kind: twilio\n    bot: ava\n    address: \"+15550100\"\n    account_sid: AC00000000000000000000000000000000\n    auth_token: ${T}\n"
	entry := func(question, about string) string { return "## " + question + "\n" + about + "\n\nAn answer.\n\n" }
	const one, other = "Is the Urban 5 in stock?", "Is the Urban 5 in stock now?"
	for _, tt := range []struct {
		name, a, b string
		overlaps   int
	}{
		{"for all", entry(one, ""), entry(other, ""), 1},
		{"variants for languages", entry(one, "Language: en"), entry(one, "Language: de"), 0},
		{"a variant beside that for all", entry(one, ""), entry(one, "Language: de"), 0},
		{"other words in another language", entry(one, "Language: en"), entry(other, "Language: de"), 0},
		{"other words for another country", entry(one, "Language: pt-BR"), entry(other, "Language: pt-PT"), 0},
		{"other words beside those for all", entry(one, ""), entry(other, "Language: de"), 1},
		{"variants for channels", entry(one, "Channels: web"), entry(one, "Channels: site"), 0},
		{"other words on other channels", entry(one, "Channels: web"), entry(other, "Channels: sms"), 0},
		{"other words on one channel", entry(one, "Channels: web, sms"), entry(other, "Channels: sms"), 1},
		{"a channel and its kind", entry(one, "Channels: web"), entry(other, "Channels: webchat"), 1},
		{"a channel and another kind", entry(one, "Channels: web"), entry(other, "Channels: twilio"), 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := inFolder(t, map[string]string{"brand.yaml": brand, "bots/ava.lua": "return function(chat) chat:say 'Hi' end\n", "faq/a.md": tt.a + tt.b})
			var got evaluated
			r := parley(t, "nlu", "eval", dir, "--json")
			if err := json.Unmarshal([]byte(r.out), &got); r.code != 0 || err != nil {
				t.Fatal(r.code, r.err, err)
			}
			if len(got.Overlaps) != tt.overlaps {
				t.Errorf("%d overlaps, want %d: %+v", len(got.Overlaps), tt.overlaps, got.Overlaps)
			}
		})
	}
}

func TestNLUSlots(t *testing.T) {
	t.Parallel()
	dir := inFolder(t, map[string]string{
		"phrases.jsonl": `{"lang":"en","kind":"number","text":"about 12","want":["12"],"now":"2026-11-20T10:00:00Z"}
{"lang":"en","kind":"number","text":"a few","want":["3"],"now":"2026-11-20T10:00:00Z"}

{"lang":"de","kind":"date","text":"morgen","want":["2026-11-21"],"now":"2026-11-20T10:00:00+01:00"}
{"lang":"de","kind":"money","text":"17 Euro","want":["17.0"],"cur":"EUR|","now":"2026-11-20T10:00:00Z"}
{"lang":"de","kind":"datetime","text":"morgen um 15 Uhr","want":["2026-11-21T16:00"],"now":"2026-11-20T10:00:00Z"}
`,
		"kind.jsonl":  `{"lang":"en","kind":"colour","text":"blue","want":["blue"],"now":"2026-11-20T10:00:00Z"}`,
		"empty.jsonl": `{"lang":"en","kind":"number","text":"1","now":"2026-11-20T10:00:00Z"}`,
	})
	r := parley(t, "nlu", "slots", filepath.Join(dir, "phrases.jsonl"), "--list")
	if r.code != 0 {
		t.Fatalf("code %d: %s", r.code, r.err)
	}
	golden(t, "nlu_slots", r.out)
	r = parley(t, "nlu", "slots", filepath.Join(dir, "phrases.jsonl"), "--json")
	var report struct {
		Languages []struct{ Phrases, Right, Asked, Wrong int }
		Misses    []struct{ Verdict string }
	}
	if err := json.Unmarshal([]byte(r.out), &report); err != nil || r.code != 0 {
		t.Fatalf("code %d, %v: %s", r.code, err, r.out)
	}
	if de := report.Languages[0]; de.Phrases != 3 || de.Right != 2 || de.Wrong != 1 || len(report.Misses) != 2 {
		t.Errorf("got %+v", report)
	}
	for name, want := range map[string]string{"kind.jsonl": `kind.jsonl:1: kind: there is no "colour"`, "empty.jsonl": "empty.jsonl:1: want: must not be empty", "none.jsonl": "none.jsonl"} {
		if r := parley(t, "nlu", "slots", filepath.Join(dir, name)); r.code != 2 || !strings.Contains(r.err, want) {
			t.Errorf("%s: code %d, %s", name, r.code, r.err)
		}
	}
}
