package outbox_test

import (
	"context"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/enginetest"
)

// A channel with windows is told who writes and when the consumer wrote last; what comes
// too late never leaves, unless it is a template.
func TestWindow(t *testing.T) {
	play(t, func(w world) {
		w.Update(func(tx engine.Tx) error {
			ch, err := tx.Brands().Channel(enginetest.Phone)
			if err != nil {
				return err
			}
			ch.Config = map[string]string{"window": "24h", "people_window": "72h"}
			return tx.Brands().SaveChannels(enginetest.Brand, []engine.Channel{ch})
		})
		heard := time.Now()
		taken := w.WriteAs(enginetest.Phone, engine.Inbound{From: enginetest.Address, ProviderID: "m0", Content: engine.Content{Text: "hi"}})
		id := taken.Conversation.ID
		say := func(by engine.Author, c engine.Content) (m engine.Message) {
			err := w.Change(id, func(ch *conversation.Change) (err error) {
				m, err = ch.Say(engine.Message{Author: by, AuthorID: "x", Content: c, Marks: engine.MessageMarks{Answers: taken.Message.ID}})
				return err
			})
			if err != nil {
				w.t.Fatal(err)
			}
			defer w.run()() // it polls, and days pass in between
			w.await(time.Minute, func() bool { return w.state(m) != engine.Queued })
			return w.Message(m.ID)
		}
		text := engine.Content{Text: "hello"}
		template := engine.Content{Template: &engine.Template{Name: "news", Language: "en"}}
		for _, step := range []struct {
			after time.Duration
			by    engine.Author
			say   engine.Content
			want  engine.DeliveryState
		}{
			{0, engine.AuthorBot, text, engine.Sent},
			{23 * time.Hour, engine.AuthorBot, text, engine.Sent},
			{25 * time.Hour, engine.AuthorBot, text, engine.Failed},
			{25 * time.Hour, engine.AuthorSystem, text, engine.Failed},
			{25 * time.Hour, engine.AuthorAgent, text, engine.Sent},
			{73 * time.Hour, engine.AuthorAgent, text, engine.Failed},
			{73 * time.Hour, engine.AuthorAgent, template, engine.Sent},
		} {
			<-time.After(time.Until(heard.Add(step.after)))
			m := say(step.by, step.say)
			if m.State != step.want || (m.State == engine.Failed) != (m.Failure != "") {
				w.t.Errorf("%s after %s: %s, %q", step.by, step.after, m.State, m.Failure)
			}
		}
		var lost engine.UndeliveredData
		for _, ev := range w.Events(id, engine.EventUndelivered) {
			engine.Told(ev, func(d engine.UndeliveredData) { lost = d })
		}
		if lost.Class != engine.SendWindow || lost.Reason != "The consumer wrote last more than 3 days ago. The channel takes only a template until they write again." {
			w.t.Errorf("the loss is %+v", lost)
		}
		for _, out := range w.Provider.Outbound() {
			if out.Author == "" || !out.HeardAt.Equal(heard) || out.Answers != "m0" {
				w.t.Errorf("the provider got %+v", out)
			}
		}
		// A new conversation of the same address knows it, too.
		w.Close(id)
		err := w.Store.Update(context.Background(), func(tx engine.Tx) error {
			c, err := tx.Consumers().Get(enginetest.Brand, taken.Message.Consumer)
			if err != nil {
				return err
			}
			ch, entry, err := w.Catalog.Channel(context.Background(), enginetest.Phone)
			if err != nil {
				return err
			}
			next, err := w.Writer.Open(tx, time.Now(), conversation.Opening{Entry: entry, Channel: ch, Consumer: c, Address: enginetest.Address, Actor: "system"})
			if err == nil && !next.HeardAt.Equal(heard) {
				w.t.Errorf("the next conversation heard the consumer at %s", next.HeardAt)
			}
			return err
		})
		if err != nil {
			w.t.Error(err)
		}
	})
}
