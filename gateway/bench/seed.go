package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/gateway/app"
	"parley/storage/sqlite"
)

const (
	perTalk   = 20  // messages of a conversation that is over
	seedBatch = 100 // conversations of one update
	maxSeed   = 100_000_000
)

// seed puts into a data folder what a phase is to begin with: conversations that are over, and sends that wait for a
// provider that is down.
func (b *run) seed(ctx context.Context, dir string) (err error) {
	if b.Stored == 0 && b.Pending == 0 {
		return nil
	}
	store, err := sqlite.Open(ctx, sqlite.Config{Dir: dir})
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
	return s.all(ctx, b.Pending, s.waiting, func(done int) {
		fmt.Fprintf(b.Progress, "pending sends … %d of %d\n", done, b.Pending)
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
	at := s.began.Add(-time.Hour - time.Duration(i)*time.Minute)
	_, conv, err := s.open(tx, channel, fmt.Sprintf("+1666%07d", i), at)
	if err != nil {
		return err
	}
	for n := range perTalk {
		at = at.Add(time.Second)
		m := engine.Message{Content: engine.Content{Text: fmt.Sprintf("When will my parcel %d come? This is line %d.", i, n)}, ProviderID: fmt.Sprintf("SMseed%dx%d", i, n)}
		if _, err := s.writer.Inbound(tx, at, &conv, m); err != nil {
			return err
		}
	}
	conv.State, conv.Owner, conv.ClosedAt = engine.Closed, engine.OwnerNone, at
	return tx.Conversations().Save(&conv)
}

// waiting adds a conversation whose answer waits for a provider that is down.
func (s seeding) waiting(tx engine.Tx, i int) error {
	ch, conv, err := s.open(tx, downChannel, fmt.Sprintf("+1777%07d", i), s.began)
	if err != nil {
		return err
	}
	m := engine.Message{Author: engine.AuthorBot, AuthorID: "echo", Content: engine.Content{Text: fmt.Sprintf("Your parcel %d is on its way.", i)}}
	if _, err := s.writer.Outbound(tx, s.began, ch, &conv, m); err != nil {
		return err
	}
	return tx.Conversations().Save(&conv)
}

func (s seeding) open(tx engine.Tx, channel, address string, at time.Time) (engine.Channel, engine.Conversation, error) {
	ch, err := tx.Brands().Channel(channel)
	if err != nil {
		return ch, engine.Conversation{}, err
	}
	who := engine.Consumer{ID: app.NewID(), Brand: ch.Brand, CreatedAt: at}
	if err := tx.Consumers().Add(who, engine.Identity{Brand: ch.Brand, Kind: ch.Kind, Address: address, Consumer: who.ID}); err != nil {
		return ch, engine.Conversation{}, err
	}
	conv := engine.Conversation{
		ID: app.NewID(), Brand: ch.Brand, Channel: ch.ID, Kind: ch.Kind, Consumer: who.ID, Address: address,
		State: engine.Open, Owner: engine.OwnerBot, Language: "en", LastAt: at, CreatedAt: at,
	}
	return ch, conv, tx.Conversations().Add(conv)
}
