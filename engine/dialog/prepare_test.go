package dialog_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley/engine"
	"parley/engine/enginetest"
)

// slowly is a runtime whose bundle is ready after a while.
type slowly struct {
	script
	ready *atomic.Bool
	asked *atomic.Int64
}

func (s slowly) Ready(string, func() (engine.Bundle, error)) bool {
	s.asked.Add(1)
	return s.ready.Load()
}

// A message that comes before its version is ready waits in the store, and is answered when it is.
func TestATurnWaitsForItsVersion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		bot := &listener{}
		rt := slowly{script: bot.step, ready: new(atomic.Bool), asked: new(atomic.Int64)}
		w := enginetest.New(t, open(t), rt).Seed(nil)
		w.Clock.Real = true
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.Dialog.Run(ctx) }()
		synctest.Wait()
		c := w.Say("hi")
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if len(bot.texts()) != 0 || rt.asked.Load() < 2 {
			t.Errorf("heard %q after it was asked for %d times", bot.texts(), rt.asked.Load())
		}
		if got := w.Conversation(c.ID); !got.Ready || got.Owner != engine.OwnerBot || len(w.Inbox(c.ID)) != 1 {
			t.Errorf("ready %t, with %s, inbox %+v", got.Ready, got.Owner, w.Inbox(c.ID))
		}
		rt.ready.Store(true)
		await(t, func() bool { return len(bot.texts()) == 1 })
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
