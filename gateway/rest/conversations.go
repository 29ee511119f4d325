package rest

import (
	"context"
	"slices"
	"strconv"
	"time"

	"parley/engine"
	"parley/gateway/api"
)

// names finds names of people once per answer.
type names struct {
	tx        engine.Tx
	brand     string
	users     map[string]string
	consumers map[string]string
	queue     map[string]engine.QueueEntry
}

func newNames(tx engine.Tx, brand string) (*names, error) {
	n := &names{tx: tx, brand: brand, users: map[string]string{}, consumers: map[string]string{}, queue: map[string]engine.QueueEntry{}}
	users, err := tx.Users().List(brand)
	if err != nil {
		return nil, err
	}
	for _, u := range users {
		n.users[u.ID] = u.Name
	}
	queue, err := tx.Queue().List(brand)
	for _, q := range queue {
		n.queue[q.Conversation] = q
	}
	return n, err
}

func (n *names) agent(id string) *api.Person {
	if id == "" {
		return nil
	}
	return &api.Person{Id: id, Name: n.users[id]}
}

func (n *names) consumer(conv engine.Conversation) (api.Person, error) {
	name, ok := n.consumers[conv.Consumer]
	if !ok {
		c, err := n.tx.Consumers().Get(n.brand, conv.Consumer)
		if err != nil {
			return api.Person{}, err
		}
		name = consumerName(c, conv)
		n.consumers[conv.Consumer] = name
	}
	return api.Person{Id: conv.Consumer, Name: name}, nil
}

// consumerName is what agents call somebody: a name, else a number, else Visitor.
func consumerName(c engine.Consumer, conv engine.Conversation) string {
	switch {
	case c.Name != "":
		return c.Name
	case conv.Kind == "webchat":
		return "Visitor"
	}
	return conv.Address
}

func (n *names) conversation(conv engine.Conversation) (api.Conversation, error) {
	consumer, err := n.consumer(conv)
	out := api.Conversation{
		Id: conv.ID, State: api.ConversationState(conv.State), Owner: api.Owner(conv.Owner), Agent: n.agent(conv.Agent),
		Skill: or(conv.Skill), Priority: conv.Priority, Rev: conv.Rev, Channel: conv.Channel, Kind: string(conv.Kind),
		Consumer: consumer, Preview: conv.Preview, PreviewAuthor: api.Author(conv.PreviewAuthor),
		WaitingSince: msOr(conv.WaitingSince), LastAt: ms(conv.LastAt), CreatedAt: ms(conv.CreatedAt), ClosedAt: msOr(conv.ClosedAt),
		Outcome: or(conv.Outcome), Summary: or(conv.Summary), Tags: list(conv.Tags),
	}
	if out.PreviewAuthor == "" { // opened, and nothing written yet
		out.PreviewAuthor = api.Author(engine.AuthorConsumer)
	}
	if q, ok := n.queue[conv.ID]; ok && conv.Owner == engine.OwnerQueue {
		out.QueuedAt = msOr(q.EnteredAt)
		if q.OfferedTo != "" {
			out.Offer = &api.Offer{Agent: *n.agent(q.OfferedTo), ExpiresAt: ms(q.OfferExpires)}
		}
	}
	return out, err
}

// ListConversations gives a page of a view.
func (s *Server) ListConversations(ctx context.Context, r api.ListConversationsRequestObject) (api.ListConversationsResponseObject, error) {
	u := who(ctx).User
	f, view, err := filter(u, r.Params)
	if err != nil {
		return nil, err
	}
	out := api.ListConversations200JSONResponse{Conversations: []api.Conversation{}}
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		last, err := tx.Events().Last()
		if err != nil {
			return err
		}
		out.Cursor = last.String()
		n, err := newNames(tx, u.Brand)
		if err != nil {
			return err
		}
		if out.Counts, err = counts(tx, u, n.queue); err != nil {
			return err
		}
		limit := f.Limit
		f.Limit++
		found, err := tx.Conversations().List(f)
		if err != nil {
			return err
		}
		if len(found) > limit {
			found = found[:limit]
			next := strconv.FormatInt(ms(found[limit-1].LastAt), 36)
			out.Next = &next
		}
		for _, conv := range found {
			c, err := n.conversation(conv)
			if err != nil {
				return err
			}
			if view == api.ListConversationsParamsViewQueue && c.Offer != nil && c.Offer.Agent.Id != u.ID && !slices.Contains(u.Skills, conv.Skill) {
				continue
			}
			out.Conversations = append(out.Conversations, c)
		}
		return nil
	})
	return out, err
}

func filter(u engine.User, p api.ListConversationsParams) (engine.ConversationFilter, api.ListConversationsParamsView, error) {
	f := engine.ConversationFilter{Brand: u.Brand, Limit: 50}
	view := api.ListConversationsParamsViewMine
	if p.View != nil {
		view = *p.View
	}
	if p.Limit != nil {
		f.Limit = *p.Limit
	}
	if f.Limit < 1 || f.Limit > 200 {
		return f, view, engine.FieldError("limit", "is not between 1 and 200")
	}
	if p.State != nil {
		f.State = engine.State(*p.State)
	}
	if p.Search != nil {
		if f.Search = *p.Search; len(f.Search) > 100 {
			return f, view, engine.FieldError("search", "is longer than 100 characters")
		}
	}
	if p.Before != nil && *p.Before != "" {
		at, err := strconv.ParseInt(*p.Before, 36, 64)
		if err != nil {
			return f, view, engine.FieldError("before", "is not the next of a page")
		}
		f.Before = time.UnixMilli(at)
	}
	switch view {
	case api.ListConversationsParamsViewMine:
		f.State, f.Owner, f.Agent = engine.Open, engine.OwnerAgent, u.ID
	case api.ListConversationsParamsViewQueue:
		f.State, f.Owner, f.Skills = engine.Open, engine.OwnerQueue, u.Skills
		if u.Role.Allows(engine.RoleSupervisor) {
			f.Skills = nil
		} else if len(f.Skills) == 0 {
			f.Skills = []string{""} // nobody waits for no skill
		}
	case api.ListConversationsParamsViewAll:
	default:
		return f, view, engine.FieldError("view", "is none of mine, queue and all")
	}
	return f, view, nil
}

func counts(tx engine.Tx, u engine.User, queue map[string]engine.QueueEntry) (api.Counters, error) {
	var c api.Counters
	var err error
	if c.Mine, err = tx.Conversations().Count(engine.ConversationFilter{Brand: u.Brand, State: engine.Open, Owner: engine.OwnerAgent, Agent: u.ID}); err != nil {
		return c, err
	}
	for _, q := range queue {
		if q.OfferedTo == u.ID || slices.Contains(u.Skills, q.Skill) || u.Role.Allows(engine.RoleSupervisor) {
			c.Queue++
		}
	}
	c.All, err = tx.Conversations().Count(engine.ConversationFilter{Brand: u.Brand, State: engine.Open})
	return c, err
}

// maxHistory bounds the consumer's other conversations in a detail.
const maxHistory = 20

// GetConversation gives one conversation with everything around it.
func (s *Server) GetConversation(ctx context.Context, r api.GetConversationRequestObject) (api.GetConversationResponseObject, error) {
	u := who(ctx).User
	var out api.GetConversation200JSONResponse
	err := s.Store.View(ctx, func(tx engine.Tx) error {
		conv, err := tx.Conversations().Get(u.Brand, r.Id)
		if err != nil {
			return err
		}
		last, err := tx.Events().Last()
		if err != nil {
			return err
		}
		n, err := newNames(tx, u.Brand)
		if err != nil {
			return err
		}
		out = api.GetConversation200JSONResponse{Cursor: last.String(), Handoff: handoff(conv.Handoff), History: []api.Conversation{}}
		if out.Conversation, err = n.conversation(conv); err != nil {
			return err
		}
		if out.Consumer, err = consumer(tx, conv); err != nil {
			return err
		}
		others, err := tx.Conversations().List(engine.ConversationFilter{Brand: u.Brand, Consumer: conv.Consumer, Limit: maxHistory + 1})
		if err != nil {
			return err
		}
		for _, other := range others {
			if other.ID == conv.ID || len(out.History) == maxHistory {
				continue
			}
			c, err := n.conversation(other)
			if err != nil {
				return err
			}
			out.History = append(out.History, c)
		}
		out.Why, err = why(tx, conv)
		return err
	})
	return out, err
}

func consumer(tx engine.Tx, conv engine.Conversation) (api.Consumer, error) {
	c, err := tx.Consumers().Get(conv.Brand, conv.Consumer)
	if err != nil {
		return api.Consumer{}, err
	}
	ids, err := tx.Consumers().Identities(conv.Brand, c.ID)
	if err != nil {
		return api.Consumer{}, err
	}
	consent, err := tx.Consumers().Consent(conv.Brand, conv.Channel, conv.Address)
	if err != nil && engine.CodeOf(err) != engine.NotFound {
		return api.Consumer{}, err
	}
	out := api.Consumer{
		Id: c.ID, Name: consumerName(c, conv), Language: or(c.Language), Attributes: c.Attributes,
		Identities: []api.Identity{}, OptedOut: consent.OptedOut, CreatedAt: msOr(c.CreatedAt),
	}
	if out.Attributes == nil {
		out.Attributes = map[string]string{}
	}
	for _, id := range ids {
		out.Identities = append(out.Identities, api.Identity{Kind: string(id.Kind), Address: id.Address})
	}
	return out, nil
}

// why is how routing chose the conversation's agent, from the log.
func why(tx engine.Tx, conv engine.Conversation) (*engine.MatchReasons, error) {
	if conv.Owner != engine.OwnerAgent {
		return nil, nil
	}
	all, err := tx.Events().List(engine.EventFilter{Brand: conv.Brand, Conversation: conv.ID, Limit: 1000})
	if err != nil {
		return nil, err
	}
	for _, ev := range slices.Backward(all) {
		if ev.Kind != engine.EventOffered {
			continue
		}
		if o := Event(ev).Offer; o != nil && o.Agent == conv.Agent {
			return o.Why, nil
		}
	}
	return nil, nil
}
