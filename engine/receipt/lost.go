package receipt

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/lifecycle"
	"parley/engine/listen"
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
// it. Of one who opted out there is nothing to do for anybody. It says whether a
// queue has grown. Call it after the send was saved.
func Lost(tx engine.Tx, w conversation.Writer, now time.Time, l Loss) (queued bool, err error) {
	d := engine.UndeliveredData{Message: l.Item.Message, Class: l.Class, Code: l.Code, Reason: l.Item.Failure}
	conv := engine.Conversation{ID: l.Item.Conversation, Brand: l.Item.Brand}
	quiet := l.Class == engine.SendOptedOut || Exempt(l.Item.Content.Event)
	if !quiet && l.Item.Receipt == engine.Failed { // one in doubt has probably arrived
		if d.Held, err = hold(tx, now, l.Item); err != nil {
			return false, err
		}
	}
	if err := conversation.Log(tx, now, conv, engine.EventUndelivered, "system", d); err != nil || quiet {
		return false, err
	}
	m, err := tx.Messages().Get(l.Item.Brand, l.Item.Message)
	if err != nil {
		return false, err
	}
	if conv, err = tx.Conversations().Get(l.Item.Brand, l.Item.Conversation); err != nil {
		return false, err
	}
	return tell{tx: tx, w: w, now: now, loss: l, words: words(l, m, len(d.Held))}.team(conv)
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

// tell is how the team learns of a loss.
type tell struct {
	tx    engine.Tx
	w     conversation.Writer
	now   time.Time
	loss  Loss
	words string
}

func (t tell) team(conv engine.Conversation) (queued bool, err error) {
	if conv.State == engine.Closed && !t.loss.Late {
		if conv, err = t.successor(conv); err != nil {
			return false, err
		}
	}
	line := engine.Message{Author: engine.AuthorSystem, Content: engine.Content{Text: t.words, Event: "undelivered"}}
	if _, err := t.w.Note(t.tx, t.now, &conv, line); err != nil {
		return false, err
	}
	if conv.State == engine.Open && conv.Owner != engine.OwnerAgent && conv.Owner != engine.OwnerQueue {
		if queued, err = t.hand(&conv); err != nil {
			return false, err
		}
	}
	return queued, t.tx.Conversations().Save(&conv)
}

// successor is where a closed conversation goes on.
func (t tell) successor(old engine.Conversation) (engine.Conversation, error) {
	conv, err := t.tx.Conversations().OpenByAddress(old.Channel, old.Address)
	if engine.CodeOf(err) != engine.NotFound {
		return conv, err
	}
	entry, err := catalog.Read(t.tx, old.Brand)
	if err != nil {
		return old, err
	}
	if _, ok := lifecycle.SkillFor(entry, ""); !ok {
		return old, nil // there is nobody to open it for
	}
	conv = engine.Conversation{
		ID: t.w.NewID(), Brand: old.Brand, Channel: old.Channel, Kind: old.Kind, Consumer: old.Consumer, Address: old.Address,
		State: engine.Open, Owner: engine.OwnerNone, Language: old.Language, Mood: listen.Begin(entry.Brand, old.Language),
		Preview: old.Preview, PreviewAuthor: old.PreviewAuthor, LastAt: t.now, CreatedAt: t.now,
	}
	if err := t.tx.Conversations().Add(conv); err != nil {
		return conv, err
	}
	return conv, conversation.Log(t.tx, t.now, conv, engine.EventOpened, "system", conversation.Change(conv, "a message was not delivered"))
}

// hand gives the conversation to people. Its bot has lost its place: it does not
// know what the consumer has read.
func (t tell) hand(conv *engine.Conversation) (bool, error) {
	entry, err := catalog.Read(t.tx, conv.Brand)
	if err != nil {
		return false, err
	}
	if _, ok := lifecycle.SkillFor(entry, ""); !ok {
		return false, nil
	}
	if err := lifecycle.EndSession(t.tx, *conv); err != nil {
		return false, err
	}
	ch, _ := entry.Channel(conv.Channel)
	h := engine.Handoff{
		From: cmp.Or(entry.Brand.Settings.BotName, ch.Bot), Reason: "A message could not be delivered", Summary: t.words,
	}
	if why := strings.TrimSuffix(t.loss.Item.Failure, "."); why != "" {
		h.Reason += ": " + why
	}
	return true, lifecycle.Enqueue(t.tx, t.w, t.now, conv, lifecycle.Entering{Entry: entry, Channel: ch, Handoff: h, Actor: "system", Silent: true})
}
