package catalog_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/enginetest"
	"parley/storage/sqlite"
)

// counting is a store that counts reads and may act in the middle of one.
type counting struct {
	engine.Store
	views  atomic.Int32
	during func()
}

func (c *counting) View(ctx context.Context, fn func(engine.Tx) error) error {
	c.views.Add(1)
	err := c.Store.View(ctx, fn)
	if c.during != nil {
		during := c.during
		c.during = nil
		during()
	}
	return err
}

func world(t *testing.T) (*enginetest.World, *counting, *catalog.Catalog) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	w := enginetest.New(t, store, nil).Seed(nil)
	c := &counting{Store: store}
	return w, c, catalog.New(c, w.Clock.Now, time.Second)
}

func rename(w *enginetest.World, name string) {
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get(enginetest.Brand)
		if err != nil {
			return err
		}
		b.Name = name
		return tx.Brands().Save(b)
	})
}

func TestCatalogRemembersForAMoment(t *testing.T) {
	t.Parallel()
	w, store, c := world(t)
	name := func() string {
		t.Helper()
		e, err := c.Brand(t.Context(), enginetest.Brand)
		if err != nil {
			t.Fatal(err)
		}
		return e.Brand.Name
	}
	name()
	rename(w, "New")
	if got := name(); got != "Acme" || store.views.Load() != 1 {
		t.Errorf("it is %q after %d reads", got, store.views.Load())
	}
	w.Clock.Advance(time.Second)
	if got := name(); got != "New" || store.views.Load() != 2 {
		t.Errorf("it is %q after %d reads", got, store.views.Load())
	}
	rename(w, "Newer")
	c.Forget(enginetest.Brand)
	if got := name(); got != "Newer" {
		t.Errorf("it is %q after Forget", got)
	}
	// What was read before Forget is not kept.
	w.Clock.Advance(time.Second)
	store.during = func() {
		rename(w, "Newest")
		c.Forget(enginetest.Brand)
	}
	name()
	if got := name(); got != "Newest" {
		t.Errorf("it is %q, which was read before Forget", got)
	}
}

func TestCatalogFindsChannels(t *testing.T) {
	t.Parallel()
	w, _, c := world(t)
	ch, e, err := c.Channel(t.Context(), enginetest.Phone)
	if err != nil || ch.ID != enginetest.Phone || e.Brand.ID != enginetest.Brand {
		t.Fatalf("%+v, %v", ch, err)
	}
	if _, ok := e.Skill("sales"); !ok {
		t.Error("it has no skills")
	}
	if _, ok := e.Skill("none"); ok {
		t.Error("it has a skill that nobody made")
	}
	for _, id := range []string{"acme.none", ""} {
		if _, _, err := c.Channel(t.Context(), id); engine.CodeOf(err) != engine.NotFound {
			t.Errorf("%q: %v", id, err)
		}
	}
	if _, err := c.Brand(t.Context(), "other"); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("another brand: %v", err)
	}
	w.Update(func(tx engine.Tx) error { return tx.Brands().SaveChannels(enginetest.Brand, nil) })
	c.Forget(enginetest.Brand)
	if _, _, err := c.Channel(t.Context(), enginetest.Phone); engine.CodeOf(err) != engine.NotFound {
		t.Errorf("a removed channel: %v", err)
	}
	// A channel that comes later is found.
	w.Update(func(tx engine.Tx) error {
		return tx.Brands().SaveChannels(enginetest.Brand, []engine.Channel{{Brand: enginetest.Brand, ID: "acme.late"}})
	})
	w.Clock.Advance(time.Second)
	if _, _, err := c.Channel(t.Context(), "acme.late"); err != nil {
		t.Error(err)
	}
}

// TestWithinReadsNothingTwice: inside an update the cache answers, and what an
// update sees of its own is not kept for others.
func TestWithinReadsNothingTwice(t *testing.T) {
	t.Parallel()
	w, _, c := world(t)
	within := func(tx engine.Tx) string {
		e, err := c.Within(tx, enginetest.Brand)
		if err != nil {
			t.Fatal(err)
		}
		return e.Brand.Name
	}
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get(enginetest.Brand)
		if err != nil {
			return err
		}
		b.Name = "Unsaved"
		if err := tx.Brands().Save(b); err != nil {
			return err
		}
		if got := within(tx); got != "Unsaved" {
			t.Errorf("it is %q", got)
		}
		b.Name = "Acme"
		return tx.Brands().Save(b)
	})
	if e, err := c.Brand(t.Context(), enginetest.Brand); err != nil || e.Brand.Name != "Acme" {
		t.Errorf("it is %q, %v", e.Brand.Name, err)
	}
	rename(w, "New")
	w.Update(func(tx engine.Tx) error {
		if got := within(tx); got != "Acme" {
			t.Errorf("it is %q: read again", got)
		}
		return nil
	})
}
