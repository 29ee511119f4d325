package twilio_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

func nothingKnown(string) bool { return false }

// A lost answer is found again, and what never arrived is certainly not there.
func TestReconcile(t *testing.T) {
	t.Parallel()
	const service = "MG00000000000000000000000000000001"
	picture := engine.Media{Kind: "image", URL: "https://cdn.acme.example/a.jpg"}
	for _, tt := range []struct {
		name    string
		config  map[string]string
		before  []engine.Outbound // sent earlier, and known
		out     engine.Outbound
		created bool
	}{
		{name: "created", out: text("hi"), created: true},
		{name: "not created", out: text("hi")},
		{name: "same words sent before", before: []engine.Outbound{text("hi"), text("hi")}, out: text("hi")},
		{name: "same words sent before and created", before: []engine.Outbound{text("hi")}, out: text("hi"), created: true},
		{name: "others sent before", before: []engine.Outbound{text("ho"), {To: "+14155550101", Content: engine.Content{Text: "hi"}}}, out: text("hi")},
		{name: "by a service", config: map[string]string{"messaging_service_sid": service}, out: text("hi"), created: true},
		{name: "by a service, not created", config: map[string]string{"messaging_service_sid": service}, out: text("hi")},
		{name: "white space at the ends", out: text(" two\r\nlines \n"), created: true},
		{name: "media", out: engine.Outbound{To: consumer, Content: engine.Content{Media: []engine.Media{picture}}}, created: true},
		{name: "media turned to links", out: engine.Outbound{To: "+4930123456", Content: engine.Content{Text: "hi", Media: []engine.Media{picture}}}, created: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			fake := twiliotest.New(twiliotest.Config{})
			defer fake.Close()
			conn, ch := newConnector(t), channel()
			ch.Config["api_base"] = fake.URL()
			for k, v := range tt.config {
				ch.Config[k] = v
			}
			known := map[string]bool{}
			for _, out := range tt.before {
				receipt, err := conn.Send(t.Context(), ch, out)
				if err != nil {
					t.Fatal(err)
				}
				if out.Content.Text == tt.out.Content.Text && out.To == tt.out.To {
					known[receipt.ProviderID] = true
				}
			}
			tt.out.FirstTried = time.Now()
			fake.Script(twiliotest.Fault{DropBefore: !tt.created, DropAfter: tt.created})
			if _, err := conn.Send(t.Context(), ch, tt.out); class(err) != engine.SendUnsure {
				t.Fatalf("Send: %v", err)
			}
			receipt, err := conn.Reconcile(t.Context(), ch, tt.out, func(id string) bool { return known[id] })
			if !tt.created {
				if !errors.Is(err, engine.ErrNotSent{}) {
					t.Errorf("Reconcile = %+v, %v; want ErrNotSent", receipt, err)
				}
				return
			}
			sent := fake.SentTo(tt.out.To)
			if want := sent[len(sent)-1].SID; err != nil || receipt.ProviderID != want || receipt.State != engine.Sent {
				t.Errorf("Reconcile = %+v, %v; want %s", receipt, err, want)
			}
		})
	}
}

// The send is found behind many others; a list without end is no proof of absence.
func TestReconcilePages(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		name   string
		others int // sent after it
		age    time.Duration
		found  bool
		absent bool
	}{
		{"on the third page", 250, 0, true, false},
		{"beyond the last page", 1100, 0, false, false},
		{"older than the send", 250, 2 * time.Hour, false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			at := now.Add(-tt.age)
			fake := twiliotest.New(twiliotest.Config{Now: func() time.Time { return at }})
			defer fake.Close()
			conn, ch := newConnector(t), channel()
			ch.Config["api_base"] = fake.URL()
			out := text("hi")
			out.FirstTried = now
			want, err := conn.Send(t.Context(), ch, out)
			if err != nil {
				t.Fatal(err)
			}
			for range tt.others {
				if _, err := conn.Send(t.Context(), ch, text("ho")); err != nil {
					t.Fatal(err)
				}
			}
			got, err := conn.Reconcile(t.Context(), ch, out, nothingKnown)
			if (got == want) != tt.found || errors.Is(err, engine.ErrNotSent{}) != tt.absent || (err == nil) != tt.found {
				t.Errorf("Reconcile = %+v, %v", got, err)
			}
		})
	}
}

// A list that cannot be read proves nothing.
func TestReconcileCannotTell(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"no answer":      "",
		"no JSON":        "<html>",
		"no list":        `{"page":0}`,
		"no date":        `{"messages":[{"sid":"SM1","date_created":"yesterday"}]}`,
		"odd next page":  `{"messages":[{"sid":"SM1","date_created":"Tue, 03 Nov 2026 10:00:00 +0000"}],"next_page_uri":"/x"}`,
		"refused":        `{"code":20003,"status":401}`,
		"too much of it": `{"messages":[]} ` + string(make([]byte, 5<<20)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				switch name {
				case "no answer":
					panic(http.ErrAbortHandler)
				case "refused":
					w.WriteHeader(http.StatusUnauthorized)
				}
				_, _ = w.Write([]byte(answer))
			}))
			defer server.Close()
			conn, ch := newConnector(t), channel()
			ch.Config["api_base"] = server.URL
			out := text("hi")
			out.FirstTried = time.Date(2026, 11, 3, 10, 0, 0, 0, time.UTC)
			if got, err := conn.Reconcile(t.Context(), ch, out, nothingKnown); err == nil || errors.Is(err, engine.ErrNotSent{}) {
				t.Errorf("Reconcile = %+v, %v; want that it cannot tell", got, err)
			}
		})
	}
}
