package meta_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley/connectors/fakes/meta"
)

const (
	page    = "104567890123456"
	account = "17841400008460056"
	person  = "7012345678901234"
)

// to posts to a node's messages.
func to(t *testing.T, s *meta.Server, client *http.Client, node, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/v25.0/"+node+"/messages", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+meta.DefaultToken)
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(raw)
}

func TestMessagingLimits(t *testing.T) {
	t.Parallel()
	s, transport := meta.Pipe(meta.Config{})
	s.Page(page)
	s.Account(account, "instagram")
	defer s.Close()
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}
	of := func(n int) string { return strings.Repeat("x", n) }
	text := func(s string) string { return `"message":{"text":"` + s + `"}` }
	replies := func(n int, title, payload string) string {
		one := fmt.Sprintf(`{"content_type":"text","title":%q,"payload":%q}`, title, payload)
		return `"message":{"text":"Which?","quick_replies":[` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") + `]}`
	}
	attached := func(kind, payload string) string {
		return `"message":{"attachment":{"type":"` + kind + `","payload":{` + payload + `}}}`
	}
	button := func(kind, title string) string {
		return fmt.Sprintf(`{"type":%q,"title":%q,"url":"https://a.example","payload":"+15550100"}`, kind, title)
	}
	cards := func(n int, title string, buttons ...string) string {
		one := fmt.Sprintf(`{"title":%q,"buttons":[%s]}`, title, strings.Join(buttons, ","))
		return attached("template", `"template_type":"generic","elements":[`+strings.TrimSuffix(strings.Repeat(one+",", n), ",")+`]`)
	}
	buttons := func(text string) string {
		return attached("template", fmt.Sprintf(`"template_type":"button","text":%q,"buttons":[%s]`, text, button("web_url", "See")))
	}
	const taken, refused = 200, 400
	for name, tt := range map[string]struct {
		body              string
		onPage, onAccount int
	}{
		"a text":              {text(of(1000)), taken, taken},
		"a longer text":       {text(of(1001)), taken, refused},
		"a text of bytes":     {text(strings.Repeat("ä", 501)), taken, refused},
		"the longest":         {text(of(2000)), taken, refused},
		"too long":            {text(of(2001)), refused, refused},
		"no text":             {text(" "), refused, refused},
		"nothing":             {`"x":1`, refused, refused},
		"replies":             {replies(13, of(20), of(1000)), taken, taken},
		"too many replies":    {replies(14, "a", "a"), refused, refused},
		"a long reply":        {replies(1, of(21), "a"), refused, refused},
		"a long payload":      {replies(1, "a", of(1001)), refused, refused},
		"no payload":          {replies(1, "a", ""), refused, refused},
		"a picture":           {attached("image", `"url":"https://a.example/a.jpg"`), taken, taken},
		"no picture":          {attached("image", `"url":"a.jpg"`), refused, refused},
		"a hologram":          {attached("hologram", `"url":"https://a.example"`), refused, refused},
		"cards":               {cards(10, of(80), button("web_url", of(20)), button("postback", "b"), button("web_url", "c")), taken, taken},
		"too many cards":      {cards(11, "a", button("web_url", "a")), refused, refused},
		"no cards":            {cards(0, "a"), refused, refused},
		"a bare card":         {cards(1, "a"), refused, refused},
		"a long title":        {cards(1, of(81), button("web_url", "a")), refused, refused},
		"four buttons":        {cards(1, "a", button("web_url", "a"), button("web_url", "b"), button("web_url", "c"), button("web_url", "d")), refused, refused},
		"a long button":       {cards(1, "a", button("web_url", of(21))), refused, refused},
		"a call":              {cards(1, "a", button("phone_number", "Call")), taken, refused},
		"buttons":             {buttons(of(640)), taken, refused},
		"buttons, long":       {buttons(of(641)), refused, refused},
		"a note":              {`"message":{"text":"x","metadata":"` + of(1000) + `"}`, taken, taken},
		"a long note":         {`"message":{"text":"x","metadata":"` + of(1001) + `"}`, refused, refused},
		"an answer":           {`"reply_to":{"mid":"m_1"},` + text("x"), taken, taken},
		"an answer to what":   {`"reply_to":{},` + text("x"), refused, refused},
		"an old tag":          {`"tag":"ACCOUNT_UPDATE",` + text("x"), refused, refused},
		"typing":              {`"sender_action":"typing_on"`, taken, taken},
		"typing with a text":  {`"sender_action":"typing_on",` + text("x"), refused, refused},
		"an action of nobody": {`"sender_action":"dance"`, refused, refused},
	} {
		for node, want := range map[string]int{page: tt.onPage, "me": tt.onAccount} {
			if status, body := to(t, s, client, node, `{"recipient":{"id":"`+person+`"},"messaging_type":"RESPONSE",`+tt.body+`}`); status != want {
				t.Errorf("%s to %s: %d %s", name, node, status, body)
			}
		}
	}
	for name, body := range map[string]string{
		"nobody": `{"recipient":{},"messaging_type":"RESPONSE","message":{"text":"x"}}`, "no type": `{"recipient":{"id":"` + person + `"},"message":{"text":"x"}}`, "no JSON": `{`,
	} {
		if status, answer := to(t, s, client, page, body); status != refused {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
}

// TestMessagingWindow: a day for all, a week for people.
func TestMessagingWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, transport := meta.Pipe(meta.Config{Window: 24 * time.Hour})
		p := s.Page(page)
		defer s.Close()
		defer transport.CloseIdleConnections()
		client := &http.Client{Transport: transport}
		plain := `{"recipient":{"id":"` + person + `"},"messaging_type":"RESPONSE","message":{"text":"x"}}`
		tagged := strings.Replace(plain, `"RESPONSE"`, `"MESSAGE_TAG","tag":"HUMAN_AGENT"`, 1)
		try := func(when string, want ...int) {
			t.Helper()
			for i, body := range []string{plain, tagged} {
				if status, answer := to(t, s, client, page, body); status != want[i] || status == 400 && !strings.Contains(answer, "2018278") {
					t.Errorf("%s: %d %s", when, status, answer)
				}
			}
		}
		try("never heard", 400, 400)
		p.Say(person, "hi")
		try("at once", 200, 200)
		time.Sleep(25 * time.Hour)
		try("after a day", 400, 200)
		time.Sleep(6 * 24 * time.Hour)
		try("after a week", 400, 400)
	})
}

// TestMessagingReports: an echo, and what is told of a message, by each in its own way.
func TestMessagingReports(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := &gateway{}
		s, transport := meta.Pipe(meta.Config{Hook: "https://gw.example/hooks/acme.page", Client: &http.Client{Transport: g}})
		p := s.Page(page)
		s.Account(account, "instagram")
		defer s.Close()
		defer transport.CloseIdleConnections()
		client := &http.Client{Transport: transport}
		body := `{"recipient":{"id":"` + person + `"},"messaging_type":"RESPONSE","message":{"text":"größer","metadata":"ours"}}`
		for _, node := range []string{page, "me"} {
			if status, answer := to(t, s, client, node, body); status != 200 {
				t.Error(status, answer)
			}
			synctest.Wait()
		}
		p.Inbox(person, "Ben here")
		p.Emit(person, map[string]any{"postback": map[string]any{"payload": "P"}})
		if err := s.Settle(t.Context()); err != nil {
			t.Error(err)
		}
		g.mu.Lock()
		defer g.mu.Unlock()
		for _, want := range []string{
			`"object":"page"`, `"text":"gr\u00f6\u00dfer"`, `"metadata":"ours"`, `"delivery":{"mids":["m_OUT1"]`, `"read":{"watermark":`, `"read":{"mid":"m_OUT2"}`,
			`"object":"instagram"`, `"app_id":263902037430900`, `"postback":{"payload":"P"}`,
		} {
			if !slices.ContainsFunc(g.bodies, func(b string) bool { return strings.Contains(b, want) }) {
				t.Errorf("no webhook has %s in\n%s", want, strings.Join(g.bodies, "\n"))
			}
		}
		if len(g.bodies) != 3+2+2 {
			t.Errorf("%d webhooks", len(g.bodies))
		}
	})
}
