package receipt

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// Loss is a message that will not arrive.
type Loss struct {
	Item  engine.OutboxItem // the send that ended it; its Failure says why
	Class engine.SendClass
	Code  string
	// Late: the provider had taken it, so that it is told only while the conversation goes on.
	Late bool
}

// heldBack is why a message was not sent that was to follow a lost one.
const heldBack = "It was not sent, because a message before it could not be delivered."

// maxHeld bounds what one loss holds back at a time; there are never so many.
const maxHeld = 1000

// Lost draws the consequences of a loss: the messages after it are held back,
// so that none arrives out of context; the log and the transcript tell; and
// unless people have the conversation already, those with the default skill get
// it. Of one who opted out there is nothing to do for anybody. Call it after the
// send was saved.
func Lost(tx engine.Tx, w conversation.Writer, now time.Time, l Loss) error {
	d := engine.UndeliveredData{Message: l.Item.Message, Class: l.Class, Code: l.Code, Reason: l.Item.Failure}
	quiet := l.Class == engine.SendOptedOut || Exempt(l.Item.Content.Event)
	if !quiet && l.Item.Receipt == engine.Failed { // one in doubt has probably arrived
		var err error
		if d.Held, err = hold(tx, now, l.Item); err != nil {
			return err
		}
	}
	if err := conversation.Log(tx, now, of(l.Item), engine.EventUndelivered, "system", d); err != nil || quiet {
		return err
	}
	m, err := tx.Messages().Get(l.Item.Brand, l.Item.Message)
	if err != nil {
		return err
	}
	conv, err := w.Load(tx, now, l.Item.Brand, l.Item.Conversation)
	if err != nil {
		return err
	}
	entry, err := conv.Entry()
	if err != nil {
		return err
	}
	_, people := conversation.SkillFor(entry, "")
	if conv.State == engine.Closed && !l.Late && people {
		if conv, err = w.Reopen(tx, now, entry, conv.Conversation, "system", "a message was not delivered"); err != nil {
			return err
		}
	}
	text := words(l, m, len(d.Held))
	line := engine.Message{Author: engine.AuthorSystem, Content: engine.Content{Text: text, Event: "undelivered"}}
	if _, err := conv.Note(line); err != nil {
		return err
	}
	if people && conv.State == engine.Open && conv.Owner != engine.OwnerAgent && conv.Owner != engine.OwnerQueue {
		if err := hand(conv, entry, l, text); err != nil {
			return err
		}
	}
	return conv.Save()
}

// of is the conversation of a send.
func of(item engine.OutboxItem) engine.ConversationRef {
	return engine.ConversationRef{Brand: item.Brand, ID: item.Conversation}
}

// hold ends the sends that wait behind a lost one.
func hold(tx engine.Tx, now time.Time, lost engine.OutboxItem) (messages []string, err error) {
	waiting, err := tx.Sends().Waiting(lost.Conversation, maxHeld)
	if err != nil {
		return nil, err
	}
	for _, i := range waiting {
		if i.Channel != lost.Channel || i.Seq < lost.Seq || Exempt(i.Content.Event) {
			continue
		}
		i.State, i.Receipt, i.Failure = engine.OutboxFailed, i.Receipt.Advance(engine.Failed), heldBack
		if err := tx.Outbox().Save(i); err != nil {
			return nil, err
		}
		if err := Advance(tx, now, i); err != nil {
			return nil, err
		}
		if n := len(messages); i.Message != lost.Message && (n == 0 || messages[n-1] != i.Message) {
			messages = append(messages, i.Message)
		}
	}
	return messages, nil
}

func words(l Loss, m engine.Message, held int) string {
	what := "Not delivered: “%s”."
	if l.Item.Receipt == engine.Unknown {
		what = "Nobody knows whether this was delivered: “%s”."
	}
	s := fmt.Sprintf(what, conversation.Preview(m.Content))
	if l.Item.Failure != "" {
		s += " " + l.Item.Failure
	}
	switch {
	case held == 1:
		s += " The message after it was held back."
	case held > 1:
		s += fmt.Sprintf(" The %d messages after it were held back.", held)
	}
	return s
}

// hand gives the conversation to people. Its bot has lost its place: it does not
// know what the consumer has read.
func hand(conv *conversation.Change, entry catalog.Entry, l Loss, text string) error {
	if err := conv.EndSession(); err != nil {
		return err
	}
	ch, _ := entry.Channel(conv.Channel)
	h := engine.Handoff{
		From: cmp.Or(entry.Brand.Settings.BotName, ch.Bot), Reason: "A message could not be delivered", Summary: text,
	}
	if why := strings.TrimSuffix(l.Item.Failure, "."); why != "" {
		h.Reason += ": " + why
	}
	return conv.HandOver(conversation.Entering{Handoff: h, Actor: "system", Silent: true})
}
