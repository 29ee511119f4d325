package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"parley/engine"
	"parley/engine/alias"
	"parley/gateway/api"
)

// names finds names of people once per answer.
type names struct {
	tx        engine.Tx
	brand     string
	language  string // of made-up names
	now       time.Time
	users     map[string]engine.User
	consumers map[string]string
	queue     map[string]engine.QueueEntry // nil: looked up one by one
}

func newNames(tx engine.Tx, brand string, now time.Time) (*names, error) {
	n := &names{tx: tx, brand: brand, now: now, users: map[string]engine.User{}, consumers: map[string]string{}}
	users, err := tx.Users().List(brand)
	if err != nil {
		return n, err
	}
	for _, u := range users {
		n.users[u.ID] = u
	}
	n.language, err = languageOf(tx, brand)
	return n, err
}

// languageOf is the language that the team speaks: the brand's first.
func languageOf(tx engine.Tx, brand string) (string, error) {
	b, err := tx.Brands().Get(brand)
	if err != nil || len(b.Settings.Languages) == 0 {
		return "", err
	}
	return b.Settings.Languages[0], nil
}

// entry is the conversation's place in the queue, if it waits.
func (n *names) entry(conv engine.Conversation) (engine.QueueEntry, bool, error) {
	if conv.Owner != engine.OwnerQueue {
		return engine.QueueEntry{}, false, nil
	}
	if n.queue != nil {
		q, ok := n.queue[conv.ID]
		return q, ok, nil
	}
	q, err := n.tx.Queue().Get(conv.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return q, false, nil
	}
	return q, err == nil, err
}

func (n *names) agent(id string) *api.Person {
	if id == "" {
		return nil
	}
	return &api.Person{Id: id, Name: n.users[id].Name}
}

func (n *names) consumer(conv engine.Conversation) (api.Person, error) {
	name, ok := n.consumers[conv.Consumer]
	if !ok {
		c, err := n.tx.Consumers().Get(n.brand, conv.Consumer)
		switch engine.CodeOf(err) {
		case "":
		case engine.NotFound, engine.Internal: // one damaged row must not take the list from everybody
			c = engine.Consumer{ID: conv.Consumer, Brand: n.brand}
		default:
			return api.Person{}, err
		}
		name = alias.Name(c, conv, n.language)
		n.consumers[conv.Consumer] = name
	}
	colour := alias.Colour(conv.Consumer)
	return api.Person{Id: conv.Consumer, Name: name, Colour: &colour}, nil
}

func (n *names) conversation(conv engine.Conversation) (api.Conversation, error) {
	consumer, err := n.consumer(conv)
	if err != nil {
		return api.Conversation{}, err
	}
	out := api.Conversation{
		Id: conv.ID, State: api.ConversationState(conv.State), Owner: api.Owner(conv.Owner), Agent: n.agent(conv.Agent),
		Skill: or(conv.Skill), Priority: conv.Priority, Rev: conv.Rev, Channel: conv.Channel, Kind: string(conv.Kind),
		Consumer: consumer, Preview: conv.Preview, PreviewAuthor: api.Author(conv.PreviewAuthor),
		WaitingSince: msOr(conv.WaitingSince), LastAt: ms(conv.LastAt), CreatedAt: ms(conv.CreatedAt), ClosedAt: msOr(conv.ClosedAt),
		Outcome: or(conv.Outcome), Summary: or(conv.Summary), Tags: list(conv.Tags),
		Mood: moodOf(conv.Mood),
	}
	if out.PreviewAuthor == "" { // opened, and nothing written yet
		out.PreviewAuthor = api.Author(engine.AuthorConsumer)
	}
	if conv.Owner == engine.OwnerAgent {
		holder, ok := n.users[conv.Agent]
		there := ok && !holder.Disabled && holder.There(n.now)
		out.AgentThere = &there
	}
	if h := conv.Handoff; h != nil && (conv.Owner == engine.OwnerAgent || conv.Owner == engine.OwnerQueue) {
		out.Reason, out.About = or(h.Reason), or(cmp.Or(h.Summary, h.Note))
	}
	q, waits, err := n.entry(conv)
	if waits {
		if q.Agent != "" {
			out.WaitsFor = &struct {
				Agent api.Person `json:"agent"`
				Until int64      `json:"until"`
			}{*n.agent(q.Agent), ms(q.AgentUntil)}
		}
		out.QueuedAt = msOr(q.EnteredAt)
		if q.OfferedTo != "" {
			out.Offer = &api.Offer{Agent: *n.agent(q.OfferedTo), ExpiresAt: ms(q.OfferExpires)}
		}
	}
	return out, err
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
		n, err := newNames(tx, u.Brand, s.Clock())
		if err != nil {
			return err
		}
		out = api.GetConversation200JSONResponse{Cursor: last.String(), Handoff: handoff(conv.Handoff), History: []api.Conversation{}}
		if out.Conversation, err = n.conversation(conv); err != nil {
			return err
		}
		if out.Consumer, err = n.profile(conv); err != nil {
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

func (n *names) profile(conv engine.Conversation) (api.Consumer, error) {
	tx := n.tx
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
		Id: c.ID, Name: alias.Name(c, conv, n.language), Language: or(c.Language), Attributes: c.Attributes,
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

// maxStory bounds the events that are read to explain an assignment.
const maxStory = 1000

// why is how routing chose the conversation's agent, from the log: the offer
// that led to the last change of owner. nil when nobody chose, or when the
// story is too long to be read for it.
func why(tx engine.Tx, conv engine.Conversation) (*engine.MatchReasons, error) {
	if conv.Owner != engine.OwnerAgent {
		return nil, nil
	}
	all, err := tx.Events().List(engine.EventFilter{Brand: conv.Brand, Conversation: conv.ID, Limit: maxStory})
	if err != nil || len(all) == maxStory {
		return nil, err
	}
	var chosen, offered *engine.OfferData
	for _, ev := range all {
		switch ev.Kind {
		case engine.EventOffered:
			offered = &engine.OfferData{}
			if json.Unmarshal(ev.Data, offered) != nil {
				offered = nil
			}
		case engine.EventOfferEnded:
			var d engine.OfferData
			if json.Unmarshal(ev.Data, &d) != nil || d.End != string(api.Accepted) {
				offered = nil
			}
		case engine.EventOwner:
			chosen, offered = offered, nil
		}
	}
	if chosen == nil || chosen.Agent != conv.Agent {
		return nil, nil
	}
	return chosen.Why, nil
}
