package enginetest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/engine"
	"parley/engine/bus"
	"parley/engine/catalog"
	"parley/engine/conversation"
	"parley/engine/desk"
	"parley/engine/dialog"
	"parley/engine/followup"
	"parley/engine/listen"
	"parley/engine/outbox"
	"parley/engine/receive"
	"parley/engine/routing"
	"parley/engine/timers"
	"parley/engine/versions"
)

// Names in every World.
const (
	Brand   = "acme"
	Phone   = "acme.phone" // a channel on which keywords are law
	Web     = "acme.web"
	Address = "+15550001"
)

// World is an engine around a store. Nothing runs until a test makes it.
type World struct {
	T        testing.TB
	Store    engine.Store
	Bus      *bus.Bus
	Clock    *Clock
	Provider *Provider // serves both channels
	Catalog  *catalog.Catalog
	Writer   conversation.Writer
	Listener *listen.Listener
	Receiver *receive.Receiver
	Versions *versions.Versions
	Desk     *desk.Desk
	Dialog   *dialog.Worker
	Delivery *outbox.Worker
	Timers   *timers.Worker
	Followup *followup.Worker

	ids atomic.Int64
}

// Clock is a clock that tests move; with Real it is the process's.
type Clock struct {
	Real bool
	mu   sync.Mutex
	now  time.Time
}

// Now tells the time.
func (c *Clock) Now() time.Time {
	if c.Real {
		return time.Now()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the time.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Noon is when worlds begin: a Monday.
func Noon() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

// New builds a world with the brand, its two channels, the skills care and
// sales, and the bot of the runtime. Call Seed before using it.
func New(t testing.TB, store engine.Store, runtime engine.BotRuntime) *World {
	w := &World{T: t, Store: store, Bus: bus.New(), Clock: &Clock{now: Noon()}, Provider: &Provider{}}
	store.Notify(w.Bus.Publish)
	log := slog.New(slog.DiscardHandler)
	w.Catalog = catalog.New(store, w.Bus, w.Clock.Now, time.Second)
	w.Writer = conversation.Writer{NewID: w.ID, Render: func(_ engine.Channel, c engine.Content, _ string) []engine.Content { return w.Provider.Render(c) }}
	kinds := map[engine.ChannelKind]engine.Connector{"phone": phone{w.Provider}, "web": web{w.Provider}}
	w.Listener = listen.New(listen.Config{Store: store, Clock: w.Clock.Now, Log: log})
	w.Receiver = &receive.Receiver{
		Store: store, Clock: w.Clock.Now, NewID: w.ID, Catalog: w.Catalog, Writer: w.Writer, Connectors: kinds,
		Listener: w.Listener, Log: log, Bus: w.Bus,
	}
	w.Versions = &versions.Versions{Store: store, Clock: w.Clock.Now, Writer: w.Writer, Read: Named, Runtime: runtime}
	w.Desk = &desk.Desk{Store: store, Clock: w.Clock.Now, Catalog: w.Catalog, Writer: w.Writer}
	w.Dialog = &dialog.Worker{
		Store: store, Bus: w.Bus, Clock: w.Clock.Now, NewID: w.ID, Catalog: w.Catalog, Writer: w.Writer, Runtime: runtime, Log: log, Shards: 4, Alone: true,
		Queues: routing.QueueStatus,
	}
	w.Delivery = &outbox.Worker{
		Store: store, Bus: w.Bus, Clock: w.Clock.Now, Catalog: w.Catalog, Writer: w.Writer, Connectors: kinds, Policy: outbox.DefaultPolicy(), Log: log, Parallel: 8,
		Fetch: func(context.Context, outbox.Call) outbox.Answer {
			return outbox.Answer{HTTPResponse: engine.HTTPResponse{Status: 200}}
		},
		CallbackURL: func(channel, item string) string { return "https://parley.example/hooks/" + channel + "?item=" + item },
	}
	w.Timers = &timers.Worker{Store: store, Bus: w.Bus, Clock: w.Clock.Now, Log: log}
	w.Followup = &followup.Worker{Store: store, Bus: w.Bus, Clock: w.Clock.Now, Writer: w.Writer, Log: log}
	return w
}

// Seed stores the brand with a bundle of these files.
func (w *World) Seed(files map[string]string) *World {
	w.T.Helper()
	w.Update(func(tx engine.Tx) error {
		hash := fmt.Sprintf("bundle-%d", w.ids.Add(1))
		if err := tx.Bundles().Add(engine.Bundle{Hash: hash, Brand: Brand, Files: files, CreatedAt: w.Clock.Now()}); err != nil {
			return err
		}
		err := tx.Brands().Save(engine.Brand{ID: Brand, Name: "Acme", Version: hash, Settings: engine.BrandSettings{
			TimeZone: "UTC", Languages: []string{"en"}, DefaultSkill: "care", BotName: "Ava", EscapeWords: map[string][]string{"en": {"agent"}},
		}})
		if err != nil {
			return err
		}
		err = tx.Brands().SaveChannels(Brand, []engine.Channel{
			{Brand: Brand, ID: Phone, Kind: "phone", Bot: "main", Config: map[string]string{"keyword_replies": "gateway"}},
			{Brand: Brand, ID: Web, Kind: "web", Bot: "main"},
		})
		if err != nil {
			return err
		}
		return tx.Brands().SaveSkills(Brand, []engine.Skill{
			{Brand: Brand, ID: "care", Name: "Customer care", Priority: 5},
			{Brand: Brand, ID: "sales", Name: "Sales", Priority: 3},
		})
	})
	return w
}

// Configure changes the brand's settings.
func (w *World) Configure(change func(*engine.BrandSettings)) {
	w.T.Helper()
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get(Brand)
		if err != nil {
			return err
		}
		change(&b.Settings)
		return tx.Brands().Save(b)
	})
}

// Enqueue hands a conversation over to care; priority 0 takes the skill's.
func (w *World) Enqueue(id string, priority int) {
	w.T.Helper()
	err := w.Change(id, func(c *conversation.Change) error {
		return c.HandOver(conversation.Entering{Handoff: engine.Handoff{Skill: "care", Priority: priority}, Actor: "system"})
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// Change changes a conversation in a transaction.
func (w *World) Change(id string, fn func(*conversation.Change) error) error {
	w.T.Helper()
	return w.Store.Update(context.Background(), func(tx engine.Tx) error {
		c, err := w.Writer.Load(tx, w.Clock.Now(), Brand, id)
		if err != nil {
			return err
		}
		if err := fn(c); err != nil {
			return err
		}
		return c.Save()
	})
}

// ID makes the next id.
func (w *World) ID() string { return fmt.Sprintf("id-%012d", w.ids.Add(1)) }

// Update commits fn or ends the test.
func (w *World) Update(fn func(engine.Tx) error) {
	w.T.Helper()
	if err := w.Store.Update(context.Background(), fn); err != nil {
		w.T.Fatalf("update: %v", err)
	}
}

// View reads or ends the test.
func (w *World) View(fn func(engine.Tx) error) {
	w.T.Helper()
	if err := w.Store.View(context.Background(), fn); err != nil {
		w.T.Fatalf("view: %v", err)
	}
}

// Read gives what fn finds.
func Read[T any](w *World, fn func(engine.Tx) (T, error)) (v T) {
	w.T.Helper()
	w.View(func(tx engine.Tx) (err error) {
		v, err = fn(tx)
		return err
	})
	return v
}

// Agent adds a user who is online, and gives it as stored.
func (w *World) Agent(id string, role engine.Role, skills ...string) engine.User {
	w.T.Helper()
	u := engine.User{
		ID: id, Brand: Brand, Email: id + "@acme.example", Name: "Name of " + id, Role: role, Skills: skills, Slots: 3,
		Presence: engine.Online, SeenAt: w.Clock.Now(), CreatedAt: w.Clock.Now(),
	}
	w.Update(func(tx engine.Tx) error { return tx.Users().Save(u) })
	return u
}
