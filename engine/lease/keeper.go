package lease

import (
	"context"
	"errors"
	"time"

	"parley/engine"
)

// Term is how long a lease is taken for: so long nobody does what a process has begun
// that is gone.
const Term = 1500 * time.Millisecond

// ErrLost says that another process has the lease now.
var ErrLost error = engine.Errorf(engine.Conflict, "Another process does this now.")

// Keeper takes leases for one process. A nil one is of a process that is alone on its
// store: it has them all, and they cost nothing. Safe for concurrent use.
type Keeper struct {
	Store  engine.Store
	Clock  engine.Clock
	Holder string // names this process among those on the store
}

// Held is a lease that was taken. One goroutine uses it.
type Held struct {
	keeper *Keeper
	lease  engine.Lease
}

// Take takes the lease of a name. When another process has it, it gives nil.
func (k *Keeper) Take(ctx context.Context, name string) (*Held, error) {
	if k == nil {
		return &Held{}, nil
	}
	l, err := engine.View(ctx, k.Store, func(tx engine.Tx) (engine.Lease, error) { return tx.Leases().Get(name) })
	if engine.UnlessGone(err) != nil {
		return nil, err
	}
	if now := k.Clock(); l.Holder != k.Holder && l.Taken(now, now.Add(Term)) {
		return nil, nil
	}
	h := &Held{keeper: k}
	if h.lease, err = k.take(ctx, name); err != nil || h.lease.Holder != k.Holder {
		return nil, err
	}
	return h, nil
}

func (k *Keeper) take(ctx context.Context, name string) (engine.Lease, error) {
	return engine.Update(ctx, k.Store, func(tx engine.Tx) (engine.Lease, error) {
		now := k.Clock()
		return tx.Leases().Take(name, k.Holder, now, now.Add(Term))
	})
}

// Check fails with ErrLost when somebody has taken the lease since. What is written
// under a lease is written in transactions that call it: who slept and wakes up then
// writes nothing.
func (h *Held) Check(tx engine.Tx) error {
	if h.keeper == nil {
		return nil
	}
	l, err := tx.Leases().Get(h.lease.Name)
	if err == nil && l.Fence != h.lease.Fence {
		err = ErrLost
	}
	return err
}

// Renew makes a lease last that is half over. ErrLost when another process has it.
func (h *Held) Renew(ctx context.Context) error {
	if h.keeper == nil || h.lease.Until.Sub(h.keeper.Clock()) > Term/2 {
		return nil
	}
	l, err := h.keeper.take(ctx, h.lease.Name)
	switch {
	case err != nil:
		return err
	case l.Holder != h.lease.Holder || l.Fence > h.lease.Fence+1: // one more: it had ended, and nobody took it
		return ErrLost
	}
	h.lease = l
	return nil
}

func unlessLost(err error) error {
	if errors.Is(err, ErrLost) {
		return nil
	}
	return err
}

// Release lets others take the lease at once.
func (h *Held) Release(ctx context.Context) error {
	if h.keeper == nil {
		return nil
	}
	return h.keeper.Store.Update(ctx, func(tx engine.Tx) error {
		if err := h.Check(tx); err != nil {
			return unlessLost(err)
		}
		return tx.Leases().Release(h.lease.Name, h.lease.Holder)
	})
}
