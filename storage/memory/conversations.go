package memory

import (
	"cmp"
	"slices"

	"parley/engine"
)

type conversations struct{ *tx }

func (f conversations) look(brand, id string) *conversation {
	if c := f.conversations.look(key{a: id}); c != nil && c.Brand == brand {
		return c
	}
	return nil
}

// plain gives a copy without what only the store knows.
func plain(c *conversation) engine.Conversation { return clone(&c.Conversation) }

func given(c *conversation) (engine.Conversation, error) {
	if c == nil {
		return engine.Conversation{}, missing("conversation")
	}
	return plain(c), nil
}

func (f conversations) Get(brand, id string) (engine.Conversation, error) {
	return given(f.look(brand, id))
}

func (f conversations) open(channel, address string) *conversation {
	return first(f.conversations.all(), func(c *conversation) bool {
		return c.State == engine.Open && c.Channel == channel && c.Address == address
	})
}

func (f conversations) OpenByAddress(channel, address string) (engine.Conversation, error) {
	return given(f.open(channel, address))
}

func (f conversations) Add(c engine.Conversation) error {
	if c.State == engine.Open && f.open(c.Channel, c.Address) != nil {
		return taken("conversation")
	}
	return f.conversations.add(f.tx, key{a: c.ID}, conversation{c, f.conversations.next(f.tx), c.Owner == engine.OwnerAgent}, "conversation")
}

// Save leaves alone what never changes.
func (f conversations) Save(c *engine.Conversation) error {
	old := f.look(c.Brand, c.ID)
	switch {
	case old == nil:
		return missing("conversation")
	case old.Rev != c.Rev:
		return engine.Errorf(engine.Conflict, "the conversation has changed meanwhile")
	case c.State == engine.Open && old.State != engine.Open && f.open(old.Channel, old.Address) != nil:
		return taken("conversation")
	}
	v := conversation{*c, old.n, old.hadAgent || c.Owner == engine.OwnerAgent}
	v.Channel, v.Kind, v.Address, v.CreatedAt = old.Channel, old.Kind, old.Address, old.CreatedAt
	v.Rev++
	err := f.conversations.put(f.tx, key{a: c.ID}, v)
	if err == nil {
		c.Rev++
	}
	return err
}

func fits(w engine.ConversationFilter) func(*conversation) bool {
	return func(c *conversation) bool {
		return c.Brand == w.Brand && (w.State == "" || c.State == w.State) && (w.Owner == "" || c.Owner == w.Owner) &&
			(w.Agent == "" || c.Agent == w.Agent) && (len(w.Skills) == 0 || slices.Contains(w.Skills, c.Skill)) &&
			(w.Consumer == "" || c.Consumer == w.Consumer) && (w.Before.IsZero() || c.LastAt.Before(w.Before))
	}
}

func (f conversations) List(w engine.ConversationFilter) ([]engine.Conversation, error) {
	newest := func(a, b *conversation) int { return cmp.Or(b.LastAt.Compare(a.LastAt), cmp.Compare(b.ID, a.ID)) }
	return each(pick(f.conversations.all(), fits(w), newest), max(0, w.Limit), plain), nil
}

func (f conversations) Count(w engine.ConversationFilter) (int, error) {
	return len(pick(f.conversations.all(), fits(w), nil)), nil
}

func (f conversations) Load(brand string) (map[string]float64, error) {
	weight := func(skill string) float64 {
		if s := f.skills.look(key{a: brand, b: skill}); s != nil && s.Weight != 0 {
			return s.Weight
		}
		return 1
	}
	load := map[string]float64{}
	for c := range f.conversations.all() {
		if c.Brand == brand && c.State == engine.Open && c.Owner == engine.OwnerAgent {
			load[c.Agent] += weight(c.Skill)
		}
	}
	for e := range f.queue.all() {
		if e.Brand == brand && e.OfferedTo != "" {
			load[e.OfferedTo] += weight(e.Skill)
		}
	}
	return load, nil
}
