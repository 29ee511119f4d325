package memory

import "parley/engine"

type brands struct{ *tx }

func (f brands) Get(id string) (engine.Brand, error) { return f.brands.get(key{a: id}, "brand") }

func (f brands) Rev(id string) (int64, error) {
	if b := f.brands.look(key{a: id}); b != nil {
		return b.Rev, nil
	}
	return 0, missing("brand")
}

func (f brands) List() ([]engine.Brand, error) {
	return copies(pick(f.brands.all(), every, nil), -1), nil
}

func (f brands) Save(b engine.Brand) error {
	b.Rev, _ = f.Rev(b.ID) // 0 of a new one
	if err := f.brands.put(f.tx, key{a: b.ID}, b); err != nil {
		return err
	}
	return f.count(b.ID)
}

// count makes one revision more of a brand that is there.
func (f brands) count(brand string) error {
	f.Wake(engine.Signal{Topic: engine.TopicBrand, Brand: brand, Key: brand})
	return f.brands.change(f.tx, key{a: brand}, "brand", func(b *engine.Brand) { b.Rev++ })
}

func (f brands) Channel(id string) (engine.Channel, error) {
	return f.channels.get(key{a: id}, "channel")
}

func (f brands) Channels(brand string) ([]engine.Channel, error) {
	return copies(pick(f.channels.all(), func(c *engine.Channel) bool { return c.Brand == brand }, nil), -1), nil
}

func (f brands) SaveChannels(brand string, list []engine.Channel) error {
	if err := f.count(brand); err != nil {
		return err
	}
	if _, err := f.channels.drop(f.tx, func(c *engine.Channel) bool { return c.Brand == brand }); err != nil {
		return err
	}
	for _, c := range list {
		c.Brand = brand
		if err := f.channels.add(f.tx, key{a: c.ID}, c, "channel"); err != nil {
			return err
		}
	}
	return nil
}

func (f brands) Skills(brand string) ([]engine.Skill, error) {
	return copies(pick(f.skills.of(brand), every, nil), -1), nil
}

func (f brands) SaveSkills(brand string, list []engine.Skill) error {
	if err := f.count(brand); err != nil {
		return err
	}
	if _, err := f.skills.drop(f.tx, func(s *engine.Skill) bool { return s.Brand == brand }); err != nil {
		return err
	}
	for _, s := range list {
		s.Brand = brand
		if err := f.skills.add(f.tx, key{a: brand, b: s.ID}, s, "skill"); err != nil {
			return err
		}
	}
	return nil
}

type bundles struct{ *tx }

func (f bundles) Get(brand, hash string) (engine.Bundle, error) {
	return f.bundles.get(key{a: brand, b: hash}, "bundle")
}

func (f bundles) Add(b engine.Bundle) error {
	if f.bundles.look(key{a: b.Brand, b: b.Hash}) != nil {
		return nil
	}
	return f.bundles.put(f.tx, key{a: b.Brand, b: b.Hash}, b)
}

func (f bundles) List(brand string, limit int) ([]engine.Bundle, error) {
	newest := func(a, b *engine.Bundle) int { return b.CreatedAt.Compare(a.CreatedAt) }
	return each(pick(f.bundles.of(brand), every, newest), limit, func(b *engine.Bundle) engine.Bundle {
		return engine.Bundle{Brand: b.Brand, Hash: b.Hash, CreatedAt: b.CreatedAt, Model: b.Model}
	}), nil
}
