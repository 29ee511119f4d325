package botscripts

import (
	"container/list"
	"errors"
	"sync"
)

// cache keeps what is costly to make, by the hash of what it is made from: made
// once, also for callers at the same time, and forgotten when others were used
// more lately. It is safe for concurrent use.
type cache[V any] struct {
	maximum int

	mu     sync.Mutex
	byHash map[string]*list.Element // of *making[V]
	recent *list.List               // most recently used first
}

// making is a value that is made, or being made by the first caller who asked
// for it.
type making[V any] struct {
	hash  string
	done  chan struct{}
	value V
	err   error
}

func newCache[V any](maximum int) *cache[V] {
	return &cache[V]{maximum: maximum, byHash: map[string]*list.Element{}, recent: list.New()}
}

var errMaking = errors.New("botscripts: loading the bundle panicked")

// get gives the value of the hash, which fn makes if nobody has. Errors are told
// to everybody who waits, and forgotten, because they may have passing reasons.
func (c *cache[V]) get(hash string, fn func() (V, error)) (V, error) {
	c.mu.Lock()
	if el, ok := c.byHash[hash]; ok {
		c.recent.MoveToFront(el)
		c.mu.Unlock()
		m := el.Value.(*making[V])
		<-m.done
		return m.value, m.err
	}
	m := &making[V]{hash: hash, done: make(chan struct{}), err: errMaking}
	el := c.recent.PushFront(m)
	c.byHash[hash] = el
	for c.recent.Len() > c.maximum {
		last := c.recent.Back()
		delete(c.byHash, last.Value.(*making[V]).hash)
		c.recent.Remove(last)
	}
	c.mu.Unlock()

	// Also on a panic of fn nobody may wait for ever.
	defer func() {
		if m.err != nil {
			c.mu.Lock()
			if c.byHash[hash] == el {
				delete(c.byHash, hash)
				c.recent.Remove(el)
			}
			c.mu.Unlock()
		}
		close(m.done)
	}()
	m.value, m.err = fn()
	return m.value, m.err
}

// done is closed when the value of the hash is made, or could not be. It is nil when nobody makes it.
func (c *cache[V]) done(hash string) <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.byHash[hash]
	if !ok {
		return nil
	}
	return el.Value.(*making[V]).done
}
