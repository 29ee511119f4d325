package catalog

import (
	"context"
	"sync"
	"time"

	"parley/engine"
)

// Entry is a brand with everything that belongs to its configuration. It is
// shared: readers must not change it.
type Entry struct {
	Brand    engine.Brand
	Skills   []engine.Skill
	Channels []engine.Channel
}

// Skill finds a skill by id.
func (e Entry) Skill(id string) (engine.Skill, bool) {
	for _, s := range e.Skills {
		if s.ID == id {
			return s, true
		}
	}
	return engine.Skill{}, false
}

// Channel finds a channel by id.
func (e Entry) Channel(id string) (engine.Channel, bool) {
	for _, c := range e.Channels {
		if c.ID == id {
			return c, true
		}
	}
	return engine.Channel{}, false
}

// Read loads an entry inside a transaction, past the cache.
func Read(tx engine.Tx, brand string) (Entry, error) {
	b, err := tx.Brands().Get(brand)
	if err != nil {
		return Entry{}, err
	}
	skills, err := tx.Brands().Skills(brand)
	if err != nil {
		return Entry{}, err
	}
	channels, err := tx.Brands().Channels(brand)
	if err != nil {
		return Entry{}, err
	}
	return Entry{Brand: b, Skills: skills, Channels: channels}, nil
}

// Catalog caches entries for TTL, so that a change made by another process is
// seen soon; Forget drops one at once. Safe for concurrent use.
type Catalog struct {
	store engine.Store
	clock engine.Clock
	ttl   time.Duration
	fill  func(Entry) Entry

	mu      sync.Mutex
	forgets int // counts Forget, so that what was read before one is not kept
	brands  map[string]cached
	owner   map[string]string // channel → brand
}

type cached struct {
	entry Entry
	until time.Time
}

// New makes an empty catalog. ttl is usually one second.
func New(store engine.Store, clock engine.Clock, ttl time.Duration) *Catalog {
	return &Catalog{store: store, clock: clock, ttl: ttl, brands: map[string]cached{}, owner: map[string]string{}}
}

// Filled makes the catalog give entries as fill makes them: with the values of
// what the store holds only names of. Call it before the first use.
func (c *Catalog) Filled(fill func(Entry) Entry) *Catalog {
	c.fill = fill
	return c
}

// Read is Read with the values that Brand gives.
func (c *Catalog) Read(tx engine.Tx, brand string) (Entry, error) {
	e, err := Read(tx, brand)
	if err == nil && c.fill != nil {
		e = c.fill(e)
	}
	return e, err
}

// Known is Brand when it need not be read.
func (c *Catalog) Known(brand string) (Entry, bool) {
	c.mu.Lock()
	hit, ok := c.brands[brand]
	c.mu.Unlock()
	return hit.entry, ok && c.clock().Before(hit.until)
}

// Within is Brand inside a transaction: what is cached, or else what the
// transaction sees. It keeps nothing, because the transaction may change it.
func (c *Catalog) Within(tx engine.Tx, brand string) (Entry, error) {
	if e, ok := c.Known(brand); ok {
		return e, nil
	}
	return c.Read(tx, brand)
}

// Brand gives a brand's entry. NotFound when there is none.
func (c *Catalog) Brand(ctx context.Context, id string) (Entry, error) {
	c.mu.Lock()
	hit, ok := c.brands[id]
	forgets := c.forgets
	c.mu.Unlock()
	now := c.clock()
	if ok && now.Before(hit.until) {
		return hit.entry, nil
	}
	var e Entry
	err := c.store.View(ctx, func(tx engine.Tx) (err error) {
		e, err = c.Read(tx, id)
		return err
	})
	if err != nil {
		return Entry{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.forgets == forgets {
		c.brands[id] = cached{e, now.Add(c.ttl)}
	}
	for _, ch := range e.Channels {
		c.owner[ch.ID] = id
	}
	return e, nil
}

// Channel gives a channel with its brand's entry. NotFound when there is none.
func (c *Catalog) Channel(ctx context.Context, id string) (engine.Channel, Entry, error) {
	c.mu.Lock()
	brand, ok := c.owner[id]
	c.mu.Unlock()
	if !ok {
		err := c.store.View(ctx, func(tx engine.Tx) error {
			ch, err := tx.Brands().Channel(id)
			brand = ch.Brand
			return err
		})
		if err != nil {
			return engine.Channel{}, Entry{}, err
		}
	}
	e, err := c.Brand(ctx, brand)
	if err != nil {
		return engine.Channel{}, Entry{}, err
	}
	ch, ok := e.Channel(id)
	if !ok {
		return engine.Channel{}, Entry{}, engine.Errorf(engine.NotFound, "There is no such channel.")
	}
	return ch, e, nil
}

// Forget drops a brand's entry, after it was changed.
func (c *Catalog) Forget(brand string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.forgets++
	delete(c.brands, brand)
}
