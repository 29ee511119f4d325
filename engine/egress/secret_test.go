package egress

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/engine"
)

// canary must never leave but in the one header that it is for.
const canary = "canary-4f9d1c77"

func TestSecretsAreFilledIn(t *testing.T) {
	t.Parallel()
	var got http.Header
	base, hosts, f := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		w.Header().Set("X-Request-Id", "for "+r.Header.Get("Authorization"))
		fmt.Fprintf(w, "you sent %s and %s", r.Header.Get("Authorization"), r.Header.Get("X-Shop"))
	})
	res := f.Fetch(t.Context(), Request{
		URL: base, Hosts: hosts, Header: map[string]string{"Accept": "{TOKEN}"},
		SecretHeader: map[string]string{"authorization": "Bearer {TOKEN}", "X-Shop": "{SHOP}:{TOKEN}:{}{a b}"},
		Secrets:      map[string]engine.BrandSecret{"TOKEN": {Value: canary, Hosts: hosts}, "SHOP": {Value: "7", Hosts: hosts}, "OTHER": {Value: "x"}},
	})
	if res.Error != "" {
		t.Fatal(res.Error)
	}
	if got.Get("Authorization") != "Bearer "+canary || got.Get("X-Shop") != "7:"+canary+":{}{a b}" || got.Get("Accept") != "{TOKEN}" {
		t.Errorf("sent %v", got)
	}
	// What comes back is told without it.
	if res.Body != "you sent Bearer *** and 7:***:{}{a b}" || res.Header["x-request-id"] != "for Bearer ***" {
		t.Errorf("answered %+v", res)
	}
}

func TestSecretsAreRefused(t *testing.T) {
	t.Parallel()
	called := false
	base, hosts, f := serve(t, func(http.ResponseWriter, *http.Request) { called = true })
	address := strings.Split(hosts[0], ":")[0]
	secrets := map[string]engine.BrandSecret{
		"HERE": {Value: canary, Hosts: hosts}, "NOWHERE": {Value: canary}, "ELSEWHERE": {Value: canary, Hosts: []string{"crm.example", address}},
		"LINES": {Value: canary + "\nX-Evil: 1", Hosts: hosts}, "LONG": {Value: engine.Secret(strings.Repeat(canary, 2000)), Hosts: hosts},
	}
	for name, tt := range map[string]struct {
		header, secretHeader map[string]string
		want                 string
	}{
		"unknown":         {nil, map[string]string{"X-Key": "{NEVER}"}, "there is no secret NEVER"},
		"no hosts":        {nil, map[string]string{"X-Key": "{NOWHERE}"}, "the secret NOWHERE may not be sent to " + address},
		"another port":    {nil, map[string]string{"X-Key": "{ELSEWHERE}"}, "the secret ELSEWHERE may not be sent to " + address},
		"one of two":      {nil, map[string]string{"X-Key": "{HERE}{NOWHERE}"}, "the secret NOWHERE may not be sent to " + address},
		"a line break":    {nil, map[string]string{"X-Key": "{LINES}"}, ErrHeader},
		"too long":        {nil, map[string]string{"X-Key": "{LONG}"}, ErrRequestTooLarge},
		"steering header": {nil, map[string]string{"Host": "{HERE}"}, ErrHeader},
		"cookie":          {nil, map[string]string{"Cookie": "{HERE}"}, ErrHeader},
		"twice":           {map[string]string{"x-key": "1"}, map[string]string{"X-Key": "{HERE}"}, ErrHeader},
	} {
		res := f.Fetch(t.Context(), Request{URL: base, Hosts: hosts, Header: tt.header, SecretHeader: tt.secretHeader, Secrets: secrets})
		if res.Error != tt.want || res.Retry {
			t.Errorf("%s: %+v, want %q", name, res, tt.want)
		}
		if strings.Contains(fmt.Sprintf("%+v", res), canary) {
			t.Errorf("%s tells the secret", name)
		}
	}
	if called {
		t.Error("something was sent")
	}
}

// TestSecretsDoNotPrint: a request may be logged or stored by mistake.
func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	req := Request{SecretHeader: map[string]string{"X-Key": "{TOKEN}"}, Secrets: map[string]engine.BrandSecret{"TOKEN": {Value: canary}}}
	text, err := json.Marshal(req)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{string(text), fmt.Sprintf("%v %+v %#v %q", req, req, req.Secrets, req.Secrets)} {
		if strings.Contains(s, canary) {
			t.Errorf("it prints as %s", s)
		}
	}
}
