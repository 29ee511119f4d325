package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"parley/engine"
	"parley/gateway/app"
	"parley/gateway/database"
)

// Config of a run.
type Config struct {
	Duration      time.Duration // of each of the five phases
	Conversations int           // consumers who write
	Clients       int           // connections of the provider, each with one webhook under way
	Stored        int           // messages that each phase finds in the database
	Pending       int           // sends that wait meanwhile for a provider that is down
	Waiting       int           // conversations that wait meanwhile for an agent
	DB            string        // URL of a PostgreSQL that may make databases; "" for SQLite
	Nodes         int           // processes that serve; 0 and 1 are this one
	Progress      io.Writer     // what happens now, for people
}

// Validate says what cannot be run.
func (c Config) Validate() error {
	switch {
	case c.Duration < 100*time.Millisecond || c.Duration > time.Hour:
		return engine.FieldError("duration", "must be 100ms to 1h")
	case c.Clients < 1 || c.Clients > 1024:
		return engine.FieldError("clients", "must be 1 to 1024")
	case c.Conversations < c.Clients || c.Conversations > 1_000_000:
		return engine.FieldError("conversations", "must be as many as clients, at most 1000000")
	case c.Stored < 0 || c.Stored > maxSeed:
		return engine.FieldError("stored", "must be 0 to %d", maxSeed)
	case c.Pending < 0 || c.Pending > maxSeed:
		return engine.FieldError("pending", "must be 0 to %d", maxSeed)
	case c.Waiting < 0 || c.Waiting > maxSeed:
		return engine.FieldError("waiting", "must be 0 to %d", maxSeed)
	case c.Nodes < 0 || c.Nodes > 16:
		return engine.FieldError("nodes", "must be 1 to 16")
	case c.Nodes > 1 && c.DB == "":
		return engine.FieldError("nodes", "share a PostgreSQL: name one with --db")
	}
	return nil
}

// drainTime is how long answers may take that were under way at a phase's end.
const drainTime = 30 * time.Second

// Run measures all phases one after the other. Everything it makes is gone
// when it returns. When ctx ends, its error is ctx's.
func Run(ctx context.Context, cfg Config) (r Result, err error) {
	if err := cfg.Validate(); err != nil {
		return Result{}, err
	}
	level := slog.LevelWarn
	if cfg.Pending > 0 { // that a provider is down is no news
		level = slog.LevelError
	}
	log := slog.New(slog.NewTextHandler(cfg.Progress, &slog.HandlerOptions{Level: level}))
	b := &run{Config: cfg, log: log}
	defer b.watchMemory()()
	for _, phase := range []struct {
		name string
		run  func(context.Context, place) error
	}{{"inserts", b.inserts}, {"floor", b.floor}, {"ingest", b.ingest}, {"turns", b.turns}} {
		at, err := b.place(ctx, phase.name)
		if err != nil {
			return Result{}, err
		}
		if err := errors.Join(phase.run(ctx, at), at.remove()); err != nil {
			return Result{}, err
		}
		if err := ctx.Err(); err != nil {
			return Result{}, err
		}
	}
	b.result.RSSMB = b.peak()
	return b.result, nil
}

type run struct {
	Config
	log    *slog.Logger
	result Result

	mu  sync.Mutex
	rss float64
}

// during runs fn for the phase's time and tells how long it goes on.
func (b *run) during(ctx context.Context, name string, fn func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, b.Duration)
	defer cancel()
	told := make(chan struct{})
	go func() {
		defer close(told)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for left := b.Duration; left > 0; left -= time.Second {
			fmt.Fprintf(b.Progress, "%s … %.0f s left\n", name, left.Seconds())
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	}()
	err := fn(ctx)
	cancel()
	<-told
	return err
}

// inserts measures single-row inserts by 32 goroutines, through the store
// alone. The row is the one that an ingest cannot do without: the message,
// with its keys.
func (b *run) inserts(ctx context.Context, at place) error {
	store, err := database.Open(ctx, at.Config)
	if err != nil {
		return err
	}
	const writers = 32
	var rows atomic.Int64
	message := func(writer int, seq int64) engine.Message {
		n := seq*writers + int64(writer)
		return engine.Message{
			ID: app.NewID(), Brand: "bench", Conversation: fmt.Sprintf("%036d", writer), Consumer: fmt.Sprintf("%036d", writer),
			Seq: seq, Author: engine.AuthorConsumer, Content: engine.Content{Text: text(n)}, State: engine.Received,
			Channel: channel, ProviderID: messageSID(n), At: time.Now(),
		}
	}
	began := time.Now()
	err = b.during(ctx, "bare inserts", func(ctx context.Context) error {
		var group sync.WaitGroup
		errs := make([]error, writers)
		for i := range writers {
			group.Go(func() {
				for seq := int64(1); ctx.Err() == nil && errs[i] == nil; seq++ {
					m := message(i, seq)
					// The update itself is not cut off: its row counts only when it is on disk.
					errs[i] = store.Update(context.WithoutCancel(ctx), func(tx engine.Tx) error { return tx.Messages().Add(m) })
					rows.Add(1)
				}
			})
		}
		group.Wait()
		return errors.Join(errs...)
	})
	b.result.BareInsertsPerSecond = perSecond(rows.Load(), time.Since(began))
	return errors.Join(err, store.Close())
}

// ingest measures signed webhook in, durable, acknowledged; no bot runs.
func (b *run) ingest(ctx context.Context, at place) error {
	f := newFleet(b.Conversations)
	return b.with(ctx, at, f, true, func(s *site, p *provider) error {
		var all load
		err := b.during(ctx, "ingest", func(ctx context.Context) (err error) {
			all, err = drive(s.hook, s.hosts, p.Server, b.Clients, func(c *caller, l *load) error { return f.pour(ctx, c, l) })
			return err
		})
		if err != nil || ctx.Err() != nil {
			return err
		}
		b.result.IngestPerSecond = perSecond(int64(len(all.acknowledged)), all.lasted)
		b.result.IngestMS = spread(all.took)
		return b.count(ctx, s, p, f, all.acknowledged, true)
	})
}

// turns measures webhook in, bot, answer accepted by the provider: first as
// fast as each conversation's answers allow, then at half of that, while the
// desk lists and searches.
func (b *run) turns(ctx context.Context, at place) error {
	f := newFleet(b.Conversations)
	return b.with(ctx, at, f, false, func(s *site, p *provider) error {
		full, err := b.fullLoad(ctx, s, p, f)
		if err != nil || ctx.Err() != nil {
			return err
		}
		half, err := b.halfLoad(ctx, s, p, f)
		if err != nil || ctx.Err() != nil {
			return err
		}
		return b.count(ctx, s, p, f, append(full, half...), false)
	})
}

func (b *run) fullLoad(ctx context.Context, s *site, p *provider, f *fleet) ([]int64, error) {
	var all load
	before, err := b.meter(s)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	err = b.during(ctx, "full turns", func(ctx context.Context) (err error) {
		all, err = drive(s.hook, s.hosts, p.Server, b.Clients, func(c *caller, l *load) error { return f.converse(ctx, c, l) })
		return err
	})
	if err != nil {
		return nil, err
	}
	end := began.Add(b.Duration)
	b.drain(ctx, f)
	after, err := b.meter(s)
	if err != nil {
		return nil, err
	}
	var took []time.Duration
	inTime := int64(0)
	for _, t := range f.reap() {
		took = append(took, t.took)
		if !t.at.After(end) {
			inTime++
		}
	}
	b.result.TurnsPerSecond, b.result.TurnMS = perSecond(inTime, b.Duration), spread(took)
	b.result.costs(before, after, len(took), b.DB != "")
	return all.acknowledged, nil
}

func (b *run) halfLoad(ctx context.Context, s *site, p *provider, f *fleet) ([]int64, error) {
	desk, err := b.openDesk(ctx, s)
	if err != nil {
		return nil, err
	}
	defer desk.close()
	var all load
	err = b.during(ctx, "half load", func(ctx context.Context) (err error) {
		var group sync.WaitGroup
		var lists, searches []time.Duration
		var deskErr error
		group.Go(func() { lists, searches, deskErr = desk.watch(ctx) })
		// Room for all that is due, so that the pace never depends on the clients.
		due := make(chan time.Time, int(b.result.TurnsPerSecond*b.Duration.Seconds())+1)
		go pace(ctx, b.result.TurnsPerSecond/2, due)
		all, err = drive(s.hook, s.hosts, p.Server, b.Clients, func(c *caller, l *load) error { return f.answer(ctx, due, c, l) })
		group.Wait()
		b.result.ListsMS, b.result.SearchMS = spread(lists), spread(searches)
		return errors.Join(err, deskErr)
	})
	if err != nil {
		return nil, err
	}
	b.drain(ctx, f)
	b.result.WebhookHalfLoadMS = spread(all.took)
	return all.acknowledged, nil
}

func (b *run) drain(ctx context.Context, f *fleet) {
	ctx, cancel := context.WithTimeout(ctx, drainTime)
	defer cancel()
	f.settled(ctx)
}

// with runs fn beside a fresh provider and a fresh site at a place.
func (b *run) with(ctx context.Context, at place, f *fleet, hold bool, fn func(*site, *provider) error) error {
	p, err := startProvider(f.accepted)
	if err != nil {
		return err
	}
	defer p.close()
	if err := publishBrand(ctx, at, p); err != nil {
		return err
	}
	if err := b.seed(ctx, at); err != nil {
		return err
	}
	s, err := startSite(ctx, at, p, hold, b.Nodes, b.log)
	if err != nil {
		return err
	}
	return errors.Join(fn(s, p), s.close())
}

// count adds up what was lost and what happened twice.
func (b *run) count(ctx context.Context, s *site, p *provider, f *fleet, acknowledged []int64, silent bool) error {
	t := newTally(acknowledged, silent)
	t.outbox(p.Sent())
	if err := t.transcripts(ctx, s.store(), f.addresses()); err != nil {
		return err
	}
	lost, duplicated := t.verdict()
	b.result.Lost += lost
	b.result.Duplicated += duplicated
	return nil
}

// watchMemory keeps the highest resident memory until stop is called.
func (b *run) watchMemory() (stop func()) {
	quit, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(250 * time.Millisecond)
		defer tick.Stop()
		for {
			b.peak()
			select {
			case <-quit:
				return
			case <-tick.C:
			}
		}
	}()
	return func() { close(quit); <-ended }
}

func (b *run) peak() float64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rss = max(b.rss, resident())
	return b.rss
}

func perSecond(n int64, took time.Duration) float64 { return round(float64(n)/took.Seconds(), 1) }
