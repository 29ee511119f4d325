package dialog

import (
	"slices"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/learning"
	"parley/engine/lifecycle"
)

// effect carries out one wish of the bot inside the turn's transaction.
func (c commit) effect(tx engine.Tx, d *draft, e engine.Effect) error {
	now, bot, conv := c.turn.Now, c.turn.Session.Bot, d.conv
	if c.look.conv.State == engine.Closed && (e.Say != nil || e.Typing != nil || e.Handoff != nil || e.Close != nil || e.Timer != nil) {
		return nil // it may still record what it knows, and nobody hears it
	}
	switch {
	case e.Say != nil:
		d.delivery = true
		_, err := c.Writer.Outbound(tx, now, c.turn.Channel, conv, engine.Message{
			Author: engine.AuthorBot, AuthorID: bot, AuthorName: c.look.entry.Brand.Settings.BotName, Content: *e.Say,
		})
		return err
	case e.Note != nil:
		_, err := c.Writer.Note(tx, now, conv, engine.Message{
			Author: engine.AuthorBot, AuthorID: bot, AuthorName: c.look.entry.Brand.Settings.BotName,
			Content: engine.Content{Text: *e.Note},
		})
		return err
	case e.Typing != nil:
		d.typing = append(d.typing, *e.Typing)
		return nil
	case e.Tag != nil:
		if slices.Contains(conv.Tags, *e.Tag) {
			return nil
		}
		conv.Tags = append(conv.Tags, *e.Tag)
		return c.updated(tx, conv)
	case e.Set != nil:
		return c.set(tx, conv, *e.Set)
	case e.Handoff != nil:
		d.routing, d.delivery = true, true
		return c.enqueue(tx, conv, *e.Handoff, "")
	case e.Close != nil && d.unread():
		return nil // it goes on, see finish
	case e.Close != nil:
		return lifecycle.Close(tx, now, conv, "bot:"+c.turn.Session.Bot, e.Close.Outcome, e.Close.Summary)
	case e.HTTP != nil:
		d.delivery = true
		return tx.Outbox().Add(&engine.OutboxItem{
			ID: c.NewID(), Brand: conv.Brand, Channel: conv.Channel, Conversation: conv.ID, Kind: engine.OutboxHTTP,
			Session: c.turn.Session.ID, Step: e.Step, Request: engine.JSON(e.HTTP),
			State: engine.OutboxPending, DueAt: now, CreatedAt: now,
		})
	case e.Timer != nil:
		d.timers = true
		return tx.Timers().Add(engine.Timer{
			ID: c.NewID(), Brand: conv.Brand, Conversation: conv.ID, Session: c.turn.Session.ID, Step: e.Step, At: *e.Timer,
		})
	case e.Log != nil:
		return c.log(tx, d, *e.Log)
	case e.Query != nil:
		return c.ask(tx, d, e.Step, *e.Query)
	case e.Cancel != nil:
		_, err := tx.Followups().Cancel(conv.Brand, conv.Consumer, *e.Cancel)
		return err
	case e.Feedback != nil:
		return c.feedback(tx, d, *e.Feedback)
	}
	return nil // Recall came first, see apply
}

func (c commit) log(tx engine.Tx, d *draft, text string) error {
	return conversation.Log(tx, c.turn.Now, *d.conv, engine.EventBotLog, "bot:"+c.turn.Session.Bot, engine.LogData{Text: text})
}

// feedback counts what the consumer says of an answer. What people say who try a
// draft is told and not counted.
func (c commit) feedback(tx engine.Tx, d *draft, f engine.FeedbackEffect) error {
	conv := *d.conv
	if conv.Draft == "" {
		count := engine.FAQFeedback{Brand: conv.Brand, Question: f.Question, At: c.turn.Now}
		if f.Helped {
			count.Helped = 1
		} else {
			count.Unhelped = 1
		}
		if err := tx.Feedback().Add(count); err != nil {
			return err
		}
		calls := append(slices.Clone(c.turn.Journal), c.out.Journal...)
		if err := learning.Unhelped(tx, c.turn.Now, conv, f, calls); err != nil {
			return err
		}
	}
	return conversation.Log(tx, c.turn.Now, conv, engine.EventFeedback, "bot:"+c.turn.Session.Bot,
		engine.FeedbackData{Question: f.Question, Helped: f.Helped})
}

// ask answers a query and puts the answer into the inbox, where the next turn
// finds it.
func (c commit) ask(tx engine.Tx, d *draft, step int, q engine.Query) error {
	data, err := c.answer(tx, d, q)
	if err != nil {
		return err
	}
	d.conv.LastInbox++
	e := engine.InboxEntry{
		Conversation: d.conv.ID, N: d.conv.LastInbox, Kind: engine.InboxResult,
		Session: c.turn.Session.ID, Step: step, Data: data, At: c.turn.Now,
	}
	if c.out.State != engine.SessionWaiting || !c.out.Wait.Takes(e.Session, e) {
		return nil // it asked and did not wait
	}
	d.rest, d.query = append(d.rest, e), true
	return tx.Inbox().Add(e)
}

func (c commit) set(tx engine.Tx, conv *engine.Conversation, s engine.SetEffect) error {
	if s.Scope == "conversation" {
		put(&conv.Attributes, s.Name, s.Value)
		return c.updated(tx, conv)
	}
	consumer, err := tx.Consumers().Get(conv.Brand, conv.Consumer)
	if err != nil {
		return err
	}
	switch s.Name {
	case "name":
		consumer.Name = s.Value
	case "language":
		consumer.Language, conv.Language = s.Value, s.Value
	default:
		put(&consumer.Attributes, s.Name, s.Value)
	}
	if err := tx.Consumers().Save(consumer); err != nil {
		return err
	}
	return c.updated(tx, conv)
}

func put(attributes *map[string]string, name, value string) {
	if *attributes == nil {
		*attributes = map[string]string{}
	}
	if value == "" {
		delete(*attributes, name)
		return
	}
	(*attributes)[name] = value
}

func (c commit) updated(tx engine.Tx, conv *engine.Conversation) error {
	return conversation.Log(tx, c.turn.Now, *conv, engine.EventUpdated, "bot:"+c.turn.Session.Bot, conversation.Change(*conv, ""))
}
