package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/egress"
)

// Call is one try of a bot's outside call.
type Call struct {
	Request engine.HTTPRequest
	Hosts   []string                      // that the brand's bots may call
	Secrets map[string]engine.BrandSecret // of the brand
	Key     string                        // for Idempotency-Key: the same in every try
}

// Answer is what came of a try.
type Answer struct {
	engine.HTTPResponse
	Retry      bool          // another try may do better and cannot do the work twice
	RetryAfter time.Duration // how long the server asks to wait
}

// Fetch performs a try. Whatever goes wrong is told by the Answer.
type Fetch func(ctx context.Context, call Call) Answer

// Local gives a Fetch that goes out through the guarded fetcher.
func Local(f *egress.Fetcher) Fetch {
	return func(ctx context.Context, c Call) Answer {
		r := f.Fetch(ctx, egress.Request{
			Method: c.Request.Method, URL: c.Request.URL, Header: c.Request.Header, Body: c.Request.Body,
			Timeout: seconds(c.Request.Timeout), IdempotencyKey: c.Key, Hosts: c.Hosts, SecretHeader: c.Request.Secrets, Secrets: c.Secrets,
		})
		return Answer{engine.HTTPResponse{Status: r.Status, Header: r.Header, Body: r.Body, Error: r.Error}, r.Retry, r.RetryAfter}
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Limits of the tries of one outside call.
const (
	maxRetries = 3
	// maxLost is how many tries may be lost: a call that takes the process down each
	// time is not made for ever.
	maxLost = 8
	// maxRetrying bounds the time from the call to its last try.
	maxRetrying = time.Minute
	// leaseSpare is the time to settle a call that took as long as it may.
	leaseSpare = 10 * time.Second
)

// again decides whether and when a call is tried again. failed counts the tries
// that failed, this one included.
func (p Policy) again(req engine.HTTPRequest, a Answer, failed int, created, now time.Time) (time.Time, bool) {
	if !a.Retry || failed > min(req.Retries, maxRetries) {
		return time.Time{}, false
	}
	at := now.Add(max(p.backoff(failed), a.RetryAfter))
	return at, !at.After(created.Add(maxRetrying))
}

// fetch performs a bot's outside call and puts the answer into the inbox. A
// try that failed and may be repeated makes the item due again instead.
func (w *Worker) fetch(ctx context.Context, item engine.OutboxItem, s *slot) error {
	answer := Answer{HTTPResponse: engine.HTTPResponse{Error: "unavailable"}}
	var req engine.HTTPRequest
	e, err := w.Catalog.Brand(ctx, item.Brand)
	if engine.UnlessGone(err) != nil { // nobody was asked yet, so that is no answer
		return errors.Join(err, w.giveBack(context.WithoutCancel(ctx), item, w.Clock().Add(firstBackoff)))
	}
	if w.late(item) {
		return w.giveBack(context.WithoutCancel(ctx), item, time.Time{})
	}
	if err == nil && item.Tries < maxLost && json.Unmarshal(item.Request, &req) == nil {
		if err := w.hold(ctx, item, req); err != nil {
			return err
		}
		answer = w.call(ctx, item, Call{
			Request: req, Hosts: e.Brand.Settings.HTTPHosts, Secrets: e.Brand.Secrets, Key: fmt.Sprintf("%s-%d", item.Session, item.Step),
		})
		s.leave()
	}
	data, err := json.Marshal(answer.HTTPResponse)
	if err != nil {
		return err
	}
	return w.Store.Update(context.WithoutCancel(ctx), func(tx engine.Tx) error {
		now := w.Clock()
		if err := keep(tx, item); err != nil {
			return err
		}
		cur, err := tx.Outbox().Get(item.ID)
		if err != nil || cur.Attempt != item.Attempt || cur.State != engine.OutboxLeased {
			return err
		}
		cur.LeaseUntil = time.Time{}
		if at, ok := w.Policy.again(req, answer, cur.Tries+1, cur.CreatedAt, now); ok {
			awaited, err := isAwaited(tx, cur)
			if err != nil {
				return err
			}
			if awaited {
				cur.State, cur.DueAt, cur.Failure = engine.OutboxPending, at, outcomeOf(answer)
				cur.Tries++
				return tx.Outbox().Save(cur)
			}
		}
		cur.State = engine.OutboxDone
		if err := tx.Outbox().Save(cur); err != nil {
			return err
		}
		return Tell(tx, cur, data, now)
	})
}

// call makes one try. A panic is its end, and the answer.
func (w *Worker) call(ctx context.Context, item engine.OutboxItem, c Call) (a Answer) {
	var err error
	defer func() {
		if err != nil {
			a = Answer{HTTPResponse: engine.HTTPResponse{Error: "unavailable"}}
		}
	}()
	defer w.caught("an outside call", item, &err)
	return w.Fetch(ctx, c)
}

// hold lengthens the lease of a call that may take longer.
func (w *Worker) hold(ctx context.Context, item engine.OutboxItem, req engine.HTTPRequest) error {
	timeout := min(seconds(req.Timeout), egress.MaxFetchTimeout)
	until := w.Clock().Add(timeout + leaseSpare)
	if !until.After(item.LeaseUntil) {
		return nil
	}
	item.LeaseUntil = until
	return w.Store.Update(ctx, func(tx engine.Tx) error { return tx.Outbox().Save(item) })
}

// outcomeOf is what a try came to, for people who look at the outbox.
func outcomeOf(a Answer) string {
	if a.Error != "" {
		return a.Error
	}
	return "HTTP " + strconv.Itoa(a.Status)
}

// isAwaited says whether the session still waits for the call: it may have
// been interrupted, or its conversation closed.
func isAwaited(tx engine.Tx, item engine.OutboxItem) (bool, error) {
	s, err := tx.Sessions().Get(item.Session)
	if engine.CodeOf(err) == engine.NotFound {
		return false, nil
	}
	return s.State == engine.SessionWaiting && s.Wait.Kind == engine.WaitResult && s.Wait.Step == item.Step, err
}

// Tell puts a call's answer into the inbox of an open conversation.
func Tell(tx engine.Tx, item engine.OutboxItem, data []byte, now time.Time) error {
	conv, err := conversation.Writer{}.Load(tx, now, item.Brand, item.Conversation)
	if err != nil || conv.State == engine.Closed {
		return err
	}
	if err := conv.Put(engine.InboxEntry{Kind: engine.InboxResult, Session: item.Session, Step: item.Step, Data: data}); err != nil {
		return err
	}
	return conv.Save()
}
