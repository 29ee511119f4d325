package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/bus"
	"parley/engine/catalog"
	"parley/engine/enginetest"
	"parley/storage/sqlite/sqlitetest"
)

// counting is a store that counts reads and may act in the middle of one, or
// before it has come home.
type counting struct {
	engine.Store
	views, whole    int // of the views, those that read a whole brand
	between, during func()
}

func (c *counting) View(ctx context.Context, fn func(engine.Tx) error) error {
	c.views++
	err := c.Store.View(ctx, func(tx engine.Tx) error { return fn(counted{tx, c}) })
	once(&c.during)
	return err
}

func once(fn *func()) {
	if do := *fn; do != nil {
		*fn = nil
		do()
	}
}

type counted struct {
	engine.Tx
	c *counting
}

func (t counted) Brands() engine.Brands { return countedBrands{t.Tx.Brands(), t.c} }

type countedBrands struct {
	engine.Brands
	c *counting
}

func (b countedBrands) Get(id string) (engine.Brand, error) {
	b.c.whole++
	return b.Brands.Get(id)
}

func (b countedBrands) Skills(brand string) ([]engine.Skill, error) {
	once(&b.c.between)
	return b.Brands.Skills(brand)
}

func world(t *testing.T) (*enginetest.World, *counting, *catalog.Catalog) {
	t.Helper()
	store := sqlitetest.Open(t)
	w := enginetest.New(t, store, nil).Seed(nil)
	c := &counting{Store: store}
	return w, c, catalog.New(c, w.Bus, w.Clock.Now, time.Second)
}

// elsewhere is a catalog that hears nothing of what is written, as in another process.
func elsewhere(w *enginetest.World, store engine.Store) *catalog.Catalog {
	return catalog.New(store, bus.New(), w.Clock.Now, time.Second)
}

// named gives the brand's name in the catalog, and in how many views and whole reads it took to know it.
func named(t *testing.T, store *counting, c *catalog.Catalog) string {
	t.Helper()
	store.views, store.whole = 0, 0
	e, err := c.Brand(t.Context(), enginetest.Brand)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(e.Brand.Name, " ", store.views, store.whole)
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

// TestWhatIsWrittenIsSeen: at once where it is written, within a second elsewhere;
// of what nobody has written only the revision is read again.
func TestWhatIsWrittenIsSeen(t *testing.T) {
	t.Parallel()
	w, store, here := world(t)
	there := elsewhere(w, store)
	look := func(wantHere, wantThere string) {
		t.Helper()
		if got := named(t, store, here); got != wantHere {
			t.Errorf("here it is %q, want %q", got, wantHere)
		}
		if got := named(t, store, there); got != wantThere {
			t.Errorf("elsewhere it is %q, want %q", got, wantThere)
		}
	}
	look("Acme 1 1", "Acme 1 1")
	look("Acme 0 0", "Acme 0 0")
	w.Clock.Advance(time.Second)
	look("Acme 1 0", "Acme 1 0")
	look("Acme 0 0", "Acme 0 0")
	rename(w, "New")
	look("New 1 1", "Acme 0 0")
	w.Clock.Advance(time.Second)
	look("New 1 0", "New 1 1")
	// Channels and skills are of the brand's revision.
	w.Update(func(tx engine.Tx) error { return tx.Brands().SaveSkills(enginetest.Brand, nil) })
	w.Clock.Advance(time.Second)
	look("New 1 1", "New 1 1")
	w.Update(func(tx engine.Tx) error { return tx.Brands().SaveChannels(enginetest.Brand, nil) })
	w.Clock.Advance(time.Second)
	look("New 1 1", "New 1 1")
}

// TestAWriteDuringARead: what was read before a write is nowhere taken for what was written.
func TestAWriteDuringARead(t *testing.T) {
	t.Parallel()
	w, store, here := world(t)
	there := elsewhere(w, store)
	for i, c := range []*catalog.Catalog{here, there} {
		for j, write := range []*func(){&store.between, &store.during} {
			name := fmt.Sprint("Acme ", i, j)
			*write = func() {
				w.Update(func(tx engine.Tx) error {
					b, err := tx.Brands().Get(enginetest.Brand)
					b.Name = name
					return errors.Join(err, tx.Brands().Save(b), tx.Brands().SaveSkills(enginetest.Brand, []engine.Skill{{ID: "s", Name: name}}))
				})
			}
			before, err := c.Brand(t.Context(), enginetest.Brand)
			if err != nil || before.Brand.Name == name || len(before.Skills) > 0 && before.Skills[0].Name == name {
				t.Errorf("%s: the read gave %q, %+v, %v", name, before.Brand.Name, before.Skills, err)
			}
			if c == there {
				w.Clock.Advance(time.Second)
			}
			after, err := c.Brand(t.Context(), enginetest.Brand)
			if err != nil || after.Brand.Name != name || after.Skills[0].Name != name {
				t.Errorf("%s: it is %q, %+v, %v", name, after.Brand.Name, after.Skills, err)
			}
			w.Clock.Advance(time.Second)
			*write = nil
			rename(w, name) // so that the next read is a whole one
		}
	}
}

// TestFilledAgain: values are asked for again each second, whatever the brand's revision.
func TestFilledAgain(t *testing.T) {
	t.Parallel()
	w, store, c := world(t)
	value := engine.Secret("first")
	c.Filled(func(e catalog.Entry) catalog.Entry {
		e.Brand.Secrets = map[string]engine.BrandSecret{"CRM": {Value: value}}
		return e
	})
	reads := 1
	look := func(want string) {
		t.Helper()
		e, err := c.Brand(t.Context(), enginetest.Brand)
		if got := e.Brand.Secrets["CRM"].Value.Reveal(); got != want || err != nil || store.whole != reads {
			t.Errorf("the value is %q, want %q, after %d reads; %v", got, want, store.whole, err)
		}
	}
	look("first")
	value = ""
	look("first")
	w.Clock.Advance(time.Second)
	look("")
	value = "second"
	w.Clock.Advance(time.Second)
	w.Update(func(tx engine.Tx) error {
		e, err := c.Within(counted{tx, store}, enginetest.Brand)
		if got := e.Brand.Secrets["CRM"].Value.Reveal(); got != "second" {
			t.Errorf("within a transaction it is %q", got)
		}
		return err
	})
	reads++ // an update does not ask for the revision, which would keep the brand to itself
	look("second")
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
	w, store, _ := world(t)
	c := elsewhere(w, store)
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
