package rest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/engine"
	"parley/gateway/api"
)

// ListConversations gives a page of a view.
func (s *Server) ListConversations(ctx context.Context, r api.ListConversationsRequestObject) (api.ListConversationsResponseObject, error) {
	u := who(ctx).User
	v, err := viewOf(u, r.Params)
	if err != nil {
		return nil, err
	}
	out := api.ListConversations200JSONResponse{Conversations: []api.Conversation{}}
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		all, err := totals(tx, u.Brand)
		if err != nil {
			return err
		}
		out.Cursor = all.at.String()
		if out.Counts, err = all.counters(tx, u); err != nil {
			return err
		}
		n, err := newNames(tx, u.Brand)
		if err != nil {
			return err
		}
		n.queue = make(map[string]engine.QueueEntry, len(all.queue))
		for _, q := range all.queue {
			n.queue[q.Conversation] = q
		}
		found, err := v.find(tx, n.queue)
		if err != nil {
			return err
		}
		if len(found) > v.limit {
			found = found[:v.limit]
			next := placeOf(found[v.limit-1]).String()
			out.Next = &next
		}
		for _, conv := range found {
			c, err := n.conversation(conv)
			if err != nil {
				return err
			}
			out.Conversations = append(out.Conversations, c)
		}
		return nil
	})
	return out, err
}

// place is where a page ended: many conversations may share one moment.
type place struct {
	at time.Time
	id string // compact
}

func placeOf(conv engine.Conversation) place { return place{conv.LastAt, compact(conv.ID)} }

// placeTime is how many base 36 digits the time takes, up to the year 2059.
const placeTime = 8

// compact lets the id fit into the contract's maxID characters together with
// the time. It keeps the order among UUIDs.
func compact(id string) string {
	if len(id) == 36 {
		id = strings.ReplaceAll(id, "-", "")
	}
	return id[:min(len(id), maxID-placeTime)]
}

func (p place) String() string {
	at := strconv.FormatInt(ms(p.at), 36)
	return strings.Repeat("0", max(0, placeTime-len(at))) + at + p.id
}

func parsePlace(s string) (place, error) {
	n, err := strconv.ParseInt(s[:min(len(s), placeTime)], 36, 64)
	if len(s) <= placeTime || err != nil || n < 0 {
		return place{}, engine.FieldError("before", "is not the next of a page")
	}
	return place{time.UnixMilli(n), s[placeTime:]}, nil
}

// precedes says whether a conversation comes after the place, in a list that
// has the newest first and ids downwards.
func (p place) precedes(conv engine.Conversation) bool {
	if !conv.LastAt.Equal(p.at) {
		return conv.LastAt.Before(p.at)
	}
	return compact(conv.ID) < p.id
}

// view is what a list asks for.
type view struct {
	user   engine.User
	queue  bool // of this user: by skill, or meant for the user
	filter engine.ConversationFilter
	after  *place
	limit  int
}

func viewOf(u engine.User, p api.ListConversationsParams) (view, error) {
	v := view{user: u, limit: 50, filter: engine.ConversationFilter{Brand: u.Brand, Search: text(p.Search)}}
	if p.Limit != nil {
		v.limit = *p.Limit
	}
	if p.State != nil {
		v.filter.State = engine.State(*p.State)
	}
	if text(p.Before) != "" {
		at, err := parsePlace(*p.Before)
		if err != nil {
			return v, err
		}
		v.after = &at
		v.filter.Before = at.at.Add(time.Millisecond) // those of the same moment, too
	}
	name := api.ListConversationsParamsViewMine
	if p.View != nil {
		name = *p.View
	}
	switch name {
	case api.ListConversationsParamsViewMine:
		v.filter.State, v.filter.Owner, v.filter.Agent = engine.Open, engine.OwnerAgent, u.ID
	case api.ListConversationsParamsViewQueue:
		v.filter.State, v.filter.Owner = engine.Open, engine.OwnerQueue
		v.queue = !u.Role.Allows(engine.RoleSupervisor)
	case api.ListConversationsParamsViewAll:
	}
	return v, nil
}

// find gives up to limit+1 conversations of the page. The store can neither
// tell apart those of one moment nor knows what is meant for whom, so some of
// what it gives is dropped, and more asked for until it is enough.
func (v view) find(tx engine.Tx, queue map[string]engine.QueueEntry) ([]engine.Conversation, error) {
	f := v.filter
	if v.queue {
		f.Skills = slices.Clone(v.user.Skills)
		for _, q := range queue {
			if attends(v.user, q) && !slices.Contains(f.Skills, q.Skill) {
				f.Skills = append(f.Skills, q.Skill)
			}
		}
		if len(f.Skills) == 0 {
			return nil, nil
		}
	}
	f.Limit = v.limit + 1
	if v.after != nil || v.queue {
		f.Limit += 8
	}
	for {
		found, err := tx.Conversations().List(f)
		if err != nil {
			return nil, err
		}
		more := len(found) == f.Limit
		found = slices.DeleteFunc(found, func(c engine.Conversation) bool {
			return v.after != nil && !v.after.precedes(c) || v.queue && !attends(v.user, queue[c.ID])
		})
		if len(found) > v.limit || !more {
			return found, nil
		}
		f.Limit *= 4
	}
}
