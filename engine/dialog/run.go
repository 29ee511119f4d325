package dialog

import (
	"context"
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"parley/engine"
	"parley/engine/conversation"
)

const (
	claimEvery = time.Second
	// enough is how many calls may wait before no more are claimed, and how many are
	// claimed at once: they must get their turns while they are this process's.
	enough = 256
	// aboveLeft is longer than anything is left to a process.
	aboveLeft = time.Hour
)

// floor is where the calls of a running worker wait.
type floor struct {
	lines []*line
	seed  maphash.Seed
	held  *calendar
	more  atomic.Bool   // others may be claimed
	wake  chan struct{} // when somebody has nothing to do, and there is more
}

// send puts a call into its line. What finds no place there is claimed later.
func (f *floor) send(c call) {
	f.lines[maphash.String(f.seed, c.ref.ID)%uint64(len(f.lines))].put(c)
}

func (f *floor) waiting() (n int) {
	for _, l := range f.lines {
		n += l.len()
	}
	return n
}

// Run works until ctx ends and finishes the turns that it has begun. Any number of
// processes may run one on one store: what is ready is first left to the process in
// which it became so, and then claimed by whoever gets to it.
func (w *Worker) Run(ctx context.Context) error {
	f := &floor{seed: maphash.MakeSeed(), wake: make(chan struct{}, 1)}
	for range w.Shards {
		f.lines = append(f.lines, newLine())
	}
	f.held = newCalendar(f.send)
	w.memory = newMemory()
	w.lost = &aside{ref: map[engine.ConversationRef]*pause{}}
	defer f.held.stop()
	var group sync.WaitGroup
	for _, own := range f.lines {
		group.Go(func() { w.work(ctx, f, own) })
	}
	cancel := w.Bus.Subscribe(engine.TopicDialog, func(s engine.Signal) {
		news, _ := s.Local.(*conversation.News)
		c := call{engine.ConversationRef{Brand: s.Brand, ID: s.Key}, news, w.Clock().Add(conversation.LeftFor)}
		if news != nil {
			c.until = news.Conversation.ReadyAt
		}
		f.send(c)
	})
	defer group.Wait()
	defer cancel()
	tick := time.NewTicker(claimEvery)
	defer tick.Stop()
	left := time.Duration(0)
	if w.Alone {
		left = aboveLeft
	}
	for ; ; left = 0 {
		if f.waiting() < enough {
			w.claim(ctx, f, left)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		case <-f.wake:
		}
	}
}

// claim takes over what nobody has done in time: what no signal told, what a process
// that is gone has left, and what another one does not get round to.
// left is added to the time for what is left to a process that is not there any more.
func (w *Worker) claim(ctx context.Context, f *floor, left time.Duration) {
	now := w.Clock()
	until := conversation.Milliseconds(now.Add(conversation.LeftFor))
	var refs []engine.ConversationRef
	some, err := engine.View(ctx, w.Store, func(tx engine.Tx) (bool, error) { return tx.Ready().Any(now.Add(left)) })
	if err == nil && some {
		refs, err = engine.Update(ctx, w.Store, func(tx engine.Tx) ([]engine.ConversationRef, error) {
			return tx.Ready().Claim(now.Add(left), until, enough)
		})
	}
	if err != nil && ctx.Err() == nil {
		w.Log.Error("looking for conversations with news", "error", err)
	}
	f.more.Store(len(refs) == enough)
	for _, ref := range refs {
		if c := (call{ref: ref, until: until}); !f.held.renew(c) && !w.lost.has(ref, now) {
			f.send(c)
		}
	}
}

func (w *Worker) work(ctx context.Context, f *floor, own *line) {
	for {
		if f.more.Load() && own.len() == 0 {
			engine.Poke(f.wake)
		}
		c, ok := own.take(ctx)
		if !ok {
			return
		}
		due, err := w.visit(ctx, &c)
		if err != nil && ctx.Err() == nil {
			w.Log.Error("bot turn", "conversation", c.ref.ID, "error", err)
		}
		c.news = nil
		if due.IsZero() {
			f.held.drop(c.ref)
		} else {
			f.held.put(c, due.Sub(w.Clock()))
		}
	}
}
