package storagetest

import (
	"fmt"
	"testing"

	"parley/engine"
)

func getMessage(id string) func(engine.Tx) (engine.Message, error) {
	return func(t engine.Tx) (engine.Message, error) { return t.Messages().Get("acme", id) }
}

func testMessages(_ *testing.T, f fixture) {
	plain := message("m1", "c1", 1)
	plain.ProviderID, plain.ProviderAt = "SM1", at(-5)
	rich := message("m2", "c1", 2)
	rich.Author, rich.AuthorID, rich.AuthorName, rich.Note, rich.ClientID, rich.State = engine.AuthorAgent, "u1", "Uma", true, "k1", engine.Queued
	rich.Content = engine.Content{
		Text: "\"quoted\" ☃ \x01", Media: []engine.Media{{Kind: "image", URL: "https://x.example/a.png"}}, Location: &engine.Location{Lat: 52.5, Lon: 13.4},
		Cards:   []engine.Card{{Title: "Card", Links: []engine.Link{{Label: "Open", URL: "https://x.example"}}}},
		Choices: []engine.Choice{{ID: "a", Label: "A"}}, Picked: &engine.Choice{ID: "b", Label: "B"}, Event: "handoff",
	}
	rich.Marks = engine.MessageMarks{Answers: "m1", Elsewhere: true, Reactions: []engine.Reaction{{By: engine.AuthorConsumer, Emoji: "👍", At: 5}}, EditedAt: 6, UnsentAt: 7}
	empty := message("m3", "c1", 3)
	empty.Content = engine.Content{}
	f.update(func(t engine.Tx) error { return add([]engine.Message{plain, rich, empty}, t.Messages().Add) })
	f.equal(read(f, getMessage("m1")), plain)
	f.equal(read(f, getMessage("m2")), rich)
	f.equal(read(f, getMessage("m3")), empty)
	f.equal(read(f, func(t engine.Tx) (engine.Message, error) { return t.Messages().ByProvider("acme.sms", "SM1") }), plain)
	f.equal(read(f, func(t engine.Tx) (engine.Message, error) { return t.Messages().ByClient("c1", "k1") }), rich)
	for _, get := range []func(engine.Messages) (engine.Message, error){
		func(m engine.Messages) (engine.Message, error) { return m.Get("beta", "m1") },
		func(m engine.Messages) (engine.Message, error) { return m.ByProvider("acme.sms", "") },
		func(m engine.Messages) (engine.Message, error) { return m.ByProvider("beta.sms", "SM1") },
		func(m engine.Messages) (engine.Message, error) { return m.ByClient("c1", "") },
		func(m engine.Messages) (engine.Message, error) { return m.ByClient("c2", "k1") },
	} {
		f.missing(func(t engine.Tx) error { _, err := get(t.Messages()); return err })
	}
	list := func(brand string, after int64, limit int) string {
		return ids(read(f, func(t engine.Tx) ([]engine.Message, error) { return t.Messages().List(brand, "c1", after, limit) }),
			func(m engine.Message) string { return m.ID })
	}
	f.equal(list("acme", 0, 10), "[m1 m2 m3]")
	f.equal(list("acme", 1, 1), "[m2]")
	f.equal(list("acme", 3, 10), "[]")
	f.equal(list("beta", 0, 10), "[]")
}

func testMessageKeys(_ *testing.T, f fixture) {
	first := message("m1", "c1", 1)
	first.ProviderID, first.ClientID = "SM1", "k1"
	f.update(func(t engine.Tx) error { return t.Messages().Add(first) })
	for _, change := range []func(*engine.Message){
		func(m *engine.Message) { m.ID = "m1" },
		func(m *engine.Message) { m.Seq, m.Conversation = 1, "c1" },
		func(m *engine.Message) { m.ProviderID = "SM1" },
		func(m *engine.Message) { m.ClientID, m.Conversation = "k1", "c1" },
	} {
		m := message("m2", "c2", 2)
		change(&m)
		f.refuse(engine.Conflict, func(t engine.Tx) error { return t.Messages().Add(m) })
	}
	f.equal(read(f, getMessage("m1")), first)

	// The same keys elsewhere, and missing keys, are no conflict.
	elsewhere := message("m2", "c2", 2)
	elsewhere.ProviderID, elsewhere.ClientID, elsewhere.Channel = "SM1", "k1", "acme.web"
	f.update(func(t engine.Tx) error {
		return add([]engine.Message{elsewhere, message("m3", "c1", 3), message("m4", "c1", 4)}, t.Messages().Add)
	})
}

// testMessageState shows that the lattice is left to the caller.
func testMessageState(_ *testing.T, f fixture) {
	m := message("m1", "c1", 1)
	m.State = engine.Delivered
	f.update(func(t engine.Tx) error { return t.Messages().Add(m) })
	f.update(func(t engine.Tx) error { return t.Messages().SetState("acme", "m1", engine.Failed, "no such number") })
	m.State, m.Failure = engine.Failed, "no such number"
	f.equal(read(f, getMessage("m1")), m)
	standing := func(brand string) func(engine.Tx) (engine.Progress, error) {
		return func(t engine.Tx) (engine.Progress, error) { return t.Messages().Progress(brand, "m1") }
	}
	f.equal(read(f, standing("acme")), engine.Progress{Conversation: "c1", State: engine.Failed, Failure: "no such number"})
	f.missing(func(t engine.Tx) error { _, err := standing("beta")(t); return err })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Messages().SetState("beta", "m1", engine.Read, "") })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Messages().SetState("acme", "m2", engine.Read, "") })
	f.equal(read(f, getMessage("m1")), m)
}

// testMessageMarks: marks are replaced, and nothing else is.
func testMessageMarks(_ *testing.T, f fixture) {
	m := message("m1", "c1", 1)
	f.update(func(t engine.Tx) error { return t.Messages().Add(m) })
	for _, marks := range []engine.MessageMarks{
		{Reactions: []engine.Reaction{{By: engine.AuthorConsumer, Emoji: "❤️", At: 5}}}, {UnsentAt: 9}, {},
	} {
		f.update(func(t engine.Tx) error { return t.Messages().Mark("acme", "m1", marks) })
		m.Marks = marks
		f.equal(read(f, getMessage("m1")), m)
	}
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Messages().Mark("beta", "m1", engine.MessageMarks{EditedAt: 1}) })
	f.refuse(engine.NotFound, func(t engine.Tx) error { return t.Messages().Mark("acme", "m2", engine.MessageMarks{EditedAt: 1}) })
	f.equal(read(f, getMessage("m1")), m)
}

// testMessageMove: only a message that has the state that it moves from, and no failure, is moved.
func testMessageMove(_ *testing.T, f fixture) {
	move := func(brand, id string, from, to engine.DeliveryState) func(engine.Tx) error {
		return func(t engine.Tx) error { return t.Messages().Move(brand, id, from, to) }
	}
	m := message("m1", "c1", 1)
	m.State = engine.Queued
	f.update(func(t engine.Tx) error { return t.Messages().Add(m) })
	f.refuse(engine.Conflict, move("beta", "m1", engine.Queued, engine.Sent))
	f.refuse(engine.Conflict, move("acme", "m2", engine.Queued, engine.Sent))
	f.refuse(engine.Conflict, move("acme", "m1", engine.Sent, engine.Read))
	f.equal(read(f, getMessage("m1")), m)
	f.update(move("acme", "m1", engine.Queued, engine.Sent))
	m.State = engine.Sent
	f.equal(read(f, getMessage("m1")), m)
	f.refuse(engine.Conflict, move("acme", "m1", engine.Queued, engine.Sent))
	f.update(func(t engine.Tx) error { return t.Messages().SetState("acme", "m1", engine.Sent, "part 1 of 2") })
	f.refuse(engine.Conflict, move("acme", "m1", engine.Sent, engine.Delivered))
}

// testThread pages through three conversations of one consumer, two of which
// overlap in time and share milliseconds.
func testThread(t *testing.T, f fixture) {
	f.update(func(t engine.Tx) error {
		first := conversation("c1")
		first.State = engine.Closed
		foreign := conversation("c4")
		foreign.Consumer = "bob"
		if err := add([]engine.Conversation{first, conversation("c2"), conversation("c3"), foreign}, t.Conversations().Add); err != nil {
			return err
		}
		for i := range 40 {
			for _, c := range []string{"c1", "c2", "c3", "c4"} {
				m := message(fmt.Sprintf("%s-%02d", c, i), c, int64(i+1))
				m.At = at(1000 + i)
				switch c {
				case "c1":
					m.At = at(i)
				case "c3":
					m.At = at(1000 + i*2)
				case "c4":
					m.Consumer = "bob"
				}
				if err := t.Messages().Add(m); err != nil {
					return err
				}
			}
		}
		return nil
	})
	thread := func(before string, limit int) []engine.Message {
		return read(f, func(t engine.Tx) ([]engine.Message, error) { return t.Messages().Thread("acme", "ann", before, limit) })
	}
	whole := thread("", 1000)
	f.equal(len(whole), 120)
	last := map[string]int64{}
	for i, m := range whole {
		if i > 0 && m.At.After(whole[i-1].At) {
			t.Fatalf("%s is newer than %s before it", m.ID, whole[i-1].ID)
		}
		if s, ok := last[m.Conversation]; ok && m.Seq != s-1 {
			t.Fatalf("%s comes after seq %d", m.ID, s)
		}
		last[m.Conversation] = m.Seq
	}
	for _, limit := range []int{1, 7, 50} {
		var paged []engine.Message
		before := ""
		for {
			page := thread(before, limit)
			if len(page) == 0 {
				break
			}
			paged = append(paged, page...)
			before = page[len(page)-1].ID
		}
		f.equal(paged, whole)
	}
	f.equal(len(read(f, func(t engine.Tx) ([]engine.Message, error) { return t.Messages().Thread("beta", "ann", "", 10) })), 0)
	f.missing(func(t engine.Tx) error { _, err := t.Messages().Thread("acme", "ann", "nope", 10); return err })
	f.missing(func(t engine.Tx) error { _, err := t.Messages().Thread("acme", "ann", "c4-01", 10); return err })
}
