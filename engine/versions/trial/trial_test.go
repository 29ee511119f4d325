package trial_test

import (
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"parley/botscripts"
	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/versions/trial"
	"parley/storage/sqlite/sqlitetest"
)

const concierge = `return function(chat)
	local name = chat:ask "Your name?"
	if name.text == "Kim" then
		chat:say "Hello Kim."
	end
	chat:ask("What is it, " .. name.text .. "?")
	chat:say "Thanks."
end`

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newWorld has one active version, v1, whose bot is lua.
func newWorld(t testing.TB, lua string) *enginetest.World {
	t.Helper()
	store := sqlitetest.Open(t)
	return enginetest.New(t, store, botscripts.New(botscripts.Config{})).Publish(lua)
}

func TestRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, concierge)
	for i := range 12 {
		w.Visitor(fmt.Sprintf("new-%d", i), "hi")
	}
	var kims []string
	for i := range 3 {
		name := fmt.Sprintf("kim-%d", i)
		w.Visitor(name, "hi")
		kims = append(kims, w.Visitor(name, "Kim").ID)
	}
	for i := range 2 {
		w.Visitor(fmt.Sprintf("bob-%d", i), "hi")
		w.Visitor(fmt.Sprintf("bob-%d", i), "Bob")
	}
	w.Visitor("done", "hi")
	w.Visitor("done", "Ann")
	w.Visitor("done", "nothing") // this one has ended
	before := w.Cursor()
	blast := func(b engine.Bundle, sample int) trial.Report {
		t.Helper()
		steps := 0
		r, err := trial.Run(t.Context(), w.Versions, b, trial.Options{Sample: sample, Progress: func(done, all int) { steps++ }})
		if err != nil || (r.Tried > 0) != (steps > 0) {
			t.Fatalf("%v after %d steps", err, steps)
		}
		return r
	}

	same := blast(enginetest.Bundle("v2-blast", strings.Replace(concierge, "Thanks.", "Thank you.", 1)), 0)
	if got := same.String(); got != "17 continue" || !same.Harmless() || same.Waiting != 17 {
		t.Errorf("a later line: %s, %+v", got, same)
	}
	r := blast(enginetest.Bundle("v3-blast", strings.Replace(concierge, "Hello Kim.", "Hi Kim.", 1)), 0)
	if got := r.String(); got != "14 continue, 3 would diverge at bots/main.lua:4" || r.Harmless() {
		t.Errorf("another greeting: %s", got)
	}
	g := r.Groups[1]
	if g.Fate != trial.Diverges || g.Bot != "main" || !strings.Contains(g.Message, "Hello Kim.") || len(g.Examples) != 3 || g.Examples[0].Version != "v1" {
		t.Errorf("the group is %+v", g)
	}
	for i, e := range g.Examples {
		if e.Conversation != kims[i] {
			t.Errorf("example %d is %+v, want %s", i, e, kims[i])
		}
	}
	if got := blast(enginetest.Bundle("v4-blast", strings.Replace(concierge, `if name`, "if nobody.here and name", 1)), 0).String(); got != "12 continue, 5 would diverge at bots/main.lua:3" {
		t.Errorf("an error: %s", got) // an error where the journal goes on is a divergence
	}
	if got := blast(enginetest.Bundle("v5-blast", "return 1"), 0).String(); got != "17 would diverge at bots/main.lua" {
		t.Errorf("no bot function: %s", got)
	}
	other := enginetest.Bundle("v6-blast", "")
	other.Files = map[string]string{"brand.yaml": "Acme", "bots/other.lua": concierge}
	if got := blast(other, 0).String(); got != `17 would find no bot "main"` {
		t.Errorf("no such bot: %s", got)
	}
	sample := blast(enginetest.Bundle("v7-blast", concierge), 5)
	if got := sample.String(); got != "5 continue (5 of 17 were tried)" {
		t.Errorf("a sample: %s", got)
	}
	if got := blast(enginetest.Bundle("v1", concierge), 0); got.String() != "no conversation waits in another version" || got.Same != 17 {
		t.Errorf("the version that they wait in: %s", got)
	}
	_, err := trial.Run(t.Context(), w.Versions, enginetest.Bundle("v8-blast", "return function("), trial.Options{})
	w.Refused(engine.Invalid, "bots/main.lua:1", err)
	if w.Cursor() != before {
		t.Error("it has changed something")
	}
}

func TestRunSeesWaitsOfAllKinds(t *testing.T) {
	t.Parallel()
	const lua = `return function(chat)
		local a = chat:ask "Well?"
		if a.text == "later" then chat:wait(60) end
		if a.text == "person" then chat:handoff { skill = "care", summary = a.text } end
		if a.text == "again" then chat:restart { n = 1 } end
		chat:ask "More?"
	end`
	w := newWorld(t, lua)
	for _, word := range []string{"later", "person", "again", "more"} {
		w.Visitor(word, "hi")
		w.Visitor(word, word)
	}
	v := enginetest.Bundle("v9-blast", strings.ReplaceAll(lua, `"More?"`, `"And?"`))
	r, err := trial.Run(t.Context(), w.Versions, v, trial.Options{})
	if err != nil || r.String() != "3 continue, 1 would diverge at bots/main.lua:6" {
		t.Errorf("%s, %v", r, err)
	}
}

func BenchmarkRun(b *testing.B) {
	w := newWorld(b, concierge)
	for i := range 500 {
		w.Visitor(fmt.Sprint(i), "hi")
	}
	v := enginetest.Bundle("v10-blast", concierge)
	for b.Loop() {
		if _, err := trial.Run(b.Context(), w.Versions, v, trial.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
