package dialog

import (
	"slices"

	"parley/engine"
	"parley/engine/learning"
)

// effect carries out one wish of the bot inside the turn's transaction.
func (c commit) effect(d *draft, e engine.Effect) error {
	tx, now, bot := d.tx, c.turn.Now, c.turn.Session.Bot
	if c.look.conv.State == engine.Closed && (e.Say != nil || e.Typing != nil || e.Handoff != nil || e.Close != nil || e.Timer != nil) {
		return nil // it may still record what it knows, and nobody hears it
	}
	message := engine.Message{Author: engine.AuthorBot, AuthorID: bot, AuthorName: c.look.entry.Brand.Settings.BotName}
	switch {
	case e.Say != nil:
		message.Content = *e.Say
		_, err := d.Say(message)
		return err
	case e.Note != nil:
		message.Content = engine.Content{Text: *e.Note}
		_, err := d.Note(message)
		return err
	case e.Typing != nil:
		tx.Wake(engine.Typing(engine.ConversationRef{Brand: d.Brand, ID: d.ID}, engine.AuthorBot, "", "", *e.Typing))
		return nil
	case e.Tag != nil:
		if slices.Contains(d.Tags, *e.Tag) {
			return nil
		}
		d.Tags = append(d.Tags, *e.Tag)
		return d.Updated("bot:" + c.turn.Session.Bot)
	case e.Set != nil:
		return c.set(d, *e.Set)
	case e.Handoff != nil:
		return c.enqueue(d, *e.Handoff, "")
	case e.Close != nil && d.unread():
		return nil // it goes on, see finish
	case e.Close != nil:
		return d.Close("bot:"+bot, e.Close.Outcome, e.Close.Summary)
	case e.HTTP != nil:
		return tx.Outbox().Add(&engine.OutboxItem{
			ID: c.NewID(), Brand: d.Brand, Channel: d.Channel, Conversation: d.ID, Kind: engine.OutboxHTTP,
			Session: c.turn.Session.ID, Step: e.Step, Request: engine.JSON(e.HTTP),
			State: engine.OutboxPending, DueAt: now, CreatedAt: now,
		})
	case e.Timer != nil:
		return tx.Timers().Add(engine.Timer{
			ID: c.NewID(), Brand: d.Brand, Conversation: d.ID, Session: c.turn.Session.ID, Step: e.Step, At: *e.Timer,
		})
	case e.Log != nil:
		return c.log(d, *e.Log)
	case e.Query != nil:
		return c.ask(d, e.Step, *e.Query)
	case e.Cancel != nil:
		_, err := tx.Followups().Cancel(d.Brand, d.Consumer, *e.Cancel)
		return err
	case e.Feedback != nil:
		return c.feedback(d, *e.Feedback)
	}
	return nil // Recall came first, see apply
}

func (c commit) log(d *draft, text string) error {
	return d.Log(engine.EventBotLog, "bot:"+c.turn.Session.Bot, engine.LogData{Text: text})
}

// feedback counts what the consumer says of an answer. What people say who try a
// draft is told and not counted.
func (c commit) feedback(d *draft, f engine.FeedbackEffect) error {
	if d.Draft == "" {
		count := engine.FAQFeedback{Brand: d.Brand, Question: f.Question, At: c.turn.Now}
		if f.Helped {
			count.Helped = 1
		} else {
			count.Unhelped = 1
		}
		if err := d.tx.Feedback().Add(count); err != nil {
			return err
		}
		calls := append(slices.Clone(c.turn.Journal), c.out.Journal...)
		if err := learning.Unhelped(d.tx, c.turn.Now, d.Conversation, f, calls); err != nil {
			return err
		}
	}
	return d.Log(engine.EventFeedback, "bot:"+c.turn.Session.Bot, engine.FeedbackData{Question: f.Question, Helped: f.Helped})
}

// ask answers a query and puts the answer into the inbox, where the next turn
// finds it.
func (c commit) ask(d *draft, step int, q engine.Query) error {
	data, err := c.answer(d, q)
	if err != nil {
		return err
	}
	e := engine.InboxEntry{Kind: engine.InboxResult, Session: c.turn.Session.ID, Step: step, Data: data}
	if c.out.State != engine.SessionWaiting || !c.out.Wait.Takes(e.Session, e) {
		return nil // it asked and did not wait
	}
	if e, err = d.Keep(e); err != nil {
		return err
	}
	d.rest, d.query = append(d.rest, e), true
	return nil
}

func (c commit) set(d *draft, s engine.SetEffect) error {
	actor := "bot:" + c.turn.Session.Bot
	if s.Scope == "conversation" {
		put(&d.Attributes, s.Name, s.Value)
		return d.Updated(actor)
	}
	consumer, err := d.tx.Consumers().Get(d.Brand, d.Consumer)
	if err != nil {
		return err
	}
	switch s.Name {
	case "name":
		consumer.Name = s.Value
	case "language":
		consumer.Language, d.Language = s.Value, s.Value
	default:
		put(&consumer.Attributes, s.Name, s.Value)
	}
	if err := d.tx.Consumers().Save(consumer); err != nil {
		return err
	}
	return d.Updated(actor)
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
