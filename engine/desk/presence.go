package desk

import (
	"cmp"
	"context"
	"errors"
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

// SetPresence sets the agent's own state. Who goes offline gives back everything.
func (d *Desk) SetPresence(ctx context.Context, u engine.User, p engine.Presence) error {
	switch p {
	case engine.Online, engine.BackSoon, engine.Away, engine.Offline:
	default:
		return engine.FieldError("presence", "is none of online, back_soon, away and offline")
	}
	err := d.presence(ctx, u, func(tx engine.Tx) (engine.PresenceData, error) {
		now := d.Clock()
		if err := tx.Users().SetPresence(u.Brand, u.ID, p, now); err != nil {
			return engine.PresenceData{}, err
		}
		return engine.PresenceData{Agent: u.ID, Presence: p, Seen: true}, tx.Users().Seen(u.Brand, u.ID, now)
	})
	if err != nil || p != engine.Offline {
		return err
	}
	return d.release(ctx, u, engine.NoticeOffline)
}

// Seen is a sign of life of the agent, to a process to which she is connected or not.
// An agent who was not there, and is not offline, is back: the team sees it and
// routing looks for work.
func (d *Desk) Seen(ctx context.Context, u engine.User, process string, connected bool) error {
	now := d.Clock()
	return d.Store.Update(ctx, func(tx engine.Tx) error {
		if err := tx.Users().Seen(u.Brand, u.ID, now); err != nil {
			return err
		}
		if connected {
			if err := tx.Attendance().Here(u.Brand, u.ID, process, now); err != nil {
				return err
			}
		}
		if u.There(now) || u.Presence == engine.Offline {
			return nil
		}
		return told(tx, u, now, engine.PresenceData{Agent: u.ID, Presence: u.Presence, Seen: true, Reason: u.PresenceReason})
	})
}

// SignedOut says that the agent has signed out and has no connection to this process
// any more. Unless another process has one she is offline, and gives back everything.
func (d *Desk) SignedOut(ctx context.Context, u engine.User, process string) error {
	var elsewhere bool
	err := d.presence(ctx, u, func(tx engine.Tx) (_ engine.PresenceData, err error) {
		now := d.Clock()
		if _, err := tx.Users().Get(u.Brand, u.ID); err != nil {
			return engine.PresenceData{}, err
		}
		if elsewhere, err = left(tx, u, process, now); err != nil || elsewhere {
			return engine.PresenceData{}, cmp.Or(err, errNothing)
		}
		if err := tx.Users().SetPresence(u.Brand, u.ID, engine.Offline, now); err != nil {
			return engine.PresenceData{}, err
		}
		p := engine.PresenceData{Agent: u.ID, Presence: engine.Offline, Reason: engine.PresenceSignedOut}
		return p, leave(tx, u, now, p.Reason)
	})
	if err != nil || elsewhere {
		return err
	}
	return d.release(ctx, u, engine.NoticeSignedOut)
}

// Gone says that the agent's last connection to this process is lost. Unless
// another process has one, what is offered to her goes back to the queue, and
// so do her conversations after DeskSettings.LostSeconds.
func (d *Desk) Gone(ctx context.Context, u engine.User, process string) error {
	return d.presence(ctx, u, func(tx engine.Tx) (engine.PresenceData, error) {
		cur, err := tx.Users().Get(u.Brand, u.ID)
		if err != nil {
			return engine.PresenceData{}, err
		}
		now := d.Clock()
		if elsewhere, err := left(tx, u, process, now); err != nil || elsewhere {
			return engine.PresenceData{}, cmp.Or(err, errNothing)
		}
		return engine.PresenceData{Agent: u.ID, Presence: cur.Presence, Reason: cur.PresenceReason}, leave(tx, cur, now, cur.PresenceReason)
	})
}

// SignedIn brings back somebody whom signing out has set offline.
func (d *Desk) SignedIn(ctx context.Context, u engine.User) error {
	if u.Presence != engine.Offline || u.PresenceReason != engine.PresenceSignedOut {
		return nil
	}
	return d.SetPresence(ctx, u, engine.Online)
}

// left notes that the agent has no connection to a process any more, and says whether
// another process has one. The caller has read her user first: of two processes that she
// leaves at once, one sees that the other has gone.
func left(tx engine.Tx, u engine.User, process string, now time.Time) (elsewhere bool, err error) {
	if err := tx.Attendance().Left(u.Brand, u.ID, process); err != nil {
		return false, err
	}
	last, err := tx.Attendance().Last(u.Brand, u.ID)
	return now.Sub(last) < engine.PresenceTTL, err
}

// leave notes that the agent has no connection any more.
func leave(tx engine.Tx, u engine.User, now time.Time, reason string) error {
	cur, err := tx.Users().Get(u.Brand, u.ID)
	if err != nil {
		return err
	}
	cur.LeftAt, cur.PresenceReason = now, reason
	return tx.Users().Save(cur)
}

func (d *Desk) presence(ctx context.Context, u engine.User, set func(engine.Tx) (engine.PresenceData, error)) error {
	return d.Store.Update(ctx, func(tx engine.Tx) error {
		p, err := set(tx)
		if errors.Is(err, errNothing) {
			return nil // another process has her; that this one has not is written
		}
		if err != nil {
			return err
		}
		if p.Presence != engine.Online || !p.Seen {
			if _, err := conversation.Withdraw(tx, d.Clock(), u.Brand, u.ID); err != nil {
				return err
			}
		}
		return told(tx, u, d.Clock(), p)
	})
}

// told logs the agent's presence, for the team and for routing.
func told(tx engine.Tx, u engine.User, at time.Time, p engine.PresenceData) error {
	tx.Wake(engine.Signal{Topic: engine.TopicRouting, Brand: u.Brand, Key: u.Brand})
	return tx.Events().Add(&engine.Event{At: at, Brand: u.Brand, Kind: engine.EventPresence, Actor: actor(u), Data: engine.JSON(p)})
}

// Read says that the agent has read what the consumer wrote.
func (d *Desk) Read(ctx context.Context, u engine.User, id, message string) error {
	return d.Store.Update(ctx, func(tx engine.Tx) error {
		conv, err := d.Writer.Load(tx, d.Clock(), u.Brand, id)
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
		return conv.Log(engine.EventConsumerRead, actor(u), engine.StatusData{Message: m.ID, State: engine.Read})
	})
}
