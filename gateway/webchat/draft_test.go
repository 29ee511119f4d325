package webchat

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"parley/engine"
)

// Who follows a draft link talks to that version, and to no other.
func TestDraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	version := strings.Repeat("0a", 32)
	link, until, err := w.server.DraftLink("acme.web", version)
	if left := until.Sub(w.now()); err != nil || left > draftTTL || left < draftTTL-time.Hour {
		t.Fatalf("%s, %v", until, err)
	}
	at, err := url.Parse(link)
	if err != nil || at.Path != "/chat/acme.web" {
		t.Fatalf("the link is %s, %v", link, err)
	}
	token := at.Query().Get("draft")
	page := w.ask("GET", at.RequestURI(), "", nil)
	if page.status != http.StatusOK || !strings.Contains(string(page.body), `<gw-chat channel="acme.web" draft="`+token+`" page>`) {
		t.Errorf("the page is %d %s", page.status, page.body)
	}
	session := func(body map[string]string) sessionView {
		t.Helper()
		return read[sessionView](t, w.ask("POST", "/chat/acme.web/session", "", body), http.StatusOK)
	}
	plain := w.session()
	tester := session(map[string]string{"token": plain.Token, "draft": token})
	if tester.Visitor == plain.Visitor {
		t.Error("a visitor became a tester with the old conversation")
	}
	again := session(map[string]string{"token": tester.Token, "draft": token})
	if again.Visitor != tester.Visitor {
		t.Error("a tester became somebody else")
	}
	left := session(map[string]string{"token": again.Token})
	if left.Visitor == tester.Visitor {
		t.Error("who left the link goes on with its conversation")
	}
	for token, want := range map[string]string{plain.Token: "", tester.Token: version, again.Token: version, left.Token: ""} {
		who, err := w.server.tokens.verify("acme.web", token)
		in, err2 := said{ClientID: "message-1", Text: "hi"}.inbound(who)
		if err != nil || err2 != nil || in.Draft != want {
			t.Errorf("the draft is %q, want %q (%v, %v)", in.Draft, want, err, err2)
		}
	}

	for name, wrong := range map[string]string{
		"a visitor's token": plain.Token, "rubbish": "x.y.z", "too long": token + strings.Repeat("a", maxToken), "changed": token[:len(token)-3] + "aaa",
	} {
		if a := w.ask("POST", "/chat/acme.web/session", "", map[string]string{"draft": wrong}); a.status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := w.ask("POST", "/chat/acme.second/session", "", map[string]string{"draft": token}); a.status != http.StatusUnauthorized {
		t.Errorf("another channel: %d %s", a.status, a.body)
	}
	if _, err := w.server.tokens.verify("acme.web", token); engine.CodeOf(err) != engine.Unauthenticated {
		t.Errorf("a link's token is a visitor's: %v", err)
	}
	w.pass(draftTTL + time.Second)
	if a := w.ask("POST", "/chat/acme.web/session", "", map[string]string{"draft": token}); a.status != http.StatusUnauthorized {
		t.Errorf("an old link: %d %s", a.status, a.body)
	}
	if _, _, err := w.server.DraftLink("acme.web", "abc"); engine.CodeOf(err) != engine.Invalid {
		t.Errorf("a link to nothing: %v", err)
	}
}
