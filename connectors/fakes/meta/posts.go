package meta

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Way is what happens to an event on its way to the gateway.
type Way struct {
	Delay time.Duration // events overtake each other by it
	Twice bool          // its webhook is posted once more after it was taken
	Lost  bool          // the first try never arrives
}

// Backoff of a webhook that was not taken.
const (
	firstAgain = time.Second
	lastAgain  = time.Minute
)

// posts are the events that wait to be posted.
type posts struct {
	running sync.WaitGroup

	mu      sync.Mutex
	waiting []*event
	n       int
	open    int
	idle    chan struct{} // closed when open falls to 0; nil while nobody waits
	failed  int
	stopped bool
}

type event struct {
	object string
	entry  any
	way    Way
	done   *sync.WaitGroup
}

// report posts what follows a message. What it gives waits for all of it.
func (s *Server) report(p product, m Message, fault Fault) *sync.WaitGroup {
	return s.emitAfter(fault.Hush, p, p.reports(s, m, fault.Later)...)
}

// emit posts events as entries of webhooks. What it gives waits until all were taken,
// or the server is closed.
func (s *Server) emit(p product, entries ...any) *sync.WaitGroup {
	return s.emitAfter(0, p, entries...)
}

func (s *Server) emitAfter(hush time.Duration, p product, entries ...any) *sync.WaitGroup {
	done := &sync.WaitGroup{}
	if s.hook() == "" {
		return done
	}
	q := &s.posts
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, entry := range entries {
		if q.stopped {
			break
		}
		e := &event{object: p.object(), entry: entry, done: done}
		if s.cfg.Way != nil {
			e.way = s.cfg.Way(q.n)
		}
		e.way.Delay += hush
		q.n++
		q.open++
		q.waiting = append(q.waiting, e)
		done.Add(1)
		q.running.Go(func() { s.carry(e) })
	}
	return done
}

// carry posts an event when its time has come, with others that wait.
func (s *Server) carry(e *event) {
	if !s.sleep(e.way.Delay) {
		s.posts.close(s.posts.take(e, 1))
		return
	}
	batch := s.posts.take(e, max(s.cfg.Batch, 1))
	defer s.posts.close(batch)
	if len(batch) == 0 {
		return // it went with another
	}
	entries := make([]any, len(batch))
	twice, lost := false, false
	for i, one := range batch {
		entries[i] = one.entry
		twice, lost = twice || one.way.Twice, lost || one.way.Lost
	}
	body, err := Encode(map[string]any{"object": e.object, "entry": entries})
	if err != nil {
		panic(err) // plain maps of texts
	}
	for wait := firstAgain; lost || !s.post(body); wait = min(2*wait, lastAgain) {
		lost = false
		if !s.sleep(wait) {
			return
		}
	}
	if twice {
		s.post(body)
	}
}

// take removes an event from those that wait, and with it others of the same object up
// to most; nothing when it was taken with another.
func (q *posts) take(e *event, most int) (batch []*event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var rest []*event
	found := false
	for _, one := range q.waiting {
		found = found || one == e
	}
	if !found {
		return nil
	}
	batch = append(batch, e)
	for _, one := range q.waiting {
		switch {
		case one == e:
		case one.object == e.object && len(batch) < most:
			batch = append(batch, one)
		default:
			rest = append(rest, one)
		}
	}
	q.waiting = rest
	return batch
}

func (q *posts) close(batch []*event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, e := range batch {
		e.done.Done()
	}
	if q.open -= len(batch); q.open == 0 && q.idle != nil {
		close(q.idle)
		q.idle = nil
	}
}

func (q *posts) stop() {
	q.mu.Lock()
	q.stopped = true
	q.mu.Unlock()
	q.running.Wait()
}

func (s *Server) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return s.ctx.Err() == nil
	case <-s.ctx.Done():
		return false
	}
}

// Settle waits until every event was taken.
func (s *Server) Settle(ctx context.Context) error {
	q := &s.posts
	q.mu.Lock()
	if q.open == 0 {
		q.mu.Unlock()
		return nil
	}
	if q.idle == nil {
		q.idle = make(chan struct{})
	}
	idle := q.idle
	q.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("meta: webhooks still open: %w", ctx.Err())
	}
}

// Refused is how many webhooks the gateway did not answer with 2xx.
func (s *Server) Refused() int {
	s.posts.mu.Lock()
	defer s.posts.mu.Unlock()
	return s.posts.failed
}

// post posts one webhook and tells whether it was taken.
func (s *Server) post(body []byte) bool {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, s.hook(), bytes.NewReader(body))
	if err != nil {
		panic(fmt.Sprintf("meta: Config.Hook: %v", err))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "facebookexternalua")
	req.Header.Set("X-Hub-Signature-256", Sign(s.cfg.AppSecret, body))
	resp, err := s.client.Do(req)
	if err == nil {
		defer resp.Body.Close()
		if resp.StatusCode/100 == 2 {
			return true
		}
	}
	s.posts.mu.Lock()
	defer s.posts.mu.Unlock()
	s.posts.failed++
	return false
}

// Subscribe makes the handshake with the webhook, as Meta does when its address is
// entered. The error tells how it was answered.
func (s *Server) Subscribe(ctx context.Context) error {
	const challenge = "1158201444"
	query := url.Values{"hub.mode": {"subscribe"}, "hub.verify_token": {s.cfg.VerifyToken}, "hub.challenge": {challenge}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.hook()+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err == nil && (resp.StatusCode != http.StatusOK || string(body) != challenge) {
		err = fmt.Errorf("meta: the callback URL or verify token couldn't be validated: status %d, %q", resp.StatusCode, body)
	}
	return err
}
