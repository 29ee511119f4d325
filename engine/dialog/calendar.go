package dialog

import (
	"sync"
	"time"

	"parley/engine"
)

// calendar comes back to conversations that are held, so that the poll need
// not look at them. It is a help and no truth: a restart finds them by the poll.
type calendar struct {
	fire func(engine.ConversationRef)

	mu      sync.Mutex
	timers  map[engine.ConversationRef]*time.Timer
	stopped bool
}

func newCalendar(fire func(engine.ConversationRef)) *calendar {
	return &calendar{fire: fire, timers: map[engine.ConversationRef]*time.Timer{}}
}

// put comes back to a conversation after d, and no sooner.
func (c *calendar) put(ref engine.ConversationRef, d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(ref)
	if c.stopped {
		return
	}
	var own *time.Timer
	own = time.AfterFunc(max(d, time.Millisecond), func() {
		c.mu.Lock()
		mine := c.timers[ref] == own
		if mine {
			delete(c.timers, ref)
		}
		c.mu.Unlock()
		if mine {
			c.fire(ref)
		}
	})
	c.timers[ref] = own
}

func (c *calendar) drop(ref engine.ConversationRef) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.remove(ref)
}

func (c *calendar) has(ref engine.ConversationRef) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.timers[ref] != nil
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
