package versions_test

import (
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

func TestMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t, concierge)
	w.Push("version-2", two)
	waiting := map[string]engine.Conversation{}
	for _, name := range []string{"stays", "restarts", "unread", "leaves"} {
		w.Visitor(name, "hi")
		waiting[name] = w.Visitor(name, "I am "+name)
	}
	w.Activate("version-2")
	move := func(name string, choice versions.Choice) (engine.Conversation, error) {
		c := waiting[name]
		return w.Versions.Move(t.Context(), brand, c.ID, choice, c.Rev, versions.By{Actor: "agent:ana", Note: "the bot is new"})
	}
	if c, err := move("stays", versions.Stay); err != nil || c.Rev != waiting["stays"].Rev || w.Session(c.ID).Version != "v1" {
		t.Errorf("who stays: %+v, %v", c, err)
	}
	c, err := move("restarts", versions.Restart)
	if err != nil {
		t.Fatal(err)
	}
	w.Visit(c.ID)
	lines := w.Lines(c.ID)
	if s := w.Session(c.ID); s.Version != "version-2" || lines[len(lines)-1] != "bot: two?" {
		t.Errorf("who restarts: %+v, %v", s, lines)
	}
	if again := w.Visitor("restarts", "go on"); again.ID != c.ID || again.State != engine.Closed {
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

	if c, err = move("leaves", versions.HandOver); err != nil || c.Owner != engine.OwnerQueue || c.Handoff.Reason != "the bot is new" || c.Handoff.Version != "v1" {
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
	w.Refused(engine.Conflict, "does not wait in its bot", err)
	waiting["restarts"] = w.Conversation(waiting["restarts"].ID)
	_, err = move("restarts", versions.HandOver)
	w.Refused(engine.Conflict, "is closed", err)
	_, err = move("stays", "fly")
	w.Refused(engine.Invalid, "none of stay", err)
	_, err = w.Versions.Move(t.Context(), "other", c.ID, versions.Stay, 0, versions.By{})
	w.Refused(engine.NotFound, "", err)
}
