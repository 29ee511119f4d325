package twiliotest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/connectors/twilio/twiliotest"
	"parley/engine"
)

// get asks the fake for a path as the account does.
func get(t *testing.T, fake *twiliotest.Server, path string, answer any) int {
	t.Helper()
	req := httptest.NewRequest(http.MethodGet, path, nil)
	req.SetBasicAuth(fake.AccountSID(), fake.AuthToken())
	w := httptest.NewRecorder()
	fake.Handler().ServeHTTP(w, req)
	if err := json.Unmarshal(w.Body.Bytes(), answer); err != nil {
		t.Fatalf("%s: %v in %s", path, err, w.Body)
	}
	return w.Code
}

func TestList(t *testing.T) {
	t.Parallel()
	var day atomic.Int32
	day.Store(1)
	fake := twiliotest.New(twiliotest.Config{Now: func() time.Time { return time.Date(2026, 11, int(day.Load()), 12, 0, 0, 0, time.UTC) }})
	defer fake.Close()
	conn, ch := connector(t), channel(fake)
	for i := range 5 {
		day.Store(int32(i + 1))
		for _, to := range []string{consumer, "+14155550101"} {
			if _, err := conn.Send(t.Context(), ch, engine.Outbound{To: to, Content: engine.Content{Text: fmt.Sprint(to[len(to)-1:], " day ", i+1)}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	list := "/2010-04-01/Accounts/" + fake.AccountSID() + "/Messages.json"
	for _, tt := range []struct {
		name  string
		query url.Values
		want  []string
	}{
		{"to one", url.Values{"To": {consumer}}, []string{"0 day 5", "0 day 4", "0 day 3", "0 day 2", "0 day 1"}},
		{"from somebody else", url.Values{"From": {consumer}}, nil},
		{"from us to one since", url.Values{"From": {ours}, "To": {consumer}, "DateSent>": {"2026-11-04"}}, []string{"0 day 5", "0 day 4"}},
		{"until", url.Values{"To": {consumer}, "DateSent<": {"2026-11-02"}}, []string{"0 day 2", "0 day 1"}},
		{"on a day", url.Values{"DateSent": {"2026-11-03"}}, []string{"1 day 3", "0 day 3"}},
		{"since an instant", url.Values{"To": {consumer}, "DateSent>": {"2026-11-05T12:00:00Z"}}, []string{"0 day 5"}},
	} {
		for _, size := range []string{"", "1", "2", "1000"} {
			tt.query.Set("PageSize", size)
			var got []string
			next := list + "?" + tt.query.Encode()
			for next != "" {
				var page struct {
					Messages []struct{ Body string }
					Next     *string `json:"next_page_uri"`
				}
				if status := get(t, fake, next, &page); status != http.StatusOK {
					t.Fatalf("%s: %d", tt.name, status)
				}
				for _, m := range page.Messages {
					got = append(got, m.Body)
				}
				next = ""
				if page.Next != nil {
					next = *page.Next
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s in pages of %q (-want +got):\n%s", tt.name, size, diff)
			}
		}
	}
	var failure struct{ Code int }
	if status := get(t, fake, list+"?DateSent=yesterday", &failure); status != http.StatusBadRequest || failure.Code != 20001 {
		t.Errorf("no date: %d, %+v", status, failure)
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	fake := twiliotest.New(twiliotest.Config{})
	defer fake.Close()
	receipt, err := connector(t).Send(t.Context(), channel(fake), engine.Outbound{To: consumer, Content: engine.Content{Text: "hi"}})
	if err != nil {
		t.Fatal(err)
	}
	messages := "/2010-04-01/Accounts/" + fake.AccountSID() + "/Messages/"
	var m struct {
		SID, Body string
		Code      int
	}
	if status := get(t, fake, messages+receipt.ProviderID+".json", &m); status != http.StatusOK || m.Body != "hi" {
		t.Errorf("fetch: %d, %+v", status, m)
	}
	if status := get(t, fake, messages+"SM1.json", &m); status != http.StatusNotFound || m.Code != 20404 {
		t.Errorf("fetch of nothing: %d, %+v", status, m)
	}
}

// Awaiting ends with the message that was missing, whoever sends it.
func TestAwaitSent(t *testing.T) {
	t.Parallel()
	fake := twiliotest.New(twiliotest.Config{})
	defer fake.Close()
	conn, ch := connector(t), channel(fake)
	done := make(chan error, 1)
	go func() {
		messages, err := fake.AwaitSentTo(t.Context(), consumer, 2)
		if err == nil && (messages[0].Body != "1" || messages[1].Body != "2") {
			err = fmt.Errorf("out of order: %+v", messages)
		}
		done <- err
	}()
	for _, out := range []engine.Outbound{
		{To: consumer, Content: engine.Content{Text: "1"}}, {To: "+14155550101", Content: engine.Content{Text: "x"}}, {To: consumer, Content: engine.Content{Text: "2"}},
	} {
		if _, err := conn.Send(t.Context(), ch, out); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A server that closes in the middle of delays and callbacks leaves nothing running.
func TestCloseInTheMiddle(t *testing.T) {
	t.Parallel()
	reached := make(chan struct{}, 16)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case reached <- struct{}{}:
		default:
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer gateway.Close()
	fake := twiliotest.New(twiliotest.Config{Callbacks: []string{"sent"}, Resend: true})
	conn, ch := connector(t), channel(fake)
	if _, err := conn.Send(t.Context(), ch, engine.Outbound{Item: "1", To: consumer, Content: engine.Content{Text: "hi"}, CallbackURL: gateway.URL}); err != nil {
		t.Fatal(err)
	}
	<-reached
	fake.Script(twiliotest.Fault{Delay: time.Hour})
	sent := make(chan error, 1)
	go func() {
		_, err := conn.Send(t.Context(), ch, engine.Outbound{To: consumer, Content: engine.Content{Text: "hi"}})
		sent <- err
	}()
	for fake.Calls() < 2 {
		<-reached // the callback that is sent again and again keeps time
	}
	fake.Close()
	if err := <-sent; err == nil || !strings.HasPrefix(err.Error(), string(engine.SendUnsure)) {
		t.Errorf("Send: %v", err)
	}
}
