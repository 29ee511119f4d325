package versions_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/versions"
)

const concierge = `return function(chat)
	local name = chat:ask "Your name?"
	if name.text == "Kim" then
		chat:say "Hello Kim."
	end
	chat:ask("What is it, " .. name.text .. "?")
	chat:say "Thanks."
end`

func TestBlast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, concierge)
	for i := range 12 {
		w.visitor(fmt.Sprintf("new-%d", i), "hi")
	}
	var kims []string
	for i := range 3 {
		name := fmt.Sprintf("kim-%d", i)
		w.visitor(name, "hi")
		kims = append(kims, w.visitor(name, "Kim").ID)
	}
	for i := range 2 {
		w.visitor(fmt.Sprintf("bob-%d", i), "hi")
		w.visitor(fmt.Sprintf("bob-%d", i), "Bob")
	}
	w.visitor("done", "hi")
	w.visitor("done", "Ann")
	w.visitor("done", "nothing") // this one has ended
	before := w.Cursor()
	blast := func(b engine.Bundle, sample int) versions.Report {
		t.Helper()
		steps := 0
		r, err := w.versions.Blast(t.Context(), b, versions.Trial{Sample: sample, Progress: func(done, all int) { steps++ }})
		if err != nil || (r.Tried > 0) != (steps > 0) {
			t.Fatalf("%v after %d steps", err, steps)
		}
		return r
	}

	same := blast(version("v2-blast", strings.Replace(concierge, "Thanks.", "Thank you.", 1)).Bundle, 0)
	if got := same.String(); got != "17 continue" || !same.Harmless() || same.Waiting != 17 {
		t.Errorf("a later line: %s, %+v", got, same)
	}
	r := blast(version("v3-blast", strings.Replace(concierge, "Hello Kim.", "Hi Kim.", 1)).Bundle, 0)
	if got := r.String(); got != "14 continue, 3 would diverge at bots/main.lua:4" || r.Harmless() {
		t.Errorf("another greeting: %s", got)
	}
	g := r.Groups[1]
	if g.Fate != versions.Diverges || g.Bot != "main" || !strings.Contains(g.Message, "Hello Kim.") || len(g.Examples) != 3 || g.Examples[0].Bundle != "v1" {
		t.Errorf("the group is %+v", g)
	}
	for i, e := range g.Examples {
		if e.Conversation != kims[i] {
			t.Errorf("example %d is %+v, want %s", i, e, kims[i])
		}
	}
	if got := blast(version("v4-blast", strings.Replace(concierge, `if name`, "if nobody.here and name", 1)).Bundle, 0).String(); got != "12 continue, 5 would diverge at bots/main.lua:3" {
		t.Errorf("an error: %s", got) // an error where the journal goes on is a divergence
	}
	if got := blast(version("v5-blast", "return 1").Bundle, 0).String(); got != "17 would diverge at bots/main.lua" {
		t.Errorf("no bot function: %s", got)
	}
	other := version("v6-blast", "").Bundle
	other.Files = map[string]string{"brand.yaml": "Acme", "bots/other.lua": concierge}
	if got := blast(other, 0).String(); got != `17 would find no bot "main"` {
		t.Errorf("no such bot: %s", got)
	}
	sample := blast(version("v7-blast", concierge).Bundle, 5)
	if got := sample.String(); got != "5 continue (5 of 17 were tried)" {
		t.Errorf("a sample: %s", got)
	}
	if got := blast(version("v1", concierge).Bundle, 0); got.String() != "no conversation waits in another version" || got.Same != 17 {
		t.Errorf("the version that they wait in: %s", got)
	}
	_, err := w.versions.Blast(t.Context(), version("v8-blast", "return function(").Bundle, versions.Trial{})
	w.refused(engine.Invalid, "bots/main.lua:1", err)
	if w.Cursor() != before {
		t.Error("it has changed something")
	}
}

func TestBlastSeesWaitsOfAllKinds(t *testing.T) {
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
		w.visitor(word, "hi")
		w.visitor(word, word)
	}
	v := version("v9-blast", strings.ReplaceAll(lua, `"More?"`, `"And?"`)).Bundle
	r, err := w.versions.Blast(t.Context(), v, versions.Trial{})
	if err != nil || r.String() != "3 continue, 1 would diverge at bots/main.lua:6" {
		t.Errorf("%s, %v", r, err)
	}
}

func BenchmarkBlast(b *testing.B) {
	w := newWorld(b, concierge)
	for i := range 500 {
		w.visitor(fmt.Sprint(i), "hi")
	}
	v := version("v10-blast", concierge).Bundle
	for b.Loop() {
		if _, err := w.versions.Blast(b.Context(), v, versions.Trial{}); err != nil {
			b.Fatal(err)
		}
	}
}

func TestMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, concierge)
	w.push("version-2", two)
	waiting := map[string]engine.Conversation{}
	for _, name := range []string{"stays", "restarts", "unread", "leaves"} {
		w.visitor(name, "hi")
		waiting[name] = w.visitor(name, "I am "+name)
	}
	w.activate("version-2")
	move := func(name string, choice versions.Choice) (engine.Conversation, error) {
		c := waiting[name]
		return w.versions.Move(t.Context(), brand, c.ID, choice, c.Rev, versions.By{Actor: "agent:ana", Note: "the bot is new"})
	}
	if c, err := move("stays", versions.Stay); err != nil || c.Rev != waiting["stays"].Rev || w.Session(c.ID).Bundle != "v1" {
		t.Errorf("who stays: %+v, %v", c, err)
	}
	c, err := move("restarts", versions.Restart)
	if err != nil {
		t.Fatal(err)
	}
	w.Visit(c.ID)
	lines := w.Lines(c.ID)
	if s := w.Session(c.ID); s.Bundle != "version-2" || lines[len(lines)-1] != "bot: two?" {
		t.Errorf("who restarts: %+v, %v", s, lines)
	}
	if again := w.visitor("restarts", "go on"); again.ID != c.ID || again.State != engine.Closed {
		t.Errorf("it does not go on: %+v", again)
	}

	unread := w.WriteAs(enginetest.Web, engine.Inbound{From: "unread", ProviderID: "u", Content: engine.Content{Text: "one more"}}).Conversation
	if _, err := move("unread", versions.Restart); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("an old revision: %v", err)
	}
	waiting["unread"] = unread
	if _, err = move("unread", versions.Restart); err != nil {
		t.Fatal(err)
	}
	if in := w.Inbox(unread.ID); len(in) != 1 || in[0].Kind != engine.InboxMessage || !strings.Contains(string(in[0].Data), "one more") {
		t.Errorf("the inbox is %+v", in)
	}

	if c, err = move("leaves", versions.HandOver); err != nil || c.Owner != engine.OwnerQueue || c.Handoff.Reason != "the bot is new" || c.Handoff.Bundle != "v1" {
		t.Errorf("who is handed over: %+v, %v", c, err)
	}
	if e, ok := w.Queued(c.ID); !ok || e.Skill != "care" {
		t.Errorf("it waits as %+v", e)
	}
	if s := w.Session(c.ID); s.State != engine.SessionDone {
		t.Errorf("the session is %s", s.State)
	}
	waiting["leaves"] = c
	_, err = move("leaves", versions.Restart)
	w.refused(engine.Conflict, "does not wait in its bot", err)
	waiting["restarts"] = w.Conversation(waiting["restarts"].ID)
	_, err = move("restarts", versions.HandOver)
	w.refused(engine.Conflict, "is closed", err)
	_, err = move("stays", "fly")
	w.refused(engine.Invalid, "none of stay", err)
	_, err = w.versions.Move(t.Context(), "other", c.ID, versions.Stay, 0, versions.By{})
	w.refused(engine.NotFound, "", err)
}
