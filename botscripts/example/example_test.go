package example_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/botscripts/brandfolder"
	"parley/botscripts/example"
	"parley/botscripts/faq"
	"parley/connectors"
	"parley/engine"
)

func load(t *testing.T, env map[string]string) brandfolder.Brand {
	t.Helper()
	b, problems := brandfolder.Reader{Kinds: connectors.Kinds(), Env: func(name string) (string, bool) { v, ok := env[name]; return v, ok }}.Load(example.FS())
	for _, p := range problems {
		t.Error(p)
	}
	return b
}

func TestLoadsWithoutProblems(t *testing.T) {
	t.Parallel()
	b := load(t, nil)
	if len(b.Channels) != 1 || b.Channels[0].ID != "acme.web" {
		t.Errorf("without an environment only the web chat should be there: %v", b.Channels)
	}
	var people []string
	for _, a := range b.Agents {
		people = append(people, a.Name+": "+string(a.Role)+" "+strings.Join(a.Skills, " "))
	}
	want := []string{"Ana Lima: agent care sales", "Jonas Weber: agent care", "Sofia Marchetti: admin sales"}
	if diff := cmp.Diff(want, people); diff != "" {
		t.Error(diff)
	}
	if b.Brand.Settings.DefaultSkill != "care" || len(b.Brand.Settings.EscapeWords["en"]) == 0 {
		t.Errorf("settings: %+v", b.Brand.Settings)
	}
}

func TestTelephoneNumberFromTheEnvironment(t *testing.T) {
	t.Parallel()
	sid := "AC" + strings.Repeat("0", 32)
	b := load(t, map[string]string{"TWILIO_NUMBER": "+4930123456", "TWILIO_ACCOUNT_SID": sid, "TWILIO_AUTH_TOKEN": "s3cret"})
	want := engine.Channel{
		Brand: "acme", ID: "acme.sms", Kind: "twilio", Name: "SMS", Address: "${TWILIO_NUMBER}", Bot: "concierge",
		Config: map[string]string{"account_sid": "${TWILIO_ACCOUNT_SID}"}, Secrets: map[string]engine.Secret{"auth_token": "${TWILIO_AUTH_TOKEN}"},
	}
	if len(b.Channels) != 2 {
		t.Fatalf("%d channels", len(b.Channels))
	}
	if diff := cmp.Diff(want, b.Channels[0]); diff != "" {
		t.Error(diff)
	}
}

func TestFAQIsLargeEnough(t *testing.T) {
	t.Parallel()
	paths, err := fs.Glob(example.FS(), "faq/*.md")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, path := range paths {
		data, err := fs.ReadFile(example.FS(), path)
		if err != nil {
			t.Fatal(err)
		}
		entries, err := faq.Parse(path, string(data))
		if err != nil {
			t.Error(err)
		}
		n += len(entries)
	}
	if n < 20 {
		t.Errorf("%d questions", n)
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(example.Orders(func() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }))
	t.Cleanup(server.Close)
	tests := []struct {
		method, path string
		status       int
		body         string // JSON, "" for any
	}{
		{"GET", "/orders/10001", 200, `{"number":"10001","status":"shipped","carrier":"DHL","eta":"2026-11-24","items":["Urban 5 city bike, 54 cm, petrol"]}`},
		{"GET", "/orders/10004", 200, `{"number":"10004","status":"ready for pick-up","items":["Gravel 7, 56 cm, sand"]}`},
		{"GET", "/orders/99999", 404, `{"error":"there is no order with this number"}`},
		{"GET", "/orders/", 404, ""},
		{"GET", "/orders/1/2", 404, ""},
		{"POST", "/orders/10001", 405, ""},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path, func(t *testing.T) {
			req, err := http.NewRequestWithContext(t.Context(), tt.method, server.URL+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.StatusCode != tt.status {
				t.Errorf("status %d, want %d", res.StatusCode, tt.status)
			}
			if tt.body == "" {
				return
			}
			var got, want any
			if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(tt.body), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if ct := res.Header.Get("Content-Type"); ct != "application/json" {
				t.Errorf("content type %q", ct)
			}
		})
	}
}
