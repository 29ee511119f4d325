package relational

import "parley/engine"

type consumers struct{ C *Conn }

// ConsumerOf reads the consumer $1 of the brand $2.
const (
	ConsumerColumns = `id, brand, name, language, attributes, created_at, outreach`
	ConsumerOf      = `select ` + ConsumerColumns + ` from consumers where id = $1 and brand = $2` + Keep
)

func consumerFields(c *engine.Consumer, to []any) []any {
	return append(to, &c.ID, &c.Brand, &c.Name, &c.Language, inJSON(&c.Attributes), &c.CreatedAt, inJSON(&c.Outreach))
}

func (f consumers) Get(brand, id string) (engine.Consumer, error) {
	return One(f.C.Query(ConsumerOf, id, brand), "consumer", consumerFields)
}

func (f consumers) ByAddress(brand string, kind engine.ChannelKind, address string) (engine.Consumer, error) {
	return One(f.C.Query(
		`select `+ConsumerColumns+` from consumers where id = (select consumer from identities where brand = $1 and kind = $2 and address = $3) and brand = $1`,
		brand, string(kind), address), "consumer", consumerFields)
}

func (f consumers) Pulse(brand, consumer string) (engine.Pulse, error) {
	p, _, err := First(f.C.Query(`select pulse from conversations where consumer = $1 and brand = $2 and state = 'closed' order by n desc limit 1`, consumer, brand),
		func(p *engine.Pulse, to []any) []any { return append(to, pulse{p}) })
	return p, err
}

const identityColumns = `brand, kind, address, consumer`

var addIdentity = Insertion("identities", identityColumns)

func identityFields(i *engine.Identity, to []any) []any {
	return append(to, &i.Brand, (*string)(&i.Kind), &i.Address, &i.Consumer)
}

func (f consumers) Add(c engine.Consumer, i engine.Identity) error {
	i.Brand, i.Consumer = c.Brand, c.ID
	// The identity first: it is what two first messages race for.
	if err := f.C.InsertLater("identity", addIdentity, identityFields(&i, f.C.list)...); err != nil {
		return err
	}
	return f.C.InsertLater("consumer", f.C.dialect.addConsumer, consumerFields(&c, f.C.list)...)
}

func (f consumers) Save(c engine.Consumer) error {
	n, err := f.C.Exec(`update consumers set language = $3, attributes = $4 where id = $1 and brand = $2 and name = $5`,
		c.ID, c.Brand, c.Language, inJSON(&c.Attributes), c.Name)
	if err != nil || n == 1 {
		return err
	}
	return f.C.ExecOne("consumer", f.C.dialect.saveConsumer,
		c.ID, c.Brand, c.Name, c.Language, inJSON(&c.Attributes))
}

func (f consumers) Reached(brand, consumer string, outreach []int64) error {
	return f.C.ExecOne("consumer", `update consumers set outreach = $3 where id = $1 and brand = $2`, consumer, brand, inJSON(&outreach))
}

func (f consumers) Identities(brand, consumer string) ([]engine.Identity, error) {
	return All(f.C.Query(`select `+identityColumns+` from identities where consumer = $1 and brand = $2 order by kind, address`, consumer, brand), identityFields)
}

const consentColumns = `brand, channel, address, opted_out, source, message, by_whom, at`

var addConsent = Insertion("consents", consentColumns)

func consentFields(c *engine.Consent, to []any) []any {
	return append(to, &c.Brand, &c.Channel, &c.Address, &c.OptedOut, &c.Source, &c.Message, &c.By, &c.At)
}

func (f consumers) AddConsent(c engine.Consent) error {
	return f.C.Run(addConsent, consentFields(&c, f.C.list)...)
}

// ConsentOf asks for the newest by channel, address and brand.
const ConsentOf = `select ` + consentColumns + ` from consents where channel = $1 and address = $2 and brand = $3 order by at desc, n desc limit 1`

func (f consumers) Consent(brand, channel, address string) (engine.Consent, error) {
	return One(f.C.Query(ConsentOf, channel, address, brand), "consent", consentFields)
}

// ConsentsOf asks for all by brand, consumer and limit.
const ConsentsOf = `select ` + consentColumns + ` from consents where brand = $1 and address in
	(select address from identities where consumer = $2 and brand = $1) order by at desc, n desc limit $3`

func (f consumers) Consents(brand, consumer string, limit int) ([]engine.Consent, error) {
	return All(f.C.Query(ConsentsOf, brand, consumer, limit), consentFields)
}
