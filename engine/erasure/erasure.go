package erasure

import (
	"context"

	"parley/engine"
	"parley/engine/conversation"
)

// Index is what finds conversations.
type Index interface {
	// Forget takes conversations out, and runs then before anything new comes in.
	Forget(ctx context.Context, brand string, conversations []string, then func() error) error
}

// Eraser forgets consumers. Any number may run; doing it twice changes nothing
// more.
type Eraser struct {
	Store engine.Store
	Clock engine.Clock
	Index Index
	// Scrub leaves nothing of what was removed in the store's files.
	Scrub func(context.Context) error
}

// Counts is what was removed.
type Counts struct{ Conversations, Messages int }

// pageSize is how many conversations are looked up at a time.
const pageSize = 200

// Consumer forgets one, a conversation at a time, so that nobody waits long. What
// is open is closed. When it fails half-way, call it again. actor is who asked
// for it, as events name people. Errors: NotFound.
func (e Eraser) Consumer(ctx context.Context, brand, id, actor string) (n Counts, err error) {
	var sent []int64
	err = e.Store.View(ctx, func(tx engine.Tx) (err error) {
		if _, err = tx.Consumers().Get(brand, id); err != nil && engine.CodeOf(err) != engine.Internal { // a damaged one goes, too
			return err
		}
		sent, err = tx.Erasure().Outbox(brand, id)
		return err
	})
	if err != nil {
		return n, err
	}
	for after := ""; ; {
		var ids []string
		ids, err := engine.View(ctx, e.Store, func(tx engine.Tx) ([]string, error) { return tx.Erasure().Conversations(brand, id, after, pageSize) })
		if err != nil {
			return n, err
		}
		for _, conv := range ids {
			if err := e.close(ctx, brand, conv, actor); err != nil {
				return n, err
			}
			err := e.Index.Forget(ctx, brand, []string{conv}, func() error {
				messages, err := engine.Update(ctx, e.Store, func(tx engine.Tx) (int, error) { return tx.Erasure().Conversation(brand, conv) })
				if err == nil {
					n.Conversations, n.Messages = n.Conversations+1, n.Messages+messages
				}
				return err
			})
			if err != nil {
				return n, err
			}
			after = conv
		}
		if len(ids) < pageSize {
			break
		}
	}
	err = e.Store.Update(ctx, func(tx engine.Tx) error {
		if err := tx.Erasure().Consumer(brand, id, sent); err != nil {
			return err
		}
		return tx.Events().Add(&engine.Event{
			At: e.Clock(), Brand: brand, Kind: engine.EventErased, Actor: actor,
			Data: engine.JSON(engine.ErasedData{Consumer: id, Conversations: n.Conversations, Messages: n.Messages}),
		})
	})
	if err != nil {
		return n, err
	}
	return n, e.Scrub(ctx)
}

// close ends an open conversation, so that nothing more is sent in it.
func (e Eraser) close(ctx context.Context, brand, id, actor string) error {
	return e.Store.Update(ctx, func(tx engine.Tx) error {
		conv, err := conversation.Writer{}.Load(tx, e.Clock(), brand, id)
		if engine.CodeOf(err) == engine.Internal {
			return nil // it cannot be read, and goes all the same
		}
		if err != nil || conv.State == engine.Closed {
			return err
		}
		if err := conv.Close(actor, "erased", ""); err != nil {
			return err
		}
		return conv.Save()
	})
}
