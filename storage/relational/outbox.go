package relational

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

// Outbox is its facet.
type Outbox struct{ C *Conn }

// OutboxColumns are read into OutboxFields; the own ones are written.
const (
	outboxOwn     = `id, brand, channel, conversation, kind, recipient, message, part, parts, content, session, step, request, state, attempt, due_at, lease_until, tried_at, tries, lookups, denied_at, apart, provider_id, receipt, failure, created_at`
	OutboxColumns = outboxOwn + `, seq`
)

// addOutbox has the item in front when nothing active of its line is before it.
var addOutbox = Insertion("outbox", outboxOwn, "active", "$27", "gate", "$28",
	"head", "case when cast($27 as bigint) = 1 and not exists (select 1 from outbox where active = 1 and conversation = $4 and kind = $5) then 1 else 0 end")

func outboxOwnFields(o *engine.OutboxItem, to []any) []any {
	return append(to,
		&o.ID, &o.Brand, &o.Channel, &o.Conversation, (*string)(&o.Kind), &o.To, &o.Message, &o.Part, &o.Parts, Content{&o.Content}, &o.Session, &o.Step,
		&o.Request, (*string)(&o.State), &o.Attempt, &o.DueAt, &o.LeaseUntil, &o.TriedAt, &o.Tries, &o.Lookups, &o.DeniedAt, millis{&o.Apart},
		&o.ProviderID, (*string)(&o.Receipt), &o.Failure, &o.CreatedAt,
	)
}

// OutboxFields are where OutboxColumns lie.
func OutboxFields(o *engine.OutboxItem, to []any) []any {
	return append(outboxOwnFields(o, to), &o.Seq)
}

// millis is a duration in milliseconds.
type millis struct{ d *time.Duration }

func (x millis) write() (any, error) { return x.d.Milliseconds(), nil }

func (x millis) read(r *Rows, i int) { *x.d = time.Duration(r.cursor.Int(i)) * time.Millisecond }

// active items are in the partial indexes; the others cost nothing any more.
func active(s engine.OutboxState) bool {
	return s == engine.OutboxPending || s == engine.OutboxLeased || s == engine.OutboxUnsure
}

// gate is the channel whose circuit an item waits for. Outside calls wait for none.
func gate(o *engine.OutboxItem) string {
	if o.Kind == engine.OutboxMessage {
		return o.Channel
	}
	return ""
}

func (f Outbox) Add(o *engine.OutboxItem) (err error) {
	if err := f.line(o); err != nil {
		return err
	}
	err = f.C.InsertSeqLater("outbox item", &o.Seq, addOutbox, append(outboxOwnFields(o, f.C.list), active(o.State), gate(o))...)
	f.C.Wake(engine.Signal{Topic: engine.TopicDelivery})
	return err
}

// line keeps the conversation's line of a kind of send: another update may add to it, or
// end what is in front. Who ends an item has the line before the item's row.
func (f Outbox) line(o *engine.OutboxItem) error {
	return f.C.alone(string(o.Kind), o.Conversation)
}

// opening is a gate with pending items in front of it.
type opening struct {
	gate  string
	from  time.Time // when its first item may pass
	probe time.Time // when its circuit lets one pass; zero when it lets all
	take  int
}

// most is how many of its items may pass at once.
func (o opening) most(limit int) int {
	if !o.probe.IsZero() {
		return min(limit, 1)
	}
	return limit
}

// gates jumps through the index from gate to gate, so that what waits at one
// costs nothing.
const gates = `
		with recursive gates(gate) as (
			select min(gate) from outbox where head = 1 and state = 'pending'
			union all
			select (select min(o.gate) from outbox o where o.head = 1 and o.state = 'pending' and o.gate > gates.gate) from gates where gates.gate is not null)
		select gates.gate,
			(select o.due_at from outbox o where o.head = 1 and o.state = 'pending' and o.gate = gates.gate order by o.due_at limit 1),
			coalesce(c.probe_at, 0)
		from gates left join circuits c on c.channel = gates.gate where gates.gate is not null`

// inDoubt is when the first send in doubt is due.
const inDoubt = ` union all select '', (select due_at from outbox where state = 'unknown' order by due_at limit 1), 0`

func (f Outbox) gates(more string) ([]opening, error) {
	gates, err := All(f.C.Query(gates+more), func(o *opening, to []any) []any { return append(to, &o.gate, &o.from, &o.probe) })
	for i, g := range gates {
		gates[i].from = engine.Later(g.from, g.probe)
	}
	return gates, err
}

func (f Outbox) Claim(now, leaseUntil time.Time, limit int) ([]engine.OutboxItem, error) {
	if err := f.C.MayWrite(); err != nil {
		return nil, err
	}
	gates, err := f.gates(``)
	if err != nil {
		return nil, err
	}
	gates = slices.DeleteFunc(gates, func(o opening) bool { return o.from.After(now) })
	if err := f.share(gates, now, limit); err != nil {
		return nil, err
	}
	var items []engine.OutboxItem
	for _, g := range gates {
		if g.take == 0 {
			continue
		}
		got, err := f.claim(g, now, leaseUntil)
		if err != nil {
			return nil, err
		}
		items = append(items, got...)
	}
	slices.SortFunc(items, func(a, b engine.OutboxItem) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.Seq, b.Seq)) })
	return items, nil
}

// claim leases what may pass at a gate. Of a channel that is not well it is the one who
// moves its ProbeAt who probes.
func (f Outbox) claim(g opening, now, leaseUntil time.Time) ([]engine.OutboxItem, error) {
	const move = `update circuits set probe_at = $1 where channel = $2 and probe_at = $3`
	probes := !g.probe.IsZero()
	if probes {
		if n, err := f.C.Exec(move, leaseUntil, g.gate, g.probe); err != nil || n == 0 {
			return nil, err
		}
	}
	got, err := All(f.C.QueryChange(`
		update outbox set state = 'leased', attempt = attempt + 1, lease_until = $1, tried_at = case when tried_at = 0 then $2 else tried_at end
		where seq in (select seq from outbox where head = 1 and state = 'pending' and gate = $3 and due_at <= $4
			order by due_at, seq limit $5`+Claim+`)
		returning `+OutboxColumns, leaseUntil, now, g.gate, now, g.take), OutboxFields)
	if err != nil || !probes {
		return got, err
	}
	if len(got) == 0 { // it was taken meanwhile
		return nil, f.C.Run(move, g.probe, g.gate, leaseUntil)
	}
	return got, f.C.Run(`update circuits set probe = $1 where channel = $2`, got[0].ID, g.gate)
}

// share says how many items pass at each gate: the longest due of all.
func (f Outbox) share(gates []opening, now time.Time, limit int) error {
	if len(gates) == 1 {
		gates[0].take = gates[0].most(limit)
		return nil
	}
	type place struct {
		gate     int
		due, seq int64
	}
	var line []place
	for i, g := range gates {
		due, err := All(f.C.Query(`select due_at, seq from outbox where head = 1 and state = 'pending' and gate = $1 and due_at <= $2 order by due_at, seq limit $3`,
			g.gate, now, g.most(limit)), func(p *place, to []any) []any {
			p.gate = i
			return append(to, &p.due, &p.seq)
		})
		if err != nil {
			return err
		}
		line = append(line, due...)
	}
	slices.SortFunc(line, func(a, b place) int { return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.seq, b.seq)) })
	for _, p := range line[:min(limit, len(line))] {
		gates[p.gate].take++
	}
	return nil
}

func (f Outbox) Get(id string) (engine.OutboxItem, error) {
	if f.C.ItemLine != nil && !f.C.ReadOnly {
		if err := f.C.ItemLine(id); err != nil {
			return engine.OutboxItem{}, err
		}
	}
	return One(f.C.Query(`select `+OutboxColumns+` from outbox where id = $1`+Keep, id), "outbox item", OutboxFields)
}

func (f Outbox) Save(o engine.OutboxItem) error {
	q, args := change(&o, `(active = 1 or $15 = 0)`, active(o.State))
	if err := f.ending(&o); err != nil {
		return err
	}
	n, err := f.C.Exec(q, args...)
	if err != nil {
		return err
	}
	if n > 0 {
		return f.ended(&o)
	}
	if n, err = f.C.Number(`select count(*) from outbox where id = $1`, o.ID); err != nil {
		return err
	}
	if n == 0 {
		return NotFound("outbox item")
	}
	return engine.Errorf(engine.Conflict, "the outbox item has moved on")
}

func (f Outbox) Settle(claimed, settled engine.OutboxItem) error {
	if err := f.ending(&settled); err != nil {
		return err
	}
	q, args := change(&settled, `state = 'leased' and provider_id = $15 and receipt = $16`, claimed.ProviderID, string(claimed.Receipt))
	if err := f.C.ExecOneInTime("outbox item", q, args...); err != nil {
		return err
	}
	return f.ended(&settled)
}

// change writes what a try changes, of the same attempt and under one more condition.
func change(o *engine.OutboxItem, when string, args ...any) (string, []any) {
	alive := active(o.State)
	return `update outbox set state = $1, active = $2, head = head * cast($3 as bigint), due_at = $4, lease_until = $5, tries = $6, lookups = $7, denied_at = $8, apart = $9,
			provider_id = $10, receipt = $11, failure = $12 where id = $13 and attempt = $14 and ` + when,
		append([]any{(*string)(&o.State), alive, alive, &o.DueAt, &o.LeaseUntil, &o.Tries, &o.Lookups, &o.DeniedAt, millis{&o.Apart},
			&o.ProviderID, (*string)(&o.Receipt), &o.Failure, &o.ID, &o.Attempt}, args...)
}

// ending keeps the line of an item that is to end.
func (f Outbox) ending(o *engine.OutboxItem) error {
	if active(o.State) {
		return nil
	}
	return f.line(o)
}

// ended lets the next of the line come forward when an item has ended.
func (f Outbox) ended(o *engine.OutboxItem) error {
	if active(o.State) {
		return nil
	}
	wakes := None{Changed: func() { f.C.Wake(engine.Signal{Topic: engine.TopicDelivery}) }}
	return f.C.later(wakes, `update outbox set head = 1 where head = 0 and seq = (
		select seq from outbox where active = 1 and conversation = $1 and kind = $2 order by seq limit 1)`, []any{o.Conversation, string(o.Kind)})
}

func (f Outbox) Stale(now time.Time, limit int) ([]engine.OutboxItem, error) {
	leased, err := All(f.C.Query(`select `+OutboxColumns+` from outbox where state = 'leased' and lease_until <= $1 order by lease_until, seq limit $2`,
		now, limit), OutboxFields)
	if err != nil {
		return nil, err
	}
	unsure, err := All(f.C.Query(`select `+OutboxColumns+` from outbox where state = 'unknown' and due_at <= $1 order by due_at, seq limit $2`,
		now, limit), OutboxFields)
	if err != nil {
		return nil, err
	}
	out := append(leased, unsure...)
	return out[:min(limit, len(out))], nil
}

func (f Outbox) Expire(now time.Time) error {
	return f.C.Run(`update outbox set lease_until = $1 where state = 'leased' and lease_until > $1`, now)
}

func (f Outbox) ByProvider(channel, providerID string) (engine.OutboxItem, error) {
	if err := f.C.alone("provider "+channel, providerID); err != nil {
		return engine.OutboxItem{}, err
	}
	return One(f.C.Query(`select `+OutboxColumns+` from outbox where channel = $1 and provider_id = $2 and provider_id <> '' order by seq desc limit 1`,
		channel, providerID), "outbox item", OutboxFields)
}

func (f Outbox) Next() (first time.Time, err error) {
	gates, err := f.gates(inDoubt)
	for _, g := range gates {
		if !g.from.IsZero() && (first.IsZero() || g.from.Before(first)) {
			first = g.from
		}
	}
	return first, err
}
