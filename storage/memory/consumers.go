package memory

import (
	"cmp"
	"slices"

	"parley/engine"
)

type consumers struct{ *tx }

func (f consumers) look(brand, id string) *engine.Consumer {
	if c := f.consumers.look(key{a: id}); c != nil && c.Brand == brand {
		return c
	}
	return nil
}

func (f consumers) Get(brand, id string) (engine.Consumer, error) {
	return found(f.look(brand, id), "consumer")
}

func identityKey(brand string, kind engine.ChannelKind, address string) key {
	return key{a: brand, b: string(kind) + "\x00" + address}
}

func (f consumers) ByAddress(brand string, kind engine.ChannelKind, address string) (engine.Consumer, error) {
	i := f.identities.look(identityKey(brand, kind, address))
	if i == nil {
		return engine.Consumer{}, missing("consumer")
	}
	return f.Get(brand, i.Consumer)
}

func (f consumers) Add(c engine.Consumer, i engine.Identity) error {
	i.Brand, i.Consumer = c.Brand, c.ID
	if err := f.identities.add(f.tx, identityKey(i.Brand, i.Kind, i.Address), i, "identity"); err != nil {
		return err
	}
	return f.consumers.add(f.tx, key{a: c.ID}, c, "consumer")
}

func (f consumers) Reached(brand, consumer string, outreach []int64) error {
	if f.look(brand, consumer) == nil {
		return missing("consumer")
	}
	return f.consumers.change(f.tx, key{a: consumer}, "consumer", func(o *engine.Consumer) { o.Outreach = outreach })
}

func (f consumers) Save(c engine.Consumer) error {
	if f.look(c.Brand, c.ID) == nil {
		return missing("consumer")
	}
	return f.consumers.change(f.tx, key{a: c.ID}, "consumer", func(o *engine.Consumer) {
		o.Name, o.Language, o.Attributes = c.Name, c.Language, c.Attributes
	})
}

func (f consumers) Identities(brand, consumer string) ([]engine.Identity, error) {
	return copies(pick(f.identities.of(brand), func(i *engine.Identity) bool { return i.Consumer == consumer }, nil), -1), nil
}

func (f consumers) Pulse(brand, consumer string) (engine.Pulse, error) {
	last := best(f.conversations.all(), func(c *conversation) bool {
		return c.Consumer == consumer && c.Brand == brand && c.State == engine.Closed
	}, func(a, b *conversation) int { return cmp.Compare(b.n, a.n) })
	if last == nil {
		return engine.Pulse{}, nil
	}
	return last.Pulse, nil
}

func (f consumers) AddConsent(c engine.Consent) error {
	return f.consents.put(f.tx, key{n: f.consents.next(f.tx)}, c)
}

func (f consumers) Consent(brand, channel, address string) (engine.Consent, error) {
	of := func(c *engine.Consent) bool { return c.Brand == brand && c.Channel == channel && c.Address == address }
	var newest *engine.Consent
	for c := range f.consents.all() {
		if of(c) && (newest == nil || !c.At.Before(newest.At)) { // of two at the same time the later one
			newest = c
		}
	}
	return found(newest, "consent")
}

func (f consumers) Consents(brand, consumer string, limit int) ([]engine.Consent, error) {
	theirs, err := f.Identities(brand, consumer)
	if err != nil {
		return nil, err
	}
	var list []engine.Consent
	for c := range f.consents.all() {
		if c.Brand == brand && slices.ContainsFunc(theirs, func(i engine.Identity) bool { return i.Address == c.Address }) {
			list = append(list, *c)
		}
	}
	slices.Reverse(list) // of two at the same time the later one comes first
	slices.SortStableFunc(list, func(a, b engine.Consent) int { return b.At.Compare(a.At) })
	return list[:min(len(list), limit)], nil
}
