package draw

import (
	"cmp"
	"context"
	"time"

	"parley/engine"
	"parley/engine/alias"
	"parley/gateway/api"
)

// Names finds names of people once per answer.
type Names struct {
	tx        engine.Tx
	brand     string
	language  string // of made-up names
	now       time.Time
	users     map[string]engine.User
	consumers map[string]string
}

func NewNames(tx engine.Tx, brand string, now time.Time) (*Names, error) {
	n := &Names{tx: tx, brand: brand, now: now, users: map[string]engine.User{}, consumers: map[string]string{}}
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
func (n *Names) entry(conv engine.Conversation) (engine.QueueEntry, bool, error) {
	if conv.Owner != engine.OwnerQueue {
		return engine.QueueEntry{}, false, nil
	}
	q, err := n.tx.Queue().Get(conv.ID)
	if engine.CodeOf(err) == engine.NotFound {
		return q, false, nil
	}
	return q, err == nil, err
}

func (n *Names) agent(id string) *api.Person {
	if id == "" {
		return nil
	}
	return &api.Person{Id: id, Name: n.users[id].Name}
}

func (n *Names) consumer(conv engine.Conversation) (api.Person, error) {
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
	return api.Person{Id: conv.Consumer, Name: name, Colour: new(alias.Colour(conv.Consumer))}, nil
}

func (n *Names) Conversation(conv engine.Conversation) (api.Conversation, error) {
	consumer, err := n.consumer(conv)
	if err != nil {
		return api.Conversation{}, err
	}
	out := api.Conversation{
		Id: conv.ID, State: api.ConversationState(conv.State), Owner: api.Owner(conv.Owner), Agent: n.agent(conv.Agent),
		Skill: Or(conv.Skill), Priority: conv.Priority, Rev: conv.Rev, Channel: conv.Channel, Kind: string(conv.Kind),
		Consumer: consumer, Preview: conv.Preview, PreviewAuthor: api.Author(conv.PreviewAuthor),
		WaitingSince: MSOr(conv.WaitingSince), LastAt: MS(conv.LastAt), CreatedAt: MS(conv.CreatedAt), ClosedAt: MSOr(conv.ClosedAt),
		Outcome: Or(conv.Outcome), Summary: Or(conv.Summary), Tags: List(conv.Tags),
		Mood: moodOf(conv.Mood),
	}
	if out.PreviewAuthor == "" { // opened, and nothing written yet
		out.PreviewAuthor = api.Author(engine.AuthorConsumer)
	}
	if conv.Owner == engine.OwnerAgent {
		holder, ok := n.users[conv.Agent]
		out.AgentThere = new(ok && !holder.Disabled && holder.There(n.now))
	}
	if h := conv.Handoff; h != nil && (conv.Owner == engine.OwnerAgent || conv.Owner == engine.OwnerQueue) {
		out.Reason, out.About = Or(h.Reason), Or(cmp.Or(h.Summary, h.Note))
	}
	q, waits, err := n.entry(conv)
	if waits {
		if q.Agent != "" {
			out.WaitsFor = &struct {
				Agent api.Person `json:"agent"`
				Until int64      `json:"until"`
			}{*n.agent(q.Agent), MS(q.AgentUntil)}
		}
		out.QueuedAt = MSOr(q.EnteredAt)
		if q.OfferedTo != "" {
			out.Offer = &api.Offer{Agent: *n.agent(q.OfferedTo), ExpiresAt: MS(q.OfferExpires)}
		}
	}
	return out, err
}

// Conversation draws one conversation by itself.
func Conversation(ctx context.Context, s engine.Store, conv engine.Conversation, now time.Time) (api.Conversation, error) {
	return engine.View(ctx, s, func(tx engine.Tx) (api.Conversation, error) {
		n, err := NewNames(tx, conv.Brand, now)
		if err != nil {
			return api.Conversation{}, err
		}
		return n.Conversation(conv)
	})
}

func (n *Names) Consumer(conv engine.Conversation) (api.Consumer, error) {
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
	if engine.UnlessGone(err) != nil {
		return api.Consumer{}, err
	}
	out := api.Consumer{
		Id: c.ID, Name: alias.Name(c, conv, n.language), Language: Or(c.Language), Attributes: c.Attributes,
		Identities: Each(ids, func(i engine.Identity) api.Identity { return api.Identity{Kind: string(i.Kind), Address: i.Address} }), OptedOut: consent.OptedOut, CreatedAt: MSOr(c.CreatedAt),
	}
	if out.Attributes == nil {
		out.Attributes = map[string]string{}
	}
	if !consent.At.IsZero() {
		out.Consent = new(Consent(consent))
	}
	return out, nil
}

// Consent draws one record of the ledger.
func Consent(c engine.Consent) api.Consent {
	return api.Consent{
		Channel: c.Channel, Address: c.Address, OptedOut: c.OptedOut, Source: c.Source, Message: Or(c.Message), By: c.By, At: c.At.UnixMilli(),
	}
}
