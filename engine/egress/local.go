package egress

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// localTransport answers a request by a handler of this process.
type localTransport struct{ handler http.Handler }

// RoundTrip runs the handler until it returns or the request's context ends; a handler that goes on after
// that goes on alone, and what it writes is dropped.
func (t localTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	in := req.Clone(req.Context())
	in.RequestURI = req.URL.RequestURI()
	in.RemoteAddr = "local"
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	if in.Body == nil {
		in.Body = http.NoBody
	}
	answer := make(chan *localAnswer, 1)
	failed := make(chan error, 1)
	go func() {
		defer func() {
			if recover() != nil {
				failed <- errLocalFailure
			}
		}()
		w := &localAnswer{header: http.Header{}}
		t.handler.ServeHTTP(w, in)
		w.WriteHeader(http.StatusOK)
		answer <- w
	}()
	select {
	case w := <-answer:
		return w.response(req), nil
	case err := <-failed:
		return nil, err
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// localAnswer collects what a handler writes, one byte more than an answer may have.
type localAnswer struct {
	header http.Header
	sent   http.Header // the header as it was when the status was written
	status int
	body   bytes.Buffer
}

func (w *localAnswer) Header() http.Header { return w.header }

func (w *localAnswer) WriteHeader(status int) {
	if w.status == 0 && status >= 200 {
		w.status = status
		w.sent = w.header.Clone()
	}
}

func (w *localAnswer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	room := MaxResponseBodyBytes + 1 - w.body.Len()
	if room < len(p) {
		w.body.Write(p[:max(room, 0)])
		return max(room, 0), errTooLarge
	}
	return w.body.Write(p)
}

func (w *localAnswer) response(req *http.Request) *http.Response {
	body := io.Reader(&w.body)
	if req.Method == http.MethodHead {
		body = http.NoBody
	}
	return &http.Response{
		Status: strconv.Itoa(w.status) + " " + http.StatusText(w.status), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: io.NopCloser(body), ContentLength: -1, Request: req,
	}
}
