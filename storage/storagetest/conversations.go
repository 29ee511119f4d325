package storagetest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/engine"
)

func fullConversation(id string) engine.Conversation {
	c := conversation(id)
	c.Owner, c.Agent, c.Skill, c.Priority, c.Rev, c.Language = engine.OwnerAgent, "u1", "care", 3, 7, "de"
	c.Ready, c.ReadyAt, c.LastInbox, c.LastSeq = true, at(3), 4, 9
	c.Preview, c.PreviewAuthor, c.WaitingSince, c.LastAt = "Hällo 'there'", engine.AuthorConsumer, at(5), at(6)
	c.Tags, c.Attributes = []string{"vip"}, map[string]string{"order": "12345"}
	c.Handoff = &engine.Handoff{
		From: "concierge", Skill: "care", Reason: "asked", Facts: []engine.Fact{{Name: "order", Value: "1"}}, Tried: []engine.Attempt{{What: "faq", OK: true}}, At: at(4),
	}
	c.Pending = &engine.PendingChoices{Choices: []engine.Choice{{ID: "y", Label: "Yes"}}, Until: at(99)}
	c.Pulse = engine.Pulse{At: 1, Burst: 2, Answers: 3, Opened: 4, Unanswered: 5, Followups: 6, Spoke: true, Text: "x", Same: 7}
	c.Mood = engine.Mood{Sum: -1.5, Weight: 2, Tone: engine.ToneNegative, Languages: map[string]float64{"de": 2}}
	c.Outcome, c.Summary, c.ClosedBy = "solved", "All fine", "agent"
	return c
}

func getConversation(id string) func(engine.Tx) (engine.Conversation, error) {
	return func(t engine.Tx) (engine.Conversation, error) { return t.Conversations().Get("acme", id) }
}

func testConversations(_ *testing.T, f fixture) {
	c := fullConversation("c1")
	f.update(func(t engine.Tx) error { return t.Conversations().Add(c) })
	f.equal(read(f, getConversation("c1")), c)
	f.equal(read(f, func(t engine.Tx) (engine.Conversation, error) {
		return t.Conversations().OpenByAddress("acme.sms", "+1555c1")
	}), c)
	f.missing(func(t engine.Tx) error { _, err := t.Conversations().Get("beta", "c1"); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Conversations().OpenByAddress("beta.sms", "+1555c1"); return err })

	second := conversation("c2")
	second.Address = c.Address
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Conversations().Add(second) })

	foreign := c
	foreign.Brand = "beta"
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Conversations().Save(&foreign) })
	stale := c
	stale.Rev = 6
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Conversations().Save(&stale) })
	f.equal(stale.Rev, int64(6))

	pulse := func(brand string) func(engine.Tx) (engine.Pulse, error) {
		return func(t engine.Tx) (engine.Pulse, error) { return t.Consumers().Pulse(brand, c.Consumer) }
	}
	f.equal(read(f, pulse("acme")), engine.Pulse{})

	closed := conversation("c1")
	closed.Pulse = engine.Pulse{At: 5, Opened: 1000, Text: "a b"}
	closed.Rev, closed.State, closed.Owner, closed.ClosedAt = 7, engine.Closed, engine.OwnerNone, at(8)
	f.update(func(t engine.Tx) error { return t.Conversations().Save(&closed) })
	f.equal(closed.Rev, int64(8))
	f.equal(read(f, getConversation("c1")), closed)
	f.equal(read(f, pulse("acme")), closed.Pulse)
	f.equal(read(f, pulse("beta")), engine.Pulse{})

	// The address is free again, and a closed one may not come back meanwhile.
	f.missing(func(t engine.Tx) error { _, err := t.Conversations().OpenByAddress("acme.sms", c.Address); return err })
	f.update(func(t engine.Tx) error { return t.Conversations().Add(second) })
	reopened := closed
	reopened.State = engine.Open
	f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Conversations().Save(&reopened) })
	f.equal(read(f, getConversation("c1")), closed)
}

// testRevRace lets 32 writers take the same revision; one wins each round.
func testRevRace(t *testing.T, f fixture) {
	f.update(func(t engine.Tx) error { return t.Conversations().Add(conversation("c1")) })
	for round := range int64(10) {
		c := read(f, getConversation("c1"))
		errs := concurrently(32, func(i int) error {
			mine := c
			mine.Preview = fmt.Sprint(i)
			return f.store.Update(context.Background(), func(t engine.Tx) error {
				attempt := mine
				return t.Conversations().Save(&attempt)
			})
		})
		if won, lost := count(errs, ""), count(errs, engine.Conflict); won != 1 || lost != 31 {
			t.Fatalf("round %d: %d won, %d lost", round, won, lost)
		}
		f.equal(read(f, getConversation("c1")).Rev, round+1)
	}
}

// testOneOpen sends 200 first messages of one consumer at once.
func testOneOpen(t *testing.T, f fixture) {
	errs := concurrently(200, func(i int) error {
		return f.store.Update(context.Background(), func(t engine.Tx) error {
			c, err := t.Conversations().OpenByAddress("acme.sms", "+1")
			if engine.CodeOf(err) == engine.NotFound {
				c = conversation(fmt.Sprintf("c%d", i))
				c.Address = "+1"
				if err := t.Consumers().Add(engine.Consumer{ID: fmt.Sprintf("p%d", i), Brand: "acme"}, engine.Identity{Kind: "twilio", Address: "+1"}); err != nil {
					return err
				}
				err = t.Conversations().Add(c)
			}
			if err != nil {
				return err
			}
			c.LastSeq++
			m := message(fmt.Sprintf("m%d", i), c.ID, c.LastSeq)
			m.ProviderID = fmt.Sprintf("SM%d", i/2) // everything comes twice
			if err := t.Messages().Add(m); err != nil {
				return err
			}
			return t.Conversations().Save(&c)
		})
	})
	if won, twice := count(errs, ""), count(errs, engine.Conflict); won != 100 || twice != 100 {
		t.Fatalf("%d taken, %d dropped as known: %v", won, twice, errs)
	}
	c := read(f, func(t engine.Tx) (engine.Conversation, error) {
		return t.Conversations().OpenByAddress("acme.sms", "+1")
	})
	f.equal(c.LastSeq, int64(100))
	f.equal(read(f, func(t engine.Tx) (int, error) {
		return t.Conversations().Count(engine.ConversationFilter{Brand: "acme"})
	}), 1)
	list := read(f, func(t engine.Tx) ([]engine.Message, error) { return t.Messages().List("acme", c.ID, 0, 500) })
	for i, m := range list {
		f.equal(m.Seq, int64(i+1))
	}
	f.equal(len(list), 100)
}

func testConversationList(t *testing.T, f fixture) {
	var all []engine.Conversation
	for i, change := range []func(*engine.Conversation){
		func(c *engine.Conversation) { c.Skill = "care" },
		func(c *engine.Conversation) { c.Owner, c.Skill = engine.OwnerQueue, "care" },
		func(c *engine.Conversation) { c.Owner, c.Skill, c.Agent = engine.OwnerAgent, "sales", "u1" },
		func(c *engine.Conversation) { c.Owner, c.Skill, c.Agent = engine.OwnerAgent, "care", "u2" },
		func(c *engine.Conversation) { c.State, c.Owner, c.Consumer = engine.Closed, engine.OwnerNone, "bob" },
		func(c *engine.Conversation) { c.Brand, c.Channel = "beta", "beta.sms" },
		func(c *engine.Conversation) { c.Preview = "Where is my 50%_Bike?" },
	} {
		c := conversation(fmt.Sprintf("c%d", i))
		c.LastAt = at(i)
		change(&c)
		all = append(all, c)
	}
	f.update(func(t engine.Tx) error {
		err := t.Consumers().Add(engine.Consumer{ID: "bob", Brand: "acme", Name: "Bob Burns"}, engine.Identity{Kind: "twilio", Address: "+9"})
		if err != nil {
			return err
		}
		return add(all, t.Conversations().Add)
	})
	for name, test := range map[string]struct {
		filter engine.ConversationFilter
		want   string
	}{
		"all":         {engine.ConversationFilter{}, "[c6 c4 c3 c2 c1 c0]"},
		"limit":       {engine.ConversationFilter{Limit: 2}, "[c6 c4]"},
		"before":      {engine.ConversationFilter{Before: at(3), Limit: 2}, "[c2 c1]"},
		"open":        {engine.ConversationFilter{State: engine.Open}, "[c6 c3 c2 c1 c0]"},
		"closed":      {engine.ConversationFilter{State: engine.Closed}, "[c4]"},
		"queue":       {engine.ConversationFilter{Owner: engine.OwnerQueue}, "[c1]"},
		"mine":        {engine.ConversationFilter{Owner: engine.OwnerAgent, Agent: "u1"}, "[c2]"},
		"agent":       {engine.ConversationFilter{Agent: "u2"}, "[c3]"},
		"skills":      {engine.ConversationFilter{Skills: []string{"care", "sales"}}, "[c3 c2 c1 c0]"},
		"one skill":   {engine.ConversationFilter{Skills: []string{"sales"}, Owner: engine.OwnerAgent}, "[c2]"},
		"consumer":    {engine.ConversationFilter{Consumer: "bob"}, "[c4]"},
		"other brand": {engine.ConversationFilter{Brand: "beta"}, "[c5]"},
		"unknown":     {engine.ConversationFilter{Brand: "gamma"}, "[]"},
	} {
		w := test.filter
		if w.Brand == "" {
			w.Brand = "acme"
		}
		counted := w.Limit == 0
		if w.Limit == 0 {
			w.Limit = 200
		}
		list := read(f, func(t engine.Tx) ([]engine.Conversation, error) { return t.Conversations().List(w) })
		if got := ids(list, func(c engine.Conversation) string { return c.ID }); got != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
		n := read(f, func(t engine.Tx) (int, error) { return t.Conversations().Count(w) })
		if counted && n != len(list) {
			t.Errorf("%s: counted %d of %d", name, n, len(list))
		}
	}
}

func testReady(_ *testing.T, f fixture) {
	ready := func(id, brand string, from int) engine.Conversation {
		c := conversation(id)
		c.Brand, c.Ready, c.ReadyAt = brand, true, at(from)
		return c
	}
	crowd := []engine.Conversation{ready("one", "beta", 50), conversation("idle"), ready("late", "acme", 90), ready("zero", "acme", 0)}
	for i := range 9 {
		crowd = append(crowd, ready(fmt.Sprint("c", i), "acme", 20-i))
	}
	any := func(now int) bool {
		return read(f, func(t engine.Tx) (bool, error) { return t.Ready().Any(at(now)) })
	}
	claim := func(now, until, limit int) string {
		f.t.Helper()
		var got []engine.ConversationRef
		f.update(func(t engine.Tx) (err error) {
			got, err = t.Ready().Claim(at(now), at(until), limit)
			return err
		})
		slices.SortFunc(got, func(a, b engine.ConversationRef) int { return cmp.Compare(a.ID, b.ID) })
		for _, c := range got {
			if kept := read(f, func(t engine.Tx) (engine.Conversation, error) { return t.Conversations().Get(c.Brand, c.ID) }); !kept.ReadyAt.Equal(at(until)) || kept.Rev != 0 {
				f.t.Errorf("%s is ready from %v at rev %d", c.ID, kept.ReadyAt, kept.Rev)
			}
		}
		return ids(got, func(c engine.ConversationRef) string { return c.ID })
	}
	f.equal(any(100), false)
	f.equal(claim(100, 200, 5), "[]")
	crowd[3].ReadyAt = time.Time{}
	f.update(func(t engine.Tx) error { return add(crowd, t.Conversations().Add) })
	f.equal(any(0), true)
	f.equal(claim(0, 200, 5), "[zero]")
	f.equal(any(11), false)
	f.equal(claim(13, 200, 5), "[c7 c8]")
	f.equal(claim(60, 200, 4), "[c4 c5 c6 one]") // each brand has its share
	f.equal(claim(60, 200, 3), "[c1 c2 c3]")
	f.equal(claim(60, 200, 30), "[c0]")
	f.equal(any(60), false)
	f.equal(claim(199, 300, 30), "[late]")
	f.equal(len(read(f, func(t engine.Tx) ([]engine.ConversationRef, error) { return t.Ready().List(100) })), 12)
	f.equal(len(read(f, func(t engine.Tx) ([]engine.ConversationRef, error) { return t.Ready().List(2) })), 2)

	// A claim is in nobody's way: who has read the conversation before saves it.
	f.update(func(t engine.Tx) error {
		c, err := t.Conversations().Get("beta", "one")
		if err != nil {
			return err
		}
		if _, err := t.Ready().Claim(at(200), at(300), 100); err != nil {
			return err
		}
		c.Ready = false
		return t.Conversations().Save(&c)
	})
	f.equal(claim(300, 400, 100), "[c0 c1 c2 c3 c4 c5 c6 c7 c8 late zero]")
	f.view(func(t engine.Tx) error {
		if _, err := t.Ready().Claim(at(900), at(1000), 1); err == nil {
			f.t.Error("a view has claimed")
		}
		return nil
	})
}

// testReadyRace: of several who claim at once none gets what another has.
func testReadyRace(_ *testing.T, f fixture) {
	const n = 40
	f.update(func(t engine.Tx) error {
		for i := range n {
			c := conversation(fmt.Sprint("c", i))
			c.Ready = true
			if err := t.Conversations().Add(c); err != nil {
				return err
			}
		}
		return nil
	})
	seen := map[string]bool{}
	for len(seen) < n {
		got := make([][]engine.ConversationRef, 8)
		errs := concurrently(len(got), func(i int) error {
			return f.store.Update(context.Background(), func(t engine.Tx) (err error) {
				got[i], err = t.Ready().Claim(at(1), at(100), 3)
				return err
			})
		})
		f.equal(errors.Join(errs...), nil)
		for _, c := range slices.Concat(got...) {
			if seen[c.ID] {
				f.t.Fatalf("%s was given twice", c.ID)
			}
			seen[c.ID] = true
		}
	}
}

func testLoad(_ *testing.T, f fixture) {
	owned := func(id, agent, skill string) engine.Conversation {
		c := conversation(id)
		c.Owner, c.Agent, c.Skill = engine.OwnerAgent, agent, skill
		return c
	}
	closed, foreign, queued := owned("c5", "u1", "care"), owned("c6", "u1", "care"), conversation("c7")
	closed.State, closed.Owner, foreign.Brand, queued.Owner = engine.Closed, engine.OwnerNone, "beta", engine.OwnerQueue
	f.update(func(t engine.Tx) error {
		if err := t.Brands().Save(brand("acme")); err != nil {
			return err
		}
		if err := t.Brands().SaveSkills("acme", []engine.Skill{{ID: "care", Weight: 0.25}, {ID: "sales"}}); err != nil {
			return err
		}
		if err := t.Queue().Put(engine.QueueEntry{Conversation: "c7", Brand: "acme", Skill: "care", OfferedTo: "u2"}); err != nil {
			return err
		}
		if err := t.Queue().Put(engine.QueueEntry{Conversation: "c8", Brand: "acme", Skill: "care"}); err != nil {
			return err
		}
		return add([]engine.Conversation{
			owned("c1", "u1", "care"), owned("c2", "u1", "care"), owned("c3", "u1", "sales"), owned("c4", "u2", "unknown"), closed, foreign, queued,
		}, t.Conversations().Add)
	})
	load := func(brand string) map[string]float64 {
		return read(f, func(t engine.Tx) (map[string]float64, error) { return t.Conversations().Load(brand) })
	}
	f.equal(load("acme"), map[string]float64{"u1": 1.5, "u2": 1.25})
	f.equal(load("beta"), map[string]float64{"u1": 1})
	f.equal(load("gamma"), map[string]float64{})
}
