package phone

import (
	"context"
	_ "embed"
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"sync"
	"unicode/utf8"

	"parley/engine"
)

// Line is how one consumer and a brand write to each other by a provider.
type Line interface {
	// Say writes as the consumer and waits until the gateway has taken it. The error is
	// for people.
	Say(ctx context.Context, w Written) error
	// Sent is what the brand has sent the consumer, in order.
	Sent() []Shown
}

// Written is what the consumer writes, or a button that is pressed: its label and what
// it stands for.
type Written struct {
	Text    string `json:"text"`
	Payload string `json:"payload,omitempty"`
}

// Shown is a message as the consumer sees it.
type Shown struct {
	Mine    bool     `json:"mine,omitempty"` // the consumer's own
	Text    string   `json:"text,omitempty"`
	Links   []string `json:"links,omitempty"` // of media
	Choices []Choice `json:"choices,omitempty"`
	Problem string   `json:"problem,omitempty"` // why an own one was not taken
}

// Choice is a button that can be pressed.
type Choice struct {
	Label   string `json:"label"`
	Detail  string `json:"detail,omitempty"`
	Payload string `json:"payload"`
}

const (
	maxText     = 4096 // bytes that a consumer writes at once
	mostWritten = 2000 // messages of a consumer that are kept
)

//go:embed page.html
var page []byte

// Page serves a telephone. It listens to this machine alone: whoever can reach it writes
// as the consumer.
type Page struct {
	Title string // "SMS with +1 415 555 0100"
	Line  Line

	mu    sync.Mutex
	order []Shown // all that was written, and how far Sent was when it was
	after []int
}

// ServeHTTP serves the page, its thread, and what is written on it.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !local(r) {
		http.Error(w, "This page is for this machine alone.", http.StatusForbidden)
		return
	}
	header := w.Header()
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'")
	switch r.Method + " " + r.URL.Path {
	case "GET /":
		header.Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write(page)
	case "GET /thread":
		p.answer(w, map[string]any{"title": p.Title, "messages": p.thread()})
	case "POST /say":
		p.say(w, r)
	default:
		http.NotFound(w, r)
	}
}

// local refuses other hosts' names for this address, and pages of other origins.
func local(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil || host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return false
	}
	origin := r.Header.Get("Origin")
	return origin == "" || origin == "http://"+r.Host
}

func (p *Page) say(w http.ResponseWriter, r *http.Request) {
	var written Written
	body := http.MaxBytesReader(w, r.Body, 2*maxText)
	if r.Header.Get("Content-Type") != "application/json" || json.NewDecoder(body).Decode(&written) != nil ||
		strings.TrimSpace(written.Text) == "" || len(written.Text) > maxText || !utf8.ValidString(written.Text) {
		http.Error(w, "A message has 1 to 4096 bytes of text.", http.StatusBadRequest)
		return
	}
	n := p.begin(written)
	if err := p.Line.Say(r.Context(), written); err != nil {
		p.mu.Lock()
		p.order[n].Problem = engine.MessageOf(err)
		p.mu.Unlock()
	}
	p.answer(w, map[string]any{})
}

// begin shows what was written behind all that was there.
func (p *Page) begin(w Written) int {
	sent := len(p.Line.Sent())
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.order) == mostWritten {
		p.order, p.after = p.order[1:], p.after[1:]
	}
	p.order, p.after = append(p.order, Shown{Mine: true, Text: w.Text}), append(p.after, sent)
	return len(p.order) - 1
}

func (p *Page) thread() []Shown {
	sent := p.Line.Sent()
	p.mu.Lock()
	defer p.mu.Unlock()
	thread := []Shown{}
	done := 0
	for i, own := range p.order {
		for ; done < min(p.after[i], len(sent)); done++ {
			thread = append(thread, sent[done])
		}
		thread = append(thread, own)
	}
	return append(thread, sent[min(done, len(sent)):]...)
}

func (p *Page) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// notTaken tells of a gateway that refused a webhook, or is not there.
func notTaken() error {
	return engine.Errorf(engine.Unavailable, "The gateway did not take it: is it running, and are its webhook address and secrets those that were printed?")
}
