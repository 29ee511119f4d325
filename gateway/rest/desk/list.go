package desk

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/engine"
	"parley/engine/desk"
	"parley/gateway/api"
	"parley/gateway/rest/draw"
	"parley/gateway/signin"
)

// ListConversations gives a page of a view. A list in the order of the latest
// activity moves while it is paged through: what was further down may come to
// the front, past the pages that were read. So a page's place holds the log's
// position too, and the next page begins with what has moved since.
func (s *Handlers) ListConversations(ctx context.Context, r api.ListConversationsRequestObject) (api.ListConversationsResponseObject, error) {
	u := signin.Who(ctx).User
	v, err := viewOf(u, r.Params)
	if err != nil {
		return nil, err
	}
	if v.search != "" {
		return s.search(ctx, u, v, draw.Text(r.Params.Before))
	}
	out := api.ListConversations200JSONResponse{}
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		n, now, err := s.begin(tx, u, &out)
		if err != nil {
			return err
		}
		found, next, err := v.page(tx, now)
		if err != nil {
			return err
		}
		if next != nil {
			out.Next = new(next.String())
		}
		return add(n, &out, found)
	})
	return out, err
}

// begin fills a page with the counters and the log's position, which it gives,
// and makes the names ready for what comes onto it.
func (s *Handlers) begin(tx engine.Tx, u engine.User, out *api.ListConversations200JSONResponse) (*draw.Names, engine.Cursor, error) {
	out.Conversations = []api.Conversation{}
	all, err := desk.CountAll(tx, u.Brand)
	if err != nil {
		return nil, 0, err
	}
	out.Cursor = all.At.String()
	own, err := all.Of(tx, u)
	if err != nil {
		return nil, 0, err
	}
	out.Counts = api.Counters(own)
	n, err := draw.NewNames(tx, u.Brand, s.Clock())
	return n, all.At, err
}

// add puts conversations onto a page.
func add(n *draw.Names, out *api.ListConversations200JSONResponse, found []engine.Conversation) error {
	for _, conv := range found {
		c, err := n.Conversation(conv)
		if err != nil {
			return err
		}
		out.Conversations = append(out.Conversations, c)
	}
	return nil
}

// place is where a page ended: many conversations may share one moment. seen is
// up to where the log's changes are in the pages before.
type place struct {
	at   time.Time
	id   string // compact
	seen engine.Cursor
}

// maxPlaceID bounds the id in a place.
const maxPlaceID = 32

// placeTime is how many base 36 digits the time takes, up to the year 2059.
const placeTime = 8

// compact lets the id fit into the contract's maxPlace characters together with
// the time and the log's position. It keeps the order among UUIDs.
func compact(id string) string {
	if len(id) == 36 {
		id = strings.ReplaceAll(id, "-", "")
	}
	return id[:min(len(id), maxPlaceID)]
}

func (p place) String() string {
	at := strconv.FormatInt(draw.MS(p.at), 36)
	return strings.Repeat("0", max(0, placeTime-len(at))) + at + strconv.FormatInt(int64(p.seen), 36) + "." + p.id
}

func parsePlace(s string) (place, error) {
	at, err := strconv.ParseInt(s[:min(len(s), placeTime)], 36, 64)
	seen, id, ok := strings.Cut(s[min(len(s), placeTime):], ".")
	cursor, cerr := strconv.ParseInt(seen, 36, 64)
	if err != nil || cerr != nil || !ok || at < 0 || cursor < 0 || id == "" {
		return place{}, engine.FieldError("before", "is not the next of a page")
	}
	return place{time.UnixMilli(at), id, engine.Cursor(cursor)}, nil
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
	search string
	queue  bool // of this user: by skill, or meant for the user
	filter engine.ConversationFilter
	after  *place
	limit  int
}

func viewOf(u engine.User, p api.ListConversationsParams) (view, error) {
	v := view{user: u, search: searched(p.Search), limit: draw.UpTo(p.Limit, 50), filter: engine.ConversationFilter{Brand: u.Brand}}
	v.filter.State = engine.State(draw.Given(p.State))
	if draw.Text(p.Before) != "" && v.search == "" {
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

// page gives the conversations after the view's place, and the place where they
// end, nil at the end of the list. now is the log's end.
func (v view) page(tx engine.Tx, now engine.Cursor) ([]engine.Conversation, *place, error) {
	if err := v.skills(tx); err != nil {
		return nil, nil, err
	}
	var moved []engine.Conversation
	if v.after != nil && v.after.seen < now {
		var seen engine.Cursor
		var err error
		if moved, seen, err = v.moved(tx); err != nil {
			return nil, nil, err
		}
		if len(moved) == v.limit || seen < now {
			return moved, &place{v.after.at, v.after.id, seen}, nil
		}
	}
	v.limit -= len(moved)
	found, err := v.find(tx)
	if err != nil || len(found) <= v.limit {
		return append(moved, found...), nil, err
	}
	found = found[:v.limit]
	last := found[v.limit-1]
	return append(moved, found...), &place{last.LastAt, compact(last.ID), now}, nil
}

// maxMoves bounds the events that one page looks at for what has moved.
const maxMoves = 1000

// moved gives the conversations of the view that were written to or changed
// hands since the pages before, and come before the place now: these pages may
// not have had them. seen is how far in the log it came.
func (v view) moved(tx engine.Tx) (out []engine.Conversation, seen engine.Cursor, err error) {
	seen = v.after.seen
	known := map[string]bool{"": true}
	for {
		events, err := tx.Events().List(engine.EventFilter{Brand: v.filter.Brand, After: seen, Limit: maxMoves})
		if err != nil {
			return nil, 0, err
		}
		for _, e := range events {
			if !known[e.Conversation] {
				known[e.Conversation] = true
				conv, err := tx.Conversations().Get(e.Brand, e.Conversation)
				has := false
				if err == nil && !v.after.precedes(conv) {
					has, err = v.has(tx, conv)
				}
				if err != nil && engine.CodeOf(err) != engine.NotFound {
					return nil, 0, err
				}
				if has {
					out = append(out, conv)
				}
			}
			seen = engine.Cursor(e.Seq)
			if len(out) == v.limit {
				return out, seen, nil
			}
		}
		if len(events) < maxMoves || len(known) > maxMoves {
			if len(events) < maxMoves { // the rest of the log is other brands'
				seen, err = tx.Events().Last()
			}
			return out, seen, err
		}
	}
}

// has says whether a conversation is in the view.
func (v view) has(tx engine.Tx, c engine.Conversation) (bool, error) {
	f := v.filter
	if f.State != "" && c.State != f.State || f.Owner != "" && c.Owner != f.Owner || f.Agent != "" && c.Agent != f.Agent {
		return false, nil
	}
	return v.attends(tx, c)
}

// attends says whether the user attends to a conversation that waits, in the
// user's queue; the other views have all.
func (v view) attends(tx engine.Tx, c engine.Conversation) (bool, error) {
	if !v.queue {
		return true, nil
	}
	q, err := tx.Queue().Get(c.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return false, nil
	}
	return err == nil && desk.Attends(v.user, q), err
}

// skills narrows the queue's view to skills that may hold something for the user.
func (v *view) skills(tx engine.Tx) error {
	if !v.queue {
		return nil
	}
	meant, err := tx.Queue().Meant(v.user.Brand, v.user.ID)
	v.filter.Skills = slices.Clone(v.user.Skills)
	for _, q := range meant {
		if !slices.Contains(v.filter.Skills, q.Skill) {
			v.filter.Skills = append(v.filter.Skills, q.Skill)
		}
	}
	return err
}

// find gives up to limit+1 conversations of the page. The store can neither
// tell apart those of one moment nor knows what is meant for whom, so some of
// what it gives is dropped, and more asked for until it is enough.
func (v view) find(tx engine.Tx) ([]engine.Conversation, error) {
	f := v.filter
	if v.queue && len(f.Skills) == 0 {
		return nil, nil
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
		var kept []engine.Conversation
		for _, c := range found {
			if v.after != nil && !v.after.precedes(c) {
				continue
			}
			attends, err := v.attends(tx, c)
			if err != nil {
				return nil, err
			}
			if attends {
				kept = append(kept, c)
			}
		}
		if len(kept) > v.limit || len(found) < f.Limit {
			return kept, nil
		}
		f.Limit *= 4
	}
}
