package enginetest

import (
	"context"
	"fmt"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/receive"
)

// Write lets the consumer of Address write on the phone channel.
func (w *World) Write(text string) receive.Taken {
	w.T.Helper()
	return w.WriteAs(Phone, engine.Inbound{From: Address, ProviderID: w.ID(), Content: engine.Content{Text: text}})
}

// WriteAs takes in one message on a channel.
func (w *World) WriteAs(channel string, in engine.Inbound) receive.Taken {
	w.T.Helper()
	taken, err := w.Receive(channel, in)
	if err != nil {
		w.T.Fatalf("receiving: %v", err)
	}
	return taken
}

// Receive takes in one message on a channel.
func (w *World) Receive(channel string, in engine.Inbound) (receive.Taken, error) {
	ch, entry, err := w.Catalog.Channel(context.Background(), channel)
	if err != nil {
		return receive.Taken{}, err
	}
	return w.Receiver.Inbound(context.Background(), entry, ch, in)
}

// Visit gives a conversation its turns.
func (w *World) Visit(id string) {
	w.T.Helper()
	if _, err := w.Dialog.Visit(context.Background(), engine.ConversationRef{Brand: Brand, ID: id}); err != nil {
		w.T.Fatalf("visiting: %v", err)
	}
}

// Say writes as the consumer and lets the bot answer.
func (w *World) Say(text string) engine.Conversation {
	w.T.Helper()
	id := w.Write(text).Conversation.ID
	w.Visit(id)
	return w.Conversation(id)
}

// Conversation reads one.
func (w *World) Conversation(id string) engine.Conversation {
	w.T.Helper()
	return Read(w, func(tx engine.Tx) (engine.Conversation, error) { return tx.Conversations().Get(Brand, id) })
}

// Messages reads a transcript.
func (w *World) Messages(id string) []engine.Message {
	w.T.Helper()
	return Read(w, func(tx engine.Tx) ([]engine.Message, error) { return tx.Messages().List(Brand, id, 0, 10_000) })
}

// Lines is a transcript as "author: text".
func (w *World) Lines(id string) []string {
	w.T.Helper()
	var out []string
	for _, m := range w.Messages(id) {
		note := ""
		if m.Note {
			note = " note"
		}
		out = append(out, fmt.Sprintf("%s%s: %s", m.Author, note, m.Content.Text))
	}
	return out
}

// Events reads a conversation's events of these kinds, or all.
func (w *World) Events(id string, kinds ...engine.EventKind) []engine.Event {
	w.T.Helper()
	all := Read(w, func(tx engine.Tx) ([]engine.Event, error) {
		return tx.Events().List(engine.EventFilter{Brand: Brand, Conversation: id, Limit: 100_000})
	})
	if len(kinds) == 0 {
		return all
	}
	var out []engine.Event
	for _, e := range all {
		for _, k := range kinds {
			if e.Kind == k {
				out = append(out, e)
			}
		}
	}
	return out
}

// Cursor is the end of the log.
func (w *World) Cursor() engine.Cursor {
	w.T.Helper()
	return Read(w, func(tx engine.Tx) (engine.Cursor, error) { return tx.Events().Last() })
}

// Inbox reads a conversation's inbox.
func (w *World) Inbox(id string) []engine.InboxEntry {
	w.T.Helper()
	return Read(w, func(tx engine.Tx) ([]engine.InboxEntry, error) { return tx.Inbox().List(id) })
}

// Queued reads a conversation's queue entry, and whether it has one.
func (w *World) Queued(id string) (e engine.QueueEntry, ok bool) {
	w.T.Helper()
	w.View(func(tx engine.Tx) (err error) {
		e, err = tx.Queue().Get(id)
		ok = err == nil
		if engine.CodeOf(err) == engine.NotFound {
			return nil
		}
		return err
	})
	return e, ok
}

// Session reads a conversation's newest session.
func (w *World) Session(id string) engine.Session {
	w.T.Helper()
	return Read(w, func(tx engine.Tx) (engine.Session, error) { return tx.Sessions().Current(id) })
}

// must changes a conversation or ends the test.
func (w *World) must(id string, fn func(*conversation.Change) error) {
	w.T.Helper()
	if err := w.Change(id, fn); err != nil {
		w.T.Fatalf("changing %s: %v", id, err)
	}
}

// Assign gives a waiting conversation to an agent.
func (w *World) Assign(id string, u engine.User) engine.Conversation {
	w.T.Helper()
	w.must(id, func(c *conversation.Change) error { return c.Assign(u, nil) })
	return w.Conversation(id)
}

// Close ends a conversation as its bot does.
func (w *World) Close(id string) {
	w.T.Helper()
	w.must(id, func(c *conversation.Change) error { return c.Close("bot:main", "answered", "") })
}

// Offer lets the bot ask with choices.
func (w *World) Offer(id, text string, choices ...engine.Choice) {
	w.T.Helper()
	w.must(id, func(c *conversation.Change) error {
		_, err := c.Say(engine.Message{Author: engine.AuthorBot, Content: engine.Content{Text: text, Choices: choices}})
		return err
	})
}

// Queue lets the bot write messages into a conversation, all in one
// transaction, and gives them.
func (w *World) Queue(id string, texts ...string) []engine.Message {
	w.T.Helper()
	var out []engine.Message
	w.must(id, func(c *conversation.Change) error {
		out = out[:0]
		for _, text := range texts {
			m, err := c.Say(engine.Message{Author: engine.AuthorBot, AuthorID: "main", Content: engine.Content{Text: text}})
			if err != nil {
				return err
			}
			out = append(out, m)
		}
		return nil
	})
	return out
}

// Message reads one.
func (w *World) Message(id string) engine.Message {
	w.T.Helper()
	return Read(w, func(tx engine.Tx) (engine.Message, error) { return tx.Messages().Get(Brand, id) })
}
