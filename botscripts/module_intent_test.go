package botscripts

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"parley/botscripts/intents"
	"parley/botscripts/modules/intent"
	"parley/engine"
	"parley/engine/understanding/nlu"
)

const someIntents = `order_status:
  - Where is my order?
  - Track my parcel
  - Has my package been sent yet?
  - When does my delivery arrive?
  - I am still waiting for my order
opening_hours:
  - When are you open?
  - Are you open on Sundays?
  - What are your opening hours?
  - When does the shop close?
  - Opening times please
refund:
  - I want my money back
  - Please refund me
  - How do I get a refund?
  - When will I be reimbursed?
  - Give me back what I paid
`

func withIntents(bot string) map[string]string {
	files := script(bot)
	files["intents.yaml"] = someIntents
	return files
}

const classifyBot = `local intent, json = require "intent", require "json"
return function(chat)
	local function tell(text)
		local found = intent.classify(text)
		chat:note(json.encode(found))
		return found
	end
	if tell(chat.opening.text).name == "order_status" then chat:tag "order" end
	for _ = 1, 4 do tell(chat:ask("and?").text) end
end`

func TestClassify(t *testing.T) {
	t.Parallel()
	d := newDriver(t, withIntents(classifyBot))
	var notes []engine.IntentAnswer
	d.watch = func(_ engine.Turn, out engine.Outcome) {
		for _, e := range out.Effects {
			if e.Note != nil {
				var a engine.IntentAnswer
				if err := json.Unmarshal([]byte(*e.Note), &a); err != nil {
					t.Fatal(err)
				}
				notes = append(notes, a)
			}
		}
	}
	d.start("where is my parcel")
	d.say("can i get a refnud")
	d.say("Ω?")
	d.say("")
	d.say(strings.Repeat("where is my order ", 500))
	if d.fault != nil || len(notes) != 5 {
		t.Fatalf("%d answers, %+v", len(notes), d.fault)
	}
	for i, want := range []string{"order_status", "refund", "", "", "order_status"} {
		got := notes[i]
		if got.Name != want || got.Known != (want != "") || len(got.Top) != 3 || got.Confidence != got.Top[0].Confidence {
			t.Errorf("text %d: %+v, want %q", i, got, want)
		}
	}
}

// The journal holds what was understood, so that a version with other intents
// replays a session as it was.
func TestClassifyReplays(t *testing.T) {
	t.Parallel()
	d := newDriver(t, withIntents(classifyBot))
	d.start("where is my parcel")
	entry := d.journal[1]
	if entry.Call != "intent.classify" || string(entry.Args) != `{"text":"where is my parcel"}` || !strings.Contains(string(entry.Answer), `"name":"order_status"`) {
		t.Errorf("the journal has %s %s → %s", entry.Call, entry.Args, entry.Answer)
	}
	other := script(classifyBot)
	other["intents.yaml"] = strings.ReplaceAll(someIntents, "order_status", "parcel")
	d.bot = load(t, New(Config{Limits: testLimits()}), other, "main")
	d.say("and my order?")
	if d.fault != nil {
		t.Fatalf("%+v", d.fault)
	}
	if last := d.journal[len(d.journal)-3]; !strings.Contains(string(last.Answer), `"parcel"`) {
		t.Errorf("the new version understood %s", last.Answer)
	}
}

func TestClassifyWithoutIntents(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"none": "", "unfit": "order: [a, b]\n"} {
		files := script(`local intent = require "intent"
return function(chat)
	local ok, why = pcall(intent.classify, "hi")
	chat:note(tostring(ok) .. " " .. why)
	intent.classify("hi")
end`)
		if text != "" {
			files["intents.yaml"] = text
		}
		d := newDriver(t, files)
		d.start("hi")
		if d.fault == nil || !strings.Contains(d.fault.Message, intent.None) {
			t.Errorf("%s: %+v", name, d.fault)
		}
	}
}

// An edit of a bot alone trains nothing, and callers at the same time train once.
func TestModelsAreKept(t *testing.T) {
	t.Parallel()
	rt := New(Config{})
	bundleOf := func(hash, bot string) engine.Bundle {
		return engine.Bundle{Hash: hash, Files: withIntents(bot)}
	}
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := rt.Warm(bundleOf("b1", classifyBot)); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if err := rt.Warm(bundleOf("b2", "return function(chat) chat:say 'hi' end")); err != nil {
		t.Fatal(err)
	}
	changed := bundleOf("b3", classifyBot)
	changed.Files["intents.yaml"] += "  - Refund, now\n"
	if err := rt.Warm(changed); err != nil {
		t.Fatal(err)
	}
	model := func(hash string) any {
		b, err := rt.compiled(hash, func() (engine.Bundle, error) {
			t.Errorf("%s was compiled again", hash)
			return engine.Bundle{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return b.Intents
	}
	if model("b1") != model("b2") || model("b1") == model("b3") {
		t.Error("the models do not follow the examples")
	}
	if got, want := intents.ModelHash(changed.Files), model("b3").(*nlu.Model).Hash(); got != want {
		t.Errorf("files say that their model is %q, and %q is used", got, want)
	}
	if err := rt.Warm(engine.Bundle{Hash: "b4", Files: script("return function(")}); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("a broken bundle: %v", err)
	}
}
