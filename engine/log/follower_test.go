package log_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
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

func (w *world) follow(f log.Filter) *log.Follower {
	w.t.Helper()
	s, err := w.hub.Follow(w.t.Context(), f)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(s.Close)
	return s
}

// of filters for what concerns a consumer.
func of(consumer string, after engine.Cursor) log.Filter {
	return log.Filter{Brand: "acme", Visitor: true, Consumer: consumer, After: after}
}

// next waits for the next batch.
func next(t *testing.T, s *log.Follower) log.Batch {
	t.Helper()
	select {
	case <-s.C:
	case <-time.After(30 * time.Second):
		t.Fatal("nothing came")
	}
	b, err := s.Next(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// take reads n events' sequence numbers.
func take(t *testing.T, s *log.Follower, n int) (seqs []int64) {
	t.Helper()
	for len(seqs) < n {
		b := next(t, s)
		for _, item := range b.Items {
			if item.Event != nil {
				seqs = append(seqs, item.Event.Seq)
			}
		}
		if len(seqs) > 0 && b.Cursor < engine.Cursor(seqs[len(seqs)-1]) {
			t.Fatalf("a batch up to %d gives the cursor %v", seqs[len(seqs)-1], b.Cursor)
		}
	}
	if len(seqs) > n {
		t.Fatalf("got %d events, want %d", len(seqs), n)
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
	s := w.follow(log.Filter{Brand: "acme", After: 10})
	if diff := cmp.Diff(upTo(11, 1000), take(t, s, 990)); diff != "" {
		t.Fatal(diff)
	}
	w.write("acme", "", 3)
	w.wake()
	if diff := cmp.Diff(upTo(1001, 1003), take(t, s, 3)); diff != "" {
		t.Fatal(diff)
	}
	s.Close()
	s.Close()
}

// TestLive: the end of what is in the log is told once, and only then come
// passing remarks.
func TestLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("acme", "acme-pat", 600)
	s := w.follow(log.Filter{Brand: "acme", Limit: 200})
	said := engine.Signal{Topic: engine.TopicPass, Brand: "acme", Key: "acme-pat", Data: []byte("pat types")}
	w.bus.Publish(said)
	lives, events := 0, 0
	for lives == 0 {
		b := next(t, s)
		for _, item := range b.Items {
			if item.Pass != nil {
				t.Error("a passing remark before the end of the log")
			}
			events++
		}
		if b.Live {
			lives++
			if b.Cursor != 600 || events != 600 {
				t.Errorf("live at %v after %d events", b.Cursor, events)
			}
		} else if len(b.Items) > 200 {
			t.Errorf("a batch of %d", len(b.Items))
		}
	}
	w.bus.Publish(said)
	last := w.write("acme", "acme-pat", 1)
	w.wake()
	heard := false
	for at := engine.Cursor(0); at < last || !heard; {
		b := next(t, s)
		if b.Live || b.Reset {
			t.Errorf("got %+v", b)
		}
		for _, item := range b.Items {
			heard = heard || item.Pass != nil
		}
		at = b.Cursor
	}
}

// TestMeet: a visitor whom nobody knows yet gets nothing, and then all since.
func TestMeet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("acme", "acme-pat", 3)
	s := w.follow(of("", 1))
	if b := next(t, s); !b.Live || len(b.Items) != 0 || b.Cursor != 3 {
		t.Errorf("got %+v", b)
	}
	w.write("acme", "", 1) // 4, of no consumer
	w.write("acme", "acme-sam", 1)
	w.write("acme", "acme-pat", 2) // 6 and 7
	w.wake()
	take(t, w.follow(log.Filter{Brand: "acme", After: 3}), 4)
	s.Meet("pat")
	if diff := cmp.Diff(upTo(6, 7), take(t, s, 2)); diff != "" {
		t.Error(diff)
	}
	w.write("acme", "acme-pat", 1)
	w.wake()
	if diff := cmp.Diff(upTo(8, 8), take(t, s, 1)); diff != "" {
		t.Error(diff)
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
	brand := w.follow(log.Filter{Brand: "acme"})
	pat := w.follow(of("pat", 0))
	late := w.follow(of("sam", 3))
	write()
	w.wake()
	w.write("acme", "acme-pat", 1)
	w.write("acme", "acme-sam", 1)
	w.wake()
	for name, tt := range map[string]struct {
		s    *log.Follower
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
	again := w.follow(of("pat", 5))
	if diff := cmp.Diff([]int64{6, 11}, take(t, again, 2)); diff != "" {
		t.Error(diff)
	}
	if _, err := w.hub.Follow(t.Context(), log.Filter{}); engine.CodeOf(err) != engine.Invalid {
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
				f := log.Filter{Brand: "acme"}
				if rng.IntN(2) == 0 {
					f = of("pat", 0)
				}
				if rng.IntN(2) == 0 {
					_ = w.store.View(t.Context(), func(tx engine.Tx) error {
						last, err := tx.Events().Last()
						f.After = engine.Cursor(rng.Int64N(int64(last) + 1))
						return err
					})
				}
				s, err := w.hub.Follow(t.Context(), f)
				if err != nil {
					t.Error(err)
					return
				}
				r := run{filter: f}
				for range rng.IntN(40) {
					select {
					case <-s.C:
						b, err := s.Next(t.Context())
						for _, item := range b.Items {
							r.seqs = append(r.seqs, item.Event.Seq)
						}
						if err != nil {
							if !errors.Is(err, log.ErrSlow) {
								t.Error(err)
							}
							break
						}
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
	for _, f := range []log.Filter{{Brand: "acme"}, of("pat", 0)} {
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
		key := r.filter
		key.After = 0
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
	slow, quick := w.follow(log.Filter{Brand: "acme"}), w.follow(log.Filter{Brand: "acme"})
	quiet := w.follow(of("sam", 0))
	if b := next(t, slow); !b.Live {
		t.Fatalf("got %+v", b)
	}
	next(t, quick)
	next(t, quiet)
	w.write("acme", "acme-pat", 7)
	w.wake()
	take(t, quick, 7)
	got := take(t, slow, 7)
	w.write("acme", "acme-sam", 1)
	w.wake()
	take(t, quick, 1)
	for range 30 {
		w.write("acme", "acme-pat", 100)
		w.wake()
		take(t, quick, 100)
	}
	<-slow.C
	if _, err := slow.Next(t.Context()); !errors.Is(err, log.ErrSlow) {
		t.Fatalf("got %v, want ErrSlow", err)
	}
	resumed := w.follow(log.Filter{Brand: "acme", After: engine.Cursor(got[len(got)-1])})
	if diff := cmp.Diff(upTo(1, 3008), append(got, take(t, resumed, 3001)...)); diff != "" {
		t.Error(diff)
	}
	// Nobody is slow who has little to read, however much others have.
	if diff := cmp.Diff(upTo(8, 8), take(t, quiet, 1)); diff != "" {
		t.Error(diff)
	}
}

// A burst does not cut a reader who then reads.
func TestBurst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	quick, late := w.follow(log.Filter{Brand: "acme"}), w.follow(log.Filter{Brand: "acme"})
	next(t, late)
	w.write("acme", "acme-pat", 900)
	w.wake()
	take(t, quick, 900) // more than late's patience, but in memory
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
	quick := w.follow(log.Filter{Brand: "acme"})
	for range 30 {
		w.write("acme", "acme-pat", 100)
		w.wake()
		take(t, quick, 100)
	}
	// 3,000 events are far more than a batch, and reach below the hub's memory.
	s := w.follow(log.Filter{Brand: "acme"})
	if diff := cmp.Diff(upTo(1, 3000), take(t, s, 3000)); diff != "" {
		t.Error(diff)
	}
}

func TestCursorBeyondTheLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	last := w.write("acme", "acme-pat", 3)
	for _, f := range []log.Filter{{Brand: "acme", After: last + 1}, of("pat", math.MaxInt64), of("", last+5)} {
		s := w.follow(f)
		if events, b, err := s.Wait(t.Context(), time.Hour); err != nil || !b.Reset || b.Cursor != last || len(events) != 0 {
			t.Errorf("%+v: got %+v, %v, %v, want a reset", f, b, events, err)
		}
		if b := next(t, s); b.Reset || len(b.Items) > 0 {
			t.Errorf("%+v: then %+v", f, b)
		}
	}
	// The end of the log is fine, also when the hub has not read so far yet.
	s := w.follow(log.Filter{Brand: "acme", After: last})
	w.write("acme", "acme-pat", 1)
	w.wake()
	if diff := cmp.Diff(upTo(4, 4), take(t, s, 1)); diff != "" {
		t.Error(diff)
	}
}

func TestPassingRemarks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	brand, pat := w.follow(log.Filter{Brand: "acme"}), w.follow(of("pat", 0))
	next(t, brand)
	next(t, pat)
	for _, s := range []engine.Signal{
		{Brand: "other", Key: "acme-pat", Data: []byte("no: not the brand's conversation")},
		{Brand: "acme", Key: "acme-sam", Data: []byte("sam types")},
		{Brand: "acme", Key: "acme-pat", Data: []byte("pat types")},
	} {
		s.Topic = engine.TopicPass
		w.bus.Publish(s)
	}
	read := func(s *log.Follower, n int) (got []string) {
		for len(got) < n {
			for _, item := range next(t, s).Items {
				if item.Pass == nil || item.Event != nil {
					t.Fatalf("got %+v", item)
				}
				got = append(got, string(item.Pass.Data))
			}
		}
		return got
	}
	if got := append(read(brand, 2), read(pat, 1)...); !cmp.Equal(got, []string{"sam types", "pat types", "pat types"}) {
		t.Errorf("got %q", got)
	}
}

// TestRemarksKeepTheirPlace: who stops typing and sends is seen to do so in this
// order, though both wait for the same reader.
func TestRemarksKeepTheirPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s, other := w.follow(log.Filter{Brand: "acme"}), w.follow(log.Filter{Brand: "acme"})
	next(t, s)
	next(t, other)
	say := func(text string) {
		w.bus.Publish(engine.Signal{Topic: engine.TopicPass, Brand: "acme", Key: "acme-pat", Data: []byte(text)})
		for len(next(t, other).Items) == 0 {
		}
	}
	say("types")
	w.write("acme", "acme-pat", 1)
	w.wake()
	take(t, other, 1)
	say("types again")
	var got []string
	for _, item := range next(t, s).Items {
		if item.Event != nil {
			got = append(got, "event")
		} else {
			got = append(got, string(item.Pass.Data))
		}
	}
	if want := []string{"types", "event", "types again"}; !cmp.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestDroppedEvents: who missed events that are gone is told, starts again and gets what
// comes; who has read them, and who wants all there is, go on.
func TestDroppedEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.write("acme", "acme-pat", 600)
	w.update(func(tx engine.Tx) error {
		_, err := tx.Events().Drop(time.UnixMilli(1), 100)
		return err
	})
	for _, f := range []log.Filter{{Brand: "acme", After: 99}, {Brand: "other", After: 1}, of("pat", 99), of("", 50)} {
		s := w.follow(f)
		b := next(t, s)
		if !b.Reset || !b.Live || b.Cursor != 600 || len(b.Items) > 0 {
			t.Errorf("%+v: got %+v", f, b)
		}
	}
	for after, want := range map[engine.Cursor]int{0: 500, 100: 500, 101: 499} {
		if got := take(t, w.follow(log.Filter{Brand: "acme", After: after}), want); got[len(got)-1] != 600 {
			t.Errorf("after %d the last is %d", after, got[len(got)-1])
		}
	}
	behind := w.follow(of("pat", 99))
	next(t, behind)
	w.write("acme", "acme-pat", 1)
	w.wake()
	if diff := cmp.Diff([]int64{601}, take(t, behind, 1)); diff != "" {
		t.Error(diff)
	}
}
