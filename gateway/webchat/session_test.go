package webchat

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	"parley/engine"
)

func TestSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	want := sessionView{
		Token: s.Token, ExpiresAt: s.ExpiresAt, Visitor: s.Visitor, Languages: []string{"en", "de"},
		Brand: brandView{"Acme <Bikes>", "#0f766e", "Ava"},
	}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Error(diff)
	}
	if !addressForm.MatchString(s.Visitor) {
		t.Errorf("visitor %q", s.Visitor)
	}
	if left := time.UnixMilli(s.ExpiresAt).Sub(w.now()); left < 23*time.Hour || left > 24*time.Hour {
		t.Errorf("expires in %s", left)
	}
	if again := w.session(); again.Visitor == s.Visitor {
		t.Error("two visitors have the same address")
	}
}

// Tabs that start at once share a start, and are one visitor.
func TestStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const start = "q3Jx0b6TZ2mVb0a1S9dKzw"
	ask := func(channel, start string) sessionView {
		t.Helper()
		return read[sessionView](t, w.ask("POST", "/chat/"+channel+"/session", "", map[string]string{"start": start}), http.StatusOK)
	}
	var all sync.WaitGroup
	visitors := make([]string, 8)
	for i := range visitors {
		all.Go(func() { visitors[i] = ask("acme.web", start).Visitor })
	}
	all.Wait()
	if slices.Sort(visitors); visitors[0] != visitors[7] || !addressForm.MatchString(visitors[0]) {
		t.Errorf("visitors %q", visitors)
	}
	if other := ask("acme.web", start+"x"); other.Visitor == visitors[0] {
		t.Error("another start gave the same visitor")
	}
	if other := ask("acme.second", start); other.Visitor == visitors[0] {
		t.Error("another channel gave the same visitor")
	}
	s := w.session()
	both := w.ask("POST", "/chat/acme.web/session", "", map[string]string{"token": s.Token, "start": start})
	if got := read[sessionView](t, both, http.StatusOK); got.Visitor != s.Visitor {
		t.Error("a start beats a token")
	}
	for _, bad := range []string{"short", strings.Repeat("a", 65), "with blanks in the middle"} {
		if a := w.ask("POST", "/chat/acme.web/session", "", map[string]string{"start": bad}); a.status != http.StatusBadRequest || !strings.Contains(string(a.body), "start") {
			t.Errorf("%q: %d %s", bad, a.status, a.body)
		}
	}
}

func TestRenewal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.session()
	renew := func() sessionView {
		t.Helper()
		return read[sessionView](t, w.ask("POST", "/chat/acme.web/session", "", map[string]string{"token": s.Token}), http.StatusOK)
	}
	if got := renew(); got.Visitor != s.Visitor {
		t.Errorf("a valid token gave visitor %s, want %s", got.Visitor, s.Visitor)
	}
	w.pass(25 * time.Hour)
	if a := w.ask("GET", "/chat/acme.web/messages", s.Token, nil); a.status != http.StatusUnauthorized || a.code() != "unauthenticated" {
		t.Errorf("expired: %d %s", a.status, a.body)
	}
	got := renew()
	if got.Visitor != s.Visitor {
		t.Errorf("an expired token gave visitor %s, want %s", got.Visitor, s.Visitor)
	}
	w.page(got, "")
	w.pass(30 * 24 * time.Hour)
	if got := renew(); got.Visitor == s.Visitor {
		t.Error("a token was exchanged 31 days after its end")
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	ours := tokens{key: []byte("key of this gateway, 32 bytes..."), clock: func() time.Time { return now }, newID: newID}
	who := newVisitor()
	good := func() claims {
		return claims{"de", "", jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{"acme.web"}, Subject: who.address, ExpiresAt: jwt.NewNumericDate(now.Add(time.Hour)),
		}}
	}
	sign := func(method jwt.SigningMethod, key any, change func(*claims)) string {
		c := good()
		change(&c)
		raw, err := jwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	keep := func(*claims) {}
	valid := sign(jwt.SigningMethodHS256, ours.key, keep)
	head, rest, _ := strings.Cut(valid, ".")
	body, _, _ := strings.Cut(rest, ".")
	for name, tt := range map[string]struct {
		token            string
		verifies, renews bool
	}{
		"valid":              {valid, true, true},
		"expired":            {sign(jwt.SigningMethodHS256, ours.key, func(c *claims) { c.ExpiresAt = jwt.NewNumericDate(now.Add(-time.Second)) }), false, true},
		"expired long ago":   {sign(jwt.SigningMethodHS256, ours.key, func(c *claims) { c.ExpiresAt = jwt.NewNumericDate(now.Add(-renewTTL - time.Second)) }), false, false},
		"without an end":     {sign(jwt.SigningMethodHS256, ours.key, func(c *claims) { c.ExpiresAt = nil }), false, false},
		"other channel":      {sign(jwt.SigningMethodHS256, ours.key, func(c *claims) { c.Audience = jwt.ClaimStrings{"acme.second"} }), false, false},
		"no channel":         {sign(jwt.SigningMethodHS256, ours.key, func(c *claims) { c.Audience = nil }), false, false},
		"other issuer":       {sign(jwt.SigningMethodHS256, ours.key, func(c *claims) { c.Issuer = "somebody" }), false, false},
		"no visitor":         {sign(jwt.SigningMethodHS256, ours.key, func(c *claims) { c.Subject = "" }), false, false},
		"odd visitor":        {sign(jwt.SigningMethodHS256, ours.key, func(c *claims) { c.Subject = "+15550100" }), false, false},
		"forged":             {sign(jwt.SigningMethodHS256, []byte("another key"), keep), false, false},
		"alg none":           {sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, keep), false, false},
		"other algorithm":    {sign(jwt.SigningMethodHS512, ours.key, keep), false, false},
		"no signature":       {head + "." + body + ".", false, false},
		"changed":            {head + "." + body[:len(body)-2] + "." + valid[strings.LastIndex(valid, ".")+1:], false, false},
		"nothing":            {"", false, false},
		"not a token":        {"hello", false, false},
		"too long to bother": {valid + strings.Repeat("a", maxToken), false, false},
	} {
		v, err := ours.verify("acme.web", tt.token)
		if got := err == nil; got != tt.verifies {
			t.Errorf("%s: verified %t (%v)", name, got, err)
		}
		if err == nil && (v.address != who.address || v.language != "de") {
			t.Errorf("%s: got %+v", name, v)
		}
		if err != nil && engine.CodeOf(err) != engine.Unauthenticated {
			t.Errorf("%s: code %s", name, engine.CodeOf(err))
		}
		if _, err := ours.renewable("acme.web", tt.token); (err == nil) != tt.renews {
			t.Errorf("%s: renewable: %v", name, err)
		}
	}
}

func TestForeignTokensOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	second := read[sessionView](t, w.ask("POST", "/chat/acme.second/session", "", "{}"), http.StatusOK)
	routes := [][2]string{{"GET", "messages"}, {"POST", "messages"}, {"POST", "typing"}, {"POST", "receipts"}, {"GET", "events"}}
	for _, r := range routes {
		for name, token := range map[string]string{"none": "", "other channel": second.Token, "rubbish": "x.y.z"} {
			if a := w.ask(r[0], "/chat/acme.web/"+r[1], token, nil); a.status != http.StatusUnauthorized {
				t.Errorf("%s %s with token %s: %d", r[0], r[1], name, a.status)
			}
		}
	}
	// It cannot be exchanged either: the holder is a new visitor here.
	got := read[sessionView](t, w.ask("POST", "/chat/acme.web/session", "", map[string]string{"token": second.Token}), http.StatusOK)
	if got.Visitor == second.Visitor {
		t.Error("a token of another channel was exchanged")
	}
}

func TestOnlyWebChannels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, channel := range []string{"acme.sms", "nobody.web", "acme"} {
		if a := w.ask("POST", "/chat/"+channel+"/session", "", "{}"); a.status != http.StatusNotFound || a.code() != "not_found" {
			t.Errorf("%s: %d %s", channel, a.status, a.body)
		}
	}
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for want, stored := range map[string]string{"de": "de", "de-AT": "de", "EN": "en", "fr": "", "": ""} {
		s := read[sessionView](t, w.ask("POST", "/chat/acme.web/session", "", map[string]string{"language": want}), http.StatusOK)
		w.say(s, "hello")
		var c engine.Consumer
		err := w.store.View(t.Context(), func(tx engine.Tx) (err error) {
			c, err = tx.Consumers().ByAddress("acme", "webchat", s.Visitor)
			return err
		})
		if err != nil || c.Language != stored {
			t.Errorf("%q is stored as %q, want %q (%v)", want, c.Language, stored, err)
		}
	}
}

func TestCORS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		origin string
		status int
		allow  string
	}{
		{"", 200, ""},
		{w.http.URL, 200, ""},
		{"https://chat.acme.example", 200, ""},
		{listed, 200, listed},
		{"https://b.example", 200, "https://b.example"},
		// A page that is refused may read why; nothing else of the answer is for it.
		{"http://shop.acme.example", 403, "http://shop.acme.example"},
		{"https://shop.acme.example:8443", 403, "https://shop.acme.example:8443"},
		{"https://evil.example", 403, "https://evil.example"},
		{"https://shop.acme.example.evil.example", 403, "https://shop.acme.example.evil.example"},
		{"null", 403, "null"},
		{"file://", 403, "file://"},
	} {
		header := []string{}
		if tt.origin != "" {
			header = []string{"Origin", tt.origin}
		}
		a := w.ask("POST", "/chat/acme.web/session", "", "{}", header...)
		if a.status != tt.status || a.header.Get("Access-Control-Allow-Origin") != tt.allow {
			t.Errorf("%q: %d %q", tt.origin, a.status, a.header.Get("Access-Control-Allow-Origin"))
		}
		if a.header.Get("Access-Control-Allow-Credentials") != "" || !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Origin") {
			t.Errorf("%q: headers %v", tt.origin, a.header)
		}
		p := w.ask("OPTIONS", "/chat/acme.web/messages", "", nil, append(header, "Access-Control-Request-Method", "POST")...)
		if p.status != http.StatusNoContent || p.header.Get("Access-Control-Allow-Origin") != tt.allow {
			t.Errorf("preflight of %q: %d %v", tt.origin, p.status, p.header)
		}
		if tt.status == 403 && (!strings.Contains(string(a.body), tt.origin) || !strings.Contains(string(a.body), "allowed_origins")) {
			t.Errorf("%q is not told which origin and which setting: %s", tt.origin, a.body)
		}
	}
	// So may a page whose channel is gone.
	gone := w.ask("POST", "/chat/acme.gone/session", "", "{}", "Origin", listed)
	if gone.status != http.StatusNotFound || gone.header.Get("Access-Control-Allow-Origin") != listed || !strings.Contains(string(gone.body), "no such chat") {
		t.Errorf("%d %v %s", gone.status, gone.header, gone.body)
	}
	if p := w.ask("OPTIONS", "/chat/acme.gone/session", "", nil, "Origin", listed, "Access-Control-Request-Method", "POST"); p.status != http.StatusNoContent {
		t.Errorf("preflight of a channel that is gone: %d", p.status)
	}
	// A refusal can be read by the site that may ask.
	a := w.ask("GET", "/chat/acme.web/messages", "", nil, "Origin", listed)
	if a.status != http.StatusUnauthorized || a.header.Get("Access-Control-Allow-Origin") != listed {
		t.Errorf("%d %v", a.status, a.header)
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.ask("GET", "/chat/acme.web", "", nil, "Accept-Language", "fr-FR, de-CH;q=0.8, en;q=0.5")
	body := string(a.body)
	for _, want := range []string{
		`<html lang="de">`, `<gw-chat channel="acme.web" page></gw-chat>`, `<script type="module" src="/widget.js">`,
		`content="#0f766e"`, `Chat mit Acme &lt;Bikes&gt;`, `<noscript>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s is missing in %s", want, body)
		}
	}
	draft := `"><script>{{title}}`
	if a := w.ask("GET", "/chat/acme.web?draft="+url.QueryEscape(draft), "", nil); !strings.Contains(string(a.body), ` draft="&#34;&gt;&lt;script&gt;{{title}}" page>`) {
		t.Errorf("a draft that is no token: %s", a.body)
	}
	host := strings.TrimPrefix(w.http.URL, "http://")
	want := "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws://" + host + " wss://" + host +
		"; img-src 'self' https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
	if diff := cmp.Diff(want, a.header.Get("Content-Security-Policy")); diff != "" || a.status != 200 {
		t.Error(a.status, diff)
	}
	if css := w.ask("GET", "/chat.css", "", nil); css.status != 200 || !strings.HasPrefix(css.header.Get("Content-Type"), "text/css") {
		t.Errorf("chat.css: %d %v", css.status, css.header)
	}
	for _, channel := range []string{"acme.sms", "<script>"} {
		a := w.ask("GET", "/chat/"+channel, "", nil)
		if a.status != http.StatusNotFound || !strings.Contains(string(a.body), "There is no such chat") || strings.Contains(string(a.body), "script") {
			t.Errorf("%s: %d %s", channel, a.status, a.body)
		}
	}
}

func TestPolicyOfOddHosts(t *testing.T) {
	t.Parallel()
	for host, listed := range map[string]bool{
		"chat.example": true, "127.0.0.1:8080": true, "[::1]:8080": true,
		"a; script-src *": false, "a b": false, "": false, "a:99999999": false,
	} {
		if got := strings.Contains(policy(host), "ws://"); got != listed {
			t.Errorf("%q: %s", host, policy(host))
		}
	}
}

func TestRates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.freeze()
	s := w.session()
	post := func() answer {
		return w.ask("POST", "/chat/acme.web/messages", s.Token, map[string]string{"client_id": newID(), "text": "hi"})
	}
	for i := range 10 {
		if a := post(); a.status != http.StatusCreated {
			t.Fatalf("message %d: %d %s", i, a.status, a.body)
		}
	}
	refused := func(a answer, after string) {
		t.Helper()
		if a.status != http.StatusTooManyRequests || a.code() != "rate_limited" || a.header.Get("Retry-After") != after {
			t.Errorf("%d %s, after %q", a.status, a.body, a.header.Get("Retry-After"))
		}
	}
	refused(post(), "1")
	w.page(s, "") // has a bucket of its own
	w.pass(time.Second)
	if a := post(); a.status != http.StatusCreated {
		t.Errorf("a second later: %d", a.status)
	}
	for range 30 { // full again after the second
		if a := w.ask("POST", "/chat/acme.web/typing", s.Token, `{"on":true}`); a.status != http.StatusNoContent {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	refused(w.ask("POST", "/chat/acme.web/typing", s.Token, `{"on":true}`), "1")

	for range 19 {
		w.session()
	}
	refused(w.ask("POST", "/chat/acme.web/session", "", "{}"), "5")
	w.pass(time.Second)
	// A renewal does not count as a new chat.
	if a := w.ask("POST", "/chat/acme.web/session", "", map[string]string{"token": s.Token}); a.status != 200 {
		t.Errorf("renewal: %d %s", a.status, a.body)
	}
}

func TestPageHead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for path, status := range map[string]int{"/chat/acme.web": 200, "/chat/acme.sms": 404} {
		if a := w.ask("HEAD", path, "", nil); a.status != status || len(a.body) != 0 {
			t.Errorf("%s: %d with %d bytes", path, a.status, len(a.body))
		}
	}
}
