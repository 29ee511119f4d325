package dialog

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/versions"
)

// maxReturns is how often a bot gets a conversation back within the window.
const maxReturns = 3

// comeback is one time that a bot got a conversation back.
type comeback struct {
	at    time.Time
	agent string // who gave it back, "" for a recall
}

// comesBack says whether a decision gives the bot a conversation that people had.
func comesBack(l look, d decision) bool {
	if l.session == nil || len(d.entries) == 0 {
		return false
	}
	e := d.entries[0]
	switch {
	case d.action == start:
		return e.Kind == engine.InboxMessage
	case e.Kind == engine.InboxOutcome:
		var out engine.HandoffOutcome
		return l.conv.Owner == engine.OwnerBot && json.Unmarshal(e.Data, &out) == nil && out.Kind == engine.OutcomeReturned
	}
	return recalls(l, d)
}

// recalls says whether a decision takes a conversation out of its queue.
func recalls(l look, d decision) bool {
	return d.action == step && d.entries[0].Kind == engine.InboxTimer && l.conv.Owner == engine.OwnerQueue
}

// comebacks finds when the bot got the conversation back since. It reads no
// further back, and so takes the first time that the bot got it within the window
// for a return: a conversation begins with its bot, and no event tells that.
func comebacks(tx engine.Tx, conv engine.Conversation, since time.Time) (out []comeback, err error) {
	const page = 1000
	owner := engine.Owner("")
	for after := engine.Cursor(0); ; {
		events, err := tx.Events().List(engine.EventFilter{After: after, Brand: conv.Brand, Conversation: conv.ID, Since: since, Limit: page})
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			after = engine.Cursor(e.Seq)
			var c engine.ConversationData
			if e.Kind != engine.EventOwner || json.Unmarshal(e.Data, &c) != nil {
				continue
			}
			if c.Owner == engine.OwnerBot && owner != engine.OwnerBot && c.Outcome == "" && e.At.After(since) {
				agent, ok := strings.CutPrefix(e.Actor, "agent:")
				if !ok {
					agent = ""
				}
				out = append(out, comeback{e.At, agent})
			}
			owner = c.Owner
		}
		if len(events) < page {
			return out, nil
		}
	}
}

// refusal says why a conversation that comes back is not given to its bot; ""
// when it is. A failed version does not get it again, and nobody plays
// ping-pong with the consumer.
func refusal(l look, d decision) string {
	if !comesBack(l, d) {
		return ""
	}
	had := len(l.returns) // the present return is one of them, a recall is not yet
	if recalls(l, d) {
		had++
	}
	ch, _ := l.entry.Channel(l.conv.Channel)
	failed := d.action == start && l.session.State == engine.SessionParked
	switch {
	case failed && l.session.Bot == ch.Bot && l.session.Version == versions.Pick(l.entry.Brand, l.conv):
		return "the bot failed in it, and its version is still the same"
	case had > maxReturns:
		return fmt.Sprintf("the bot had it back %d times within the hour", maxReturns)
	}
	return ""
}

// refuse leaves a conversation to people: in the queue if it is there, back in
// the queue if it is not, and closed when there is none.
func (w *Worker) refuse(ctx context.Context, l look, d decision, why string) error {
	return w.Store.Update(ctx, func(tx engine.Tx) error {
		conv := w.Writer.Change(tx, w.Clock(), l.conv).In(l.entry)
		if err := conv.Take(d.entries); err != nil {
			return err
		}
		if err := conv.Remark("Not given to the bot: " + why + "."); err != nil {
			return err
		}
		if conv.Owner == engine.OwnerBot {
			if err := requeue(l, conv, why); err != nil {
				return err
			}
		}
		return conv.Save()
	})
}

func requeue(l look, conv *conversation.Change, why string) error {
	h := engine.Handoff{Skill: conv.Skill, Reason: "Back to the queue: " + why}
	if old := conv.Handoff; old != nil { // what is known stays known
		reason, skill := h.Reason, h.Skill
		h = *old
		h.Reason, h.Skill = reason, skill
	}
	e := conversation.Entering{Handoff: h, Actor: "system"}
	if n := len(l.returns); n > 0 && l.returns[n-1].agent != "" {
		e.Avoid = slices.Clip([]string{l.returns[n-1].agent})
	}
	err := conv.HandOver(e)
	if engine.CodeOf(err) == engine.Invalid {
		return conv.Close("system", "bot_failed", "")
	}
	return err
}
