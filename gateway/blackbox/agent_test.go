package blackbox_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/gateway/api"
)

// agent is somebody who is signed in over the API.
type agent struct {
	t      testing.TB
	world  *world
	cookie *http.Cookie
	id     string
	serial int
}

// addUser makes somebody on the command line and gives the password. A server
// on SQLite must be down.
func (w *world) addUser(email string, flags ...string) string {
	w.t.Helper()
	out, errs, code := w.parley(slices.Concat([]string{"user", "add", email, "--data", w.data, "--skills", "care"}, w.database(), flags)...)
	_, password, ok := strings.Cut(strings.TrimSpace(out), " with the password ")
	if code != 0 || !ok {
		w.t.Fatalf("user add: %d %s %s", code, out, errs)
	}
	return password
}

func (w *world) signIn(email, password string) *agent {
	w.t.Helper()
	a := &agent{t: w.t, world: w}
	var s api.Session
	resp := a.request("POST", "/session", map[string]string{"email": email, "password": password}, &s)
	if resp.StatusCode != http.StatusOK || len(resp.Cookies()) != 1 {
		w.t.Fatalf("signing in: %d with %d cookies", resp.StatusCode, len(resp.Cookies()))
	}
	a.cookie, a.id = resp.Cookies()[0], s.User.Id
	if !a.cookie.HttpOnly {
		w.t.Error("scripts can read the session cookie")
	}
	return a
}

// request sends body and reads the answer into answer, whatever its status.
func (a *agent) request(method, path string, body, answer any) *http.Response {
	a.t.Helper()
	resp, text, err := a.ask(a.t.Context(), a.world.client, a.world.url, method, path, body)
	if err != nil {
		a.t.Fatal(err)
	}
	if answer != nil {
		if err := json.Unmarshal(text, answer); err != nil {
			a.t.Fatalf("%s %s: %d %s: %v", method, path, resp.StatusCode, text, err)
		}
	}
	return resp
}

// ask sends body to a server and gives its answer, read to the end.
func (a *agent) ask(ctx context.Context, client *http.Client, server, method, path string, body any) (*http.Response, []byte, error) {
	var content io.Reader // none where there is nothing to say: proxies lose an answer that comes before the body
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return nil, nil, err
		}
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequestWithContext(ctx, method, server+"/api/v1"+path, content)
	if err != nil {
		return nil, nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	if a.cookie != nil {
		req.AddCookie(a.cookie)
	}
	resp, err := client.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, text, err
}

// do is request for what must go well.
func (a *agent) do(method, path string, body, answer any) {
	a.t.Helper()
	var raw json.RawMessage
	if resp := a.request(method, path, body, &raw); resp.StatusCode/100 != 2 {
		a.t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, raw)
	}
	if answer != nil {
		if err := json.Unmarshal(raw, answer); err != nil {
			a.t.Fatal(err)
		}
	}
}

// list gives every conversation of the brand, newest first, and the end of the
// event log.
func (a *agent) list() ([]api.Conversation, string) {
	a.t.Helper()
	var page struct {
		Conversations []api.Conversation `json:"conversations"`
		Cursor        string             `json:"cursor"`
	}
	a.do("GET", "/conversations?view=all&limit=200", nil, &page)
	return page.Conversations, page.Cursor
}

func (a *agent) detail(id string) api.ConversationDetail {
	a.t.Helper()
	var d api.ConversationDetail
	a.do("GET", "/conversations/"+id, nil, &d)
	return d
}

func (a *agent) messages(id string) []api.Message {
	a.t.Helper()
	var page struct {
		Messages []api.Message `json:"messages"`
	}
	a.do("GET", "/conversations/"+id+"/messages?limit=200", nil, &page)
	return page.Messages
}

// events reads the event log after a cursor, waiting at most some seconds for news.
func (a *agent) events(after, wait string) ([]api.Event, string) {
	a.t.Helper()
	var page struct {
		Events []api.Event `json:"events"`
		Cursor string      `json:"cursor"`
	}
	a.do("GET", "/events?wait="+wait+"&after="+url.QueryEscape(after), nil, &page)
	return page.Events, page.Cursor
}

// await follows the event log from a cursor until holds is true. holds is
// asked once before the first event.
func (a *agent) await(what, after string, holds func() bool) {
	a.t.Helper()
	deadline := time.Now().Add(patience)
	for !holds() {
		if time.Now().After(deadline) {
			a.t.Fatalf("waited %v: %s", patience, what)
		}
		_, after = a.events(after, "2")
	}
}

// one is the consumer's newest conversation.
func (a *agent) one(consumer string) api.Conversation {
	a.t.Helper()
	all, _ := a.list()
	for _, c := range all {
		if c.Consumer.Name == consumer {
			return c
		}
	}
	a.t.Fatalf("there is no conversation with %s", consumer)
	return api.Conversation{}
}

func (a *agent) reply(id, text, after string, answer any) *http.Response {
	a.t.Helper()
	a.serial++
	return a.request("POST", "/conversations/"+id+"/messages", map[string]string{
		"client_id": a.id + "-" + string(rune('a'+a.serial)), "text": text, "after": after,
	}, answer)
}

// accept waits for the offer of the consumer's conversation and takes it.
func (a *agent) accept(consumer string) api.Conversation {
	a.t.Helper()
	conv := a.one(consumer)
	after := a.detail(conv.Id).Cursor
	a.await("an offer", after, func() bool {
		o := a.detail(conv.Id).Conversation.Offer
		return o != nil && o.Agent.Id == a.id
	})
	a.do("POST", "/conversations/"+conv.Id+"/accept", nil, &conv)
	if conv.Owner != api.OwnerAgent || conv.Agent == nil || conv.Agent.Id != a.id {
		a.t.Fatalf("after accepting: owner %s %v", conv.Owner, conv.Agent)
	}
	return conv
}

func (a *agent) presence(p api.Presence) {
	a.t.Helper()
	a.do("PUT", "/presence", map[string]any{"presence": p}, nil)
}
