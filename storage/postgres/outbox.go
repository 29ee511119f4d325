package postgres

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
	"parley/storage/relational"
)

// outbox is claimed in one round trip while all channels are well.
type outbox struct {
	relational.Outbox
	c *session
}

// claimWell leases the longest due of all, and says how many channels that are not well
// have something to be tried: then it leases nothing.
const claimWell = `
	with recursive gates(gate) as (
		select min(gate) from outbox where head = 1 and state = 'pending'
		union all
		select (select min(o.gate) from outbox o where o.head = 1 and o.state = 'pending' and o.gate > gates.gate) from gates where gates.gate is not null),
	open as (
		select gates.gate, coalesce(c.probe_at, 0) as probe_at,
			(select o.due_at from outbox o where o.head = 1 and o.state = 'pending' and o.gate = gates.gate order by o.due_at limit 1) as due_at
		from gates left join circuits c on c.channel = gates.gate where gates.gate is not null),
	probes as (select count(*) as n from open where probe_at <> 0 and greatest(probe_at, due_at) <= $2),
	due as materialized (
		select o.seq from open cross join lateral (
			select seq, due_at from outbox where head = 1 and state = 'pending' and gate = open.gate and due_at <= $2
			order by due_at, seq limit $3 for no key update skip locked) o
		where open.probe_at = 0 and (select n from probes) = 0 order by o.due_at, o.seq limit $3),
	taken as (
		update outbox set state = 'leased', attempt = attempt + 1, lease_until = $1, tried_at = case when tried_at = 0 then $2 else tried_at end
		where seq in (select seq from due)
		returning ` + relational.OutboxColumns + `)
	select (select n from probes), taken.* from (select 1) as one left join taken on true`

func (f outbox) Claim(now, leaseUntil time.Time, limit int) ([]engine.OutboxItem, error) {
	type row struct {
		probes int
		item   engine.OutboxItem
	}
	first := f.c.begin != "" && len(f.c.later) == 0
	rows, err := relational.All(f.C.QueryChange(claimWell, leaseUntil, now, limit), func(r *row, to []any) []any {
		return relational.OutboxFields(&r.item, append(to, &r.probes))
	})
	if err != nil {
		return nil, err
	}
	if rows[0].probes > 0 {
		return f.Outbox.Claim(now, leaseUntil, limit)
	}
	var items []engine.OutboxItem
	for _, r := range rows {
		if r.item.ID != "" {
			items = append(items, r.item)
		}
	}
	f.c.unchanged = first && len(items) == 0
	slices.SortFunc(items, func(a, b engine.OutboxItem) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.Seq, b.Seq)) })
	return items, nil
}
