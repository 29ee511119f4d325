package delivery

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/egress"
)

// Fetch performs a bot's outside call. key is stable over repeats.
type Fetch func(ctx context.Context, hosts []string, req engine.HTTPRequest, key string) engine.HTTPResponse

// Worker performs outbox items.
type Worker struct {
	Store      engine.Store
	Bus        engine.Bus
	Clock      engine.Clock
	Catalog    *catalog.Catalog
	Connectors map[engine.ChannelKind]engine.Connector
	Fetch      Fetch
	Policy     Policy
	Log        *slog.Logger
	Parallel   int // sends at once
	// CallbackURL is where a channel's provider reports about an item.
	CallbackURL func(channel, item string) string
	// Observe is told how each send ended; nil is fine.
	Observe func(kind engine.ChannelKind, class engine.SendClass, took time.Duration)
}

const pollEvery = time.Second

// Recover marks the sends that an earlier process had begun as unsure. Only a
// process that knows it is alone on its store may call it, before Run.
func (w *Worker) Recover(ctx context.Context) error {
	return w.Store.Update(ctx, func(tx engine.Tx) error { return tx.Outbox().Expire(w.Clock()) })
}

// Run works until ctx ends, then waits for the sends that it has begun.
func (w *Worker) Run(ctx context.Context) error {
	wake := make(chan struct{}, 1)
	poke := func() {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
	cancel := w.Bus.Subscribe(engine.TopicDelivery, func(engine.Signal) { poke() })
	defer cancel()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	slots := make(chan struct{}, w.Parallel)
	var sends sync.WaitGroup
	defer sends.Wait()
	// A send outlives the stop signal: cutting it would only make it unsure.
	sendCtx := context.WithoutCancel(ctx)
	for {
		free := cap(slots) - len(slots)
		claimed, stale := 0, 0
		if free > 0 {
			items, err := w.claim(ctx, min(free, 64))
			if err != nil && ctx.Err() == nil {
				w.Log.Error("claiming from the outbox", "error", err)
			}
			claimed = len(items)
			for _, item := range items {
				slots <- struct{}{}
				sends.Go(func() {
					defer func() { <-slots; poke() }()
					w.perform(sendCtx, item)
				})
			}
			stale = w.sweep(ctx, sendCtx, slots, &sends, poke)
		}
		if claimed+stale > 0 && len(slots) < cap(slots) {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-poll.C:
		}
	}
}

// claim leases due items.
func (w *Worker) claim(ctx context.Context, limit int) ([]engine.OutboxItem, error) {
	now := w.Clock()
	due := false
	err := w.Store.View(ctx, func(tx engine.Tx) error {
		at, err := tx.Outbox().Next()
		due = !at.IsZero() && !at.After(now)
		return err
	})
	if err != nil || !due {
		return nil, err
	}
	var items []engine.OutboxItem
	err = w.Store.Update(ctx, func(tx engine.Tx) (err error) {
		items, err = tx.Outbox().Claim(now, now.Add(w.Policy.Lease), limit)
		return err
	})
	return items, err
}

func (w *Worker) perform(ctx context.Context, item engine.OutboxItem) {
	ctx, cancel := context.WithTimeout(ctx, w.Policy.Lease*2/3)
	defer cancel()
	var err error
	if item.Kind == engine.OutboxHTTP {
		err = w.fetch(ctx, item)
	} else {
		err = w.send(ctx, item)
	}
	if err != nil {
		w.Log.Error("settling a send", "item", item.ID, "conversation", item.Conversation, "error", err)
	}
}

// Local gives a Fetch that goes out through the guarded fetcher.
func Local(f *egress.Fetcher) Fetch {
	return func(ctx context.Context, hosts []string, req engine.HTTPRequest, key string) engine.HTTPResponse {
		r := f.Fetch(ctx, egress.Request{
			Method: req.Method, URL: req.URL, Header: req.Header, Body: req.Body,
			Timeout: time.Duration(req.Timeout * float64(time.Second)), IdempotencyKey: key, Hosts: hosts,
		})
		return engine.HTTPResponse{Status: r.Status, Header: r.Header, Body: r.Body, Error: r.Error}
	}
}
