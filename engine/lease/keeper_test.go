package lease_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/lease"
	"parley/storage/memory"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestLeases(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, store := t.Context(), memory.New()
		keeper := func(name string) *lease.Keeper { return &lease.Keeper{Store: store, Clock: time.Now, Holder: name} }
		one, two := keeper("one"), keeper("two")
		take := func(k *lease.Keeper) *lease.Held {
			t.Helper()
			h, err := k.Take(ctx, "work")
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		check := func(h *lease.Held, want error) {
			t.Helper()
			if err := store.Update(ctx, h.Check); !errors.Is(err, want) {
				t.Errorf("checking gave %v", err)
			}
		}
		renew := func(h *lease.Held, want error) {
			t.Helper()
			if err := h.Renew(ctx); !errors.Is(err, want) {
				t.Errorf("renewing gave %v", err)
			}
		}
		first := take(one)
		if take(two) != nil {
			t.Fatal("two processes have it")
		}
		check(first, nil)
		for range 10 {
			time.Sleep(lease.Term - time.Millisecond)
			renew(first, nil)
		}
		if take(two) != nil {
			t.Fatal("it was renewed in vain")
		}
		time.Sleep(time.Hour)
		check(first, nil) // it is over, and nobody has taken it
		renew(first, nil)
		check(first, nil)
		time.Sleep(lease.Term)
		second := take(two)
		if second == nil {
			t.Fatal("nobody gets what is over")
		}
		check(first, lease.ErrLost)
		renew(first, lease.ErrLost)
		if err := first.Release(ctx); err != nil {
			t.Error(err)
		}
		check(second, nil)
		if err := second.Release(ctx); err != nil {
			t.Error(err)
		}
		if first = take(one); first == nil {
			t.Fatal("what was given back is not free")
		}
		check(second, lease.ErrLost)
	})
}

// TestClocksThatJump: what a process has taken whose clock was an hour ahead is over for the
// others as soon as it would have been, and it finds out when it goes on.
func TestClocksThatJump(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, store := t.Context(), memory.New()
		one := &lease.Keeper{Store: store, Clock: func() time.Time { return time.Now().Add(time.Hour) }, Holder: "one"}
		two := &lease.Keeper{Store: store, Clock: time.Now, Holder: "two"}
		first, err := one.Take(ctx, "work")
		if err != nil || first == nil {
			t.Fatal(first, err)
		}
		time.Sleep(lease.Term)
		second, err := two.Take(ctx, "work")
		if err != nil || second == nil {
			t.Fatalf("nobody gets it: %v, %v", second, err)
		}
		if err := store.Update(ctx, first.Check); !errors.Is(err, lease.ErrLost) {
			t.Errorf("who had it goes on: %v", err)
		}
		if err := store.Update(ctx, second.Check); err != nil {
			t.Error(err)
		}
	})
}

func TestAlone(t *testing.T) {
	t.Parallel()
	var alone *lease.Keeper
	h, err := alone.Take(context.Background(), "work")
	if err != nil || h == nil || h.Renew(t.Context()) != nil || h.Release(t.Context()) != nil {
		t.Fatalf("got %v, %v", h, err)
	}
	store := memory.New()
	if err := store.View(t.Context(), h.Check); err != nil {
		t.Error(err)
	}
	if err := store.View(t.Context(), func(tx engine.Tx) error { _, err := tx.Leases().Get("work"); return err }); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("a lease was written: %v", err)
	}
}
