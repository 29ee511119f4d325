package sqlite

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

type sends struct{ c *conn }

// Of finds a message's sends by their ids, which begin with the message's: that
// index is there anyway.
func (f sends) Of(message string) ([]engine.OutboxItem, error) {
	items, err := all(f.c.query(`select `+outboxColumns+` from outbox where id > $1 and id < $2`, message+".", message+"/"), scanOutbox)
	slices.SortFunc(items, func(a, b engine.OutboxItem) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.Seq, b.Seq))
	})
	return items, err
}

func (f sends) Waiting(conversation string, limit int) ([]engine.OutboxItem, error) {
	return all(f.c.query(`select `+outboxColumns+` from outbox where active = 1 and conversation = $1 and kind = $2 and state = 'pending' order by seq limit $3`,
		conversation, string(engine.OutboxMessage), int64(limit)), scanOutbox)
}

func (f sends) Overdue(channel string, at time.Time, limit int) ([]engine.OutboxItem, error) {
	return all(f.c.query(`select `+outboxColumns+` from outbox where head = 1 and state = 'pending' and gate = $1 and due_at <= $2 order by due_at, seq limit $3`,
		channel, ms(at), int64(limit)), scanOutbox)
}

func (f sends) Hurry(channel string, now, until time.Time) error {
	_, err := f.c.exec(`update outbox set due_at = $1 where head = 1 and state = 'pending' and gate = $2 and due_at > $3 and due_at <= $4`,
		ms(now), channel, ms(now), ms(until))
	return err
}

type circuits struct{ c *conn }

const circuitColumns = `channel, brand, class, code, message, failures, since, probe_at, probe, settings, told`

func scanCircuit(r *rows) engine.Circuit {
	return engine.Circuit{
		Channel: r.text(0), Brand: r.text(1), Class: engine.SendClass(r.text(2)), Code: r.text(3), Message: r.text(4), Failures: int(r.int(5)),
		Since: r.time(6), ProbeAt: r.time(7), Probe: r.text(8), Settings: r.text(9), Told: r.bool(10),
	}
}

func (f circuits) Get(channel string) (engine.Circuit, error) {
	return one(f.c.query(`select `+circuitColumns+` from circuits where channel = $1`, channel), "circuit", scanCircuit)
}

func (f circuits) List(brand string) ([]engine.Circuit, error) {
	if brand == "" {
		return all(f.c.query(`select `+circuitColumns+` from circuits order by channel`), scanCircuit)
	}
	return all(f.c.query(`select `+circuitColumns+` from circuits where brand = $1 order by channel`, brand), scanCircuit)
}

func (f circuits) Save(c engine.Circuit) error {
	_, err := f.c.exec(`insert into circuits (`+circuitColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		on conflict (channel) do update set brand = excluded.brand, class = excluded.class, code = excluded.code, message = excluded.message,
			failures = excluded.failures, since = excluded.since, probe_at = excluded.probe_at, probe = excluded.probe, settings = excluded.settings, told = excluded.told`,
		c.Channel, c.Brand, string(c.Class), c.Code, c.Message, int64(c.Failures), ms(c.Since), ms(c.ProbeAt), c.Probe, c.Settings, flag(c.Told))
	return err
}

func (f circuits) Remove(channel string) error {
	_, err := f.c.exec(`delete from circuits where channel = $1`, channel)
	return err
}
