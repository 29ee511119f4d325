package twiliotest

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Config of a Server. The zero value is usable.
type Config struct {
	AccountSID string // default DefaultAccountSID
	AuthToken  string // default DefaultAuthToken
	// Callbacks are the statuses reported for each message that names a
	// StatusCallback, in this order; nil reports none. Usual is
	// {"queued", "sent", "delivered"}.
	Callbacks []string
	Duplicate bool // report every status twice
	Reorder   bool // report them in reversed order
	// Resend repeats a callback until it gets a 2xx or the server closes. Twilio
	// does so only where the account asks for it.
	Resend bool
	// Route maps the URL that is called and signed to the URL that is really
	// asked, for gateways whose public URL leads nowhere in a test. nil keeps it.
	Route func(publicURL string) string
	Now   func() time.Time // nil takes time.Now
}

// The account of a Server whose Config names none.
const (
	DefaultAccountSID = "AC00000000000000000000000000000001"
	DefaultAuthToken  = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
)

// Message is one message of the account, sent or received.
type Message struct {
	SID                 string
	Direction           string // outbound-api or inbound
	From, To            string
	MessagingServiceSID string
	Body                string
	Media               []string // URLs
	StatusCallback      string
	Status              string // last one reported
	At                  time.Time
}

// Server is a fake Twilio. All methods may be called from any goroutine.
type Server struct {
	cfg    Config
	prefix string // of SIDs, other for every server
	serial atomic.Uint64
	client *http.Client

	httpServer *http.Server
	url        string
	served     chan struct{}

	ctx    context.Context
	cancel context.CancelFunc

	mu           sync.Mutex
	sent         []*Message
	byTo         map[string][]*Message // of sent and received
	bySID        map[string]*Message
	media        map[string]Media // by its SID
	optOuts      map[[2]string]bool
	faults       []Fault
	outage       *Fault
	numbers      []Number
	status, kind string // of the account; "" for an active one
	calls        int
	changed      chan struct{} // closed and replaced when sent grows; nil while nobody waits

	reports reports
}

// New starts a server on a free port of 127.0.0.1. It panics when there is
// none, as httptest does. Close it.
func New(cfg Config) *Server {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("twiliotest: listen: %v", err))
	}
	return Serve(listener, cfg)
}

// Serve starts a server on a listener, which may be one in memory. Its URL is
// made of the listener's address.
func Serve(listener net.Listener, cfg Config) *Server {
	s := newServer(cfg)
	s.url = "http://" + listener.Addr().String()
	s.serve(listener)
	return s
}

func (s *Server) serve(listener net.Listener) {
	s.served = make(chan struct{})
	s.httpServer = &http.Server{Handler: s.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func(server *http.Server, served chan struct{}) {
		defer close(served)
		_ = server.Serve(listener) // ends with ErrServerClosed
	}(s.httpServer, s.served)
}

// Refuse ends the server's listening: connections are refused, and those that
// are open are cut. Accept begins it again. Only for a server on a real address.
func (s *Server) Refuse() {
	_ = s.httpServer.Close()
	<-s.served
}

// Accept listens again after Refuse. It panics when another has the port now.
func (s *Server) Accept() {
	listener, err := net.Listen("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		panic(fmt.Sprintf("twiliotest: listen: %v", err))
	}
	s.serve(listener)
}

func newServer(cfg Config) *Server {
	cfg.AccountSID, cfg.AuthToken = cmp.Or(cfg.AccountSID, DefaultAccountSID), cmp.Or(cfg.AuthToken, DefaultAuthToken)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Route == nil {
		cfg.Route = func(publicURL string) string { return publicURL }
	}
	var seed [8]byte
	_, _ = rand.Read(seed[:]) // never fails
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		cfg: cfg, prefix: hex.EncodeToString(seed[:]), ctx: ctx, cancel: cancel,
		byTo: map[string][]*Message{}, bySID: map[string]*Message{}, media: map[string]Media{}, optOuts: map[[2]string]bool{},
		client: &http.Client{
			Timeout:       15 * time.Second, // Twilio's own
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
			Transport:     &http.Transport{MaxIdleConnsPerHost: 128, IdleConnTimeout: 30 * time.Second},
		},
	}
	s.reports.start(s)
	return s
}

// URL is the API's address, for a channel's api_base.
func (s *Server) URL() string { return s.url }

// AccountSID is the account's.
func (s *Server) AccountSID() string { return s.cfg.AccountSID }

// AuthToken is the account's.
func (s *Server) AuthToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.AuthToken
}

// Close stops the server and waits for everything it began; callbacks that wait
// are dropped. Use Settle before it to see them through.
func (s *Server) Close() {
	s.cancel()
	_ = s.httpServer.Close()
	<-s.served
	s.reports.stop()
	s.client.CloseIdleConnections()
}

// Settle waits until every callback has been delivered or given up.
func (s *Server) Settle(ctx context.Context) error { return s.reports.settle(ctx) }

// Sent is a copy of the messages that the API took, oldest first.
func (s *Server) Sent() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copies(s.sent)
}

// SentTo is Sent for one recipient.
func (s *Server) SentTo(to string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return copies(slices.DeleteFunc(slices.Clone(s.byTo[to]), func(m *Message) bool { return m.Direction == inbound }))
}

// Count is the number of messages that the API took.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sent)
}

// Calls is the number of requests to send a message, failed ones included.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// AwaitSent waits until the API has taken n messages in all.
func (s *Server) AwaitSent(ctx context.Context, n int) ([]Message, error) {
	return s.await(ctx, n, s.Sent)
}

// AwaitSentTo waits until the API has taken n messages for one recipient.
func (s *Server) AwaitSentTo(ctx context.Context, to string, n int) ([]Message, error) {
	return s.await(ctx, n, func() []Message { return s.SentTo(to) })
}

func (s *Server) await(ctx context.Context, n int, list func() []Message) ([]Message, error) {
	for {
		changed := s.watch()
		messages := list()
		if len(messages) >= n {
			return messages, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return messages, fmt.Errorf("twiliotest: %d of %d messages sent: %w", len(messages), n, ctx.Err())
		}
	}
}

func (s *Server) watch() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

// keep records a message; s.mu is held.
func (s *Server) keep(m *Message) {
	if m.Direction != inbound {
		s.sent = append(s.sent, m)
		if s.changed != nil {
			close(s.changed)
			s.changed = nil
		}
	}
	s.byTo[m.To] = append(s.byTo[m.To], m)
	s.bySID[m.SID] = m
}

// newSID makes a SID of a kind: two letters and 32 hex digits.
func (s *Server) newSID(kind string) string {
	var b [8]byte
	n := s.serial.Add(1)
	for i := range b {
		b[i] = byte(n >> (56 - 8*i))
	}
	return kind + s.prefix + hex.EncodeToString(b[:])
}

func copies(messages []*Message) []Message {
	out := make([]Message, len(messages))
	for i, m := range messages {
		out[i] = *m
	}
	return out
}
