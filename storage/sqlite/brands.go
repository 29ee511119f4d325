package sqlite

import "parley/engine"

type brands struct{ c *conn }

const brandColumns = `id, name, settings, bundle, example, canary, held, secrets`

func scanBrand(r *rows) engine.Brand {
	b := engine.Brand{ID: r.text(0), Name: r.text(1), Bundle: r.text(3), Example: r.bool(4)}
	r.json(2, &b.Settings)
	r.json(5, &b.Canary)
	r.json(6, &b.Held)
	r.json(7, &b.Secrets)
	return b
}

func (f brands) Get(id string) (engine.Brand, error) {
	return one(f.c.query(`select `+brandColumns+` from brands where id = $1`, id), "brand", scanBrand)
}

func (f brands) List() ([]engine.Brand, error) {
	return all(f.c.query(`select `+brandColumns+` from brands order by id`), scanBrand)
}

func (f brands) Save(b engine.Brand) error {
	settings, err := encode(b.Settings)
	if err != nil {
		return err
	}
	var canary string
	if b.Canary != (engine.Canary{}) {
		if canary, err = encode(b.Canary); err != nil {
			return err
		}
	}
	held, err := encodeMap(b.Held)
	if err != nil {
		return err
	}
	secrets, err := encodeMap(b.Secrets)
	if err != nil {
		return err
	}
	_, err = f.c.exec(
		`insert into brands (`+brandColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8)
		on conflict (id) do update set name = excluded.name, settings = excluded.settings, bundle = excluded.bundle, example = excluded.example,
			canary = excluded.canary, held = excluded.held, secrets = excluded.secrets`,
		b.ID, b.Name, settings, b.Bundle, flag(b.Example), canary, held, secrets)
	return err
}

const channelColumns = `id, brand, kind, name, address, bot, config, secrets`

func scanChannel(r *rows) engine.Channel {
	c := engine.Channel{
		ID: r.text(0), Brand: r.text(1), Kind: engine.ChannelKind(r.text(2)), Name: r.text(3), Address: r.text(4), Bot: r.text(5),
	}
	r.json(6, &c.Config)
	r.json(7, &c.Secrets)
	return c
}

func (f brands) Channel(id string) (engine.Channel, error) {
	return one(f.c.query(`select `+channelColumns+` from channels where id = $1`, id), "channel", scanChannel)
}

func (f brands) Channels(brand string) ([]engine.Channel, error) {
	return all(f.c.query(`select `+channelColumns+` from channels where brand = $1 order by id`, brand), scanChannel)
}

func (f brands) SaveChannels(brand string, list []engine.Channel) error {
	if err := f.exists(brand); err != nil {
		return err
	}
	if _, err := f.c.exec(`delete from channels where brand = $1`, brand); err != nil {
		return err
	}
	for _, c := range list {
		config, err := encodeMap(c.Config)
		if err != nil {
			return err
		}
		secrets, err := encodeMap(c.Secrets)
		if err != nil {
			return err
		}
		err = f.c.insert("channel", `insert into channels (`+channelColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
			c.ID, brand, string(c.Kind), c.Name, c.Address, c.Bot, config, secrets)
		if err != nil {
			return err
		}
	}
	return nil
}

func (f brands) Skills(brand string) ([]engine.Skill, error) {
	return all(f.c.query(`select brand, id, name, priority, hours, accept_seconds, weight, fallback, outcomes from skills where brand = $1 order by id`, brand),
		func(r *rows) engine.Skill {
			s := engine.Skill{
				Brand: r.text(0), ID: r.text(1), Name: r.text(2), Priority: int(r.int(3)), AcceptSeconds: int(r.int(5)), Weight: r.float(6), Fallback: r.text(7),
			}
			r.json(4, &s.Hours)
			r.json(8, &s.Outcomes)
			return s
		})
}

func (f brands) SaveSkills(brand string, list []engine.Skill) error {
	if err := f.exists(brand); err != nil {
		return err
	}
	if _, err := f.c.exec(`delete from skills where brand = $1`, brand); err != nil {
		return err
	}
	for _, s := range list {
		var hours string
		var err error
		if s.Hours != nil {
			if hours, err = encode(s.Hours); err != nil {
				return err
			}
		}
		outcomes, err := encodeList(s.Outcomes)
		if err != nil {
			return err
		}
		err = f.c.insert("skill", `insert into skills (brand, id, name, priority, hours, accept_seconds, weight, fallback, outcomes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
			brand, s.ID, s.Name, int64(s.Priority), hours, int64(s.AcceptSeconds), s.Weight, s.Fallback, outcomes)
		if err != nil {
			return err
		}
	}
	return nil
}

func (f brands) exists(brand string) error {
	n, err := f.c.number(`select count(*) from brands where id = $1`, brand)
	if err == nil && n == 0 {
		return notFound("brand")
	}
	return err
}

type bundles struct{ c *conn }

func (f bundles) Get(brand, hash string) (engine.Bundle, error) {
	return one(f.c.query(`select brand, hash, files, created_at, model from bundles where brand = $1 and hash = $2`, brand, hash), "bundle", func(r *rows) engine.Bundle {
		b := engine.Bundle{Brand: r.text(0), Hash: r.text(1), CreatedAt: r.time(3), Model: r.text(4)}
		r.json(2, &b.Files)
		return b
	})
}

func (f bundles) Add(b engine.Bundle) error {
	files, err := encodeMap(b.Files)
	if err != nil {
		return err
	}
	_, err = f.c.exec(`insert into bundles (brand, hash, files, created_at, model) values ($1, $2, $3, $4, $5) on conflict do nothing`, b.Brand, b.Hash, files, ms(b.CreatedAt), b.Model)
	return err
}

func (f bundles) List(brand string, limit int) ([]engine.Bundle, error) {
	return all(f.c.query(`select brand, hash, created_at, model from bundles where brand = $1 order by created_at desc, hash limit $2`, brand, int64(limit)), func(r *rows) engine.Bundle {
		return engine.Bundle{Brand: r.text(0), Hash: r.text(1), CreatedAt: r.time(2), Model: r.text(3)}
	})
}
