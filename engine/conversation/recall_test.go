package conversation_test

import (
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/enginetest"
)

func TestRecall(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	recall := func() engine.Conversation {
		t.Helper()
		if err := w.Change(id, func(c *conversation.Change) error {
			return c.Recall("bot:main", "nobody came")
		}); err != nil {
			t.Fatal(err)
		}
		return w.Conversation(id)
	}
	if c := recall(); c.Owner != engine.OwnerBot || len(w.Events(id, engine.EventOwner)) != 0 {
		t.Errorf("one that its bot has was taken back: %+v", c)
	}
	err := enqueue(w, id, conversation.Entering{Handoff: engine.Handoff{Skill: "care", Reason: "asked", Level: 4, Language: "fr"}, Actor: "bot:main"})
	if err != nil {
		t.Fatal(err)
	}
	if e, _ := w.Queued(id); e.Level != 4 || e.Language != "fr" {
		t.Errorf("the queue has %+v", e)
	}
	c := recall()
	if _, queued := w.Queued(id); queued || c.Owner != engine.OwnerBot || c.Skill != "care" || c.Handoff == nil {
		t.Errorf("after the recall: %+v, queued %t", c, queued)
	}
	told := w.Events(id, engine.EventOwner)
	if last := told[len(told)-1]; last.Actor != "bot:main" || !strings.Contains(string(last.Data), "nobody came") {
		t.Errorf("the event is %s by %s", last.Data, last.Actor)
	}
	w.Assign(id, w.Agent("sam", engine.RoleAgent, "care"))
	if c := recall(); c.Owner != engine.OwnerAgent {
		t.Error("it was taken from an agent")
	}
}

func TestIdleAt(t *testing.T) {
	t.Parallel()
	conv := engine.Conversation{LastAt: enginetest.Noon()}
	waits := func(k engine.WaitKind) *engine.Session {
		return &engine.Session{State: engine.SessionWaiting, Wait: engine.Wait{Kind: k}}
	}
	for _, tt := range []struct {
		name string
		s    *engine.Session
		want time.Time
	}{
		{"no session", nil, enginetest.Noon()},
		{"done", &engine.Session{State: engine.SessionDone}, enginetest.Noon()},
		{"asks", waits(engine.WaitMessage), enginetest.Noon().Add(10 * time.Minute)},
		{"calls", waits(engine.WaitResult), time.Time{}},
		{"sleeps", waits(engine.WaitTimer), time.Time{}},
	} {
		if got := conversation.IdleAt(conv, tt.s); !got.Equal(tt.want) {
			t.Errorf("%s: idle at %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestSkillFor(t *testing.T) {
	t.Parallel()
	e := catalog.Entry{Skills: []engine.Skill{{ID: "a"}, {ID: "b"}, {ID: "c"}}}
	e.Brand.Settings.DefaultSkill = "b"
	for id, want := range map[string]string{"c": "c", "": "b", "x": "b"} {
		if s, ok := conversation.SkillFor(e, id); !ok || s.ID != want {
			t.Errorf("for %q: %q, %t", id, s.ID, ok)
		}
	}
	e.Brand.Settings.DefaultSkill = "x"
	if s, ok := conversation.SkillFor(e, ""); !ok || s.ID != "a" {
		t.Errorf("without a default: %q, %t", s.ID, ok)
	}
	if _, ok := conversation.SkillFor(catalog.Entry{}, "a"); ok {
		t.Error("a brand without skills has one")
	}
}

// What nobody handled is dropped; a follow-up says so.
func TestAClosedConversationDropsItsInbox(t *testing.T) {
	t.Parallel()
	w := world(t)
	id := w.Write("hi").Conversation.ID
	err := w.Change(id, func(c *conversation.Change) error {
		if err := c.Put(engine.InboxEntry{Kind: engine.InboxFollowup, Data: []byte(`{"name":"care"}`)}); err != nil {
			return err
		}
		return c.Close("system", "idle", "")
	})
	if err != nil {
		t.Fatal(err)
	}
	told := w.Events(id, engine.EventBotLog)
	if len(w.Inbox(id)) != 0 || len(told) != 1 || !strings.Contains(string(told[0].Data), "follow-up care was not sent") {
		t.Errorf("the inbox has %+v, the log %+v", w.Inbox(id), told)
	}
}
