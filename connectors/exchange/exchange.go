package exchange

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
)

// promptly is how soon a lost answer must be lost for the request to be over at the
// provider as well; what ends later was perhaps cut on the way while it goes on there.
const promptly = 5 * time.Second

// maxWords bounds a provider's words, in bytes.
const maxWords = 300

// Client is a guarded client that follows no redirect: it would carry credentials on.
func Client(guarded *http.Client) *http.Client {
	own := *guarded
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// Exchange notes whether one request may have got through.
type Exchange struct {
	now     func() time.Time
	written atomic.Bool
	begun   atomic.Int64
}

// New begins one.
func New(now func() time.Time) *Exchange { return &Exchange{now: now} }

// Watch gives the context of the request. Once a connection is there, only a write that
// failed half-way proves that it did not get through. The transport asks for a second
// connection only when nothing went out on the first.
func (e *Exchange) Watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { e.written.Store(false) },
		GotConn: func(httptrace.GotConnInfo) {
			e.begun.Store(e.now().UnixNano())
			e.written.Store(true)
		},
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err != nil {
				e.written.Store(false)
			}
		},
	})
}

// Answered notes that an answer has begun: the request has got through.
func (e *Exchange) Answered() { e.written.Store(true) }

// Written says whether the request may have reached the provider whole.
func (e *Exchange) Written() bool { return e.written.Load() }

// Settled says of a request whose answer was lost by err that the provider works on it
// no more: the connection was closed at once, and not because of the time.
func (e *Exchange) Settled(err error) bool {
	var timeout interface{ Timeout() bool }
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.As(err, &timeout) && timeout.Timeout() {
		return false
	}
	return e.now().Sub(time.Unix(0, e.begun.Load())) < promptly
}

// Words are a provider's, fit to be shown: without secrets, and not long.
func Words(said string, secrets []string) string {
	for _, secret := range secrets {
		if secret != "" {
			said = strings.ReplaceAll(said, secret, "***")
		}
	}
	said = Clean(strings.TrimSpace(said))
	if len(said) > maxWords {
		said = strings.ToValidUTF8(said[:maxWords], "") + "…"
	}
	return said
}

// Clean drops what a database cannot hold.
func Clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
