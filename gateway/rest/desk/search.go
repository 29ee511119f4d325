package desk

import (
	"context"
	"errors"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/desk"
	"parley/gateway/api"
	"parley/gateway/limits"
	"parley/gateway/rest/draw"
)

// searchLimit bounds a search with its wait. Searches read on connections of their
// own, so what is bounded is how long one agent keeps the others from searching.
const searchLimit = 10 * time.Second

// Searches of one agent: so many run at a time, and so many are there with those that wait.
const (
	searchesRun  = 2
	searchesKept = 8
)

// search gives a page of what is found in a view. Conversations have a fixed
// order here, the one that began last first, so nothing moves between pages.
func (s *Handlers) search(ctx context.Context, u engine.User, v view, after string) (out api.ListConversations200JSONResponse, err error) {
	ctx, cancel := context.WithTimeout(ctx, searchLimit)
	defer cancel()
	leave, err := s.Searches.Enter(ctx, u.ID)
	switch {
	case errors.Is(err, limits.ErrFull):
		return out, engine.Errorf(engine.RateLimited, "%d of your searches are under way already. Wait for them, or close other tabs.", searchesKept)
	case err != nil:
		return out, engine.Errorf(engine.Unavailable, "Your other searches take too long.").Because(err)
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
				if desk.Attends(u, e) {
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
		out.Next = draw.Or(found.Next)
		var still []engine.Conversation
		for _, conv := range found.Conversations {
			// It was found a moment ago, and is shown as it is now.
			now, err := tx.Conversations().Get(u.Brand, conv.ID)
			has := false
			if err == nil {
				has, err = v.has(tx, now)
			}
			if err != nil && engine.CodeOf(err) != engine.NotFound {
				return err
			}
			if has {
				still = append(still, now)
			}
		}
		return add(n, &out, still)
	})
	return out, err
}

// searched is the text of a search, "" for none.
func searched(p *string) string { return strings.TrimSpace(draw.Text(p)) }
