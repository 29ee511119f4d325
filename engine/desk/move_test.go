package desk_test

import (
	"encoding/json"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/desk"
	"parley/engine/enginetest"
)

func toAgent(id string) desk.Target { return desk.Target{Agent: id} }
func toSkill(id string) desk.Target { return desk.Target{Skill: id} }

// offer reserves a waiting conversation for an agent.
func (w world) offer(id string, u engine.User) {
	w.Update(func(tx engine.Tx) error {
		e, err := tx.Queue().Get(id)
		if err != nil {
			return err
		}
		e.OfferedTo, e.OfferExpires = u.ID, w.Clock.Now().Add(time.Minute)
		return tx.Queue().Put(e)
	})
}

// ends lists how offers ended.
func (w world) ends(id string) (out []string) {
	for _, e := range w.Events(id, engine.EventOfferEnded) {
		var d engine.OfferData
		if err := json.Unmarshal(e.Data, &d); err != nil {
			w.t.Fatal(err)
		}
		out = append(out, d.Agent+" "+d.AgentName+" "+d.End)
	}
	return out
}

func TestOffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	id := w.Say("hi").ID
	ctx := t.Context()
	_, err := w.Desk.Accept(ctx, w.sam, id)
	w.code(engine.Conflict, err)
	w.offer(id, w.sam)
	_, err = w.Desk.Accept(ctx, w.kim, id)
	w.code(engine.Conflict, err)
	_, err = w.Desk.Decline(ctx, w.kim, id)
	w.code(engine.Conflict, err)
	w.ok(w.Desk.Decline(ctx, w.sam, id))
	e, _ := w.Queued(id)
	w.equal([]string{"sam"}, e.Avoid)
	_, err = w.Desk.Decline(ctx, w.sam, id)
	w.code(engine.Conflict, err)
	w.offer(id, w.kim)
	c := w.ok(w.Desk.Accept(ctx, w.kim, id))
	again := w.ok(w.Desk.Accept(ctx, w.kim, id))
	w.equal(c.Rev, again.Rev)
	w.equal(engine.OwnerAgent, again.Owner)
	w.equal([]string{"sam Name of sam declined", "kim Name of kim accepted"}, w.ends(id))
	if _, ok := w.Queued(id); ok {
		t.Error("it still waits")
	}
}

func TestTake(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		who   func(w world) engine.User
		owner engine.Owner
		want  engine.Code
	}{
		{"an agent from the queue", func(w world) engine.User { return w.kim }, engine.OwnerQueue, ""},
		{"an agent without the skill", func(w world) engine.User { return w.Agent("lee", engine.RoleAgent, "sales") }, engine.OwnerQueue, engine.Forbidden},
		{"a supervisor from the queue", func(w world) engine.User { return w.sup }, engine.OwnerQueue, ""},
		{"an agent from a colleague", func(w world) engine.User { return w.kim }, engine.OwnerAgent, engine.Conflict},
		{"a supervisor from an agent", func(w world) engine.User { return w.sup }, engine.OwnerAgent, ""},
		{"one's own", func(w world) engine.User { return w.sam }, engine.OwnerAgent, engine.Conflict},
		{"an agent from the bot", func(w world) engine.User { return w.kim }, engine.OwnerBot, engine.Conflict},
		{"a supervisor from the bot", func(w world) engine.User { return w.sup }, engine.OwnerBot, ""},
		{"a supervisor from nobody", func(w world) engine.User { return w.sup }, engine.OwnerNone, engine.Conflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, `return function(chat) chat:ask("Well?", { timeout = 60 }) chat:transfer { skill = "care" } end`)
			c := w.Say("hi")
			if tt.owner != engine.OwnerBot {
				c = w.Say("a person")
			}
			switch tt.owner {
			case engine.OwnerAgent:
				c = w.Assign(c.ID, w.sam)
			case engine.OwnerNone:
				c = w.Write("STOP").Conversation
			}
			who := tt.who(w)
			got, err := w.Desk.Take(t.Context(), who, c.ID, c.Rev)
			w.code(tt.want, err)
			if tt.want != "" {
				return
			}
			w.equal(who.ID, got.Agent)
			_, err = w.Desk.Take(t.Context(), w.sup, c.ID, c.Rev)
			w.code(engine.Conflict, err) // an old revision
			w.Clock.Advance(time.Hour)
			if _, err := w.Timers.Fire(t.Context()); err != nil {
				t.Fatal(err)
			}
			before := len(w.Lines(c.ID))
			w.Say("hello?")
			w.equal(before+1, len(w.Lines(c.ID))) // the bot keeps quiet
			if s := w.Session(c.ID); s.State != engine.SessionDone {
				t.Errorf("the session is %s", s.State)
			}
		})
	}
}

func TestOldRevisionsAreToldWhatHappened(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	c := w.mine()
	w.Write("hello?")
	ctx := t.Context()
	errs := map[string]error{}
	_, errs["transfer"] = w.Desk.Transfer(ctx, w.sam, c.ID, c.Rev, toSkill("sales"), "x")
	_, errs["requeue"] = w.Desk.Requeue(ctx, w.sam, c.ID, c.Rev, "")
	_, errs["return"] = w.Desk.Return(ctx, w.sam, c.ID, c.Rev, "")
	_, errs["close"] = w.Desk.Close(ctx, w.sam, c.ID, c.Rev, "solved", "", nil)
	for name, err := range errs {
		e := w.code(engine.Conflict, err)
		if len(e.Events) == 0 || e.Events[len(e.Events)-1].Kind != engine.EventMessage || e.Events[len(e.Events)-1].Actor != "consumer" {
			t.Errorf("%s tells %+v", name, e.Events)
		}
	}
	now := w.Conversation(c.ID)
	w.equal("sam", now.Agent)
	_, err := w.Desk.Close(ctx, w.kim, c.ID, now.Rev, "solved", "", nil)
	w.code(engine.Forbidden, err)
	w.ok(w.Desk.Close(ctx, w.sam, c.ID, now.Rev, "solved", "", nil))
}

func TestTransfer(t *testing.T) {
	t.Parallel()
	t.Run("to a skill", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, awaited)
		c := w.mine()
		c = w.ok(w.Desk.Transfer(t.Context(), w.sam, c.ID, c.Rev, toSkill("sales"), "wants a new one"))
		e, _ := w.Queued(c.ID)
		w.equal([]string{"sam"}, e.Avoid)
		w.equal("sales", e.Skill)
		w.equal([]engine.Fact{{Name: "order", Value: "7"}}, c.Handoff.Facts)
		w.equal("Name of sam", c.Handoff.From)
		lines := w.Lines(c.ID)
		w.equal([]string{"agent note: wants a new one", "system: Passing you on to Sales."}, lines[len(lines)-2:])
	})
	t.Run("to an agent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, awaited)
		c := w.mine()
		c = w.ok(w.Desk.Transfer(t.Context(), w.sam, c.ID, c.Rev, toAgent("kim"), "yours"))
		e, _ := w.Queued(c.ID)
		w.equal("kim", e.Agent)
		w.equal("care", e.Skill)
		lines := w.Lines(c.ID)
		w.equal("system: Passing you on to Name of kim.", lines[len(lines)-1])
	})
	t.Run("to an agent who has a skill that is no more", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, awaited)
		c := w.mine()
		w.Agent("old", engine.RoleAgent, "no-longer", "sales")
		w.ok(w.Desk.Transfer(t.Context(), w.sam, c.ID, c.Rev, toAgent("old"), "yours"))
		e, _ := w.Queued(c.ID)
		w.equal([]string{"old", "sales"}, []string{e.Agent, e.Skill})
	})
	t.Run("by a supervisor to himself", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, awaited)
		c := w.mine()
		c = w.ok(w.Desk.Transfer(t.Context(), w.sup, c.ID, c.Rev, toAgent("sup"), "mine"))
		e, _ := w.Queued(c.ID)
		w.equal("sup", e.Agent)
		w.equal([]string{"sam"}, e.Avoid) // not the one who wants it
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, awaited)
		c := w.mine()
		gone := w.Agent("gone", engine.RoleAgent, "care")
		gone.Disabled = true
		w.Update(func(tx engine.Tx) error { return tx.Users().Save(gone) })
		for name, tt := range map[string]struct {
			to    desk.Target
			field string
		}{
			"nowhere":       {desk.Target{}, "skill"},
			"both":          {desk.Target{Skill: "care", Agent: "kim"}, "skill"},
			"unknown skill": {toSkill("none"), "skill"},
			"unknown agent": {toAgent("none"), "agent"},
			"disabled":      {toAgent("gone"), "agent"},
			"who has it":    {toAgent("sam"), "agent"},
		} {
			_, err := w.Desk.Transfer(t.Context(), w.sam, c.ID, c.Rev, tt.to, "x")
			if e := w.code(engine.Invalid, err); e.Field != tt.field {
				t.Errorf("%s names %q", name, e.Field)
			}
		}
		w.equal(c.Rev, w.Conversation(c.ID).Rev)
	})
}

func TestRequeue(t *testing.T) {
	t.Parallel()
	w := newWorld(t, awaited)
	c := w.mine()
	before := len(w.Lines(c.ID))
	c = w.ok(w.Desk.Requeue(t.Context(), w.sam, c.ID, c.Rev, ""))
	w.equal(before, len(w.Lines(c.ID))) // the consumer need not know
	e, ok := w.Queued(c.ID)
	if !ok || e.Skill != "care" || len(e.Avoid) != 1 || e.Avoid[0] != "sam" || c.Owner != engine.OwnerQueue || c.Agent != "" {
		t.Errorf("it waits as %+v", e)
	}
	c = w.Assign(c.ID, w.kim)
	w.ok(w.Desk.Requeue(t.Context(), w.sup, c.ID, c.Rev, "overloaded"))
	e, _ = w.Queued(c.ID)
	w.equal([]string{"kim", "sup"}, e.Avoid)
}

// TestMovesOfTheUnhappy: the mood raises each wait from the priority of its skill or
// of the bot's handoff, however often the conversation moves.
func TestMovesOfTheUnhappy(t *testing.T) {
	t.Parallel()
	for lua, want := range map[string][2]int{ // priorities for care (5) and sales (3)
		passed: {4, 2},
		`return function(chat) chat:transfer { skill = "care", priority = 8 } end`: {7, 7},
	} {
		w := newWorld(t, lua)
		w.Configure(func(s *engine.BrandSettings) { s.Sentiment.Priority = 1 })
		id := w.Say("this is terrible, I am furious").ID
		waits := func(skill string, priority int) {
			t.Helper()
			e, _ := w.Queued(id)
			if e.Skill != skill || e.Priority != priority || e.Raised != 1 {
				t.Errorf("it waits as %+v", e)
			}
		}
		waits("care", want[0])
		for range 2 {
			c := w.Assign(id, w.sam)
			c = w.ok(w.Desk.Transfer(t.Context(), w.sam, id, c.Rev, toSkill("sales"), "wants a new one"))
			waits("sales", want[1])
			c = w.Assign(id, w.kim)
			w.ok(w.Desk.Requeue(t.Context(), w.kim, id, c.Rev, ""))
			waits("sales", want[1])
			c = w.Assign(id, w.kim)
			w.ok(w.Desk.Transfer(t.Context(), w.kim, id, c.Rev, toSkill("care"), "after all"))
			waits("care", want[0])
		}
	}
}

func TestReturnAndClose(t *testing.T) {
	t.Parallel()
	t.Run("returned to a bot that has ended", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, `return function(chat)
			local r = chat:ask "What is it?"
			chat:note("asked: " .. r.text)
			chat:transfer { skill = "care" }
		end`)
		w.Say("hi")
		c := w.Assign(w.Say("my brakes").ID, w.sam)
		w.reply(w.sam, c.ID, "client-1", w.Cursor())
		c = w.Conversation(c.ID)
		c = w.ok(w.Desk.Return(t.Context(), w.sam, c.ID, c.Rev, "nothing for me"))
		w.equal(engine.OwnerBot, c.Owner)
		in := w.Inbox(c.ID)
		w.equal(1, len(in))
		var first engine.Content
		if err := json.Unmarshal(in[0].Data, &first); err != nil {
			t.Fatal(err)
		}
		w.equal("my brakes", first.Text) // what the consumer said, not what we said
		w.Visit(c.ID)
		lines := w.Lines(c.ID)
		w.equal([]string{"agent note: nothing for me", "system: You are back with our virtual assistant.", "bot: What is it?"}, lines[len(lines)-3:])
	})
	t.Run("closed without a bot that waits", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, passed)
		c := w.mine()
		c = w.ok(w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", "new pads", nil))
		if c.State != engine.Closed || c.Owner != engine.OwnerNone || c.Agent != "" || c.ClosedBy != "agent" || c.Outcome != "solved" || c.Summary != "new pads" {
			t.Errorf("it is %+v", c)
		}
		_, err := w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", "", nil)
		w.code(engine.Conflict, err)
	})
	t.Run("opened again by the epilogue", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, awaited)
		c := w.mine()
		c = w.ok(w.Desk.Close(t.Context(), w.sam, c.ID, c.Rev, "solved", "", nil))
		w.equal(engine.OwnerBot, c.Owner)
		w.Visit(c.ID)
		c = w.Say("agent") // not solved at all
		w.equal(engine.OwnerQueue, c.Owner)
		w.Write("STOP")
		c = w.Conversation(c.ID)
		if c.Outcome != "opted_out" || c.ClosedBy != "consumer" {
			t.Errorf("it ended as %q by %q", c.Outcome, c.ClosedBy)
		}
	})
}

func TestOffersEndWithWhatWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	id := w.Say("hi").ID
	w.offer(id, w.sam)
	w.Write("STOP")
	w.equal([]string{"sam Name of sam withdrawn"}, w.ends(id))
	if _, ok := w.Queued(id); ok {
		t.Error("it still waits")
	}
}

func TestPresence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	id := w.Say("hi").ID
	ctx := t.Context()
	offered := func() string { e, _ := w.Queued(id); return e.OfferedTo }
	user := func() engine.User {
		return enginetest.Read(w.World, func(tx engine.Tx) (engine.User, error) { return tx.Users().Get(enginetest.Brand, "sam") })
	}
	for _, p := range []engine.Presence{engine.Away, engine.BackSoon, engine.Offline} {
		w.offer(id, w.sam)
		if err := w.Desk.SetPresence(ctx, w.sam, p); err != nil {
			t.Fatal(err)
		}
		w.equal("", offered())
		w.equal(p, user().Presence)
	}
	w.offer(id, w.sam)
	if err := w.Desk.SetPresence(ctx, w.sam, engine.Online); err != nil {
		t.Fatal(err)
	}
	w.equal("sam", offered())
	w.equal(true, user().Available(w.Clock.Now()))
	if err := w.Desk.Gone(ctx, w.sam, "here"); err != nil {
		t.Fatal(err)
	}
	w.equal("", offered())
	w.equal(engine.Online, user().Presence)
	w.equal(false, user().Available(w.Clock.Now()))
	e, _ := w.Queued(id)
	w.equal(0, len(e.Avoid)) // leaving is not declining
	if err := w.Desk.SetPresence(ctx, w.sam, "asleep"); engine.CodeOf(err) != engine.Invalid {
		t.Error(err)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, passed)
	c := w.mine()
	first, system := w.Messages(c.ID)[0], w.Messages(c.ID)[1]
	read := func(u engine.User, id string) {
		t.Helper()
		if err := w.Desk.Read(t.Context(), u, c.ID, id); err != nil {
			t.Fatal(err)
		}
	}
	read(w.sup, first.ID) // looking on
	w.equal(engine.Received, w.Message(first.ID).State)
	read(w.sam, first.ID)
	read(w.sam, first.ID)
	read(w.sam, system.ID)
	w.equal(engine.Read, w.Message(first.ID).State)
	w.equal(engine.Queued, w.Message(system.ID).State)
	w.equal(1, len(w.Events(c.ID, engine.EventConsumerRead)))
	if err := w.Desk.Read(t.Context(), w.sam, c.ID, "none"); engine.CodeOf(err) != engine.NotFound {
		t.Error(err)
	}
}
