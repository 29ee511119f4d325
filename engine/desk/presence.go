package desk

import (
	"context"
	"encoding/json"
	"time"

	"parley/engine"
	"parley/engine/transcript"
)

// SetPresence sets the agent's own state.
func (d *Desk) SetPresence(ctx context.Context, u engine.User, p engine.Presence) error {
	switch p {
	case engine.Online, engine.BackSoon, engine.Away, engine.Offline:
	default:
		return engine.FieldError("presence", "is none of online, back_soon, away and offline")
	}
	return d.presence(ctx, u, func(tx engine.Tx) (engine.PresenceData, error) {
		now := d.Clock()
		if err := tx.Users().SetPresence(u.Brand, u.ID, p, now); err != nil {
			return engine.PresenceData{}, err
		}
		return engine.PresenceData{Agent: u.ID, Presence: p, Seen: true}, tx.Users().Seen(u.Brand, u.ID, now)
	})
}

// Gone says that the agent's last connection is lost: what is offered to the
// agent goes back to the queue.
func (d *Desk) Gone(ctx context.Context, u engine.User) error {
	return d.presence(ctx, u, func(tx engine.Tx) (engine.PresenceData, error) {
		cur, err := tx.Users().Get(u.Brand, u.ID)
		if err != nil {
			return engine.PresenceData{}, err
		}
		return engine.PresenceData{Agent: u.ID, Presence: cur.Presence}, tx.Users().Seen(u.Brand, u.ID, time.Time{})
	})
}

func (d *Desk) presence(ctx context.Context, u engine.User, set func(engine.Tx) (engine.PresenceData, error)) error {
	err := d.Store.Update(ctx, func(tx engine.Tx) error {
		p, err := set(tx)
		if err != nil {
			return err
		}
		if p.Presence != engine.Online || !p.Seen {
			if _, err := d.Routing.Withdraw(tx, u.Brand, u.ID); err != nil {
				return err
			}
		}
		data, err := json.Marshal(p)
		if err != nil {
			return err
		}
		return tx.Events().Add(&engine.Event{At: d.Clock(), Brand: u.Brand, Kind: engine.EventPresence, Actor: actor(u), Data: data})
	})
	if err == nil {
		d.Bus.Publish(engine.Signal{Topic: engine.TopicEvents})
		d.Bus.Publish(engine.Signal{Topic: engine.TopicRouting, Brand: u.Brand, Key: u.Brand})
	}
	return err
}

// Read says that the agent has read what the consumer wrote.
func (d *Desk) Read(ctx context.Context, u engine.User, id, message string) error {
	err := d.Store.Update(ctx, func(tx engine.Tx) error {
		conv, err := tx.Conversations().Get(u.Brand, id)
		if err != nil {
			return err
		}
		if conv.Owner != engine.OwnerAgent || conv.Agent != u.ID {
			return nil // looking on is not reading on the brand's behalf
		}
		m, err := tx.Messages().Get(u.Brand, message)
		if err != nil {
			return err
		}
		if m.Conversation != conv.ID || m.Author != engine.AuthorConsumer || m.State == engine.Read {
			return nil
		}
		if err := tx.Messages().SetState(u.Brand, m.ID, engine.Read, ""); err != nil {
			return err
		}
		return transcript.Log(tx, d.Clock(), conv, engine.EventConsumerRead, actor(u), engine.StatusData{Message: m.ID, State: engine.Read})
	})
	if err == nil {
		d.Bus.Publish(engine.Signal{Topic: engine.TopicEvents})
	}
	return err
}
