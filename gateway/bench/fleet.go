package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"parley/connectors/twilio/twiliotest"
)

// consumer is one conversation's other side. It waits for one answer at most.
type consumer struct {
	address string
	awaits  atomic.Int64 // number of the message that is not answered yet; 0 for none
	since   atomic.Int64 // when it was posted, in Unix nanoseconds
}

// fleet is all consumers, and what they have seen.
type fleet struct {
	consumers []*consumer
	byAddress map[string]*consumer
	idle      chan *consumer // those who await nothing, longest idle first
	last      atomic.Int64   // number of the newest message

	mu    sync.Mutex
	turns []turn
}

// turn is one message that was answered.
type turn struct {
	took time.Duration
	at   time.Time // of the answer
}

func newFleet(size int) *fleet {
	f := &fleet{byAddress: make(map[string]*consumer, size), idle: make(chan *consumer, size)}
	for i := range size {
		c := &consumer{address: fmt.Sprintf("+1555%07d", i+1)}
		f.consumers = append(f.consumers, c)
		f.byAddress[c.address] = c
		f.idle <- c
	}
	return f
}

func (f *fleet) addresses() []string {
	all := make([]string, len(f.consumers))
	for i, c := range f.consumers {
		all[i] = c.address
	}
	return all
}

// accepted is told of each message that the provider has taken.
func (f *fleet) accepted(to, body string) {
	now := time.Now()
	n, ok := textNumber(body)
	c := f.byAddress[to]
	if !ok || c == nil {
		return
	}
	since := c.since.Load()
	if !c.awaits.CompareAndSwap(n, 0) {
		return // a second answer; the tally finds it in the outbox
	}
	f.mu.Lock()
	f.turns = append(f.turns, turn{now.Sub(time.Unix(0, since)), now})
	f.mu.Unlock()
	f.idle <- c
}

// reap gives the turns so far and forgets them.
func (f *fleet) reap() []turn {
	f.mu.Lock()
	defer f.mu.Unlock()
	turns := f.turns
	f.turns = nil
	return turns
}

// settled waits until nobody awaits an answer, or ctx ends.
func (f *fleet) settled(ctx context.Context) {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for len(f.idle) < len(f.consumers) {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// load is what one phase's clients have posted.
type load struct {
	acknowledged []int64
	took         []time.Duration // from when it was due to the acknowledgement
	lasted       time.Duration
}

// drive runs clients connections at once, each doing work until it fails or
// says that it has done enough, each on one of the hosts. It gives what all of them did.
func drive(hook string, hosts []string, p *twiliotest.Server, clients int, work func(*caller, *load) error) (load, error) {
	parts, errs := make([]load, clients), make([]error, clients)
	var group sync.WaitGroup
	began := time.Now()
	for i := range clients {
		group.Go(func() {
			sign, err := newSigner(hook, p.AccountSID(), p.AuthToken())
			if err != nil {
				errs[i] = err
				return
			}
			c, err := dial(hosts[i%len(hosts)], sign)
			if err != nil {
				errs[i] = err
				return
			}
			defer c.close()
			errs[i] = work(c, &parts[i])
		})
	}
	group.Wait()
	all := load{lasted: time.Since(began)}
	for _, part := range parts {
		all.acknowledged = append(all.acknowledged, part.acknowledged...)
		all.took = append(all.took, part.took...)
	}
	return all, errors.Join(errs...)
}

// pour posts messages as fast as they are acknowledged, until ctx ends.
func (f *fleet) pour(ctx context.Context, c *caller, l *load) error {
	for ctx.Err() == nil {
		n := f.last.Add(1)
		began := time.Now()
		if err := c.post(n, f.consumers[n%int64(len(f.consumers))].address); err != nil {
			return err
		}
		l.took = append(l.took, time.Since(began))
		l.acknowledged = append(l.acknowledged, n)
	}
	return nil
}

// converse posts for whoever is idle, until ctx ends.
func (f *fleet) converse(ctx context.Context, c *caller, l *load) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case who := <-f.idle:
			if err := f.post(c, l, who, time.Now()); err != nil {
				return err
			}
		}
	}
}

// answer posts a message each time that one is due, until due is closed.
func (f *fleet) answer(ctx context.Context, due <-chan time.Time, c *caller, l *load) error {
	for at := range due {
		select {
		case <-ctx.Done():
			return nil
		case who := <-f.idle:
			if err := f.post(c, l, who, at); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *fleet) post(c *caller, l *load, who *consumer, due time.Time) error {
	n := f.last.Add(1)
	who.since.Store(time.Now().UnixNano())
	who.awaits.Store(n)
	if err := c.post(n, who.address); err != nil {
		return err
	}
	l.took = append(l.took, time.Since(due))
	l.acknowledged = append(l.acknowledged, n)
	return nil
}

// pace sends the time perSecond times a second until ctx ends. It never waits
// for who reads: a late reader sees how late it is.
func pace(ctx context.Context, perSecond float64, due chan<- time.Time) {
	defer close(due)
	began, tick := time.Now(), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for sent := 0.0; ; {
		select {
		case <-ctx.Done():
			return
		case now := <-tick.C:
			for want := now.Sub(began).Seconds() * perSecond; sent < want; sent++ {
				select {
				case due <- now:
				case <-ctx.Done():
					return
				}
			}
		}
	}
}
