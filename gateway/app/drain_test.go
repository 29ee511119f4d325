package app_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
	"parley/storage/sqlite"
)

// field reads one text of a JSON answer.
func field(t testing.TB, a answer, name string) string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(a.body), &all); err != nil {
		t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	text, ok := all[name].(string)
	if !ok {
		t.Fatalf("there is no %s in %d %s", name, a.status, a.body)
	}
	return text
}

// Stopping with live sockets, long polls and a send under way: everybody is
// told, the send is finished, and nothing is left running.
func TestStopFinishesWhatHasBegun(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	s, fake := shop(t, `return function(chat) chat:say "slow one" chat:ask "?" end`, map[string]string{"data": data})
	s.signIn("ana@shop.example", s.person("ana@shop.example", engine.RoleAgent))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()

	dial := func(path, hello string) *websocket.Conn {
		conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.url, "http")+path, &websocket.DialOptions{HTTPClient: s.client})
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.Write(ctx, websocket.MessageText, []byte(hello)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := conn.Read(ctx); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	visitor := s.visitor()
	sockets := []*websocket.Conn{
		dial("/api/v1/live", `{"type":"hello"}`),
		dial("/chat/shop.web/live", `{"type":"hello","token":"`+visitor.token+`"}`),
	}
	ends := make(chan error, len(sockets))
	for _, conn := range sockets {
		go func() {
			for {
				if _, _, err := conn.Read(ctx); err != nil {
					ends <- err
					return
				}
			}
		}()
	}
	after := field(t, s.ask(http.MethodGet, "/api/v1/conversations?view=all", ""), "cursor")
	polls := make(chan error, 2)
	poll := func(path, token string) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+path, nil)
		if err == nil && token != "" {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		if err == nil {
			var resp *http.Response
			if resp, err = s.client.Do(req); err == nil {
				err = resp.Body.Close()
			}
		}
		polls <- err
	}
	go poll("/chat/shop.web/events?wait=30", visitor.token)
	// This poll gets the events of the send below, and then one waits again.
	go poll("/api/v1/events?wait=30&after="+after, "")

	fake.FailNext(1, twiliotest.Fault{Delay: 2 * time.Second})
	if _, err := fake.Inbound(ctx, s.hook("shop.sms"), twiliotest.Inbound{From: "+14155550101", To: shopNumber, Body: "hi"}); err != nil {
		t.Fatal(err)
	}
	s.eventually("the send is under way", func() bool { return fake.Calls() > 0 })

	began := time.Now()
	s.stop()
	t.Logf("stopped in %v", time.Since(began))
	for range sockets {
		err := <-ends
		var closed websocket.CloseError
		if !errors.As(err, &closed) || closed.Code != websocket.StatusGoingAway {
			t.Errorf("a socket ended with %v", err)
		}
	}
	for range 2 {
		if err := <-polls; err != nil {
			t.Errorf("a long poll was cut off: %v", err)
		}
	}
	if sent := fake.SentTo("+14155550101"); len(sent) < 1 || sent[0].Body != "slow one" {
		t.Errorf("sent %v", sent)
	}
	db, err := sqlite.Open(ctx, sqlite.Config{Dir: data})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	err = db.View(ctx, func(tx engine.Tx) error {
		unsure, err := tx.Outbox().Stale(time.Now().Add(24*time.Hour), 10)
		for _, item := range unsure {
			t.Errorf("a send is left %s", item.State)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// A client that never ends its request does not keep the gateway.
func TestStopDoesNotWaitForEver(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("waits for the time limit")
	}
	s, _ := shop(t, helloLua, nil)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	// A socket whose client does not answer the end, and a body that never comes.
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(s.url, "http")+"/chat/shop.web/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	stuck := stall(t, s.app.Addr(), "POST /hooks/shop.sms")
	defer stuck.Close()
	began := time.Now()
	s.stop()
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("stopping took %v", took)
	}
}
