package relational

import "parley/engine"

type brands struct{ C *Conn }

const brandColumns = `id, name, settings, version, example, canary, held, secrets`

var putBrand = Replacement("brands", "id", brandColumns, "rev", "0")

func brandFields(b *engine.Brand, to []any) []any {
	return append(to, &b.ID, &b.Name, inJSON(&b.Settings), &b.Version, &b.Example, inJSON(&b.Canary), inJSON(&b.Held), inJSON(&b.Secrets))
}

func brandAndRev(b *engine.Brand, to []any) []any { return append(brandFields(b, to), &b.Rev) }

func (f brands) Get(id string) (engine.Brand, error) {
	return One(f.C.Query(`select `+brandColumns+`, rev from brands where id = $1`, id), "brand", brandAndRev)
}

func (f brands) Rev(id string) (int64, error) {
	if err := f.C.alone("brand", id); err != nil {
		return 0, err
	}
	return One(f.C.Query(`select rev from brands where id = $1`+Keep, id), "brand", Itself[int64])
}

func (f brands) List() ([]engine.Brand, error) {
	return All(f.C.Query(`select `+brandColumns+`, rev from brands order by id`), brandAndRev)
}

func (f brands) Save(b engine.Brand) error {
	if err := f.C.Run(putBrand, brandFields(&b, f.C.list)...); err != nil {
		return err
	}
	return f.count(b.ID)
}

const channelColumns = `id, brand, kind, name, address, bot, config, secrets`

var addChannel = Insertion("channels", channelColumns)

func channelFields(c *engine.Channel, to []any) []any {
	return append(to, &c.ID, &c.Brand, (*string)(&c.Kind), &c.Name, &c.Address, &c.Bot, inJSON(&c.Config), inJSON(&c.Secrets))
}

func (f brands) Channel(id string) (engine.Channel, error) {
	return One(f.C.Query(`select `+channelColumns+` from channels where id = $1`, id), "channel", channelFields)
}

func (f brands) Channels(brand string) ([]engine.Channel, error) {
	return All(f.C.Query(`select `+channelColumns+` from channels where brand = $1 order by id`, brand), channelFields)
}

func (f brands) SaveChannels(brand string, list []engine.Channel) error {
	if err := f.count(brand); err != nil {
		return err
	}
	if err := f.C.Run(`delete from channels where brand = $1`, brand); err != nil {
		return err
	}
	for _, c := range list {
		c.Brand = brand
		if err := f.C.Insert("channel", addChannel, channelFields(&c, f.C.list)...); err != nil {
			return err
		}
	}
	return nil
}

const skillColumns = `brand, id, name, priority, hours, accept_seconds, weight, fallback, outcomes`

var addSkill = Insertion("skills", skillColumns)

func skillFields(s *engine.Skill, to []any) []any {
	return append(to, &s.Brand, &s.ID, &s.Name, &s.Priority, inJSON(&s.Hours), &s.AcceptSeconds, &s.Weight, &s.Fallback, inJSON(&s.Outcomes))
}

func (f brands) Skills(brand string) ([]engine.Skill, error) {
	return All(f.C.Query(`select `+skillColumns+` from skills where brand = $1 order by id`, brand), skillFields)
}

func (f brands) SaveSkills(brand string, list []engine.Skill) error {
	if err := f.count(brand); err != nil {
		return err
	}
	if err := f.C.Run(`delete from skills where brand = $1`, brand); err != nil {
		return err
	}
	for _, s := range list {
		s.Brand = brand
		if err := f.C.Insert("skill", addSkill, skillFields(&s, f.C.list)...); err != nil {
			return err
		}
	}
	return nil
}

// count makes one revision more of a brand that is there.
func (f brands) count(brand string) error {
	f.C.Wake(engine.Signal{Topic: engine.TopicBrand, Brand: brand, Key: brand})
	return f.C.ExecOne("brand", `update brands set rev = rev + 1 where id = $1`, brand)
}

type bundles struct{ C *Conn }

var addBundle = Insertion("bundles", `brand, hash, created_at, model, files`)

// bundleFields are all but the files, which lists leave out.
func bundleFields(b *engine.Bundle, to []any) []any {
	return append(to, &b.Brand, &b.Hash, &b.CreatedAt, &b.Model)
}

func wholeBundle(b *engine.Bundle, to []any) []any {
	return append(bundleFields(b, to), inJSON(&b.Files))
}

func (f bundles) Get(brand, hash string) (engine.Bundle, error) {
	return One(f.C.Query(`select brand, hash, created_at, model, files from bundles where brand = $1 and hash = $2`, brand, hash), "bundle", wholeBundle)
}

func (f bundles) Add(b engine.Bundle) error { return f.C.Run(addBundle, wholeBundle(&b, f.C.list)...) }

func (f bundles) List(brand string, limit int) ([]engine.Bundle, error) {
	return All(f.C.Query(`select brand, hash, created_at, model from bundles where brand = $1 order by created_at desc, hash limit $2`, brand, limit), bundleFields)
}
