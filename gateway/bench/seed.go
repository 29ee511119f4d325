package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/gateway/app"
	"parley/gateway/database"
)

const (
	perTalk   = 20  // messages of a conversation that is over
	seedBatch = 100 // conversations of one update
	maxSeed   = 100_000_000
)

// seed puts into a place what a phase is to begin with: conversations that are over, sends that wait for a
// provider that is down, and conversations that wait for an agent.
func (b *run) seed(ctx context.Context, at place) (err error) {
	if b.Stored+b.Pending+b.Waiting == 0 {
		return nil
	}
	store, err := database.Open(ctx, at.Config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	s := seeding{store: store, began: time.Now().Truncate(time.Millisecond), writer: conversation.Writer{
		NewID: app.NewID, Render: func(engine.Channel, engine.Content, string) []engine.Content { return nil },
	}}
	if err := s.all(ctx, (b.Stored+perTalk-1)/perTalk, s.over, func(done int) {
		fmt.Fprintf(b.Progress, "stored messages … %d of %d\n", min(done*perTalk, b.Stored), b.Stored)
	}); err != nil {
		return err
	}
	if err := s.all(ctx, b.Pending, s.pending, func(done int) {
		fmt.Fprintf(b.Progress, "pending sends … %d of %d\n", done, b.Pending)
	}); err != nil {
		return err
	}
	return s.all(ctx, b.Waiting, s.waiting, func(done int) {
		fmt.Fprintf(b.Progress, "waiting conversations … %d of %d\n", done, b.Waiting)
	})
}

type seeding struct {
	store  engine.Store
	writer conversation.Writer
	began  time.Time
}

// all makes n conversations and tells how far it is about once a second.
func (s seeding) all(ctx context.Context, n int, one func(tx engine.Tx, i int) error, tell func(done int)) error {
	told := time.Now()
	for from := 0; from < n; from += seedBatch {
		to := min(from+seedBatch, n)
		err := s.store.Update(ctx, func(tx engine.Tx) error {
			for i := from; i < to; i++ {
				if err := one(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if now := time.Now(); to == n || now.Sub(told) >= time.Second {
			told = now
			tell(to)
		}
	}
	return nil
}

// over adds a conversation that ended some minutes before the one with the next lower number.
func (s seeding) over(tx engine.Tx, i int) error {
	conv, err := s.open(tx, channel, fmt.Sprintf("+1666%07d", i), s.began.Add(-time.Hour-time.Duration(i)*time.Minute))
	if err != nil {
		return err
	}
	for n := range perTalk {
		conv.Now = conv.Now.Add(time.Second)
		m := engine.Message{Content: engine.Content{Text: fmt.Sprintf("When will my parcel %d come? This is line %d.", i, n)}, ProviderID: fmt.Sprintf("SMseed%dx%d", i, n)}
		if _, err := conv.Hear(m); err != nil {
			return err
		}
	}
	if err := conv.Close("bot:echo", "completed", ""); err != nil {
		return err
	}
	return conv.Save()
}

// pending adds a conversation whose answer waits for a provider that is down.
func (s seeding) pending(tx engine.Tx, i int) error {
	conv, err := s.open(tx, downChannel, fmt.Sprintf("+1777%07d", i), s.began)
	if err != nil {
		return err
	}
	m := engine.Message{Author: engine.AuthorBot, AuthorID: "echo", Content: engine.Content{Text: fmt.Sprintf("Your parcel %d is on its way.", i)}}
	if _, err := conv.Say(m); err != nil {
		return err
	}
	return conv.Save()
}

// waiting adds a conversation that waits for an agent, a little longer than the one with the next lower number.
func (s seeding) waiting(tx engine.Tx, i int) error {
	conv, err := s.open(tx, channel, fmt.Sprintf("+1888%07d", i), s.began.Add(-time.Duration(i)*100*time.Millisecond))
	if err != nil {
		return err
	}
	m := engine.Message{Content: engine.Content{Text: fmt.Sprintf("I want to speak about parcel %d.", i)}, ProviderID: fmt.Sprintf("SMwait%d", i)}
	if _, err := conv.Hear(m); err != nil {
		return err
	}
	in := conversation.Entering{Handoff: engine.Handoff{Reason: "asked for a person"}, Actor: "bot:echo", Silent: true}
	if err := conv.HandOver(in); err != nil {
		return err
	}
	return conv.Save()
}

func (s seeding) open(tx engine.Tx, channel, address string, at time.Time) (*conversation.Change, error) {
	ch, err := tx.Brands().Channel(channel)
	if err != nil {
		return nil, err
	}
	entry, err := catalog.Read(tx, ch.Brand)
	if err != nil {
		return nil, err
	}
	who := engine.Consumer{ID: app.NewID(), Brand: ch.Brand, CreatedAt: at}
	if err := tx.Consumers().Add(who, engine.Identity{Brand: ch.Brand, Kind: ch.Kind, Address: address, Consumer: who.ID}); err != nil {
		return nil, err
	}
	return s.writer.Open(tx, at, conversation.Opening{Entry: entry, Channel: ch, Consumer: who, Address: address, Actor: "consumer"})
}
