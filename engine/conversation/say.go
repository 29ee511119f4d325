package conversation

import (
	"cmp"
	"time"

	"parley/engine"
	"parley/engine/loop"
	"parley/engine/texts"
)

// pendingTTL is how long offered choices may be named by a later text.
const pendingTTL = 30 * 24 * time.Hour

// Hear adds a consumer's message, when what was heard in it is counted to the
// mood already. Conflict means that the message is known already and nothing was
// changed.
func (c *Change) Hear(m engine.Message) (engine.Message, error) {
	m.Author, m.State = engine.AuthorConsumer, engine.Received
	return c.add(m, nil)
}

// Wrote adds what somebody of the brand has written to the consumer in another app:
// nothing has to be sent. Conflict as Hear.
func (c *Change) Wrote(m engine.Message) (engine.Message, error) {
	m.Author, m.State, m.Marks.Elsewhere = engine.AuthorAgent, engine.Sent, true
	return c.add(m, nil)
}

// Note adds a message that only the team sees.
func (c *Change) Note(m engine.Message) (engine.Message, error) {
	m.Note, m.State = true, engine.Received
	return c.add(m, nil)
}

// Remark is a note in the gateway's name.
func (c *Change) Remark(text string) error {
	_, err := c.Note(engine.Message{Author: engine.AuthorSystem, Content: engine.Content{Text: text}})
	return err
}

// Say adds a message of the bot, an agent or the gateway, with its sends.
func (c *Change) Say(m engine.Message) (engine.Message, error) {
	if c.w.Served != nil && c.w.Served(c.Kind) {
		m.State = engine.Sent
		return c.add(m, nil)
	}
	m.State = engine.Queued
	hint := ""
	entry, err := c.Entry()
	if err != nil {
		return m, err
	}
	if len(m.Content.Choices) > 1 {
		hint = texts.Format(entry.Brand.Settings, c.Language, texts.Number, nil)
	}
	ch, _ := entry.Channel(c.Channel) // a removed channel still has a transcript
	parts := c.w.Render(ch, m.Content, hint)
	if len(parts) == 0 { // a message without a send would stay queued for ever
		parts = []engine.Content{m.Content}
	}
	return c.add(m, parts)
}

// System adds a sentence of the gateway in the consumer's language.
func (c *Change) System(key string, vars map[string]string) error {
	entry, err := c.Entry()
	if err != nil {
		return err
	}
	_, err = c.Say(engine.Message{
		Author:  engine.AuthorSystem,
		Content: engine.Content{Text: texts.Format(entry.Brand.Settings, c.Language, key, vars), Event: key},
	})
	return err
}

func (c *Change) add(m engine.Message, parts []engine.Content) (engine.Message, error) {
	m.ID = c.w.NewID()
	m.Brand, m.Conversation, m.Consumer, m.Channel = c.Brand, c.ID, c.Consumer, c.Channel
	m.Seq = c.LastSeq + 1
	m.At = c.Now
	if c.Now.Before(c.LastAt) {
		m.At = c.LastAt // the clock of another machine; the thread is sorted by At
	}
	if err := c.tx.Messages().Add(m); err != nil {
		return m, err
	}
	c.count(m)
	for i, part := range parts {
		part.Event = m.Content.Event
		err := c.tx.Outbox().Add(&engine.OutboxItem{
			ID: engine.SendID(m.ID, i, 0), Brand: m.Brand, Channel: m.Channel, Conversation: m.Conversation,
			Kind: engine.OutboxMessage, To: c.Address, Message: m.ID, Part: i, Parts: len(parts),
			Content: part, State: engine.OutboxPending, DueAt: c.Now, CreatedAt: c.Now,
		})
		if err != nil {
			return m, err
		}
	}
	data := engine.MessageData{
		ID: m.ID, Seq: m.Seq, Author: m.Author, AuthorID: m.AuthorID, AuthorName: m.AuthorName,
		Note: m.Note, Content: m.Content, State: m.State, ClientID: m.ClientID, Rev: c.Rev + 1,
		Answers: m.Marks.Answers, Elsewhere: m.Marks.Elsewhere,
	}
	if heard := m.Heard; heard != (engine.Heard{}) {
		data.Heard = &heard
	}
	if mood := c.Mood; m.Author == engine.AuthorConsumer && mood.Weight > 0 {
		tone := cmp.Or(mood.Tone, engine.ToneNeutral)
		data.Mood = &engine.MoodData{Score: mood.Score(), Tone: tone, Was: tone} // a change of it is EventMood
	}
	return m, Log(c.tx, m.At, engine.ConversationRef{Brand: c.Brand, ID: c.ID}, engine.EventMessage, Actor(m), data)
}

// count updates what the conversation knows about its messages.
func (c *Change) count(m engine.Message) {
	c.LastSeq, c.LastAt = m.Seq, m.At
	if !m.Note {
		loop.Heard(&c.Pulse, m.Author)
	}
	if m.Note || m.Author == engine.AuthorSystem { // a list shows what people and bots say
		return
	}
	c.Preview, c.PreviewAuthor = Preview(m.Content), m.Author
	switch m.Author {
	case engine.AuthorConsumer:
		c.HeardAt = m.At
		if c.WaitingSince.IsZero() {
			c.WaitingSince = m.At
		}
	case engine.AuthorBot, engine.AuthorAgent:
		c.WaitingSince = time.Time{}
	}
	if len(m.Content.Choices) > 0 {
		c.Pending = &engine.PendingChoices{Choices: m.Content.Choices, Unnumbered: m.Content.Unnumbered, Until: m.At.Add(pendingTTL)}
	}
}

// Actor names the author of a message for the event log.
func Actor(m engine.Message) string {
	switch m.Author {
	case engine.AuthorBot:
		return "bot:" + m.AuthorID
	case engine.AuthorAgent:
		if m.AuthorID == "" { // in another app
			return "system"
		}
		return "agent:" + m.AuthorID
	}
	return string(m.Author)
}
