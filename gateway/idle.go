package gateway

import (
	"context"
	"time"

	"parley/engine"
)

// idleLook is how often Idle looks. It only serves people at a terminal.
const idleLook = 15 * time.Millisecond

// Idle waits until the brand has nothing to do by itself: no conversation
// with news for its bot, nothing due in the outbox.
func (a *App) Idle(ctx context.Context, brand string) error {
	tick := time.NewTicker(idleLook)
	defer tick.Stop()
	for quiet := 0; quiet < 2; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
		busy := false
		err := a.store.View(ctx, func(tx engine.Tx) error {
			refs, err := tx.Conversations().Ready(1)
			if err != nil {
				return err
			}
			at, err := tx.Outbox().Next()
			busy = len(refs) > 0 || (!at.IsZero() && !at.After(time.Now()))
			return err
		})
		if err != nil {
			return err
		}
		if quiet++; busy {
			quiet = 0
		}
	}
	return nil
}
