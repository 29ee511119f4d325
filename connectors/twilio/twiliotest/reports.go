package twiliotest

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	reporters   = 8
	resendAfter = 50 * time.Millisecond
)

// reports posts the status callbacks. A message's statuses are posted by one
// goroutine, one after the other.
type reports struct {
	server *Server
	done   sync.WaitGroup

	mu      sync.Mutex
	wake    *sync.Cond
	waiting []*Message
	open    int             // waiting and being posted
	idle    []chan struct{} // closed when open falls to 0
	stopped bool
}

func (r *reports) start(s *Server) {
	r.server = s
	r.wake = sync.NewCond(&r.mu)
	if len(s.cfg.Callbacks) == 0 {
		return
	}
	for range reporters {
		r.done.Go(r.run)
	}
}

func (r *reports) add(m *Message) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return
	}
	r.waiting = append(r.waiting, m)
	r.open++
	r.wake.Signal()
}

func (r *reports) stop() {
	r.mu.Lock()
	r.stopped = true
	r.wake.Broadcast()
	r.mu.Unlock()
	r.done.Wait()
}

func (r *reports) settle(ctx context.Context) error {
	r.mu.Lock()
	if r.open == 0 {
		r.mu.Unlock()
		return nil
	}
	idle := make(chan struct{})
	r.idle = append(r.idle, idle)
	r.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("twiliotest: callbacks still open: %w", ctx.Err())
	}
}

func (r *reports) run() {
	for {
		r.mu.Lock()
		for len(r.waiting) == 0 && !r.stopped {
			r.wake.Wait()
		}
		if r.stopped {
			r.mu.Unlock()
			return
		}
		m := r.waiting[0]
		r.waiting = r.waiting[1:]
		r.mu.Unlock()

		r.report(m)

		r.mu.Lock()
		if r.open--; r.open == 0 {
			for _, idle := range r.idle {
				close(idle)
			}
			r.idle = nil
		}
		r.mu.Unlock()
	}
}

func (r *reports) report(m *Message) {
	s := r.server
	statuses := slices.Clone(s.cfg.Callbacks)
	s.mu.Lock()
	m.Status = statuses[len(statuses)-1]
	s.mu.Unlock()
	if s.cfg.Reorder {
		slices.Reverse(statuses)
	}
	for _, status := range statuses {
		times := 1
		if s.cfg.Duplicate {
			times = 2
		}
		for range times {
			form := url.Values{
				"MessageSid": {m.SID}, "SmsSid": {m.SID}, "MessageStatus": {status}, "SmsStatus": {status},
				"To": {m.To}, "From": {m.From}, "AccountSid": {s.cfg.AccountSID}, "ApiVersion": {"2010-04-01"},
			}
			if m.MessagingServiceSID != "" {
				form.Set("MessagingServiceSid", m.MessagingServiceSID)
			}
			if status == "failed" || status == "undelivered" {
				form.Set("ErrorCode", "30005")
			}
			r.deliver(m.StatusCallback, form)
		}
	}
}

func (r *reports) deliver(publicURL string, form url.Values) {
	for {
		status, err := r.server.post(r.server.ctx, Hook{URL: r.server.cfg.Route(publicURL), Public: publicURL}, form)
		if err == nil && status.Status/100 == 2 || !r.server.cfg.Resend {
			return
		}
		select {
		case <-time.After(resendAfter):
		case <-r.server.ctx.Done():
			return
		}
	}
}

// Hook is one webhook of the gateway.
type Hook struct {
	URL    string // where the request goes
	Public string // what is signed; "" for URL
}

// Reply is the gateway's answer to a webhook.
type Reply struct {
	SID    string // of the message that was posted
	Status int
	Header http.Header
	Body   string
}

func (s *Server) post(ctx context.Context, hook Hook, form url.Values) (Reply, error) {
	req, err := s.request(ctx, hook, form)
	if err != nil {
		return Reply{}, err
	}
	resp, err := s.client.Do(req)
	if err != nil {
		return Reply{}, fmt.Errorf("twiliotest: post webhook: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return Reply{}, fmt.Errorf("twiliotest: read answer: %w", err)
	}
	return Reply{SID: form.Get("MessageSid"), Status: resp.StatusCode, Header: resp.Header, Body: string(body)}, nil
}

func (s *Server) request(ctx context.Context, hook Hook, form url.Values) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, hook.URL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, fmt.Errorf("twiliotest: make webhook: %w", err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("I-Twilio-Idempotency-Token", form.Get("MessageSid"))
	req.Header.Set("X-Twilio-Signature", Sign(s.AuthToken(), cmp.Or(hook.Public, hook.URL), form))
	return req, nil
}
