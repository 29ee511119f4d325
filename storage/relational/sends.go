package relational

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

type sends struct{ C *Conn }

// Of finds a message's sends by their ids, which begin with the message's: that
// index is there anyway.
func (f sends) Of(message string) ([]engine.OutboxItem, error) {
	items, err := All(f.C.Query(`select `+OutboxColumns+` from outbox where id > $1 and id < $2`, message+".", message+"/"), OutboxFields)
	slices.SortFunc(items, func(a, b engine.OutboxItem) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.Seq, b.Seq))
	})
	return items, err
}

func (f sends) Waiting(conversation string, limit int) ([]engine.OutboxItem, error) {
	return All(f.C.Query(`select `+OutboxColumns+` from outbox where active = 1 and conversation = $1 and kind = $2 and state = 'pending' order by seq limit $3`,
		conversation, string(engine.OutboxMessage), limit), OutboxFields)
}

func (f sends) Overdue(channel string, at time.Time, limit int) ([]engine.OutboxItem, error) {
	return All(f.C.Query(`select `+OutboxColumns+` from outbox where head = 1 and state = 'pending' and gate = $1 and due_at <= $2 order by due_at, seq limit $3`,
		channel, at, limit), OutboxFields)
}

func (f sends) Hurry(channel string, now, until time.Time) error {
	return f.C.Run(`update outbox set due_at = $1 where head = 1 and state = 'pending' and gate = $2 and due_at > $1 and due_at <= $3`, now, channel, until)
}

type circuits struct{ C *Conn }

const circuitColumns = `channel, brand, class, code, message, failures, since, probe_at, probe, settings, told`

var addCircuit, putCircuit = Insertion("circuits", circuitColumns), Replacement("circuits", "channel", circuitColumns)

func circuitFields(c *engine.Circuit, to []any) []any {
	return append(to, &c.Channel, &c.Brand, (*string)(&c.Class), &c.Code, &c.Message, &c.Failures, &c.Since, &c.ProbeAt, &c.Probe, &c.Settings, &c.Told)
}

// CircuitOf asks for that of a channel.
const CircuitOf = `select ` + circuitColumns + ` from circuits where channel = $1` + Keep

func (f circuits) Get(channel string) (engine.Circuit, error) {
	return One(f.C.Query(CircuitOf, channel), "circuit", circuitFields)
}

func (f circuits) List(brand string) ([]engine.Circuit, error) {
	if brand == "" {
		return All(f.C.Query(`select `+circuitColumns+` from circuits order by channel`), circuitFields)
	}
	return All(f.C.Query(`select `+circuitColumns+` from circuits where brand = $1 order by channel`, brand), circuitFields)
}

func (f circuits) Add(c engine.Circuit) error {
	return f.C.Insert("circuit", addCircuit, circuitFields(&c, f.C.list)...)
}

func (f circuits) Save(c engine.Circuit) error {
	return f.C.Run(putCircuit, circuitFields(&c, f.C.list)...)
}

func (f circuits) Remove(channel string) error {
	return f.C.Run(`delete from circuits where channel = $1`, channel)
}
