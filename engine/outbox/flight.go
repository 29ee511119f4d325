package outbox

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"parley/engine"
)

// Limits of what a worker has claimed, in multiples of its Parallel.
const (
	maxAhead = 4  // claimed and not sent yet
	maxOpen  = 16 // claimed and not settled yet
)

// flight is what a worker has claimed and not settled. A send holds a slot
// only while it talks to the provider: who waits for the disk to settle does
// not keep others from being sent.
type flight struct {
	slots  chan struct{}
	wake   chan struct{} // something may be claimed
	unsent atomic.Int64
	open   atomic.Int64
	sent   atomic.Int64 // since the last claim
	more   atomic.Bool  // the last claim may have left what was due
	group  sync.WaitGroup
	reads  reads
}

func newFlight(parallel int) *flight {
	return &flight{slots: make(chan struct{}, parallel), wake: make(chan struct{}, 1)}
}

func (f *flight) poke() { engine.Poke(f.wake) }

// room is how many items may be claimed now: one for each free slot, and
// ahead of that as many as were sent during the last claim. A slow provider
// so never has items waiting here, where their lease runs.
func (f *flight) room() int {
	parallel := int64(cap(f.slots))
	ahead := min(f.sent.Swap(0), (maxAhead-1)*parallel)
	return int(min(parallel+ahead-f.unsent.Load(), maxOpen*parallel-f.open.Load()))
}

// begin runs one claimed item beside the others.
func (f *flight) begin(fn func(*slot)) {
	f.unsent.Add(1)
	f.open.Add(1)
	f.group.Go(func() {
		s := &slot{flight: f}
		defer func() {
			s.leave()
			f.open.Add(-1)
			if !s.settled || f.more.Load() {
				f.poke() // something may be due by it
			}
		}()
		fn(s)
	})
}

// slot is one item's right to be sent.
type slot struct {
	flight     *flight
	held, over bool
	settled    bool // what waits for it was told
}

// enter waits for the right, and says whether it was given in time.
func (s *slot) enter(ctx context.Context, wait time.Duration) bool {
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case s.flight.slots <- struct{}{}:
		s.held = true
		return true
	case <-t.C:
	case <-ctx.Done():
	}
	return false
}

// leave gives the right back; doing so twice does nothing.
func (s *slot) leave() {
	if s.over {
		return
	}
	s.over = true
	if s.held {
		<-s.flight.slots
	}
	s.flight.sent.Add(1)
	if s.flight.unsent.Add(-1) >= int64(cap(s.flight.slots))-1 {
		s.flight.poke() // there was no room before
	}
}
