package rest_test

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"

	"parley/engine"
	"parley/storage/sqlite"
)

// settled searches what the store holds now.
type settled struct{ *sqlite.Index }

func (s settled) Search(ctx context.Context, q engine.SearchQuery) (engine.SearchPage, error) {
	if err := s.Fill(ctx); err != nil {
		return engine.SearchPage{}, err
	}
	return s.Index.Search(ctx, q)
}

func TestSearchPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []string{"c1", "c2", "c3", "c4", "c5"} {
		w.open("acme", id, "I want a refund")
	}
	w.open("other", "o1", "I want a refund")
	ana := w.as("acme-ana")
	got, next := []string{}, ""
	for range 5 {
		p := must[listPage](t, ana.send("GET", "/conversations?view=all&search=Refund&limit=2&before="+url.QueryEscape(next), nil), 200)
		if p.Counts.All != 5 || p.Cursor != w.end() {
			t.Errorf("got %+v at %s", p.Counts, p.Cursor)
		}
		got = append(got, ids(p))
		if p.Next == nil {
			break
		}
		next = *p.Next
	}
	if text := strings.Join(got, " | "); !strings.HasPrefix(text, "c5 c4 | c3 c2 | c1") {
		t.Errorf("got %q", text)
	}
	refused(t, ana.send("GET", "/conversations?view=all&search=refund&before=%3F", nil), 400, engine.Invalid, "before")
}

// stuck is a searcher that answers when it is told to.
type stuck struct{ began, answer chan struct{} }

func (s stuck) Search(ctx context.Context, _ engine.SearchQuery) (engine.SearchPage, error) {
	s.began <- struct{}{}
	select {
	case <-s.answer:
		return engine.SearchPage{}, nil
	case <-ctx.Done():
		return engine.SearchPage{}, ctx.Err()
	}
}

// TestSearchesOfOneUser: two run, six wait, more are told so; another user's run.
func TestSearchesOfOneUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := stuck{make(chan struct{}, 20), make(chan struct{})}
	w.rest.SearchWith(s)
	ana, bo := w.as("acme-ana"), w.as("acme-bo")
	var group sync.WaitGroup
	search := func(u *someone) {
		group.Go(func() {
			if a := u.send("GET", "/conversations?view=all&search=x", nil); a.StatusCode != 200 {
				t.Errorf("got %d", a.StatusCode)
			}
		})
	}
	for range 8 {
		search(ana)
	}
	<-s.began
	<-s.began
	w.rest.AwaitSearches("acme-ana", 8)
	a := ana.send("GET", "/conversations?view=all&search=x", nil)
	refused(t, a, 429, engine.RateLimited, "")
	search(bo)
	<-s.began
	if n := len(s.began); n != 0 {
		t.Errorf("%d more run", n)
	}
	if a := ana.send("GET", "/conversations?view=all", nil); a.StatusCode != 200 {
		t.Errorf("a list waits for searches: got %d", a.StatusCode)
	}
	close(s.answer)
	group.Wait()
	if a := ana.send("GET", "/conversations?view=all&search=x", nil); a.StatusCode != 200 {
		t.Errorf("afterwards: got %d", a.StatusCode)
	}
}
