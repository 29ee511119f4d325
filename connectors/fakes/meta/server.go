package meta

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// Config of a Server. The zero value is usable.
type Config struct {
	AppSecret   string // default DefaultAppSecret
	Token       string // default DefaultToken
	VerifyToken string // default DefaultVerifyToken
	// Hook is the webhook's URL; "" posts none.
	Hook string
	// Client carries the webhooks; nil takes one of its own.
	Client *http.Client
	// Batch is how many events that wait at the same time may share a webhook; 0 for one.
	Batch int
	// Fate says what happens to the n-th send, from 0, for which Script has nothing; nil lets all pass.
	Fate func(n int) Fault
	// Way says what happens to the n-th event on its way to the gateway; nil posts all at once.
	Way func(n int) Way
	// Window is how long after a consumer's last message anything may be sent; 0 for always.
	Window time.Duration
	Now    func() time.Time // nil takes time.Now
}

// What a Server takes whose Config names nothing else.
const (
	DefaultAppSecret   = "meta-app-secret-0001"
	DefaultToken       = "EAATESTTOKEN0001"
	DefaultVerifyToken = "a-verify-token-0001"
)

// Message is one that the API took.
type Message struct {
	ID   string
	Node string // phone number id, page or account that sent it
	To   string
	Kind string // as the product names it: "text", "interactive"
	Text string // its words
	Mark string // what the sender wants to hear again with the reports
	Body json.RawMessage
	At   time.Time
	// Later is the code of the failure that a webhook reports of it, 0 for none.
	Later int
}

// Action is a request that makes no message: a read receipt, a sign of typing.
type Action struct {
	Node, Kind string // "read", "typing"
	To         string // the consumer, where the product names them
	Of         string // the message, where the product names it
}

// Server is a fake Meta. All methods may be called from any goroutine.
type Server struct {
	cfg    Config
	client *http.Client
	own    *http.Transport // of client, when it is ours
	url    string
	listen net.Listener
	http   *http.Server
	served sync.WaitGroup
	ctx    context.Context
	cancel context.CancelFunc
	posts  posts

	mu      sync.Mutex
	nodes   map[string]product
	sent    []Message
	actions []Action
	media   map[string]Media
	heard   map[[2]string]time.Time // by node and consumer: their last message
	faults  []Fault
	calls   int
	serial  int
	changed chan struct{} // closed and replaced when sent grows
}

// product is what is particular to one of Meta's: WhatsApp, Messenger, Instagram.
type product interface {
	// object names it in webhooks.
	object() string
	// take reads what was posted to a node's messages: a message, or an action without
	// one, and what Meta answers; or what it refuses.
	take(s *Server, node string, body []byte) (m *Message, a []Action, answer any, refused *Refusal)
	// reports are the entries of the webhooks that follow a message, one for each, in
	// order; later is the code of a failure that is reported instead, 0 for none.
	reports(s *Server, m Message, later int) []any
	// about answers a GET of a node: path is what follows its id, "" for itself. nil is
	// what the product does not know.
	about(s *Server, node, path string, query url.Values) any
}

// New starts a server on a free port of 127.0.0.1. It panics when there is none, as
// httptest does. Close it.
func New(cfg Config) *Server {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(fmt.Sprintf("meta: listen: %v", err))
	}
	return Serve(listener, cfg)
}

// Serve starts a server on a listener, which may be one in memory.
func Serve(listener net.Listener, cfg Config) *Server {
	cfg.AppSecret, cfg.Token = cmp.Or(cfg.AppSecret, DefaultAppSecret), cmp.Or(cfg.Token, DefaultToken)
	cfg.VerifyToken = cmp.Or(cfg.VerifyToken, DefaultVerifyToken)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		cfg: cfg, client: cfg.Client, url: "http://" + listener.Addr().String(), listen: listener, ctx: ctx, cancel: cancel,
		nodes: map[string]product{}, media: map[string]Media{}, heard: map[[2]string]time.Time{}, changed: make(chan struct{}),
	}
	if s.client == nil {
		s.own = &http.Transport{}
		s.client = &http.Client{Transport: s.own, Timeout: 20 * time.Second} // Meta's own
	}
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.served.Go(func() { _ = s.http.Serve(listener) }) // ends with ErrServerClosed
	return s
}

// Point changes where webhooks go, as an app's owner may.
func (s *Server) Point(hook string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Hook = hook
}

func (s *Server) hook() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.Hook
}

// URL is the API's address, for a channel's api_base.
func (s *Server) URL() string { return s.url }

// Close stops the server and waits for everything it began; webhooks that wait are
// dropped. Use Settle before it to see them through.
func (s *Server) Close() {
	s.cancel()
	_ = s.http.Close()
	s.served.Wait()
	s.posts.stop()
	if s.own != nil {
		s.own.CloseIdleConnections()
	}
}

// add makes a node known.
func (s *Server) add(node string, p product) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nodes[node] = p
}

// Sent is a copy of the messages that the API took, oldest first.
func (s *Server) Sent() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Message(nil), s.sent...)
}

// Actions is a copy of what made no message, oldest first.
func (s *Server) Actions() []Action {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Action(nil), s.actions...)
}

// Calls is the number of requests to send something, failed ones included.
func (s *Server) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

// AwaitSent waits until the API has taken n messages in all.
func (s *Server) AwaitSent(ctx context.Context, n int) ([]Message, error) {
	for {
		s.mu.Lock()
		changed, have := s.changed, len(s.sent)
		s.mu.Unlock()
		if have >= n {
			return s.Sent(), nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s.Sent(), fmt.Errorf("meta: %d of %d messages sent: %w", have, n, ctx.Err())
		}
	}
}

// id makes one that nothing else of the server has.
func (s *Server) id(prefix string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	return prefix + strconv.Itoa(s.serial)
}

// hear notes when a consumer wrote to a node.
func (s *Server) hear(node, consumer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard[[2]string{node, consumer}] = s.cfg.Now()
}

// open tells whether a consumer has written lately enough to be written to.
func (s *Server) open(node, consumer string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.heard[[2]string{node, consumer}]
	return s.cfg.Window == 0 || ok && s.cfg.Now().Sub(at) < s.cfg.Window
}
