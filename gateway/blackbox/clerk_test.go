package blackbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/gateway/api"
)

const (
	askFor   = 5 * time.Second  // a clerk waits for an answer, then asks again
	longAway = 30 * time.Second // beyond what the brand waits for somebody who is lost
	seldom   = 8                // of so many moves one is a long absence; of offers, too, one is declined, one thought over, one given back
)

// clerk is an agent at work, as the workspace does it: her socket tells her what happens,
// and she accepts, replies and closes. She sits at one node at a time, and moves on when
// it fails and now and then without a reason.
type clerk struct {
	*agent
	cluster *cluster
	node    *node
	client  *http.Client
	from    string // cursor at which her work began
	cursor  string
	heard   []string // cursors of all events that she heard
	mine    map[string]bool

	moves, away, accepted, declined, returned, closed int

	acked   []api.Message // her replies that were acknowledged
	refused []ref         // and those that were not taken
}

// ref names a message by its conversation and its writer's id.
type ref struct{ conversation, client string }

// newClerk signs somebody in who then follows the log from its end.
func (c *cluster) newClerk(email, password string) *clerk {
	c.t.Helper()
	a := c.signIn(email, password)
	_, cursor := a.list()
	transport := &http.Transport{}
	c.t.Cleanup(transport.CloseIdleConnections)
	return &clerk{
		agent: a, cluster: c, node: c.any(), client: &http.Client{Transport: transport, Timeout: askFor},
		from: cursor, cursor: cursor, mine: map[string]bool{},
	}
}

// work goes on until ctx ends.
func (c *clerk) work(ctx context.Context) {
	c.command(ctx, "PUT", "/presence", map[string]any{"presence": api.Online}, nil)
	for ctx.Err() == nil {
		c.sit(ctx)
		c.moves++
		pause := rand.N(500 * time.Millisecond)
		if rand.IntN(seldom) == 0 {
			c.away++
			pause = longAway
		}
		engine.Sleep(ctx, pause)
		c.node = c.cluster.any()
	}
}

// sit works at her node until the connection is lost or she moves on. What she has begun
// she sees through.
func (c *clerk) sit(working context.Context) {
	ctx, cancel := context.WithTimeout(working, 2*time.Second+rand.N(8*time.Second))
	defer cancel()
	header := http.Header{"Cookie": {c.cookie.String()}}
	conn, resp, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(c.node.url, "http")+"/api/v1/live", &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		if resp != nil && resp.StatusCode/100 == 4 {
			c.t.Errorf("the socket was refused: %d", resp.StatusCode)
		}
		return
	}
	defer conn.CloseNow()
	conn.SetReadLimit(1 << 20)
	hello, err := json.Marshal(map[string]string{"type": "hello", "after": c.cursor, "user": c.id})
	if err != nil || conn.Write(ctx, websocket.MessageText, hello) != nil {
		return
	}
	frames := make(chan []byte, 1024)
	go func() {
		defer close(frames)
		for {
			_, raw, err := conn.Read(ctx)
			if code := websocket.CloseStatus(err); code == 4401 || code == websocket.StatusPolicyViolation {
				c.t.Errorf("the socket was closed: %v", err)
			}
			if err != nil {
				return
			}
			frames <- raw
		}
	}()
	for raw := range frames {
		c.take(working, raw)
	}
}

// take hears a frame and does what it asks for.
func (c *clerk) take(ctx context.Context, raw []byte) {
	var f struct {
		Type string `json:"type"`
		api.Event
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		c.t.Errorf("frame %s: %v", raw, err)
		return
	}
	switch {
	case f.Type == "reset":
		c.t.Error("the log has another end than the clerk knows")
	case f.Type == "live":
		c.cursor = f.Cursor
	case f.Type == "":
		c.cursor = f.Cursor
		c.heard = append(c.heard, f.Cursor)
		c.event(ctx, f.Event)
	}
}

func (c *clerk) event(ctx context.Context, e api.Event) {
	id := ""
	if e.Conversation != nil {
		id = *e.Conversation
	}
	switch e.Kind {
	case api.EventKindOffered:
		if e.Offer.Agent == c.id {
			c.decide(ctx, id, *e.Offer.ExpiresAt)
		}
	case api.EventKindOwner, api.EventKindClosed:
		delete(c.mine, id)
		if e.Change.Agent != nil && *e.Change.Agent == c.id {
			c.mine[id] = true
			c.serve(ctx, id)
		}
	case api.EventKindMessage:
		if c.mine[id] && e.Message.Author == api.AuthorConsumer {
			c.serve(ctx, id)
		}
	case api.EventKindPresence:
		if p := e.Presence; p.Agent == c.id && p.Presence != api.Online {
			c.command(ctx, "PUT", "/presence", map[string]any{"presence": api.Online}, nil)
		}
	}
}

// decide takes what is offered to her: now and then when its time is about over, and now
// and then only to give it back.
func (c *clerk) decide(ctx context.Context, id string, expires int64) {
	switch rand.IntN(seldom) {
	case 0:
		c.command(ctx, "POST", "/conversations/"+id+"/decline", nil, nil, &c.declined)
		return
	case 1:
		engine.Sleep(ctx, time.Until(time.UnixMilli(expires))+rand.N(time.Second)-time.Second/2)
	}
	var conv api.Conversation
	c.command(ctx, "POST", "/conversations/"+id+"/accept", nil, &conv, &c.accepted)
	if conv.Owner == api.OwnerAgent && rand.IntN(seldom) == 0 {
		c.command(ctx, "POST", "/conversations/"+id+"/requeue", map[string]any{"rev": conv.Rev}, nil, &c.returned)
	}
}

// serve answers what is not answered yet, and closes when the consumer has said goodbye.
// What is refused is looked at again: somebody else has it, or something has happened.
func (c *clerk) serve(ctx context.Context, id string) {
	for ctx.Err() == nil {
		var d api.ConversationDetail
		if c.command(ctx, "GET", "/conversations/"+id, nil, &d) != http.StatusOK {
			return
		}
		if conv := d.Conversation; conv.Owner != api.OwnerAgent || conv.Agent == nil || conv.Agent.Id != c.id {
			delete(c.mine, id)
			return
		}
		var page struct {
			Messages []api.Message `json:"messages"`
			Cursor   string        `json:"cursor"`
		}
		if c.command(ctx, "GET", "/conversations/"+id+"/messages", nil, &page) != http.StatusOK {
			return
		}
		question, open := unanswered(page.Messages, id)
		switch {
		case open:
			c.answer(ctx, id, replyTo(question), page.Cursor)
		case !strings.HasPrefix(question, leave):
			return
		default:
			body := map[string]any{"rev": d.Conversation.Rev, "outcome": "solved"}
			c.command(ctx, "POST", "/conversations/"+id+"/close", body, nil, &c.closed)
		}
	}
}

// unanswered is the first of the consumer's messages to the team that nobody has
// answered, or else the last one.
func unanswered(thread []api.Message, conversation string) (text string, open bool) {
	answered := map[string]bool{}
	var questions []string
	for _, m := range thread {
		switch {
		case m.Conversation != conversation:
		case m.Author == api.AuthorAgent:
			answered[m.Content.Text] = true
		case m.Author == api.AuthorConsumer && (m.Content.Text == "agent" || len(questions) > 0):
			questions = append(questions, m.Content.Text)
		}
	}
	for _, text = range questions {
		if !answered[replyTo(text)] {
			return text, true
		}
	}
	return text, false
}

// answer sends one reply, under one id however often it is tried.
func (c *clerk) answer(ctx context.Context, id, text, after string) {
	c.serial++
	client := fmt.Sprintf("%s-%d", c.id, c.serial)
	var m api.Message
	body := map[string]string{"client_id": client, "text": text, "after": after}
	switch c.command(ctx, "POST", "/conversations/"+id+"/messages", body, &m) {
	case http.StatusCreated:
		c.acked = append(c.acked, m)
	case http.StatusConflict, http.StatusForbidden:
		c.refused = append(c.refused, ref{id, client})
	}
}

// command asks until it is answered, at another node when hers fails: she gives the
// status of an answer that will not change by itself, 0 when ctx ended before it. What
// went well is counted.
func (c *clerk) command(ctx context.Context, method, path string, body, answer any, count ...*int) int {
	for {
		resp, raw, err := c.ask(ctx, c.client, c.node.url, method, path, body)
		switch {
		case ctx.Err() != nil:
			return 0
		case err != nil || resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
			c.node = c.cluster.any()
			if !engine.Sleep(ctx, 100*time.Millisecond+rand.N(400*time.Millisecond)) {
				return 0
			}
			continue
		case resp.StatusCode/100 == 2:
			for _, n := range count {
				*n++
			}
			if answer != nil {
				if err := json.Unmarshal(raw, answer); err != nil {
					c.t.Errorf("%s %s: %s: %v", method, path, raw, err)
				}
			}
		case resp.StatusCode != http.StatusConflict && resp.StatusCode != http.StatusForbidden:
			c.t.Errorf("%s %s: %d %s", method, path, resp.StatusCode, raw)
		}
		return resp.StatusCode
	}
}

// check looks whether her replies are there, once and in order, and whether her
// sockets have told her all that is in the log.
func (c *clerk) check(t testing.TB, tx engine.Tx) error {
	last := map[string]int64{}
	for _, m := range c.acked {
		kept, err := tx.Messages().ByClient(m.Conversation, *m.ClientId)
		if err != nil {
			t.Errorf("the reply %q was acknowledged: %v", m.Content.Text, err)
			continue
		}
		if kept.ID != m.Id || kept.AuthorID != c.id || kept.Content.Text != m.Content.Text || kept.Seq <= last[m.Conversation] {
			t.Errorf("the reply %+v is kept as %+v, after %d", m, kept, last[m.Conversation])
		}
		last[m.Conversation] = kept.Seq
	}
	for _, r := range c.refused {
		if m, err := tx.Messages().ByClient(r.conversation, r.client); engine.CodeOf(err) != engine.NotFound {
			t.Errorf("the reply %q was refused, and is there: %v", m.Content.Text, err)
		}
	}
	begin, err := engine.ParseCursor(c.from)
	if err != nil {
		return err
	}
	var told []string
	errEnough := errors.New("she has heard no more")
	err = eachEvent(tx, begin, func(e engine.Event) error {
		if len(told) == len(c.heard) {
			return errEnough
		}
		told = append(told, engine.Cursor(e.Seq).String())
		return nil
	})
	if err != nil && !errors.Is(err, errEnough) {
		return err
	}
	if !slices.Equal(told, c.heard) {
		t.Errorf("a clerk's sockets told something else than the log (-log +told):\n%s", clip(cmp.Diff(told, c.heard)))
	}
	t.Logf("a clerk: %d offers accepted, %d declined, %d given back, %d conversations closed, %d replies, %d refused; at %d nodes one after the other, %d times long away",
		c.accepted, c.declined, c.returned, c.closed, len(c.acked), len(c.refused), c.moves, c.away)
	return nil
}
