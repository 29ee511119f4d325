package rest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/engine"
	"parley/gateway/api"
)

type listPage struct {
	Conversations []api.Conversation
	Counts        api.Counters
	Next          *string
	Cursor        string
}

func ids(p listPage) string {
	var out []string
	for _, c := range p.Conversations {
		out = append(out, c.Id)
	}
	return strings.Join(out, " ")
}

func TestViews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, id := range []string{"bot", "care", "sales", "for-ana", "sent-to-ana", "with-ana", "with-bo", "closed"} {
		w.advance(time.Second)
		w.open("acme", id, "hello")
		switch {
		case i >= 5:
			w.queue("acme", id, "care")
		case i == 1:
			w.queue("acme", id, "care")
		case i > 1:
			w.queue("acme", id, "sales")
		}
	}
	w.open("other", "foreign", "hello")
	w.offer("acme", "for-ana", "acme-ana") // over a fallback: without the skill
	w.update(func(tx engine.Tx) error {
		q, err := tx.Queue().Get("sent-to-ana")
		q.Agent = "acme-ana"
		if err != nil {
			return err
		}
		return tx.Queue().Put(q)
	})
	w.assign("acme", "with-ana", "acme-ana")
	w.advance(time.Second)
	w.assign("acme", "with-bo", "acme-bo")
	w.advance(time.Second)
	w.assign("acme", "closed", "acme-ada")
	must[any](t, w.as("acme-ada").send("POST", "/conversations/closed/close", fields{"rev": w.rev("closed"), "outcome": "solved"}), 200)

	for _, c := range []struct{ user, query, want string }{
		{"acme-ana", "", "with-ana"},
		{"acme-ana", "view=mine", "with-ana"},
		{"acme-ana", "view=mine&state=closed", "with-ana"},
		{"acme-ana", "view=queue", "sent-to-ana for-ana care"},
		{"acme-bo", "view=queue", "sent-to-ana for-ana sales"},
		{"acme-sue", "view=queue", "sent-to-ana for-ana sales care"},
		{"acme-ada", "view=queue", "sent-to-ana for-ana sales care"},
		{"acme-ana", "view=all", "closed with-bo with-ana sent-to-ana for-ana sales care bot"},
		{"acme-ana", "view=all&state=closed", "closed"},
		{"acme-ana", "view=all&state=open&limit=2", "with-bo with-ana"},
		{"acme-ana", "view=all&search=maya+care", "care"},
		{"acme-ana", "view=all&search=V-SALES", "sales"},
		{"acme-ana", "view=all&search=%25", ""},
		{"acme-ana", "view=all&search=%20", "closed with-bo with-ana sent-to-ana for-ana sales care bot"},
		{"acme-sue", "view=all&search=HELLO", "closed with-bo with-ana sent-to-ana for-ana sales care bot"},
		{"acme-ana", "view=mine&search=hello", "with-ana"},
		{"acme-bo", "view=queue&search=hello+maya", "sent-to-ana for-ana sales"},
		{"acme-bo", "view=all&state=closed&search=maya", "closed"},
		{"acme-ana", "view=queue&search=for-ana", "for-ana"},
	} {
		p := must[listPage](t, w.as(c.user).send("GET", "/conversations?"+c.query, nil), 200)
		if got := ids(p); got != c.want {
			t.Errorf("%s ?%s: got %q, want %q", c.user, c.query, got, c.want)
		}
		queue := map[string]int{"acme-ana": 3, "acme-bo": 3, "acme-sue": 4, "acme-ada": 4}[c.user]
		mine := map[string]int{"acme-ana": 1, "acme-bo": 1}[c.user]
		if p.Counts.Queue != queue || p.Counts.Mine != mine || p.Counts.All != 7 || p.Cursor != w.end() {
			t.Errorf("%s: got %+v at %s", c.user, p.Counts, p.Cursor)
		}
	}
	p := must[listPage](t, w.as("acme-ana").send("GET", "/conversations?view=queue&search=for-ana", nil), 200)
	c := p.Conversations[0]
	if c.Offer == nil || c.Offer.Agent.Name != "Ana" || c.Offer.ExpiresAt != w.clock().Add(28*time.Second).UnixMilli() || c.QueuedAt == nil ||
		c.Consumer.Name != "Maya for-ana" || c.Preview != "hello" || c.WaitingSince == nil {
		t.Errorf("got %+v", c)
	}
	nobodys := w.bearing("acme", engine.RoleAgent) // no skills
	if got := ids(must[listPage](t, nobodys.send("GET", "/conversations?view=queue", nil), 200)); got != "" {
		t.Errorf("a token's queue: got %q", got)
	}
	for _, bad := range []string{"x", "00000001", "-0000001x", "?!?!?!?!x", "000000010.", "00000001-1.x", "00000001x"} {
		if a := w.as("acme-ana").send("GET", "/conversations?before="+url.QueryEscape(bad), nil); a.StatusCode != 400 {
			t.Errorf("before %q: got %d", bad, a.StatusCode)
		}
	}
}

// TestPagesLoseNothing walks through lists where many conversations share one moment.
func TestPagesLoseNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []string
	const moment = 40 // conversations that share one
	w.update(func(tx engine.Tx) error {
		for i := range 100 {
			at := w.clock().Add(time.Duration(i/moment) * time.Second)
			id := fmt.Sprintf("01999999-0000-7000-8000-%012d", i*7919%100)
			want = append(want, fmt.Sprint(99999-i/moment, " ", 2000-i*7919%100, " ", id))
			err := tx.Consumers().Add(engine.Consumer{ID: "p" + id, Brand: "acme"}, engine.Identity{Brand: "acme", Kind: "webchat", Address: id, Consumer: "p" + id})
			if err != nil {
				return err
			}
			err = tx.Conversations().Add(engine.Conversation{
				ID: id, Brand: "acme", Channel: "acme.web", Kind: "webchat", Consumer: "p" + id, Address: id,
				State: engine.Open, Owner: engine.OwnerQueue, Skill: []string{"care", "sales"}[i%2], CreatedAt: at, LastAt: at,
			})
			if err != nil {
				return err
			}
			q := engine.QueueEntry{Conversation: id, Brand: "acme", Skill: []string{"care", "sales"}[i%2], EnteredAt: at}
			if i == 1 {
				q.OfferedTo, q.OfferExpires = "acme-ana", at.Add(time.Minute)
			}
			if err := tx.Queue().Put(q); err != nil {
				return err
			}
		}
		return nil
	})
	slices.Sort(want)
	for i := range want {
		want[i] = want[i][strings.LastIndex(want[i], " ")+1:]
	}
	walk := func(user, query string) []string {
		var got []string
		next := ""
		for {
			p := must[listPage](t, w.as(user).send("GET", "/conversations?"+query+"&before="+url.QueryEscape(next), nil), 200)
			for _, c := range p.Conversations {
				got = append(got, c.Id)
			}
			if p.Next == nil {
				return got
			}
			if next = *p.Next; len(next) > 64 || len(got) > 200 {
				t.Fatalf("%q after %d", next, len(got))
			}
		}
	}
	for _, limit := range []int{7, 40, 99, 100, 200} {
		if got := walk("acme-sue", fmt.Sprint("view=all&limit=", limit)); !slices.Equal(got, want) {
			t.Errorf("pages of %d: got %d of %d, or another order", limit, len(got), len(want))
		}
	}
	// Ana has one of the two skills, and one offer beside.
	if got := walk("acme-ana", "view=queue&limit=7"); len(got) != 51 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 51 {
		t.Errorf("got %d", len(got))
	}
}

// TestPagesKeepWhatMoves writes to conversations further down, and hands others
// over, between the pages of a client that merges them by id.
func TestPagesKeepWhatMoves(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	t.Parallel()
	const n = 30
	for _, limit := range []int{1, 3, 7} {
		for _, view := range []string{"view=all", "view=all&state=open", "view=queue"} {
			w := newWorld(t)
			for i := range n {
				w.advance(time.Second)
				id := fmt.Sprint("c", i)
				w.open("acme", id, "hello")
				if i != 5 {
					w.queue("acme", id, "care")
				}
				if i == 6 {
					w.assign("acme", id, "acme-bo") // another's: not in the queue
				}
			}
			w.open("other", "foreign", "hello")
			sue := w.as("acme-sue")
			got, next, pages := map[string]int{}, "", 0
			for {
				p := must[listPage](t, sue.send("GET", fmt.Sprint("/conversations?", view, "&limit=", limit, "&before=", url.QueryEscape(next)), nil), 200)
				if len(p.Conversations) > limit {
					t.Fatalf("%d on a page of %d", len(p.Conversations), limit)
				}
				for _, c := range p.Conversations {
					got[c.Id]++
				}
				if p.Next == nil {
					break
				}
				if next, pages = *p.Next, pages+1; pages > 3*n {
					t.Fatal("it does not end")
				}
				if pages <= 4 {
					w.advance(time.Second)
					w.says("acme", fmt.Sprint("c", pages), "here I am") // from the end to the front
					w.says("acme", fmt.Sprint("c", n-1), "and I")       // had already
					w.says("other", "foreign", "not yours")
				}
				if pages == 2 {
					w.queue("acme", "c5", "care") // the bot gives it away
				}
			}
			for i := range n {
				id := fmt.Sprint("c", i)
				if want := i != 6 || view != "view=queue"; got[id] > 0 != want {
					t.Errorf("%s in pages of %d: %s came %d times", view, limit, id, got[id])
				}
			}
			if got["foreign"] > 0 {
				t.Error("another brand's")
			}
		}
	}
}

// TestAListLooksAtEachConsumerOnce lists thirty conversations of three people.
func TestAListLooksAtEachConsumerOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 3 {
		w.open("acme", fmt.Sprint("c", i), "hello")
	}
	w.update(func(tx engine.Tx) error {
		for i := range 27 {
			if err := w.converse(tx, "acme", fmt.Sprint("more", i), fmt.Sprint("p-c", i%3), "again"); err != nil {
				return err
			}
		}
		return nil
	})
	ana := w.as("acme-ana")
	before := w.store.looked()
	if p := must[listPage](t, ana.send("GET", "/conversations?view=all", nil), 200); len(p.Conversations) != 30 {
		t.Errorf("got %d", len(p.Conversations))
	}
	if n := w.store.looked() - before; n != 3 {
		t.Errorf("looked %d times", n)
	}
}

func TestThread(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mine("acme", "c1", "acme-ana")
	ana := w.as("acme-ana")
	for i := range 5 {
		w.says("acme", "c1", fmt.Sprint("one ", i))
	}
	must[any](t, ana.send("POST", "/conversations/c1/close", fields{"rev": w.rev("c1"), "outcome": "solved"}), 200)
	w.advance(time.Minute)
	w.update(func(tx engine.Tx) error { return w.converse(tx, "acme", "c2", "p-c1", "two") })

	type page struct {
		Messages []api.Message
		More     bool
		Cursor   string
	}
	texts := func(p page) string {
		var out []string
		for _, m := range p.Messages {
			if m.Author != api.AuthorSystem { // what the gateway says of the assignment
				out = append(out, m.Content.Text)
			}
		}
		return strings.Join(out, ", ")
	}
	for _, c := range []struct {
		path, want string
		more       bool
	}{
		{"c2/messages", "Where is my bike?, one 0, one 1, one 2, one 3, one 4, two", false},
		{"c2/messages?limit=2", "one 4, two", true},
		// A closed conversation is where its thread ends.
		{"c1/messages?limit=2", "one 3, one 4", true},
		{"c1/messages?limit=7", "Where is my bike?, one 0, one 1, one 2, one 3, one 4", false},
		{"c1/messages?limit=1", "one 4", true},
	} {
		p := must[page](t, ana.send("GET", "/conversations/"+c.path, nil), 200)
		if got := texts(p); got != c.want || p.More != c.more || p.Cursor != w.end() {
			t.Errorf("%s: got %q, more %t", c.path, got, p.More)
		}
	}
	newest := must[page](t, ana.send("GET", "/conversations/c2/messages?limit=3", nil), 200)
	older := must[page](t, ana.send("GET", "/conversations/c2/messages?limit=50&before="+newest.Messages[0].Id, nil), 200)
	if got := texts(older) + ", " + texts(newest); got != "Where is my bike?, one 0, one 1, one 2, one 3, one 4, two" || older.More {
		t.Errorf("got %q", got)
	}
	refused(t, ana.send("GET", "/conversations/c2/messages?before=nothing", nil), 404, engine.NotFound, "")
	w.open("other", "o1", "theirs")
	var theirs []engine.Message
	w.view(func(tx engine.Tx) (err error) { theirs, err = tx.Messages().List("other", "o1", 0, 1); return err })
	refused(t, ana.send("GET", "/conversations/c2/messages?before="+theirs[0].ID, nil), 404, engine.NotFound, "")

	type detail struct{ History []api.Conversation }
	if d := must[detail](t, ana.send("GET", "/conversations/c2", nil), 200); len(d.History) != 1 || d.History[0].Id != "c1" || d.History[0].Outcome == nil {
		t.Errorf("got %+v", d)
	}
}

// TestARemovedAgentsConversations: lists, conversations and messages of somebody
// who is no more are still there to be read.
func TestARemovedAgentsConversations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.open("acme", "c1", "hello")
	w.queue("acme", "c1", "care")
	w.assign("acme", "c1", "acme-ana")
	if got := w.as("acme-ana").send("POST", "/conversations/c1/messages", map[string]string{"client_id": "reply-one", "text": "Hello, Ana here.", "after": w.end()}); got.StatusCode != 201 {
		t.Fatalf("the reply: %d %s", got.StatusCode, got.raw)
	}
	w.update(func(tx engine.Tx) error { return tx.Users().Remove("acme", "acme-ana") })
	sue := w.as("acme-sue")
	for _, path := range []string{"/conversations?view=all", "/conversations/c1", "/conversations/c1/messages", "/events?after=", "/agents", "/skills"} {
		if got := sue.send("GET", path, nil); got.StatusCode != 200 {
			t.Errorf("%s: %d %s", path, got.StatusCode, got.raw)
		}
	}
	if got := sue.send("GET", "/conversations/c1/messages", nil); !strings.Contains(string(got.raw), "Hello, Ana here.") {
		t.Errorf("got %s", got.raw)
	}
}
