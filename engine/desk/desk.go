package desk

import (
	"context"
	"encoding/json"
	"errors"

	"parley/engine"
	"parley/engine/attendance"
	"parley/engine/catalog"
	"parley/engine/conversation"
)

// Desk carries out agents' commands. Safe for concurrent use.
type Desk struct {
	Store   engine.Store
	Clock   engine.Clock
	Catalog *catalog.Catalog
	Writer  conversation.Writer
}

// release gives back what an agent has.
func (d *Desk) release(ctx context.Context, u engine.User, why engine.NoticeKind) error {
	_, err := attendance.Rules{Store: d.Store, Clock: d.Clock, Writer: d.Writer}.Release(ctx, u, why)
	return err
}

// command is one change of a conversation inside its transaction.
type command func(tx engine.Tx, e catalog.Entry, conv *conversation.Change) error

// run loads the conversation, lets cmd change it, and saves it.
func (d *Desk) run(ctx context.Context, brand, id string, cmd command) (engine.Conversation, error) {
	e, err := d.Catalog.Brand(ctx, brand)
	if err != nil {
		return engine.Conversation{}, err
	}
	var conv engine.Conversation
	err = d.Store.Update(ctx, func(tx engine.Tx) error {
		c, err := d.Writer.Load(tx, d.Clock(), brand, id)
		if err != nil {
			return err
		}
		c.In(e)
		if err = cmd(tx, e, c); err == nil {
			err = c.Save()
		}
		conv = c.Conversation
		return err
	})
	if errors.Is(err, errNothing) {
		return conv, nil
	}
	return conv, err
}

// errNothing ends the transaction of a repeated command, which changes nothing.
var errNothing = errors.New("nothing to change")

// owns says whether the user has the conversation; a supervisor may act on any
// that an agent has.
func owns(u engine.User, conv engine.Conversation) error {
	switch {
	case conv.State == engine.Closed:
		return engine.Errorf(engine.Conflict, "The conversation is closed.")
	case conv.Owner != engine.OwnerAgent:
		return engine.Errorf(engine.Conflict, "The conversation is not with an agent.")
	case conv.Agent != u.ID && !u.Role.Allows(engine.RoleSupervisor):
		return engine.Errorf(engine.Forbidden, "The conversation is with somebody else.")
	}
	return nil
}

// maxTold bounds the events that a conflict tells.
const maxTold = 20

// at refuses a command whose writer saw an older revision, and tells what
// happened since.
func at(tx engine.Tx, conv engine.Conversation, rev int64) error {
	if conv.Rev == rev {
		return nil
	}
	all, err := recent(tx, conv)
	if err != nil {
		return err
	}
	c := engine.Errorf(engine.Conflict, "The conversation has changed meanwhile.")
	c.Events = all[max(0, len(all)-3):]
	return c
}

// recent gives the conversation's last events that a person cares about.
func recent(tx engine.Tx, conv engine.Conversation) ([]engine.Event, error) {
	last, err := tx.Events().Last()
	if err != nil {
		return nil, err
	}
	// Events of one conversation are a small share of the log; look back far enough for a few.
	after := max(0, last-engine.Cursor(20000))
	return eventsAfter(tx, conv, after)
}

// eventsAfter reads all that a person cares about.
func eventsAfter(tx engine.Tx, conv engine.Conversation, after engine.Cursor) ([]engine.Event, error) {
	const page = 500
	var out []engine.Event
	for {
		part, err := tx.Events().List(engine.EventFilter{After: after, Brand: conv.Brand, Conversation: conv.ID, Limit: page})
		if err != nil {
			return nil, err
		}
		out = append(out, telling(part)...)
		if len(part) < page {
			return out, nil
		}
		after = engine.Cursor(part[page-1].Seq)
	}
}

// since gives what happened after a cursor that would make a reply untimely:
// somebody else's reply, or another owner.
func since(tx engine.Tx, conv engine.Conversation, after engine.Cursor, self string) ([]engine.Event, error) {
	all, err := eventsAfter(tx, conv, after)
	if err != nil {
		return nil, err
	}
	var out []engine.Event
	for _, ev := range all {
		if ev.Actor == self || ev.Actor == "consumer" && ev.Kind == engine.EventMessage {
			continue
		}
		out = append(out, ev)
	}
	return out[max(0, len(out)-maxTold):], nil
}

// telling keeps messages of people and bots, and changes of owner and state.
func telling(all []engine.Event) []engine.Event {
	var out []engine.Event
	for _, ev := range all {
		switch ev.Kind {
		case engine.EventOwner, engine.EventClosed:
			out = append(out, ev)
		case engine.EventMessage:
			var m engine.MessageData
			if json.Unmarshal(ev.Data, &m) == nil && !m.Note && m.Author != engine.AuthorSystem {
				out = append(out, ev)
			}
		}
	}
	return out
}

func actor(u engine.User) string { return "agent:" + u.ID }
