package sqlite

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"parley/engine"
)

// maxBatch is how many updates share one commit, and so one fsync.
const maxBatch = 64

// The states of a request.
const (
	waiting int32 = iota
	running
	abandoned
)

// request is one caller's update on its way through the writer.
type request struct {
	fn    func(engine.Tx) error
	state atomic.Int32
	err   error
	wakes []engine.Signal
	done  chan struct{}
}

// writer runs updates one after the other on the only writing connection and
// commits them in groups.
type writer struct {
	conn    *conn
	queue   chan *request
	batch   []*request
	last    int // size of the batch before
	ended   chan struct{}
	holds   atomic.Bool // the database's lock
	publish atomic.Pointer[func(engine.Signal)]
	news    chan struct{} // has one entry when something was committed since it was read

	mu     sync.RWMutex // held for reading while a caller queues
	closed bool
}

func startWriter(c *conn) *writer {
	c.recent = chains{}
	w := &writer{conn: c, queue: make(chan *request, 4*maxBatch), ended: make(chan struct{}), news: make(chan struct{}, 1)}
	go w.loop()
	return w
}

func (w *writer) update(ctx context.Context, fn func(engine.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	r := &request{fn: fn, done: make(chan struct{})}
	if err := w.enqueue(ctx, r); err != nil {
		return err
	}
	select {
	case <-r.done:
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, abandoned) {
			return ctx.Err()
		}
		<-r.done // it runs already, and only its result is the truth
	}
	if publish := w.publish.Load(); publish != nil && r.err == nil {
		for _, s := range r.wakes {
			(*publish)(s)
		}
	}
	return r.err
}

func (w *writer) enqueue(ctx context.Context, r *request) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return isClosed("store")
	}
	select {
	case w.queue <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close lets the queued updates finish and ends the goroutine.
func (w *writer) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		close(w.queue)
	}
	w.mu.Unlock()
	<-w.ended
}

func (w *writer) loop() {
	finished := false
	defer func() {
		if finished {
			close(w.ended)
			return
		}
		// A function ended this goroutine (runtime.Goexit, as t.FailNow does).
		// Its batch fails, everybody else goes on.
		w.giveUp(engine.Errorf(engine.Internal, "an update ended the writer"))
		w.answer()
		go w.loop()
	}()
	for first := range w.queue {
		w.collect(first)
		w.commitBatch()
		w.answer()
	}
	finished = true
}

// collect gathers what waits. Callers whose last update was just answered need
// a moment to come back with the next one; waiting for as many as the last
// batch held, without sleeping, keeps the batches full.
func (w *writer) collect(first *request) {
	w.take(first)
	for idle := 0; len(w.batch) < maxBatch; {
		select {
		case r, ok := <-w.queue:
			if !ok {
				return
			}
			w.take(r)
			idle = 0
		default:
			if idle == 16 || len(w.batch) >= w.last {
				return
			}
			idle++
			runtime.Gosched()
		}
	}
}

func (w *writer) take(r *request) {
	if r.state.CompareAndSwap(waiting, running) {
		w.batch = append(w.batch, r)
	}
}

func (w *writer) answer() {
	w.last = len(w.batch)
	for i, r := range w.batch {
		close(r.done)
		w.batch[i] = nil
	}
	w.batch = w.batch[:0]
}

// commitBatch runs the batch without savepoints first, which is twice as fast
// for small updates. When an update fails after it wrote, while others in the
// batch have written too, the batch starts again with savepoints.
func (w *writer) commitBatch() {
	if len(w.batch) == 0 {
		return
	}
	again, err := w.tryBatch(false)
	if again {
		_, err = w.tryBatch(true)
	}
	if err != nil {
		w.giveUp(err)
	}
}

// giveUp rolls back and fails all updates of the batch.
func (w *writer) giveUp(err error) {
	_ = w.conn.control("rollback") // fails when the database has rolled back already
	w.conn.broken = nil
	clear(w.conn.recent)
	for _, r := range w.batch {
		if r.err == nil {
			r.err = err
		}
	}
}

func (w *writer) tryBatch(savepoints bool) (again bool, err error) {
	c := w.conn
	c.broken = nil
	if err := c.control("begin immediate"); err != nil {
		return false, unavailable(err)
	}
	w.holds.Store(true)
	defer w.holds.Store(false)
	written := false
	for _, r := range w.batch {
		if savepoints {
			if err := c.control("savepoint u"); err != nil {
				return false, unavailable(err)
			}
		}
		c.Wrote = false
		clear(c.chains)
		c.Signals = nil
		r.err = call(r.fn, c.tx())
		if r.err == nil {
			r.err = c.chains.save(c)
		}
		if c.broken != nil {
			return false, unavailable(c.broken)
		}
		if r.err != nil && c.Wrote {
			switch {
			case savepoints:
				err = c.control("rollback to u")
			case written:
				clear(c.recent)
				return true, c.control("rollback")
			default:
				if err = c.control("rollback"); err == nil {
					err = c.control("begin immediate")
				}
			}
			if err != nil {
				return false, unavailable(err)
			}
		}
		r.wakes = c.Signals
		written = written || r.err == nil && c.Wrote
		if r.err == nil {
			c.chains.keep(c)
		}
		if savepoints {
			if err := c.control("release u"); err != nil {
				return false, unavailable(err)
			}
		}
	}
	if !written {
		if err := c.control("rollback"); err != nil {
			return false, unavailable(err)
		}
		return false, nil
	}
	if err := c.control("commit"); err != nil {
		return false, unavailable(err)
	}
	engine.Poke(w.news)
	return false, nil
}

func unavailable(err error) error {
	return engine.Errorf(engine.Unavailable, "the database cannot write now").Because(err)
}

// call runs one update; a panic is its error, so that it ends nobody else's.
func call(fn func(engine.Tx) error, t engine.Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = engine.Errorf(engine.Internal, "an update panicked").Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	return fn(t)
}
