package storagetest

import (
	"testing"

	"parley/engine"
)

func session(id, conversation, version string, state engine.SessionState, ms int) engine.Session {
	return engine.Session{ID: id, Brand: "acme", Conversation: conversation, Bot: "concierge", Version: version, State: state, CreatedAt: at(ms)}
}

func sessionID(s engine.Session) string { return s.ID }

func closed(c engine.Conversation) engine.Conversation {
	c.State, c.Owner, c.ClosedAt = engine.Closed, engine.OwnerNone, at(99)
	return c
}

func testWaiting(_ *testing.T, f fixture) {
	foreign := conversation("c4")
	foreign.Brand = "beta"
	other := session("s6", "c4", "h1", engine.SessionWaiting, 1)
	other.Brand = "beta"
	waits := session("s2", "c1", "h1", engine.SessionWaiting, 2)
	waits.Wait, waits.Steps, waits.Start, waits.Seed = engine.Wait{Kind: engine.WaitMessage, Step: 3}, 4, []byte(`1`), 7
	f.update(func(t engine.Tx) error {
		if err := add([]engine.Conversation{conversation("c1"), conversation("c2"), closed(conversation("c3")), foreign}, t.Conversations().Add); err != nil {
			return err
		}
		return add([]engine.Session{
			session("s1", "c1", "h0", engine.SessionDone, 1), waits, session("s3", "c2", "h1", engine.SessionWaiting, 1),
			session("s4", "c3", "h1", engine.SessionWaiting, 1), session("s5", "c2", "h1", engine.SessionParked, 0), other,
		}, t.Sessions().Add)
	})
	waiting := func(brand, after string, limit int) []engine.Session {
		return read(f, func(t engine.Tx) ([]engine.Session, error) { return t.History().Waiting(brand, after, limit) })
	}
	f.equal(waiting("acme", "", 1), []engine.Session{waits})
	f.equal(ids(waiting("acme", "s2", 10), sessionID), "[s3]")
	f.equal(ids(waiting("beta", "", 10), sessionID), "[s6]")
	waits.State = engine.SessionDone
	f.update(func(t engine.Tx) error { return t.Sessions().Save(waits) })
	f.equal(ids(waiting("acme", "", 10), sessionID), "[s3]")

	of := func(brand string) string {
		return ids(read(f, func(t engine.Tx) ([]engine.Session, error) { return t.History().Sessions(brand, "c2") }), sessionID)
	}
	f.equal(of("acme"), "[s5 s3]")
	f.equal(of("beta"), "[]")
}

func testHistoryConversations(_ *testing.T, f fixture) {
	created := func(id string, ms int) engine.Conversation {
		c := conversation(id)
		c.CreatedAt = at(ms)
		return c
	}
	foreign := created("c0", 20)
	foreign.Brand = "beta"
	f.update(func(t engine.Tx) error {
		return add([]engine.Conversation{created("c5", 10), created("c1", 20), created("c2", 20), created("c3", 30), created("c4", 40), foreign}, t.Conversations().Add)
	})
	list := func(from, until int, after string, limit int) string {
		return ids(read(f, func(t engine.Tx) ([]engine.Conversation, error) {
			return t.History().Conversations("acme", at(from), at(until), after, limit)
		}), func(c engine.Conversation) string { return c.ID })
	}
	f.equal(list(0, 99, "", 10), "[c5 c1 c2 c3 c4]")
	f.equal(list(20, 40, "", 10), "[c1 c2 c3]")
	f.equal(list(20, 40, "", 2), "[c1 c2]")
	f.equal(list(20, 40, "c1", 10), "[c2 c3]")
	f.equal(list(20, 40, "c2", 10), "[c3]")
	f.equal(list(20, 40, "c5", 10), "[c1 c2 c3]")
	f.equal(list(20, 40, "c4", 10), "[]")
	f.equal(read(f, func(t engine.Tx) ([]engine.Conversation, error) {
		return t.History().Conversations("acme", at(10), at(11), "", 1)
	}), []engine.Conversation{created("c5", 10)})
	f.missing(func(t engine.Tx) error {
		_, err := t.History().Conversations("acme", at(0), at(99), "c0", 1)
		return err
	})
}

func testFigures(_ *testing.T, f fixture) {
	taken := conversation("c2") // an agent has it, and closes it
	f.update(func(t engine.Tx) error {
		all := []engine.Conversation{conversation("c1"), taken, closed(conversation("c3")), conversation("c4"), conversation("c5")}
		all[4].Owner, all[4].Agent = engine.OwnerAgent, "u1"
		if err := add(all, t.Conversations().Add); err != nil {
			return err
		}
		taken.Owner, taken.Agent = engine.OwnerAgent, "u1"
		return t.Conversations().Save(&taken)
	})
	taken = closed(taken)
	taken.Agent = ""
	f.update(func(t engine.Tx) error { return t.Conversations().Save(&taken) })
	survey := session("s8", "c4", "h1", engine.SessionWaiting, 10)
	survey.Bot = "survey"
	f.update(func(t engine.Tx) error {
		return add([]engine.Session{
			session("s0", "c4", "h1", engine.SessionWaiting, 1), // too old
			session("s1", "c1", "h1", engine.SessionDone, 10), session("s2", "c1", "h1", engine.SessionWaiting, 11),
			session("s3", "c2", "h1", engine.SessionDone, 12), session("s4", "c3", "h1", engine.SessionDone, 13),
			session("s5", "c3", "h2", engine.SessionParked, 14), session("s6", "c5", "h2", engine.SessionWaiting, 15),
			survey,
		}, t.Sessions().Add)
	})
	figures := func(brand string) []engine.VersionFigures {
		return read(f, func(t engine.Tx) ([]engine.VersionFigures, error) { return t.History().Figures(brand, at(10)) })
	}
	f.equal(figures("acme"), []engine.VersionFigures{
		{Version: "h1", Bot: "concierge", Conversations: 3, Waiting: 1, Contained: 1, HandedOver: 1},
		{Version: "h1", Bot: "survey", Conversations: 1, Waiting: 1},
		{Version: "h2", Bot: "concierge", Conversations: 2, Waiting: 1, Contained: 1, HandedOver: 1, Failed: 1},
	})
	f.equal(len(figures("beta")), 0)
	begun := func(brand, version string, since int) [2]int {
		var all, failed int
		f.view(func(t engine.Tx) (err error) {
			all, failed, err = t.History().Begun(brand, version, at(since))
			return err
		})
		return [2]int{all, failed}
	}
	f.equal(begun("acme", "h1", 0), [2]int{6, 0})
	f.equal(begun("acme", "h2", 14), [2]int{2, 1})
	f.equal(begun("acme", "h2", 15), [2]int{1, 0})
	f.equal(begun("beta", "h1", 0), [2]int{0, 0})
}
