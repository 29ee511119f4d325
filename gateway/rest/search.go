package rest

import (
	"context"
	"strings"
	"sync"
	"time"

	"parley/engine"
	"parley/gateway/api"
)

// Limits of searches. They read on connections of their own, so what is bounded
// is how long one agent keeps the others from searching.
const (
	searchLimit   = 10 * time.Second // with the wait
	searchesOfOne = 2                // run at a time
	searchesKept  = 8                // of one user, with those that wait
)

// search gives a page of what is found in a view. Conversations have a fixed
// order here, the one that began last first, so nothing moves between pages.
func (s *Server) search(ctx context.Context, u engine.User, v view, after string) (out api.ListConversations200JSONResponse, err error) {
	ctx, cancel := context.WithTimeout(ctx, searchLimit)
	defer cancel()
	leave, err := s.searches.enter(ctx, u.ID)
	if err != nil {
		return out, err
	}
	defer leave()
	q := engine.SearchQuery{
		Brand: u.Brand, Text: v.search, State: v.filter.State, Owner: v.filter.Owner, Agent: v.filter.Agent, After: after, Limit: v.limit,
	}
	if v.queue {
		err := s.Store.View(ctx, func(tx engine.Tx) error {
			waiting, err := tx.Queue().List(u.Brand)
			q.Among = []string{}
			for _, e := range waiting {
				if attends(u, e) {
					q.Among = append(q.Among, e.Conversation)
				}
			}
			return err
		})
		if err != nil {
			return out, err
		}
	}
	found, err := s.Search.Search(ctx, q)
	if err != nil {
		return out, err
	}
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		n, _, err := s.begin(tx, u, &out)
		if err != nil {
			return err
		}
		out.Next = or(found.Next)
		var still []engine.Conversation
		for _, conv := range found.Conversations {
			// It was found a moment ago, and is shown as it is now.
			now, err := tx.Conversations().Get(u.Brand, conv.ID)
			switch {
			case err == nil && v.has(now, n.queue):
				still = append(still, now)
			case err != nil && engine.CodeOf(err) != engine.NotFound:
				return err
			}
		}
		return n.add(&out, still)
	})
	return out, err
}

// lanes bound the searches of each user. There are as many keys as users search.
type lanes struct {
	mu     sync.Mutex
	byUser map[string]*lane
}

type lane struct {
	inside int
	places chan struct{}
}

func newLanes() *lanes { return &lanes{byUser: map[string]*lane{}} }

// enter waits for a place, unless too many of the user's wait already.
func (l *lanes) enter(ctx context.Context, user string) (leave func(), err error) {
	l.mu.Lock()
	own := l.byUser[user]
	if own == nil {
		own = &lane{places: make(chan struct{}, searchesOfOne)}
		l.byUser[user] = own
	}
	if own.inside == searchesKept {
		l.mu.Unlock()
		return nil, engine.Errorf(engine.RateLimited, "%d of your searches are under way already. Wait for them, or close other tabs.", searchesKept)
	}
	own.inside++
	l.mu.Unlock()
	out := func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if own.inside--; own.inside == 0 {
			delete(l.byUser, user)
		}
	}
	select {
	case own.places <- struct{}{}:
		return func() { <-own.places; out() }, nil
	case <-ctx.Done():
		out()
		return nil, engine.Errorf(engine.Unavailable, "Your other searches take too long.").Because(ctx.Err())
	}
}

// searched is the text of a search, "" for none.
func searched(p *string) string { return strings.TrimSpace(text(p)) }
