package dialog

import (
	"sync"
	"time"

	"parley/engine"
)

// calendar comes back to conversations that are held, so that the poll need
// not look at them. It is a help and no truth: a restart finds them by the poll.
type calendar struct {
	fire func(call)

	mu      sync.Mutex
	timers  map[engine.ConversationRef]*later
	stopped bool
}

// later is a call with its time.
type later struct {
	*time.Timer
	call
}

func newCalendar(fire func(call)) *calendar {
	return &calendar{fire: fire, timers: map[engine.ConversationRef]*later{}}
}

// put makes a call after d, and no sooner.
func (c *calendar) put(what call, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(what.ref)
	if c.stopped {
		return
	}
	own := &later{call: what}
	own.Timer = time.AfterFunc(max(d, time.Millisecond), func() {
		c.mu.Lock()
		mine, due := c.timers[what.ref] == own, own.call
		if mine {
			delete(c.timers, what.ref)
		}
		c.mu.Unlock()
		if mine {
			c.fire(due)
		}
	})
	c.timers[what.ref] = own
}

// renew notes that a held conversation was claimed again, and says whether it is held.
func (c *calendar) renew(again call) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	own := c.timers[again.ref]
	if own != nil {
		own.until = again.until
	}
	return own != nil
}

func (c *calendar) drop(ref engine.ConversationRef) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(ref)
}

func (c *calendar) stop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = true
	for ref := range c.timers {
		c.remove(ref)
	}
}

func (c *calendar) remove(ref engine.ConversationRef) {
	if t := c.timers[ref]; t != nil {
		t.Stop()
		delete(c.timers, ref)
	}
}
