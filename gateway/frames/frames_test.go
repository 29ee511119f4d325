package frames_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"parley/gateway/frames"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const limit = 4 << 10

// single is a listener of one connection.
type single struct {
	conns chan net.Conn
	end   context.Context
}

func (l single) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.end.Done():
		return nil, net.ErrClosed
	}
}
func (single) Close() error   { return nil }
func (single) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

// talk runs a server that reads one message, and gives the client's connection
// and what the server read.
func talk(t *testing.T, client func(ctx context.Context, raw net.Conn, conn *websocket.Conn)) (string, error) {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	defer end()
	type read struct {
		data []byte
		err  error
	}
	got := make(chan read, 1)
	near, far := net.Pipe()
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		_, data, err := frames.Read(context.Background(), frames.Unlimited(conn), limit)
		if errors.Is(err, frames.ErrTooLarge) {
			_ = conn.Close(websocket.StatusMessageTooBig, "too large")
		} else {
			_ = conn.CloseNow()
		}
		got <- read{data, err}
	})}
	l := single{make(chan net.Conn, 1), ctx}
	l.conns <- far
	go func() { _ = server.Serve(l) }()
	conn, _, err := websocket.Dial(ctx, "ws://pipe/", &websocket.DialOptions{HTTPClient: &http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) { return near, nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	client(ctx, near, conn)
	r := <-got
	_ = conn.CloseNow()
	end()
	_ = server.Close()
	return string(r.data), r.err
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		size int
		want error
	}{
		"one":         {1, nil},
		"to the edge": {limit, nil},
		"one more":    {limit + 1, frames.ErrTooLarge},
		"much more":   {512 << 10, frames.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Repeat("x", tt.size)
			got, err := talk(t, func(ctx context.Context, _ net.Conn, conn *websocket.Conn) {
				if err := conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
					t.Error(err)
				}
				_, _, err := conn.Read(ctx)
				if tt.want != nil && websocket.CloseStatus(err) != websocket.StatusMessageTooBig {
					t.Errorf("the client sees %v", err)
				}
			})
			if !errors.Is(err, tt.want) || tt.want == nil && got != text {
				t.Errorf("%d bytes, %v", len(got), err)
			}
		})
	}
}

func TestFloodEnds(t *testing.T) {
	t.Parallel()
	_, err := talk(t, func(ctx context.Context, _ net.Conn, conn *websocket.Conn) {
		if err := conn.Write(ctx, websocket.MessageText, make([]byte, 8<<20)); err == nil {
			t.Error("all of it was read")
		}
	})
	if !errors.Is(err, frames.ErrTooLarge) {
		t.Error(err)
	}
}

// TestDripEnds promises a large frame and never sends the rest of it.
func TestDripEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := talk(t, func(_ context.Context, raw net.Conn, _ *websocket.Conn) {
			frame := append([]byte{0x81, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, 1, 2, 3, 4}, make([]byte, limit+1)...)
			if _, err := raw.Write(frame); err != nil {
				t.Error(err)
			}
		})
		if err == nil || errors.Is(err, frames.ErrTooLarge) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took > 11*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}
