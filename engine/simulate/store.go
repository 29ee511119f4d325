package simulate

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"parley/engine"
)

// store is an engine.Store in memory for one goroutine.
type store struct {
	now       state
	committed func() // called after each update
	// brand and all that belongs to it; never written
	brand    engine.Brand
	channels []engine.Channel
	skills   []engine.Skill
	bundles  []engine.Bundle
	queues   map[string]engine.QueueStatus
}

// state is what transactions change.
type state struct {
	users      []engine.User
	consumers  map[string]engine.Consumer
	identities []engine.Identity
	consents   []engine.Consent
	convs      []engine.Conversation // in the order they began
	messages   []engine.Message
	inbox      []engine.InboxEntry
	sessions   []engine.Session // in the order they began
	journals   map[string][]engine.JournalEntry
	outbox     []engine.OutboxItem
	queue      []engine.QueueEntry
	timers     []engine.Timer
	events     []engine.Event
	values     map[string]engine.Value
	followups  []engine.Followup
	faults     []engine.FaultGroup
}

// clone copies what a transaction may change in place. Journals and lists that
// only grow are shared up to their present length.
func (s state) clone() state {
	s.users = slices.Clone(s.users)
	s.consumers = maps.Clone(s.consumers)
	s.convs = slices.Clone(s.convs)
	s.messages = slices.Clone(s.messages)
	s.inbox = slices.Clone(s.inbox)
	s.sessions = slices.Clone(s.sessions)
	s.journals = maps.Clone(s.journals)
	s.outbox = slices.Clone(s.outbox)
	s.queue = slices.Clone(s.queue)
	s.timers = slices.Clone(s.timers)
	s.values = maps.Clone(s.values)
	s.followups = slices.Clone(s.followups)
	return s
}

func (s *store) View(_ context.Context, fn func(engine.Tx) error) error { return fn(tx{t: s}) }

func (s *store) Update(_ context.Context, fn func(engine.Tx) error) error {
	before := s.now
	s.now = before.clone()
	if err := fn(tx{t: s}); err != nil {
		s.now = before
		return err
	}
	s.committed()
	return nil
}

func (s *store) Close() error { return nil }

func (s *store) Notify(func(engine.Signal)) {}

// tx gives the facets that the rules of one conversation use. The rest, such as
// the log-ins of people, is not there.
type tx struct {
	engine.Tx
	t *store
}

func (t tx) Wake(engine.Signal) {}

func (t tx) Brands() engine.Brands               { return brands{t: t.t} }
func (t tx) Bundles() engine.Bundles             { return bundles{t: t.t} }
func (t tx) Users() engine.Users                 { return users{t: t.t} }
func (t tx) Consumers() engine.Consumers         { return consumers{t: t.t} }
func (t tx) Conversations() engine.Conversations { return conversations{t: t.t} }
func (t tx) Messages() engine.Messages           { return messages{t: t.t} }
func (t tx) Inbox() engine.Inbox                 { return inbox{t: t.t} }
func (t tx) Sessions() engine.Sessions           { return sessions{t: t.t} }
func (t tx) Outbox() engine.Outbox               { return outbox{t: t.t} }
func (t tx) Sends() engine.Sends                 { return sends{} }
func (t tx) Queue() engine.Queue                 { return queue{t: t.t} }
func (t tx) Timers() engine.Timers               { return timerFacet{t: t.t} }
func (t tx) Events() engine.Events               { return events{t: t.t} }
func (t tx) Values() engine.Values               { return values{t: t.t} }
func (t tx) Followups() engine.Followups         { return followups{t: t.t} }
func (t tx) Faults() engine.Faults               { return faults{t: t.t} }
func (t tx) History() engine.History             { return history{t: t.t} }
func (t tx) Releases() engine.Releases           { return releases{} }
func (t tx) Utterances() engine.Utterances       { return utterances{} }
func (t tx) Feedback() engine.Feedback           { return feedback{} }
func (t tx) Notices() engine.Notices             { return notices{} }
func (t tx) Projections() engine.Projections     { return projections{} }

func missing(what string) error { return engine.Errorf(engine.NotFound, "there is no such %s", what) }

// find gives a pointer to the first that fits.
func find[T any](list []T, what string, fits func(T) bool) (*T, error) {
	i := slices.IndexFunc(list, fits)
	if i < 0 {
		return nil, missing(what)
	}
	return &list[i], nil
}

// get is find for readers.
func get[T any](list []T, what string, fits func(T) bool) (T, error) {
	p, err := find(list, what, fits)
	if err != nil {
		var none T
		return none, err
	}
	return *p, nil
}

type brands struct {
	engine.Brands
	t *store
}

func (f brands) Get(id string) (engine.Brand, error) {
	if id != f.t.brand.ID {
		return engine.Brand{}, missing("brand")
	}
	return f.t.brand, nil
}
func (f brands) List() ([]engine.Brand, error) { return []engine.Brand{f.t.brand}, nil }
func (f brands) Channel(id string) (engine.Channel, error) {
	return get(f.t.channels, "channel", func(c engine.Channel) bool { return c.ID == id })
}
func (f brands) Channels(string) ([]engine.Channel, error) { return f.t.channels, nil }
func (f brands) Skills(string) ([]engine.Skill, error)     { return f.t.skills, nil }

// Save changes nothing: what a version's rules do to a brand, such as holding a
// bundle that failed, is not part of a conversation.
func (f brands) Save(engine.Brand) error { return nil }

type bundles struct {
	engine.Bundles
	t *store
}

func (f bundles) Get(_, hash string) (engine.Bundle, error) {
	return get(f.t.bundles, "bundle", func(b engine.Bundle) bool { return b.Hash == hash })
}

type users struct {
	engine.Users
	t *store
}

func (f users) Get(_, id string) (engine.User, error) {
	return get(f.t.now.users, "agent", func(u engine.User) bool { return u.ID == id })
}
func (f users) ByEmail(email string) (engine.User, error) {
	return get(f.t.now.users, "agent", func(u engine.User) bool { return u.Email == email })
}
func (f users) List(string) ([]engine.User, error) {
	return slices.SortedFunc(slices.Values(f.t.now.users), func(a, b engine.User) int { return cmp.Compare(a.Name, b.Name) }), nil
}
func (f users) Assigned(_, id string, at time.Time) error {
	u, err := find(f.t.now.users, "agent", func(u engine.User) bool { return u.ID == id })
	if err == nil {
		u.AssignedAt = at
	}
	return err
}

type consumers struct {
	engine.Consumers
	t *store
}

func (f consumers) Get(_, id string) (engine.Consumer, error) {
	c, ok := f.t.now.consumers[id]
	if !ok {
		return c, missing("consumer")
	}
	c.Attributes = maps.Clone(c.Attributes)
	return c, nil
}
func (f consumers) ByAddress(brand string, kind engine.ChannelKind, address string) (engine.Consumer, error) {
	i, err := get(f.t.now.identities, "consumer", func(i engine.Identity) bool { return i.Kind == kind && i.Address == address })
	if err != nil {
		return engine.Consumer{}, err
	}
	return f.Get(brand, i.Consumer)
}
func (f consumers) Add(c engine.Consumer, i engine.Identity) error {
	f.t.now.identities = append(f.t.now.identities, i)
	return f.Save(c)
}
func (f consumers) Save(c engine.Consumer) error {
	c.Attributes = maps.Clone(c.Attributes)
	f.t.now.consumers[c.ID] = c
	return nil
}
func (f consumers) Identities(_, consumer string) ([]engine.Identity, error) {
	var out []engine.Identity
	for _, i := range f.t.now.identities {
		if i.Consumer == consumer {
			out = append(out, i)
		}
	}
	return out, nil
}
func (f consumers) Pulse(_, consumer string) (engine.Pulse, error) {
	var last engine.Conversation
	for _, c := range f.t.now.convs {
		if c.Consumer == consumer && c.State == engine.Closed {
			last = c
		}
	}
	return last.Pulse, nil
}
func (f consumers) AddConsent(c engine.Consent) error {
	f.t.now.consents = append(f.t.now.consents, c)
	return nil
}
func (f consumers) Consent(_, channel, address string) (engine.Consent, error) {
	for _, c := range slices.Backward(f.t.now.consents) {
		if c.Channel == channel && c.Address == address {
			return c, nil
		}
	}
	return engine.Consent{}, missing("consent")
}
