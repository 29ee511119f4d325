package log_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/bus"
	"parley/engine/log"
	"parley/storage/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a real store with conversations "<brand>-<consumer>" of two brands, and a running hub.
type world struct {
	t     *testing.T
	store engine.Store
	bus   *bus.Bus
	hub   *log.Hub
	stop  func()
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := openWorld(t)
	w.run()
	t.Cleanup(w.close)
	return w
}

func openWorld(t *testing.T) *world {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, store: store, bus: bus.New()}
	w.hub = log.New(log.Config{Store: store, Bus: w.bus, Log: slog.New(slog.DiscardHandler)})
	w.update(func(tx engine.Tx) error {
		for _, brand := range []string{"acme", "other"} {
			for _, who := range []string{"pat", "sam", "lou"} {
				err := tx.Conversations().Add(engine.Conversation{
					ID: brand + "-" + who, Brand: brand, Channel: brand + ".web", Kind: "webchat", Consumer: who, Address: who,
					State: engine.Open, Owner: engine.OwnerBot,
				})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	return w
}

func (w *world) run() {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.hub.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
}

func (w *world) close() {
	w.stop()
	if err := w.store.Close(); err != nil {
		w.t.Error(err)
	}
}

func (w *world) update(fn func(engine.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// write appends n events of a conversation in one transaction, without a wake-up.
func (w *world) write(brand, conversation string, n int) (last engine.Cursor) {
	w.t.Helper()
	w.update(func(tx engine.Tx) error {
		for i := range n {
			e := engine.Event{Brand: brand, Conversation: conversation, Kind: engine.EventMessage, Data: fmt.Appendf(nil, `{"n":%d}`, i)}
			if err := tx.Events().Add(&e); err != nil {
				return err
			}
			last = engine.Cursor(e.Seq)
		}
		return nil
	})
	return last
}

func (w *world) wake() { w.bus.Publish(engine.Signal{Topic: engine.TopicEvents}) }

func (w *world) subscribe(f log.Filter) *log.Subscription {
	w.t.Helper()
	s, err := w.hub.Subscribe(w.t.Context(), f)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// take reads n events' sequence numbers.
func take(t *testing.T, s *log.Subscription, n int) (seqs []int64) {
	t.Helper()
	timeout := time.After(30 * time.Second)
	for len(seqs) < n {
		select {
		case item, ok := <-s.C:
			if !ok {
				t.Fatalf("ended after %d of %d: %v", len(seqs), n, s.Err())
			}
			if item.Event != nil {
				seqs = append(seqs, item.Event.Seq)
			}
		case <-timeout:
			t.Fatalf("got %d of %d", len(seqs), n)
		}
	}
	return seqs
}

func upTo(from, to int64) (out []int64) {
	for i := from; i <= to; i++ {
		out = append(out, i)
	}
	return out
}

func TestReplayThenFollow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("acme", "acme-pat", 1000) // several pages, all before the hub's memory or in it
	s := w.subscribe(log.Filter{Brand: "acme", After: 10})
	if diff := cmp.Diff(upTo(11, 1000), take(t, s, 990)); diff != "" {
		t.Fatal(diff)
	}
	w.write("acme", "", 3)
	w.wake()
	if diff := cmp.Diff(upTo(1001, 1003), take(t, s, 3)); diff != "" {
		t.Fatal(diff)
	}
	s.Close()
	if _, open := <-s.C; open || s.Err() != nil {
		t.Errorf("after Close: open %t, error %v", open, s.Err())
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	write := func() {
		w.write("acme", "acme-pat", 1)   // 1, 6
		w.write("other", "other-pat", 1) // 2, 7
		w.write("acme", "acme-sam", 1)   // 3, 8
		w.write("acme", "", 1)           // 4, 9
		w.write("acme", "acme-lou", 1)   // 5, 10
	}
	write()
	brand := w.subscribe(log.Filter{Brand: "acme"})
	pat := w.subscribe(log.Filter{Brand: "acme", Consumer: "pat"})
	late := w.subscribe(log.Filter{Brand: "acme", Consumer: "sam", After: 3})
	write()
	w.wake()
	w.write("acme", "acme-pat", 1)
	w.write("acme", "acme-sam", 1)
	w.wake()
	for name, tt := range map[string]struct {
		s    *log.Subscription
		want []int64
	}{
		"brand":    {brand, []int64{1, 3, 4, 5, 6, 8, 9, 10, 11, 12}},
		"consumer": {pat, []int64{1, 6, 11}},
		"after":    {late, []int64{8, 12}},
	} {
		if diff := cmp.Diff(tt.want, take(t, tt.s, len(tt.want))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	// The memory of the hub filters as the store does.
	again := w.subscribe(log.Filter{Brand: "acme", Consumer: "pat", After: 5})
	if diff := cmp.Diff([]int64{6, 11}, take(t, again, 2)); diff != "" {
		t.Error(diff)
	}
	if _, err := w.hub.Subscribe(t.Context(), log.Filter{}); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("without a brand: %v", err)
	}
}

// Readers join and leave at random cursors while others write. Whatever a
// reader gets is all of its brand from its cursor on, each once and in order.
func TestNoGapAndNoDouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const writers, writes = 4, 80
	var writing, reading sync.WaitGroup
	for i := range writers {
		writing.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(i), 1))
			for range writes {
				who := []string{"pat", "sam"}[rng.IntN(2)]
				brand := []string{"acme", "acme", "other"}[rng.IntN(3)]
				w.write(brand, brand+"-"+who, 1+rng.IntN(20))
				if rng.IntN(3) > 0 {
					w.wake()
				}
			}
		})
	}
	type run struct {
		filter log.Filter
		seqs   []int64
	}
	var mu sync.Mutex
	var runs []run
	written := make(chan struct{})
	for i := range 8 {
		reading.Go(func() {
			rng := rand.New(rand.NewPCG(uint64(i), 2))
			for {
				f := log.Filter{Brand: "acme", Consumer: []string{"", "pat"}[rng.IntN(2)]}
				if rng.IntN(2) == 0 {
					_ = w.store.View(t.Context(), func(tx engine.Tx) error {
						last, err := tx.Events().Last()
						f.After = engine.Cursor(rng.Int64N(int64(last) + 1))
						return err
					})
				}
				s, err := w.hub.Subscribe(t.Context(), f)
				if err != nil {
					t.Error(err)
					return
				}
				r := run{filter: f}
				for range rng.IntN(2000) {
					select {
					case item, ok := <-s.C:
						if !ok {
							if !errors.Is(s.Err(), log.ErrSlow) {
								t.Error(s.Err())
							}
							break
						}
						r.seqs = append(r.seqs, item.Event.Seq)
						continue
					case <-written:
					}
					break
				}
				s.Close()
				mu.Lock()
				runs = append(runs, r)
				mu.Unlock()
				select {
				case <-written:
					return
				default:
				}
			}
		})
	}
	writing.Wait()
	close(written)
	reading.Wait()

	all := make(map[log.Filter][]engine.Event)
	for _, f := range []log.Filter{{Brand: "acme"}, {Brand: "acme", Consumer: "pat"}} {
		err := w.store.View(t.Context(), func(tx engine.Tx) (err error) {
			all[f], err = tx.Events().List(engine.EventFilter{Brand: f.Brand, Consumer: f.Consumer, Limit: 1_000_000})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	events := 0
	for _, r := range runs {
		key := log.Filter{Brand: r.filter.Brand, Consumer: r.filter.Consumer}
		var want []int64
		for _, e := range all[key] {
			if engine.Cursor(e.Seq) > r.filter.After && len(want) < len(r.seqs) {
				want = append(want, e.Seq)
			}
		}
		if diff := cmp.Diff(want, r.seqs); diff != "" {
			t.Fatalf("%+v: %s", r.filter, diff)
		}
		events += len(r.seqs)
	}
	if events == 0 {
		t.Fatal("nobody read anything")
	}
	t.Logf("%d readers, %d events", len(runs), events)
}

func TestSlowReaderIsCutAndResumes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	slow := w.subscribe(log.Filter{Brand: "acme"})
	quick := w.subscribe(log.Filter{Brand: "acme"})
	for range 30 {
		w.write("acme", "acme-pat", 100)
		w.wake()
		take(t, quick, 100)
	}
	w.write("acme", "acme-pat", 1)
	w.wake()
	take(t, quick, 1)
	var got []int64
	for item := range slow.C {
		got = append(got, item.Event.Seq)
	}
	if !errors.Is(slow.Err(), log.ErrSlow) || len(got) > 2*256 {
		t.Fatalf("got %d events and %v, want its buffer and ErrSlow", len(got), slow.Err())
	}
	resumed := w.subscribe(log.Filter{Brand: "acme", After: engine.Cursor(got[len(got)-1])})
	if diff := cmp.Diff(upTo(1, 3001), append(got, take(t, resumed, 3001-len(got))...)); diff != "" {
		t.Error(diff)
	}
}

// A burst larger than the buffer does not cut a reader who then reads.
func TestBurst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	quick := w.subscribe(log.Filter{Brand: "acme"})
	late := w.subscribe(log.Filter{Brand: "acme"})
	w.write("acme", "acme-pat", 900)
	w.wake()
	take(t, quick, 900) // now late's buffer has run over
	if diff := cmp.Diff(upTo(1, 900), take(t, late, 900)); diff != "" {
		t.Error(diff)
	}
	w.write("acme", "acme-pat", 2)
	w.wake()
	if diff := cmp.Diff(upTo(901, 902), take(t, late, 2)); diff != "" {
		t.Error(diff)
	}
}

func TestReplayWaitsForItsReader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	quick := w.subscribe(log.Filter{Brand: "acme"})
	for range 30 {
		w.write("acme", "acme-pat", 100)
		w.wake()
		take(t, quick, 100)
	}
	// 3,000 events are far more than the buffer, and reach below the hub's memory.
	s := w.subscribe(log.Filter{Brand: "acme"})
	if diff := cmp.Diff(upTo(1, 3000), take(t, s, 3000)); diff != "" {
		t.Error(diff)
	}
}

func TestCursorBeyondTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	last := w.write("acme", "acme-pat", 3)
	if _, err := w.hub.Subscribe(t.Context(), log.Filter{Brand: "acme", After: last + 1}); !errors.Is(err, log.ErrReset) {
		t.Errorf("got %v, want ErrReset", err)
	}
	if _, _, err := w.hub.Wait(t.Context(), log.Filter{Brand: "acme", After: last + 1}, time.Hour); !errors.Is(err, log.ErrReset) {
		t.Errorf("got %v, want ErrReset", err)
	}
	// The end of the log is fine, also when the hub has not read so far yet.
	s := w.subscribe(log.Filter{Brand: "acme", After: last})
	w.write("acme", "acme-pat", 1)
	w.wake()
	if diff := cmp.Diff(upTo(4, 4), take(t, s, 1)); diff != "" {
		t.Error(diff)
	}
}

func TestPassingRemarks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	brand := w.subscribe(log.Filter{Brand: "acme"})
	pat := w.subscribe(log.Filter{Brand: "acme", Consumer: "pat"})
	for _, s := range []engine.Signal{
		{Brand: "other", Key: "acme-pat", Data: []byte("no: not the brand's conversation")},
		{Brand: "acme", Key: "acme-sam", Data: []byte("sam types")},
		{Brand: "acme", Key: "acme-pat", Data: []byte("pat types")},
	} {
		s.Topic = engine.TopicPass
		w.bus.Publish(s)
	}
	read := func(s *log.Subscription) string {
		select {
		case item := <-s.C:
			if item.Pass == nil || item.Event != nil {
				t.Fatalf("got %+v", item)
			}
			return string(item.Pass.Data)
		case <-time.After(30 * time.Second):
			t.Fatal("nothing came")
			return ""
		}
	}
	if got := []string{read(brand), read(brand), read(pat)}; !cmp.Equal(got, []string{"sam types", "pat types", "pat types"}) {
		t.Errorf("got %q", got)
	}
}

func TestEnds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("acme", "acme-pat", 2000)
	ctx, cancel := context.WithCancel(t.Context())
	replaying, err := w.hub.Subscribe(ctx, log.Filter{Brand: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	following, err := w.hub.Subscribe(ctx, log.Filter{Brand: "acme", After: 2000})
	if err != nil {
		t.Fatal(err)
	}
	stays := w.subscribe(log.Filter{Brand: "acme", After: 2000})
	cancel()
	for _, s := range []*log.Subscription{replaying, following} {
		for range s.C { // what is buffered, then the end
		}
		if !errors.Is(s.Err(), context.Canceled) {
			t.Errorf("got %v", s.Err())
		}
	}
	w.stop()
	if _, open := <-stays.C; open || !errors.Is(stays.Err(), log.ErrStopped) {
		t.Errorf("open %t, error %v", open, stays.Err())
	}
	if _, err := w.hub.Subscribe(t.Context(), log.Filter{Brand: "acme"}); !errors.Is(err, log.ErrStopped) {
		t.Errorf("got %v, want ErrStopped", err)
	}
}

func TestSubscribeWaitsForRun(t *testing.T) {
	t.Parallel()
	w := openWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.hub.Subscribe(ctx, log.Filter{Brand: "acme"}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	w.run()
	w.subscribe(log.Filter{Brand: "acme"})
	w.close()
}

func TestWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("acme", "acme-pat", 300)
	events, next, err := w.hub.Wait(t.Context(), log.Filter{Brand: "acme"}, time.Hour)
	if err != nil || len(events) == 0 || events[0].Seq != 1 || next != engine.Cursor(events[len(events)-1].Seq) {
		t.Fatalf("got %d events, %v, %v", len(events), next, err)
	}
	got := make(chan []engine.Event)
	go func() {
		events, _, err := w.hub.Wait(t.Context(), log.Filter{Brand: "acme", After: 300}, time.Hour)
		if err != nil {
			t.Error(err)
		}
		got <- events
	}()
	w.write("acme", "acme-sam", 1)
	w.wake()
	if events := <-got; len(events) != 1 || events[0].Seq != 301 {
		t.Errorf("got %+v", events)
	}
}

// Time is faked here: a wake-up that is lost costs a second at most, and a
// long poll that finds nothing skips ahead over what concerns others.
func TestPollingIsTheBackup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := openWorld(t)
		defer w.close()
		w.run()
		start := time.Now()
		s, err := w.hub.Subscribe(context.Background(), log.Filter{Brand: "acme"})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		w.write("acme", "acme-pat", 1) // and nobody wakes the hub
		if item := <-s.C; item.Event.Seq != 1 || time.Since(start) > time.Second {
			t.Errorf("got %+v after %v", item, time.Since(start))
		}

		last := w.write("other", "other-pat", 5)
		start = time.Now()
		events, next, err := w.hub.Wait(context.Background(), log.Filter{Brand: "acme", After: 1}, 20*time.Second)
		if err != nil || len(events) != 0 || next != last || time.Since(start) != 20*time.Second {
			t.Errorf("got %d events, %v, %v after %v", len(events), next, err, time.Since(start))
		}
	})
}
