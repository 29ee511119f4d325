package desk_test

import (
	"fmt"
	"strings"
	"testing"

	"parley/engine"
	"parley/engine/enginetest"
)

func TestReplyGuard(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		happens func(w world, c engine.Conversation) // after the writer looked
		who     func(w world) engine.User
		want    engine.Code
		told    []engine.EventKind
	}{
		{"nothing happens", nil, nil, "", nil},
		{"the consumer writes", func(w world, c engine.Conversation) { w.Write("hello?") }, nil, "", nil},
		{"own reply", func(w world, c engine.Conversation) { w.reply(w.sam, c.ID, "own", 1<<40) }, nil, "", nil},
		{"somebody's note", func(w world, c engine.Conversation) {
			if _, err := w.Desk.Note(w.t.Context(), w.kim, c.ID, "note", "careful"); err != nil {
				w.t.Error(err)
			}
		}, nil, "", nil},
		{"a supervisor replies", func(w world, c engine.Conversation) { w.reply(w.sup, c.ID, "sup", 1<<40) }, nil, engine.Conflict, []engine.EventKind{engine.EventMessage}},
		{"a supervisor replies long ago", func(w world, c engine.Conversation) {
			w.reply(w.sup, c.ID, "sup", 1<<40)
			for range 600 { // more than a page of other events
				w.Write("hello?")
			}
		}, nil, engine.Conflict, []engine.EventKind{engine.EventMessage}},
		{"moved away", func(w world, c engine.Conversation) { w.ok(w.Desk.Take(w.t.Context(), w.sup, c.ID, c.Rev)) }, nil, engine.Conflict, []engine.EventKind{engine.EventOwner}},
		{"moved away and back", func(w world, c engine.Conversation) {
			c = w.ok(w.Desk.Take(w.t.Context(), w.sup, c.ID, c.Rev))
			w.ok(w.Desk.Transfer(w.t.Context(), w.sup, c.ID, c.Rev, toAgent("sam"), "yours"))
			w.Assign(c.ID, w.sam)
		}, nil, engine.Conflict, []engine.EventKind{engine.EventOwner, engine.EventOwner}},
		{"closed", func(w world, c engine.Conversation) { w.Write("STOP") }, nil, engine.Conflict, []engine.EventKind{engine.EventClosed}},
		{"a colleague", nil, func(w world) engine.User { return w.kim }, engine.Forbidden, nil},
		{"a supervisor", nil, func(w world) engine.User { return w.sup }, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, passed)
			c := w.mine()
			seen := w.Cursor()
			if tt.happens != nil {
				tt.happens(w, c)
			}
			who := w.sam
			if tt.who != nil {
				who = tt.who(w)
			}
			before := len(w.Messages(c.ID))
			_, err := w.Desk.Reply(t.Context(), who, c.ID, "client-1", "here you are", seen)
			e := w.code(tt.want, err)
			if e == nil {
				lines := w.Lines(c.ID)
				w.equal("agent: here you are", lines[len(lines)-1])
				return
			}
			w.equal(before, len(w.Messages(c.ID)))
			var kinds []engine.EventKind
			for _, ev := range e.Events {
				if ev.Kind == engine.EventOwner || ev.Kind == engine.EventClosed || ev.Kind == engine.EventMessage {
					kinds = append(kinds, ev.Kind)
				}
			}
			if tt.name == "moved away and back" {
				kinds = kinds[max(0, len(kinds)-2):]
			}
			if tt.want == engine.Conflict {
				w.equal(tt.told, kinds)
			}
		})
	}
}

// reply sends or ends the test.
func (w world) reply(u engine.User, id, client string, after engine.Cursor) engine.Message {
	w.t.Helper()
	m, err := w.Desk.Reply(w.t.Context(), u, id, client, "answer of "+u.ID, after)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func TestRepliesAreSentOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	c := w.mine()
	first := w.reply(w.sam, c.ID, "client-1", w.Cursor())
	after := w.Cursor()
	again := w.reply(w.sam, c.ID, "client-1", 0) // even with an old cursor: it is the same reply
	w.equal(first, again)
	w.equal(after, w.Cursor())
	if _, err := w.Desk.Reply(t.Context(), w.sup, c.ID, "client-1", "mine", after); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("somebody else's id gave %v", err)
	}
	n, err := w.Desk.Note(t.Context(), w.kim, c.ID, "note-1", "look")
	if err != nil {
		t.Fatal(err)
	}
	m, err := w.Desk.Note(t.Context(), w.kim, c.ID, "note-1", "look")
	if err != nil || m.ID != n.ID {
		t.Errorf("the second note is %s, %v", m.ID, err)
	}
	if first.State != engine.Queued || first.AuthorName != "Name of sam" || n.State != engine.Received || !n.Note {
		t.Errorf("%+v, %+v", first, n)
	}
}

func TestTextsAreChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	c := w.mine()
	for name, text := range map[string]string{"empty": " \n", "unseen": "\u200b\u2800\ufe0f", "long": strings.Repeat("ä", 5001), "broken": "a\xff"} {
		_, err := w.Desk.Reply(t.Context(), w.sam, c.ID, "c-"+name, text, w.Cursor())
		w.equal("text", w.code(engine.Invalid, err).Field)
		_, err = w.Desk.Note(t.Context(), w.sam, c.ID, "c-"+name, text)
		w.equal("text", w.code(engine.Invalid, err).Field)
	}
	if _, err := w.Desk.Reply(t.Context(), w.sam, c.ID, "c-longest", strings.Repeat("ä", 5000), w.Cursor()); err != nil {
		t.Error(err)
	}
	long := strings.Repeat("ä", 2001)
	_, err := w.Desk.Requeue(t.Context(), w.sam, c.ID, c.Rev, long)
	w.equal("note", w.code(engine.Invalid, err).Field)
	_, err = w.Desk.Return(t.Context(), w.sam, c.ID, c.Rev, long)
	w.equal("note", w.code(engine.Invalid, err).Field)
	_, err = w.Desk.Transfer(t.Context(), w.sam, c.ID, c.Rev, toAgent("kim"), long)
	w.equal("note", w.code(engine.Invalid, err).Field)
	_, err = w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", long, nil)
	w.equal("summary", w.code(engine.Invalid, err).Field)
	_, err = w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, " ", "", nil)
	w.equal("outcome", w.code(engine.Invalid, err).Field)
}

func TestNotesGoAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, `return function(chat) chat:ask "Well?" chat:transfer { skill = "care" } end`)
	id := w.Say("hi").ID
	note := 0
	add := func() {
		t.Helper()
		note++
		c := w.Conversation(id)
		if _, err := w.Desk.Note(t.Context(), w.kim, id, fmt.Sprint("note-", note), "seen"); err != nil {
			t.Fatalf("with %s: %v", c.Owner, err)
		}
		w.equal(c.Preview, w.Conversation(id).Preview)
		w.equal(c.Owner, w.Conversation(id).Owner)
	}
	add() // with the bot
	w.Say("a person")
	add() // in the queue
	w.Assign(id, w.sam)
	add() // with sam
	w.Write("STOP")
	add() // closed
	items := enginetest.Read(w.World, func(tx engine.Tx) (n int, err error) {
		for _, m := range w.Messages(id) {
			if m.Note {
				n++
			}
		}
		return n, nil
	})
	w.equal(4, items)
}

func TestOtherBrandsFindNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	c := w.mine()
	w.Update(func(tx engine.Tx) error { return tx.Brands().Save(engine.Brand{ID: "other", Name: "Other"}) })
	spy := engine.User{ID: "sam", Brand: "other", Role: engine.RoleAdmin}
	before := w.Cursor()
	errs := map[string]error{}
	_, errs["reply"] = w.Desk.Reply(t.Context(), spy, c.ID, "client-1", "x", before)
	_, errs["note"] = w.Desk.Note(t.Context(), spy, c.ID, "client-1", "x")
	_, errs["accept"] = w.Desk.Accept(t.Context(), spy, c.ID)
	_, errs["decline"] = w.Desk.Decline(t.Context(), spy, c.ID)
	_, errs["take"] = w.Desk.Take(t.Context(), spy, c.ID, c.Rev)
	_, errs["transfer"] = w.Desk.Transfer(t.Context(), spy, c.ID, c.Rev, toAgent("sam"), "x")
	_, errs["requeue"] = w.Desk.Requeue(t.Context(), spy, c.ID, c.Rev, "")
	_, errs["return"] = w.Desk.Return(t.Context(), spy, c.ID, c.Rev, "")
	_, errs["close"] = w.Desk.Close(t.Context(), spy, c.ID, c.Rev, "x", "", nil)
	errs["read"] = w.Desk.Read(t.Context(), spy, c.ID, w.Messages(c.ID)[0].ID)
	errs["presence"] = w.Desk.SetPresence(t.Context(), spy, engine.Away)
	errs["gone"] = w.Desk.Gone(t.Context(), spy, "here")
	for name, err := range errs {
		if engine.CodeOf(err) != engine.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.equal(before, w.Cursor())
	foreign := engine.User{ID: "eve", Brand: "other", Email: "eve@other.example", Role: engine.RoleAgent}
	w.Update(func(tx engine.Tx) error { return tx.Users().Save(foreign) })
	_, err := w.Desk.Transfer(t.Context(), w.sam, c.ID, c.Rev, toAgent("eve"), "x")
	w.equal("agent", w.code(engine.Invalid, err).Field)
}
