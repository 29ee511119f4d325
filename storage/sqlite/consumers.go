package sqlite

import "parley/engine"

type consumers struct{ c *conn }

const consumerColumns = `c.id, c.brand, c.name, c.language, c.attributes, c.created_at`

func scanConsumer(r *rows) engine.Consumer {
	c := engine.Consumer{ID: r.text(0), Brand: r.text(1), Name: r.text(2), Language: r.text(3), CreatedAt: r.time(5)}
	r.json(4, &c.Attributes)
	return c
}

func (f consumers) Get(brand, id string) (engine.Consumer, error) {
	return one(f.c.query(`select `+consumerColumns+` from consumers c where c.id = $1 and c.brand = $2`, id, brand), "consumer", scanConsumer)
}

func (f consumers) ByAddress(brand string, kind engine.ChannelKind, address string) (engine.Consumer, error) {
	return one(f.c.query(
		`select `+consumerColumns+` from identities i join consumers c on c.id = i.consumer and c.brand = i.brand where i.brand = $1 and i.kind = $2 and i.address = $3`,
		brand, string(kind), address), "consumer", scanConsumer)
}

func (f consumers) Pulse(brand, consumer string) (engine.Pulse, error) {
	found, err := all(f.c.query(`select pulse from conversations where consumer = $1 and brand = $2 and state = 'closed' order by n desc limit 1`, consumer, brand),
		func(r *rows) engine.Pulse { return r.pulse(0) })
	if err != nil || len(found) == 0 {
		return engine.Pulse{}, err
	}
	return found[0], nil
}

func (f consumers) Add(c engine.Consumer, i engine.Identity) error {
	attributes, err := encodeMap(c.Attributes)
	if err != nil {
		return err
	}
	// The identity first: it is what two first messages race for.
	err = f.c.insert("identity", `insert into identities (brand, kind, address, consumer) values ($1, $2, $3, $4) on conflict do nothing`,
		c.Brand, string(i.Kind), i.Address, c.ID)
	if err != nil {
		return err
	}
	return f.c.insert("consumer", `insert into consumers (id, brand, name, language, attributes, created_at, changed)
		values ($1, $2, $3, $4, $5, $6, `+nextChange+`) on conflict do nothing`,
		c.ID, c.Brand, c.Name, c.Language, attributes, ms(c.CreatedAt))
}

// nextChange is higher than any: the search index follows it.
const nextChange = `(select coalesce(max(changed), 0) + 1 from consumers)`

func (f consumers) Save(c engine.Consumer) error {
	attributes, err := encodeMap(c.Attributes)
	if err != nil {
		return err
	}
	n, err := f.c.exec(`update consumers set language = $3, attributes = $4 where id = $1 and brand = $2 and name = $5`,
		c.ID, c.Brand, c.Language, attributes, c.Name)
	if err != nil || n == 1 {
		return err
	}
	return f.c.execOne("consumer", `update consumers set name = $3, language = $4, attributes = $5, changed = `+nextChange+` where id = $1 and brand = $2`,
		c.ID, c.Brand, c.Name, c.Language, attributes)
}

func (f consumers) Identities(brand, consumer string) ([]engine.Identity, error) {
	return all(f.c.query(`select brand, kind, address, consumer from identities where consumer = $1 and brand = $2 order by kind, address`, consumer, brand),
		func(r *rows) engine.Identity {
			return engine.Identity{Brand: r.text(0), Kind: engine.ChannelKind(r.text(1)), Address: r.text(2), Consumer: r.text(3)}
		})
}

func (f consumers) AddConsent(c engine.Consent) error {
	_, err := f.c.exec(`insert into consents (brand, channel, address, opted_out, source, message, at) values ($1, $2, $3, $4, $5, $6, $7)`,
		c.Brand, c.Channel, c.Address, flag(c.OptedOut), c.Source, c.Message, ms(c.At))
	return err
}

func (f consumers) Consent(brand, channel, address string) (engine.Consent, error) {
	return one(f.c.query(
		`select brand, channel, address, opted_out, source, message, at from consents where channel = $1 and address = $2 and brand = $3 order by at desc, n desc limit 1`,
		channel, address, brand), "consent", func(r *rows) engine.Consent {
		return engine.Consent{Brand: r.text(0), Channel: r.text(1), Address: r.text(2), OptedOut: r.bool(3), Source: r.text(4), Message: r.text(5), At: r.time(6)}
	})
}
