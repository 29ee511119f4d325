package conversation_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/enginetest"
)

// add writes and gives the conversation after it.
func add(t *testing.T, w *enginetest.World, id string, fn func(c *conversation.Change) error) engine.Conversation {
	t.Helper()
	if err := w.Change(id, fn); err != nil {
		t.Fatal(err)
	}
	return w.Conversation(id)
}

func TestWhoWaits(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.Write("first").Conversation
	first := w.Clock.Now()
	w.Clock.Advance(time.Minute)
	w.Write("second")
	says := func(author engine.Author, text string) engine.Conversation {
		return add(t, w, c.ID, func(c *conversation.Change) error {
			_, err := c.Say(engine.Message{Author: author, Content: engine.Content{Text: text}})
			return err
		})
	}
	got := says(engine.AuthorSystem, "Connecting you.")
	if !got.WaitingSince.Equal(first) || got.Preview != "second" || got.PreviewAuthor != engine.AuthorConsumer {
		t.Errorf("after a system line they wait since %v, preview %q", got.WaitingSince, got.Preview)
	}
	got = add(t, w, c.ID, func(c *conversation.Change) error {
		_, err := c.Note(engine.Message{Author: engine.AuthorAgent, Content: engine.Content{Text: "hm"}})
		return err
	})
	if !got.WaitingSince.Equal(first) || got.Preview != "second" || got.LastSeq != 4 {
		t.Errorf("a note counts as an answer: %+v", got)
	}
	if got = says(engine.AuthorAgent, "Hello."); !got.WaitingSince.IsZero() {
		t.Error("an answered consumer waits")
	}
}

func TestEveryMessageGetsItsSends(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.Write("hi").Conversation
	w.Writer.Render = func(_ engine.Channel, c engine.Content, _ string) []engine.Content {
		switch c.Text {
		case "none":
			return nil
		case "two":
			return []engine.Content{{Text: "t"}, {Text: "wo"}}
		}
		return []engine.Content{c}
	}
	w.Queue(c.ID, "none", "two")
	var sends []string
	w.Update(func(tx engine.Tx) error {
		for {
			items, err := tx.Outbox().Claim(w.Clock.Now(), w.Clock.Now(), 10)
			if err != nil || len(items) == 0 {
				return err
			}
			for _, i := range items {
				sends = append(sends, i.Content.Text)
				if i.To != enginetest.Address || i.Channel != enginetest.Phone || i.Parts < 1 {
					t.Errorf("the send is %+v", i)
				}
				i.State = engine.OutboxDone
				if err := tx.Outbox().Save(i); err != nil {
					return err
				}
			}
		}
	})
	if got := strings.Join(sends, " "); got != "none t wo" {
		t.Errorf("sends %q", got)
	}
}

// What parley serves itself needs no send: the message is there when it is written.
func TestServedChannelsNeedNoSends(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Writer.Served = func(k engine.ChannelKind) bool { return k == "web" }
	phone := w.Write("hi").Conversation.ID
	page := w.WriteAs(enginetest.Web, engine.Inbound{From: "visitor", Content: engine.Content{Text: "hi"}}).Conversation.ID
	woken := false
	defer w.Bus.Subscribe(engine.TopicDelivery, func(engine.Signal) { woken = true })()
	if m := w.Queue(page, "hello")[0]; m.State != engine.Sent || woken || w.Message(m.ID).State != engine.Sent {
		t.Errorf("on the page it is %s, delivery woken %t", m.State, woken)
	}
	if m := w.Queue(phone, "hello")[0]; m.State != engine.Queued || !woken {
		t.Errorf("on the phone it is %s, delivery woken %t", m.State, woken)
	}
	items := enginetest.Read(w, func(tx engine.Tx) ([]engine.OutboxItem, error) { return tx.Sends().Waiting(page, 10) })
	if len(items) != 0 {
		t.Errorf("the page's outbox has %+v", items)
	}
}

func TestTimeNeverGoesBackInAThread(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.Write("hi").Conversation
	w.Clock.Advance(-time.Minute) // another machine's clock
	w.Write("again")
	ms := w.Messages(c.ID)
	if ms[1].At.Before(ms[0].At) {
		t.Errorf("message 2 is at %v, before %v", ms[1].At, ms[0].At)
	}
}

func TestKnownMessagesConflictAndLeaveNothing(t *testing.T) {
	t.Parallel()
	w := world(t)
	c := w.WriteAs(enginetest.Web, engine.Inbound{From: "v", ProviderID: "p1", ClientID: "c1", Content: engine.Content{Text: "hi"}}).Conversation
	before := w.Cursor()
	for name, m := range map[string]engine.Message{"provider": {ProviderID: "p1"}, "client": {ClientID: "c1"}} {
		err := w.Store.Update(t.Context(), func(tx engine.Tx) error {
			conv, err := w.Writer.Load(tx, w.Clock.Now(), enginetest.Brand, c.ID)
			if err != nil {
				return err
			}
			_, err = conv.Hear(m)
			if conv.LastSeq != c.LastSeq {
				t.Errorf("%s: the conversation was changed", name)
			}
			return err
		})
		if engine.CodeOf(err) != engine.Conflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	if w.Cursor() != before {
		t.Error("it was told")
	}
}

func TestPreview(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 100)
	for want, c := range map[string]engine.Content{
		"hello":                       {Text: "hello", Media: []engine.Media{{Kind: "image"}}},
		"[image]":                     {Media: []engine.Media{{Kind: "image"}}},
		"[location]":                  {Location: &engine.Location{}},
		"Bike":                        {Cards: []engine.Card{{Title: "Bike"}}},
		"":                            {},
		strings.Repeat("ä", 70) + "…": {Text: long},
	} {
		got := conversation.Preview(c)
		if got != want || !utf8.ValidString(got) {
			t.Errorf("%+v reads %q, want %q", c, got, want)
		}
	}
}

func TestEventsNameTheirActors(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]engine.Message{
		"consumer": {Author: engine.AuthorConsumer, AuthorID: "x"}, "bot:main": {Author: engine.AuthorBot, AuthorID: "main"},
		"agent:u1": {Author: engine.AuthorAgent, AuthorID: "u1"}, "system": {Author: engine.AuthorSystem},
	} {
		if got := conversation.Actor(m); got != want {
			t.Errorf("%s is %q, want %q", m.Author, got, want)
		}
	}
	w := world(t)
	c := w.Write("hi").Conversation
	var d engine.MessageData
	ev := w.Events(c.ID, engine.EventMessage)
	if len(ev) != 1 || json.Unmarshal(ev[0].Data, &d) != nil || d.Seq != 1 || d.Content.Text != "hi" || d.State != engine.Received || ev[0].Actor != "consumer" {
		t.Errorf("told %+v", ev)
	}
	var opened engine.ConversationData
	if ev = w.Events(c.ID, engine.EventOpened); len(ev) != 1 || json.Unmarshal(ev[0].Data, &opened) != nil || opened.Rev != w.Conversation(c.ID).Rev {
		t.Errorf("told revision %d, it is %d", opened.Rev, w.Conversation(c.ID).Rev)
	}
}

// Choices that a channel numbers are asked for in the conversation's language.
func TestHintOfChoices(t *testing.T) {
	t.Parallel()
	w := world(t)
	w.Configure(func(s *engine.BrandSettings) { s.Texts = map[string]string{"number.de": "Bitte die Nummer!"} })
	c := w.Write("hi").Conversation
	var hints []string
	w.Writer.Render = func(_ engine.Channel, c engine.Content, hint string) []engine.Content {
		hints = append(hints, hint)
		return []engine.Content{c}
	}
	for _, language := range []string{"fr", "de", "xx"} {
		add(t, w, c.ID, func(c *conversation.Change) error {
			c.Language = language
			for _, choices := range [][]engine.Choice{nil, {{ID: "a", Label: "A"}}, {{ID: "a", Label: "A"}, {ID: "b", Label: "B"}}} {
				_, err := c.Say(engine.Message{Author: engine.AuthorBot, Content: engine.Content{Text: "?", Choices: choices}})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	if got, want := strings.Join(hints, "|"), "||Répondez par un numéro.|||Bitte die Nummer!|||Reply with a number."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
