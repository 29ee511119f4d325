package outbox

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestFlightRoom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFlight(2)
		if got := f.room(); got != 2 {
			t.Fatalf("room %d at the start, want a claim for each slot", got)
		}
		release, settled := make(chan struct{}), make(chan struct{})
		began := 0
		for range 2 {
			f.begin(func(s *slot) {
				if !s.enter(t.Context(), time.Second) {
					t.Error("no slot although there is one for each")
				}
				<-release
				s.leave()
				<-settled
			})
			began++
		}
		synctest.Wait()
		if got := f.room(); got != 0 {
			t.Fatalf("room %d while all slots are taken", got)
		}
		close(release) // sent, and not settled
		synctest.Wait()
		select {
		case <-f.wake:
		default:
			t.Error("a free slot woke nobody")
		}
		if got := f.room(); got != 4 {
			t.Fatalf("room %d after two sends, want two slots and two ahead", got)
		}
		if got := f.room(); got != 2 {
			t.Fatalf("room %d when nothing more was sent, want the two slots", got)
		}
		close(settled)
		f.group.Wait()
		if f.open.Load() != 0 || f.unsent.Load() != 0 || len(f.slots) != 0 {
			t.Errorf("%d of %d items are still open, %d slots taken", f.open.Load(), began, len(f.slots))
		}
	})
}

func TestFlightOpenIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFlight(1)
		settled := make(chan struct{})
		total := 0
		for room := f.room(); room > 0; room = f.room() {
			for range room {
				f.begin(func(s *slot) { s.leave(); <-settled })
				total++
			}
			synctest.Wait()
		}
		if total != maxOpen {
			t.Errorf("%d items wait for the disk, want %d", total, maxOpen)
		}
		close(settled)
		f.group.Wait()
	})
}

func TestSlotWaitsNoLongerThanItsLeaseAllows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFlight(1)
		first := &slot{flight: f}
		if !first.enter(t.Context(), time.Second) {
			t.Fatal("the only slot was not given")
		}
		began := time.Now()
		if second := (&slot{flight: f}); second.enter(t.Context(), 5*time.Second) {
			t.Error("one slot was given twice")
		}
		if waited := time.Since(began); waited != 5*time.Second {
			t.Errorf("waited %s", waited)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if third := (&slot{flight: f}); third.enter(ctx, time.Hour) {
			t.Error("a slot was given after the end")
		}
	})
}
