package receipt

import (
	"fmt"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/texts"
)

// Advance carries a send's receipt over to its message. A message of several
// parts goes with its last part, which is sent after the others; a part that
// failed, or of which nobody will ever know, holds the message there until that
// part itself is proved to have arrived.
func Advance(tx engine.Tx, now time.Time, item engine.OutboxItem) error {
	was, err := tx.Messages().Progress(item.Brand, item.Message)
	if err != nil {
		return err
	}
	is := engine.Progress{Conversation: was.Conversation, State: was.State.Advance(item.Receipt)}
	if is.State == engine.Failed || is.State == engine.Unknown {
		is.Failure = item.Failure
	}
	if item.Parts > 1 || item.Receipt == engine.Failed { // the part may be on its way anew
		all, err := tx.Sends().Of(item.Message)
		if err != nil {
			return err
		}
		is.State, is.Failure = ofParts(was, latest(all))
	}
	if is == was {
		return nil
	}
	if err := tx.Messages().SetState(item.Brand, item.Message, is.State, is.Failure); err != nil {
		return err
	}
	return conversation.Log(tx, now, engine.ConversationRef{Brand: item.Brand, ID: is.Conversation}, engine.EventStatus, "system", engine.StatusData{Message: item.Message, State: is.State, Failure: is.Failure})
}

// First is Advance for a send whose message nothing was told of yet: Conflict when
// something was.
func First(tx engine.Tx, now time.Time, item engine.OutboxItem) error {
	to := engine.Queued.Advance(item.Receipt)
	if item.Parts > 1 || to != engine.Sent {
		return Advance(tx, now, item)
	}
	if err := tx.Messages().Move(item.Brand, item.Message, engine.Queued, to); err != nil {
		return err
	}
	return conversation.Log(tx, now, of(item), engine.EventStatus, "system", engine.StatusData{Message: item.Message, State: to})
}

// Arrived carries over what a channel that parley serves itself tells: how far a
// message has come on the consumer's screen. What is not the consumer's, or not
// new, changes nothing.
func Arrived(tx engine.Tx, now time.Time, brand, consumer, message string, to engine.DeliveryState) error {
	m, err := tx.Messages().Get(brand, message)
	if engine.CodeOf(err) == engine.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	is := m.State.Advance(to)
	if m.Consumer != consumer || m.Author == engine.AuthorConsumer || m.Note || is == m.State {
		return nil
	}
	if err := tx.Messages().SetState(brand, m.ID, is, ""); err != nil {
		return err
	}
	return conversation.Log(tx, now, engine.ConversationRef{Brand: brand, ID: m.Conversation}, engine.EventStatus, "consumer", engine.StatusData{Message: m.ID, State: is})
}

// latest keeps the newest send of each part; an older one only when it has
// proved to have arrived after all.
func latest(all []engine.OutboxItem) []engine.OutboxItem {
	var out []engine.OutboxItem
	for _, i := range all {
		if n := len(out); n == 0 || out[n-1].Part != i.Part {
			out = append(out, i)
		} else if r := out[n-1].Receipt; r != engine.Delivered && r != engine.Read {
			out[n-1] = i
		}
	}
	return out
}

// ofParts is the state of a message by its parts.
func ofParts(m engine.Progress, parts []engine.OutboxItem) (engine.DeliveryState, string) {
	if len(parts) == 0 {
		return m.State, m.Failure
	}
	last := parts[len(parts)-1]
	for _, p := range parts[:len(parts)-1] {
		ended := p.State == engine.OutboxFailed || p.State == engine.OutboxDone
		if ended && (p.Receipt == engine.Failed || p.Receipt == engine.Unknown) {
			return p.Receipt, fmt.Sprintf("Part %d of %d: %s", p.Part+1, p.Parts, p.Failure)
		}
		if p.Receipt == engine.Unknown && last.Receipt == "" {
			last.Receipt, last.Failure = engine.Unknown, p.Failure
		}
	}
	state := m.State
	if state == engine.Failed || state == engine.Unknown { // the part that was missing has come
		state = engine.Sent
		if last.Receipt == engine.Unknown {
			state = engine.Unknown
		}
	}
	if state = state.Advance(last.Receipt); state == engine.Failed || state == engine.Unknown {
		return state, last.Failure
	}
	return state, ""
}

// OptOut records that the provider refuses to send to an item's recipient,
// who has opted out with the provider.
func OptOut(tx engine.Tx, now time.Time, item engine.OutboxItem, code string) error {
	c := engine.Consent{
		Brand: item.Brand, Channel: item.Channel, Address: item.To, OptedOut: true,
		Source: "provider: " + code, Message: item.Message, By: "system", At: now,
	}
	if err := tx.Consumers().AddConsent(c); err != nil {
		return err
	}
	return conversation.Log(tx, now, of(item), engine.EventConsent, "system", c)
}

// Exempt are the answers that the law wants even after STOP, and that depend on
// no message before them.
func Exempt(event string) bool { return event == texts.OptedOut || event == texts.Help }
