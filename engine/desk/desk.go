package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

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
	conv, err := engine.Update(ctx, d.Store, func(tx engine.Tx) (engine.Conversation, error) {
		c, err := d.Writer.Load(tx, d.Clock(), brand, id)
		if err != nil {
			return engine.Conversation{}, err
		}
		c.In(e)
		if err = cmd(tx, e, c); err == nil {
			err = c.Save()
		}
		return c.Conversation, err
	})
	if errors.Is(err, errNothing) {
		return conv, nil
	}
	return conv, err
}

// own is run for a conversation that is the user's, as it was when its writer saw it.
func (d *Desk) own(ctx context.Context, u engine.User, id string, rev int64, cmd command) (engine.Conversation, error) {
	return d.run(ctx, u.Brand, id, func(tx engine.Tx, e catalog.Entry, conv *conversation.Change) error {
		if err := owns(u, conv.Conversation); err != nil {
			var told []engine.Event
			if engine.CodeOf(err) == engine.Conflict {
				told, _ = recent(tx, conv.Conversation) // the refusal matters more than its story
			}
			c := engine.Errorf(engine.CodeOf(err), "%s", engine.MessageOf(err))
			c.Events = told[max(0, len(told)-3):]
			return c
		}
		if err := at(tx, conv.Conversation, rev); err != nil {
			return err
		}
		return cmd(tx, e, conv)
	})
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
	return events(tx, engine.EventFilter{Brand: conv.Brand, Conversation: conv.ID, Since: conv.LastAt.Add(-lookBack)})
}

// lookBack is how long before the last message what a conflict tells begins.
const lookBack = time.Hour

// events reads all that a person cares about.
func events(tx engine.Tx, w engine.EventFilter) ([]engine.Event, error) {
	w.Limit = 500
	var out []engine.Event
	for {
		part, err := tx.Events().List(w)
		if err != nil {
			return nil, err
		}
		out = append(out, telling(part)...)
		if len(part) < w.Limit {
			return out, nil
		}
		w.After = engine.Cursor(part[len(part)-1].Seq)
	}
}

// since gives what happened after a cursor that would make a reply untimely:
// somebody else's reply, or another owner.
func since(tx engine.Tx, conv engine.Conversation, after engine.Cursor, self string) ([]engine.Event, error) {
	all, err := events(tx, engine.EventFilter{After: after, Brand: conv.Brand, Conversation: conv.ID})
	if err != nil {
		return nil, err
	}
	out := slices.DeleteFunc(all, func(ev engine.Event) bool {
		return ev.Actor == self || ev.Actor == "consumer" && ev.Kind == engine.EventMessage
	})
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
