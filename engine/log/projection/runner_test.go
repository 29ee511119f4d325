package projection_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/log/projection"
	"parley/storage/sqlite"
	"parley/storage/sqlite/sqlitetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T) engine.Store {
	t.Helper()
	store := sqlitetest.Open(t)
	return store
}

// seen writes a row for each event with how often it came: the order and the
// number of all are in the row "all".
func seen(version int) engine.Projection {
	return engine.Projection{Name: "seen", Version: version, Kinds: []engine.EventKind{engine.EventPresence}, Apply: func(tx engine.Tx, events []engine.Event) error {
		row, err := tx.Projections().Row("seen", "all")
		if err != nil && engine.CodeOf(err) != engine.NotFound {
			return err
		}
		for _, e := range events {
			row.Value = fmt.Appendf(row.Value, "%s ", e.Data)
		}
		row.Key = "all"
		return tx.Projections().SaveRow("seen", row)
	}}
}

func rows(t *testing.T, store engine.Store) []string {
	t.Helper()
	var all string
	err := store.View(t.Context(), func(tx engine.Tx) error {
		row, err := tx.Projections().Row("seen", "all")
		all = string(row.Value)
		return err
	})
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		t.Fatal(err)
	}
	return strings.Fields(all)
}

func add(store engine.Store, kind engine.EventKind, data ...string) error {
	return store.Update(context.Background(), func(tx engine.Tx) error {
		for _, d := range data {
			if err := tx.Events().Add(&engine.Event{Brand: "acme", Kind: kind, Data: []byte(d)}); err != nil {
				return err
			}
		}
		return nil
	})
}

func position(t *testing.T, store engine.Store) (p engine.Position) {
	t.Helper()
	if err := store.View(t.Context(), func(tx engine.Tx) (err error) { p, err = tx.Projections().Position("seen"); return err }); err != nil {
		t.Fatal(err)
	}
	return p
}

func catchUp(t *testing.T, r *projection.Runner) {
	t.Helper()
	if err := r.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// dying is a store whose process dies now and then: before an update commits, or
// after it did and before anybody heard of it.
type dying struct {
	engine.Store
	mu   sync.Mutex
	rng  *rand.Rand
	died int
}

var errDied = errors.New("died")

func (d *dying) Update(ctx context.Context, fn func(engine.Tx) error) error {
	d.mu.Lock()
	fate := d.rng.IntN(4)
	if fate < 2 {
		d.died++
	}
	d.mu.Unlock()
	switch fate {
	case 0:
		return d.Store.Update(ctx, func(tx engine.Tx) error {
			if err := fn(tx); err != nil {
				return err
			}
			return errDied
		})
	case 1:
		if err := d.Store.Update(ctx, fn); err != nil {
			return err
		}
		return errDied
	}
	return d.Store.Update(ctx, fn)
}

// TestEachEventOnce: two processes apply the log and die again and again while
// others write it. Each event is in the rows once, in the order of the log.
func TestEachEventOnce(t *testing.T) {
	t.Parallel()
	store := open(t)
	const writers, each = 4, 60
	var writing, running sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				if err := add(store, engine.EventPresence, fmt.Sprintf("%d-%d", w, i)); err != nil {
					t.Error(err)
				}
				if err := add(store, engine.EventChannel, "{}"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	written := make(chan struct{})
	var deaths atomic.Int64
	for i := range 2 {
		running.Go(func() {
			d := &dying{Store: store, rng: rand.New(rand.NewPCG(1, uint64(i)))}
			for last := false; ; {
				r := projection.Runner{Store: d, Projections: []engine.Projection{seen(1)}} // a new process
				err := r.CatchUp(t.Context())
				switch {
				case errors.Is(err, errDied):
					continue
				case err != nil:
					t.Error(err)
					return
				case last:
					deaths.Add(int64(d.died))
					return
				}
				select {
				case <-written:
					last = true
				default:
				}
			}
		})
	}
	writing.Wait()
	close(written)
	running.Wait()
	var want []string
	err := store.View(t.Context(), func(tx engine.Tx) error {
		events, err := tx.Events().List(engine.EventFilter{Kinds: []engine.EventKind{engine.EventPresence}, Limit: 10_000})
		for _, e := range events {
			want = append(want, string(e.Data))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := rows(t, store); len(want) != writers*each || strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %d events, want %d:\n%v", len(got), len(want), got)
	}
	if deaths.Load() == 0 {
		t.Error("nobody died")
	}
}

// TestLateCommit: what an open transaction has written already is applied when it
// commits, though others read the log meanwhile.
func TestLateCommit(t *testing.T) {
	t.Parallel()
	store := open(t)
	if err := add(store, engine.EventPresence, "1"); err != nil {
		t.Fatal(err)
	}
	r := projection.Runner{Store: store, Projections: []engine.Projection{seen(1)}}
	catchUp(t, &r)
	wrote, commit, done := make(chan struct{}), make(chan struct{}), make(chan error, 2)
	go func() {
		done <- store.Update(context.Background(), func(tx engine.Tx) error {
			err := tx.Events().Add(&engine.Event{Brand: "acme", Kind: engine.EventPresence, Data: []byte("2")})
			close(wrote)
			<-commit
			return err
		})
	}()
	<-wrote
	go func() { done <- add(store, engine.EventPresence, "3") }()
	catchUp(t, &r)
	if got := rows(t, store); len(got) != 1 {
		t.Errorf("before the commit: %v", got)
	}
	close(commit)
	if err := errors.Join(<-done, <-done); err != nil {
		t.Fatal(err)
	}
	catchUp(t, &r)
	if got := fmt.Sprint(rows(t, store)); got != "[1 2 3]" {
		t.Errorf("after it: %s", got)
	}
}

// TestVersions: another version makes its rows anew, and an older one leaves them alone.
func TestVersions(t *testing.T) {
	t.Parallel()
	store := open(t)
	var many []string
	for i := range 600 { // several batches
		many = append(many, fmt.Sprint(i))
	}
	if err := add(store, engine.EventPresence, many...); err != nil {
		t.Fatal(err)
	}
	old, next := projection.Runner{Store: store, Projections: []engine.Projection{seen(1)}}, projection.Runner{Store: store, Projections: []engine.Projection{seen(2)}}
	for _, r := range []*projection.Runner{&old, &old, &next, &next} {
		catchUp(t, r)
		if got := rows(t, store); strings.Join(got, " ") != strings.Join(many, " ") {
			t.Fatalf("got %d rows: %v", len(got), got)
		}
	}
	if err := add(store, engine.EventPresence, "new"); err != nil {
		t.Fatal(err)
	}
	if err := old.CatchUp(t.Context()); engine.CodeOf(err) != engine.Conflict {
		t.Errorf("the older version: %v", err)
	}
	catchUp(t, &next)
	if got := rows(t, store); len(got) != 601 || got[600] != "new" {
		t.Errorf("got %d rows", len(got))
	}
	if p := position(t, store); p != (engine.Position{Version: 2, At: 601}) {
		t.Errorf("it is at %+v", p)
	}
}

// TestIdle: what a projection does not read costs no write, and is not read again
// for ever after a restart.
func TestIdle(t *testing.T) {
	t.Parallel()
	store := open(t)
	r := projection.Runner{Store: store, Projections: []engine.Projection{seen(1)}}
	catchUp(t, &r)
	for _, step := range []struct {
		others int
		want   engine.Cursor
	}{{9_999, 0}, {1, 10_000}, {1, 10_000}} {
		data := strings.Split(strings.Repeat("{} ", step.others), " ")[:step.others]
		if err := add(store, engine.EventChannel, data...); err != nil {
			t.Fatal(err)
		}
		catchUp(t, &r)
		if p := position(t, store); p != (engine.Position{Version: 1, At: step.want}) {
			t.Errorf("after %d others it is at %+v", step.others, p)
		}
	}
	if err := add(store, engine.EventPresence, "1"); err != nil {
		t.Fatal(err)
	}
	catchUp(t, &r)
	if got := rows(t, store); len(got) != 1 || position(t, store).At != 10_002 {
		t.Errorf("got %v at %+v", got, position(t, store))
	}
}

// TestFailing: a projection that fails stops nobody else, writes nothing, is told
// once, and goes on where it stopped.
func TestFailing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store, err := sqlite.Open(context.Background(), sqlite.Config{Dir: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		defer store.Close()
		var works atomic.Bool
		failing := engine.Projection{Name: "failing", Version: 1, Kinds: []engine.EventKind{engine.EventPresence}, Apply: func(tx engine.Tx, events []engine.Event) error {
			err := tx.Projections().SaveRow("failing", engine.ProjectionRow{Key: "n", Value: fmt.Append(nil, len(events))})
			if !works.Load() {
				err = errors.New("the disk is full of eels")
			}
			return err
		}}
		var told bytes.Buffer
		r := projection.Runner{Store: store, Projections: []engine.Projection{failing, seen(1)}, Log: slog.New(slog.NewTextHandler(&told, nil))}
		if err := add(store, engine.EventPresence, "1"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() { ended <- r.Run(ctx) }()
		failed := func() (value string) {
			err := store.View(context.Background(), func(tx engine.Tx) error {
				row, err := tx.Projections().Row("failing", "n")
				value = string(row.Value)
				return err
			})
			if err != nil && engine.CodeOf(err) != engine.NotFound {
				t.Fatal(err)
			}
			return value
		}
		time.Sleep(10*time.Second + time.Millisecond)
		if got := rows(t, store); len(got) != 1 || failed() != "" {
			t.Errorf("the other made %v, the failing one %q", got, failed())
		}
		if err := add(store, engine.EventPresence, "2"); err != nil {
			t.Fatal(err)
		}
		works.Store(true)
		time.Sleep(time.Second)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if failed() != "2" {
			t.Errorf("then it made %q", failed())
		}
		if n := strings.Count(told.String(), "eels"); n != 1 || !strings.Contains(told.String(), "goes on") {
			t.Errorf("told %d times: %s", n, told.String())
		}
	})
}
