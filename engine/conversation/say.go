package conversation

import (
	"cmp"
	"encoding/json"
	"time"
	"unicode/utf8"

	"parley/engine"
	"parley/engine/loop"
	"parley/engine/texts"
)

// previewBytes is how much of a message a list shows.
const previewBytes = 140

// pendingTTL is how long offered choices may be named by a later text.
const pendingTTL = 30 * 24 * time.Hour

// Writer adds messages to conversations. It is immutable and safe for concurrent use.
type Writer struct {
	NewID engine.NewID
	// Render fits a content to a channel; see engine.Renderer.
	Render func(ch engine.Channel, c engine.Content, hint string) []engine.Content
}

// Inbound adds a consumer's message, when what was heard in it is counted to the
// conversation's mood already. The caller saves conv. Conflict means that the
// message is known already and nothing was changed.
func (w Writer) Inbound(tx engine.Tx, now time.Time, conv *engine.Conversation, m engine.Message) (engine.Message, error) {
	m.Author, m.State = engine.AuthorConsumer, engine.Received
	return w.add(tx, now, conv, m, nil)
}

// Note adds a message that only the team sees. The caller saves conv.
func (w Writer) Note(tx engine.Tx, now time.Time, conv *engine.Conversation, m engine.Message) (engine.Message, error) {
	m.Note, m.State = true, engine.Received
	return w.add(tx, now, conv, m, nil)
}

// Outbound adds a message of the bot, an agent or the gateway, with its sends.
// The caller saves conv.
func (w Writer) Outbound(tx engine.Tx, now time.Time, ch engine.Channel, conv *engine.Conversation, m engine.Message) (engine.Message, error) {
	m.State = engine.Queued
	hint := ""
	if len(m.Content.Choices) > 1 {
		brand, err := tx.Brands().Get(conv.Brand)
		if err != nil {
			return m, err
		}
		hint = texts.Format(brand.Settings, conv.Language, texts.Number, nil)
	}
	parts := w.Render(ch, m.Content, hint)
	if len(parts) == 0 { // a message without a send would stay queued for ever
		parts = []engine.Content{m.Content}
	}
	return w.add(tx, now, conv, m, parts)
}

// System adds a sentence of the gateway in the consumer's language. The caller saves conv.
func (w Writer) System(tx engine.Tx, now time.Time, brand engine.Brand, ch engine.Channel, conv *engine.Conversation, key string, vars map[string]string) error {
	text := texts.Format(brand.Settings, conv.Language, key, vars)
	_, err := w.Outbound(tx, now, ch, conv, engine.Message{
		Author:  engine.AuthorSystem,
		Content: engine.Content{Text: text, Event: key},
	})
	return err
}

func (w Writer) add(tx engine.Tx, now time.Time, conv *engine.Conversation, m engine.Message, parts []engine.Content) (engine.Message, error) {
	m.ID = w.NewID()
	m.Brand, m.Conversation, m.Consumer, m.Channel = conv.Brand, conv.ID, conv.Consumer, conv.Channel
	m.Seq = conv.LastSeq + 1
	m.At = now
	if now.Before(conv.LastAt) {
		m.At = conv.LastAt // the clock of another machine; the thread is sorted by At
	}
	if err := tx.Messages().Add(m); err != nil {
		return m, err
	}
	note(conv, m)
	for i, part := range parts {
		part.Event = m.Content.Event
		err := tx.Outbox().Add(&engine.OutboxItem{
			ID: engine.SendID(m.ID, i, 0), Brand: m.Brand, Channel: m.Channel, Conversation: m.Conversation,
			Kind: engine.OutboxMessage, To: conv.Address, Message: m.ID, Part: i, Parts: len(parts),
			Content: part, State: engine.OutboxPending, DueAt: now, CreatedAt: now,
		})
		if err != nil {
			return m, err
		}
	}
	data := engine.MessageData{
		ID: m.ID, Seq: m.Seq, Author: m.Author, AuthorID: m.AuthorID, AuthorName: m.AuthorName,
		Note: m.Note, Content: m.Content, State: m.State, ClientID: m.ClientID, Rev: conv.Rev + 1,
	}
	if heard := m.Heard; heard != (engine.Heard{}) {
		data.Heard = &heard
	}
	if mood := conv.Mood; m.Author == engine.AuthorConsumer && mood.Weight > 0 {
		tone := cmp.Or(mood.Tone, engine.ToneNeutral)
		data.Mood = &engine.MoodData{Score: mood.Score(), Tone: tone, Was: tone} // a change of it is EventMood
	}
	return m, Log(tx, m.At, *conv, engine.EventMessage, Actor(m), data)
}

// note updates what the conversation knows about its messages.
func note(conv *engine.Conversation, m engine.Message) {
	conv.LastSeq, conv.LastAt = m.Seq, m.At
	if !m.Note {
		loop.Heard(&conv.Pulse, m.Author)
	}
	if m.Note || m.Author == engine.AuthorSystem { // a list shows what people and bots say
		return
	}
	conv.Preview, conv.PreviewAuthor = Preview(m.Content), m.Author
	switch m.Author {
	case engine.AuthorConsumer:
		if conv.WaitingSince.IsZero() {
			conv.WaitingSince = m.At
		}
	case engine.AuthorBot, engine.AuthorAgent:
		conv.WaitingSince = time.Time{}
	}
	if len(m.Content.Choices) > 0 {
		conv.Pending = &engine.PendingChoices{Choices: m.Content.Choices, Unnumbered: m.Content.Unnumbered, Until: m.At.Add(pendingTTL)}
	}
}

// Preview is the start of what a message says, in one line of a list.
func Preview(c engine.Content) string {
	s := c.Text
	switch {
	case s != "":
	case len(c.Media) > 0:
		s = "[" + c.Media[0].Kind + "]"
	case c.Location != nil:
		s = "[location]"
	case len(c.Cards) > 0:
		s = c.Cards[0].Title
	}
	if len(s) <= previewBytes {
		return s
	}
	end := previewBytes
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// Actor names the author of a message for the event log.
func Actor(m engine.Message) string {
	switch m.Author {
	case engine.AuthorBot:
		return "bot:" + m.AuthorID
	case engine.AuthorAgent:
		return "agent:" + m.AuthorID
	}
	return string(m.Author)
}

// Log appends an event about a conversation.
func Log(tx engine.Tx, at time.Time, conv engine.Conversation, kind engine.EventKind, actor string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return engine.Errorf(engine.Internal, "event data").Because(err)
	}
	return tx.Events().Add(&engine.Event{At: at, Brand: conv.Brand, Conversation: conv.ID, Kind: kind, Actor: actor, Data: raw})
}

// Holder is the agent who has a conversation, with the name; "" when no agent
// has it, and a name of "" for one who was removed.
func Holder(tx engine.Tx, conv engine.Conversation) (id, name string, err error) {
	if conv.Owner != engine.OwnerAgent || conv.Agent == "" {
		return "", "", nil
	}
	u, err := tx.Users().Get(conv.Brand, conv.Agent)
	if engine.CodeOf(err) == engine.NotFound {
		return conv.Agent, "", nil
	}
	return conv.Agent, u.Name, err
}

// Change is the data of an event that tells the conversation's new state.
func Change(conv engine.Conversation, reason string) engine.ConversationData {
	return engine.ConversationData{
		State: conv.State, Owner: conv.Owner, Agent: conv.Agent, Skill: conv.Skill,
		Rev: conv.Rev + 1, Reason: reason, Outcome: conv.Outcome, Tags: conv.Tags,
	}
}
