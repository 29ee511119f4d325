package memory

import (
	"time"

	"parley/engine"
)

type ready struct{ *tx }

func ref(c *conversation) engine.ConversationRef {
	return engine.ConversationRef{Brand: c.Brand, ID: c.ID}
}

func (f ready) List(limit int) ([]engine.ConversationRef, error) {
	return each(pick(f.conversations.all(), func(c *conversation) bool { return c.Ready }, nil), limit, ref), nil
}

func (f ready) Claim(now, until time.Time, limit int) ([]engine.ConversationRef, error) {
	byBrand, most := map[string][]*conversation{}, 0
	for _, c := range pick(f.conversations.all(), func(c *conversation) bool { return c.Ready && !c.ReadyAt.After(now) },
		func(a, b *conversation) int { return a.ReadyAt.Compare(b.ReadyAt) }) {
		byBrand[c.Brand] = append(byBrand[c.Brand], c)
		most = max(most, len(byBrand[c.Brand]))
	}
	var out []engine.ConversationRef
	for i := range most {
		for _, all := range byBrand {
			if i >= len(all) || len(out) >= limit {
				continue
			}
			if err := f.conversations.change(f.tx, key{a: all[i].ID}, "conversation", func(c *conversation) { c.ReadyAt = until }); err != nil {
				return nil, err
			}
			out = append(out, ref(all[i]))
		}
	}
	return out, nil
}

func (f ready) Any(now time.Time) (bool, error) {
	return first(f.conversations.all(), func(c *conversation) bool { return c.Ready && !c.ReadyAt.After(now) }) != nil, nil
}
