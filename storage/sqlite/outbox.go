package sqlite

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

type outbox struct{ c *conn }

const outboxColumns = `seq, id, brand, channel, conversation, kind, recipient, message, part, parts, content, session, step, request, state, attempt, due_at, lease_until, tried_at, tries, lookups, denied_at, apart, provider_id, receipt, failure, created_at`

func scanOutbox(r *rows) engine.OutboxItem {
	return engine.OutboxItem{
		Seq: r.int(0), ID: r.text(1), Brand: r.text(2), Channel: r.text(3), Conversation: r.text(4), Kind: engine.OutboxKind(r.text(5)),
		To: r.text(6), Message: r.text(7), Part: int(r.int(8)), Parts: int(r.int(9)), Content: readContent(r, 10), Session: r.text(11), Step: int(r.int(12)),
		Request: r.bytes(13), State: engine.OutboxState(r.text(14)), Attempt: int(r.int(15)), DueAt: r.time(16), LeaseUntil: r.time(17),
		TriedAt: r.time(18), Tries: int(r.int(19)), Lookups: int(r.int(20)), DeniedAt: r.time(21), Apart: time.Duration(r.int(22)) * time.Millisecond,
		ProviderID: r.text(23), Receipt: engine.DeliveryState(r.text(24)), Failure: r.text(25), CreatedAt: r.time(26),
	}
}

// active items are in the partial indexes; the others cost nothing any more.
func active(s engine.OutboxState) int64 {
	return flag(s == engine.OutboxPending || s == engine.OutboxLeased || s == engine.OutboxUnsure)
}

// gate is the channel whose circuit an item waits for. Outside calls wait for none.
func gate(o *engine.OutboxItem) string {
	if o.Kind == engine.OutboxMessage {
		return o.Channel
	}
	return ""
}

func (f outbox) Add(o *engine.OutboxItem) error {
	content, err := writeContent(o.Content)
	if err != nil {
		return err
	}
	alive := active(o.State)
	o.Seq, err = f.c.dialect.insertSeq(f.c, "outbox item",
		`insert into outbox (id, brand, channel, conversation, kind, recipient, message, part, parts, content, session, step, request, state, active, head, gate,
			attempt, due_at, lease_until, tried_at, tries, lookups, denied_at, apart, provider_id, receipt, failure, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
			$16 and not exists (select 1 from outbox where active = 1 and conversation = $17 and kind = $18), $19,
			$20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31) on conflict do nothing`,
		o.ID, o.Brand, o.Channel, o.Conversation, string(o.Kind), o.To, o.Message, int64(o.Part), int64(o.Parts), content, o.Session, int64(o.Step),
		string(o.Request), string(o.State), alive, alive, o.Conversation, string(o.Kind), gate(o), int64(o.Attempt), ms(o.DueAt), ms(o.LeaseUntil),
		ms(o.TriedAt), int64(o.Tries), int64(o.Lookups), ms(o.DeniedAt), o.Apart.Milliseconds(), o.ProviderID, string(o.Receipt), o.Failure, ms(o.CreatedAt))
	f.c.wake(engine.Signal{Topic: engine.TopicDelivery})
	return err
}

// opening is a gate with pending items in front of it.
type opening struct {
	gate  string
	from  time.Time // when its first item may pass
	probe bool      // one only
	take  int
}

// gates jumps through the index from gate to gate, so that what waits at one
// costs nothing.
func (f outbox) gates() ([]opening, error) {
	return all(f.c.query(`
		with recursive gates(gate) as (
			select min(gate) from outbox where head = 1 and state = 'pending'
			union all
			select (select min(o.gate) from outbox o where o.head = 1 and o.state = 'pending' and o.gate > gates.gate) from gates where gates.gate is not null)
		select gates.gate,
			(select o.due_at from outbox o where o.head = 1 and o.state = 'pending' and o.gate = gates.gate order by o.due_at limit 1),
			coalesce(c.probe_at, 0)
		from gates left join circuits c on c.channel = gates.gate where gates.gate is not null`), func(r *rows) opening {
		o := opening{gate: r.text(0), from: r.time(1)}
		if at := r.time(2); !at.IsZero() {
			o.probe = true
			if at.After(o.from) {
				o.from = at
			}
		}
		return o
	})
}

func (f outbox) Claim(now, leaseUntil time.Time, limit int) ([]engine.OutboxItem, error) {
	if f.c.readOnly {
		return nil, engine.Errorf(engine.Internal, "a view may not write")
	}
	gates, err := f.gates()
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
		got, err := all(f.c.queryChange(`
			update outbox set state = 'leased', attempt = attempt + 1, lease_until = $1, tried_at = case when tried_at = 0 then $2 else tried_at end
			where seq in (select seq from outbox where head = 1 and state = 'pending' and gate = $3 and due_at <= $4
				order by due_at, seq limit $5`+f.c.dialect.claimLock+`)
			returning `+outboxColumns, ms(leaseUntil), ms(now), g.gate, ms(now), int64(g.take)), scanOutbox)
		if err != nil {
			return nil, err
		}
		if g.probe && len(got) > 0 {
			if _, err := f.c.exec(`update circuits set probe = $1, probe_at = $2 where channel = $3`, got[0].ID, ms(leaseUntil), g.gate); err != nil {
				return nil, err
			}
		}
		items = append(items, got...)
	}
	slices.SortFunc(items, func(a, b engine.OutboxItem) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.Seq, b.Seq)) })
	return items, nil
}

// share says how many items pass at each gate: the longest due of all.
func (f outbox) share(gates []opening, now time.Time, limit int) error {
	if len(gates) == 1 {
		gates[0].take = limit
		if gates[0].probe {
			gates[0].take = 1
		}
		return nil
	}
	type place struct{ gate, due, seq int64 }
	var line []place
	for i, g := range gates {
		most := limit
		if g.probe {
			most = 1
		}
		due, err := all(f.c.query(`select due_at, seq from outbox where head = 1 and state = 'pending' and gate = $1 and due_at <= $2 order by due_at, seq limit $3`,
			g.gate, ms(now), int64(most)), func(r *rows) place { return place{int64(i), r.int(0), r.int(1)} })
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

func (f outbox) Get(id string) (engine.OutboxItem, error) {
	return one(f.c.query(`select `+outboxColumns+` from outbox where id = $1`, id), "outbox item", scanOutbox)
}

func (f outbox) Save(o engine.OutboxItem) error {
	n, err := f.update(o, `(active = 1 or $15 = 0)`, active(o.State))
	if err != nil || n > 0 {
		return err
	}
	if n, err = f.c.number(`select count(*) from outbox where id = $1`, o.ID); err != nil {
		return err
	}
	if n == 0 {
		return notFound("outbox item")
	}
	return engine.Errorf(engine.Conflict, "the outbox item has moved on")
}

func (f outbox) Settle(claimed, settled engine.OutboxItem) (bool, error) {
	n, err := f.update(settled, `state = 'leased' and provider_id = $15 and receipt = $16`, claimed.ProviderID, string(claimed.Receipt))
	return n > 0, err
}

// update writes what a try changes, of the same attempt and under one more condition, and
// lets the next of the conversation's line come forward when this one has ended.
func (f outbox) update(o engine.OutboxItem, when string, args ...any) (int64, error) {
	alive := active(o.State)
	n, err := f.c.exec(
		`update outbox set state = $1, active = $2, head = head and $3, due_at = $4, lease_until = $5, tries = $6, lookups = $7, denied_at = $8, apart = $9,
			provider_id = $10, receipt = $11, failure = $12 where id = $13 and attempt = $14 and `+when,
		append([]any{string(o.State), alive, alive, ms(o.DueAt), ms(o.LeaseUntil), int64(o.Tries), int64(o.Lookups), ms(o.DeniedAt), o.Apart.Milliseconds(),
			o.ProviderID, string(o.Receipt), o.Failure, o.ID, int64(o.Attempt)}, args...)...)
	if err != nil || n == 0 || alive == 1 {
		return n, err
	}
	_, err = f.c.exec(`update outbox set head = 1 where head = 0 and seq = (
		select seq from outbox where active = 1 and conversation = $1 and kind = $2 order by seq limit 1)`, o.Conversation, string(o.Kind))
	return n, err
}

func (f outbox) Stale(now time.Time, limit int) ([]engine.OutboxItem, error) {
	leased, err := all(f.c.query(`select `+outboxColumns+` from outbox where state = 'leased' and lease_until <= $1 order by lease_until, seq limit $2`,
		ms(now), int64(limit)), scanOutbox)
	if err != nil {
		return nil, err
	}
	unsure, err := all(f.c.query(`select `+outboxColumns+` from outbox where state = 'unknown' and due_at <= $1 order by due_at, seq limit $2`,
		ms(now), int64(limit)), scanOutbox)
	if err != nil {
		return nil, err
	}
	out := append(leased, unsure...)
	return out[:min(limit, len(out))], nil
}

func (f outbox) Expire(now time.Time) error {
	_, err := f.c.exec(`update outbox set lease_until = $1 where state = 'leased' and lease_until > $2`, ms(now), ms(now))
	return err
}

func (f outbox) ByProvider(channel, providerID string) (engine.OutboxItem, error) {
	return one(f.c.query(`select `+outboxColumns+` from outbox where channel = $1 and provider_id = $2 and provider_id <> '' order by seq desc limit 1`,
		channel, providerID), "outbox item", scanOutbox)
}

func (f outbox) Next() (time.Time, error) {
	found, err := all(f.c.query(`select due_at from outbox where state = 'unknown' order by due_at limit 1`), func(r *rows) time.Time { return r.time(0) })
	if err != nil {
		return time.Time{}, err
	}
	gates, err := f.gates()
	if err != nil {
		return time.Time{}, err
	}
	for _, g := range gates {
		found = append(found, g.from)
	}
	if len(found) == 0 {
		return time.Time{}, nil
	}
	return slices.MinFunc(found, time.Time.Compare), nil
}
