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

// Catalog remembers entries. What this process writes is seen at once, what
// another one writes within TTL. Safe for concurrent use.
type Catalog struct {
	store engine.Store
	clock engine.Clock
	ttl   time.Duration
	fill  func(Entry) Entry

	mu     sync.Mutex
	writes int // counts TopicBrand, so that what was read before one is not kept
	brands map[string]cached
	owner  map[string]string // channel → brand
}

type cached struct {
	stored Entry // as it was read, with Brand.Rev
	entry  Entry // filled
	until  time.Time
}

// New makes an empty catalog that hears of the store's changes for as long as
// there is the bus. ttl is usually one second.
func New(store engine.Store, bus engine.Bus, clock engine.Clock, ttl time.Duration) *Catalog {
	c := &Catalog{store: store, clock: clock, ttl: ttl, brands: map[string]cached{}, owner: map[string]string{}}
	bus.Subscribe(engine.TopicBrand, func(s engine.Signal) { c.forget(s.Key) })
	return c
}

// Filled makes the catalog give entries as fill makes them: with the values of
// what the store holds only names of. They are as of TTL ago at most. Call it
// before the first use.
func (c *Catalog) Filled(fill func(Entry) Entry) *Catalog {
	c.fill = fill
	return c
}

// Read is Read with the values that Brand gives. It does not look whether the brand has
// changed: in an update that would keep the brand from all the others.
func (c *Catalog) Read(tx engine.Tx, brand string) (Entry, error) {
	e, err := Read(tx, brand)
	if err != nil {
		return Entry{}, err
	}
	return c.filled(e), nil
}

// stored is Read for a view: of what is remembered it reads only whether it has changed.
func (c *Catalog) stored(tx engine.Tx, brand string) (Entry, error) {
	c.mu.Lock()
	hit, ok := c.brands[brand]
	c.mu.Unlock()
	if ok {
		if rev, err := tx.Brands().Rev(brand); err != nil || rev == hit.stored.Brand.Rev {
			return hit.stored, err
		}
	}
	return Read(tx, brand)
}

func (c *Catalog) filled(e Entry) Entry {
	if c.fill == nil {
		return e
	}
	return c.fill(e)
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
	writes := c.writes
	c.mu.Unlock()
	now := c.clock()
	if ok && now.Before(hit.until) {
		return hit.entry, nil
	}
	err := c.store.View(ctx, func(tx engine.Tx) (err error) {
		hit.stored, err = c.stored(tx, id)
		return err
	})
	if err != nil {
		return Entry{}, err
	}
	hit.entry, hit.until = c.filled(hit.stored), now.Add(c.ttl)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.writes == writes {
		c.brands[id] = hit
	}
	for _, ch := range hit.entry.Channels {
		c.owner[ch.ID] = id
	}
	return hit.entry, nil
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

// forget drops a brand's entry, after it was changed.
func (c *Catalog) forget(brand string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.writes++
	delete(c.brands, brand)
}
