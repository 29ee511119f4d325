package connectortest

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"parley/engine"
)

// OutboundCase is one send, the provider's answers to it in their order, and
// what must come of it.
type OutboundCase struct {
	Name     string
	Channel  func(*engine.Channel) // changes the suite's channel; nil keeps it
	Outbound engine.Outbound
	Answers  []Answer

	Requests   []Request
	Receipt    engine.Receipt
	Class      engine.SendClass // "" for success
	Code       string
	Message    string // part of the error's message
	RetryAfter time.Duration
}

// Answer is what the provider does with one request.
type Answer struct {
	Status int // default 200
	Header map[string]string
	Body   string
	Drop   bool // read the request, then cut the connection
}

// Request is what the connector must ask.
type Request struct {
	Method string // default POST
	Path   string
	Query  url.Values
	Form   url.Values        // the body; or
	Body   string            // the body as it is
	Header map[string]string // those named must have these values
}

// RunOutbound runs the cases. The provider is a server on 127.0.0.1 that the
// channel's api_base names.
func RunOutbound(t *testing.T, s Suite, cases []OutboundCase) {
	t.Helper()
	if len(cases) == 0 {
		t.Fatal("the table of outbound cases is empty")
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			play(t, s, c)
		})
	}
}

// play runs one case.
func play(t testing.TB, s Suite, c OutboundCase) {
	t.Helper()
	script := &script{t: t, answers: c.Answers}
	provider := httptest.NewServer(script)
	defer provider.Close()
	conn := s.New(newClient(t))
	ch := s.channel(func(ch *engine.Channel) {
		ch.Config["api_base"] = provider.URL
		if c.Channel != nil {
			c.Channel(ch)
		}
	})
	receipt, err := conn.Send(t.Context(), ch, c.Outbound)
	checkLeak(t, ch, "Send", receipt, err)
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		checkLeak(t, ch, "the error's cause", cause)
	}
	if diff := cmp.Diff(c.Receipt, receipt); diff != "" {
		t.Errorf("receipt (-want +got):\n%s", diff)
	}
	checkFailure(t, c, err)
	script.check(c.Requests)
}

func checkFailure(t testing.TB, c OutboundCase, err error) {
	t.Helper()
	if err == nil {
		if c.Class != "" {
			t.Errorf("Send worked, want a failure of class %q", c.Class)
		}
		return
	}
	failure, ok := errors.AsType[*engine.SendError](err)
	if !ok {
		t.Errorf("Send gives %T (%v), want a *engine.SendError", err, err)
		return
	}
	if failure.Class != c.Class || failure.Code != c.Code || failure.RetryAfter != c.RetryAfter {
		t.Errorf("Send fails with class %q, code %q, retry after %s (%s); want %q, %q, %s",
			failure.Class, failure.Code, failure.RetryAfter, failure.Message, c.Class, c.Code, c.RetryAfter)
	}
	if failure.Message == "" || !strings.Contains(failure.Message, c.Message) {
		t.Errorf("Send fails with the words %q, want some with %q", failure.Message, c.Message)
	}
}

// script plays the provider.
type script struct {
	t       testing.TB
	mu      sync.Mutex
	answers []Answer
	asked   []asked
}

type asked struct {
	request *http.Request
	body    string
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Errorf("read request: %v", err)
	}
	s.mu.Lock()
	s.asked = append(s.asked, asked{r, string(body)})
	if len(s.answers) == 0 {
		s.mu.Unlock()
		s.t.Errorf("%s %s: the case has no answer left for it", r.Method, r.URL.Path)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	answer := s.answers[0]
	s.answers = s.answers[1:]
	s.mu.Unlock()

	if answer.Drop {
		panic(http.ErrAbortHandler)
	}
	for key, value := range answer.Header {
		w.Header().Set(key, value)
	}
	if answer.Status != 0 {
		w.WriteHeader(answer.Status)
	}
	_, _ = io.WriteString(w, answer.Body) // statuses without a body refuse it
}

func (s *script) check(want []Request) {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.answers) > 0 {
		s.t.Errorf("%d answers of the case were not asked for", len(s.answers))
	}
	if len(s.asked) != len(want) {
		s.t.Errorf("the connector made %d requests, want %d", len(s.asked), len(want))
		return
	}
	for i, w := range want {
		got := s.asked[i]
		if w.Method == "" {
			w.Method = http.MethodPost
		}
		if got.request.Method != w.Method || got.request.URL.Path != w.Path {
			s.t.Errorf("request %d is %s %s, want %s %s", i, got.request.Method, got.request.URL.Path, w.Method, w.Path)
		}
		if diff := cmp.Diff(w.Query, got.request.URL.Query(), cmpopts.EquateEmpty()); diff != "" {
			s.t.Errorf("query of request %d (-want +got):\n%s", i, diff)
		}
		if w.Form != nil {
			form, err := url.ParseQuery(got.body)
			if err != nil {
				s.t.Errorf("request %d is no form: %v", i, err)
			}
			if diff := cmp.Diff(w.Form, form); diff != "" {
				s.t.Errorf("form of request %d (-want +got):\n%s", i, diff)
			}
		} else if got.body != w.Body {
			s.t.Errorf("body of request %d is %q, want %q", i, got.body, w.Body)
		}
		for key, value := range w.Header {
			if got := got.request.Header.Get(key); got != value {
				s.t.Errorf("header %s of request %d is %q, want %q", key, i, got, value)
			}
		}
	}
}

// RunStatuses sends once for every HTTP status from 100 to 511 and compares the
// class, "" for success. body is the provider's answer for a status.
func RunStatuses(t *testing.T, s Suite, out engine.Outbound, body func(status int) string, want func(status int) engine.SendClass) {
	t.Helper()
	sendAll(t, s, out, body, want)
}

func sendAll(t testing.TB, s Suite, out engine.Outbound, body func(status int) string, want func(status int) engine.SendClass) {
	t.Helper()
	for status := 100; status <= 511; status++ {
		answer := answering{status: status, body: body(status)}
		conn := s.New(&http.Client{Transport: answer})
		ch := s.channel(nil)
		receipt, err := conn.Send(t.Context(), ch, out)
		checkLeak(t, ch, "Send", receipt, err)
		failure, _ := errors.AsType[*engine.SendError](err)
		switch wanted := want(status); {
		case err == nil && wanted != "":
			t.Errorf("status %d counts as sent, want class %q", status, wanted)
		case err != nil && failure == nil:
			t.Errorf("status %d gives %T, want a *engine.SendError", status, err)
		case failure != nil && failure.Class != wanted:
			t.Errorf("status %d has class %q (%s), want %q", status, failure.Class, failure.Message, wanted)
		}
	}
}

// answering is a provider that needs no server, because net/http's would not
// send every status.
type answering struct {
	status int
	body   string
}

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body) // strings in memory
		_ = r.Body.Close()
	}
	return &http.Response{
		StatusCode: a.status, Status: http.StatusText(a.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.body)), Request: r,
	}, nil
}
