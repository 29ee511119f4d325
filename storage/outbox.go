package storage

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

type outbox struct{ c *conn }

const outboxColumns = `seq, id, brand, channel, conversation, kind, recipient, message, part, parts, content, session, step, request, state, attempt, due_at, lease_until, reconciles, provider_id, receipt, failure, created_at`

func scanOutbox(r *rows) engine.OutboxItem {
	return engine.OutboxItem{
		Seq: r.int(0), ID: r.text(1), Brand: r.text(2), Channel: r.text(3), Conversation: r.text(4), Kind: engine.OutboxKind(r.text(5)),
		To: r.text(6), Message: r.text(7), Part: int(r.int(8)), Parts: int(r.int(9)), Content: readContent(r, 10), Session: r.text(11), Step: int(r.int(12)),
		Request: r.bytes(13), State: engine.OutboxState(r.text(14)), Attempt: int(r.int(15)), DueAt: r.time(16), LeaseUntil: r.time(17),
		Reconciles: int(r.int(18)), ProviderID: r.text(19), Receipt: engine.DeliveryState(r.text(20)), Failure: r.text(21), CreatedAt: r.time(22),
	}
}

// active items are in the partial indexes; the others cost nothing any more.
func active(s engine.OutboxState) int64 {
	return flag(s == engine.OutboxPending || s == engine.OutboxLeased || s == engine.OutboxUnsure)
}

func (f outbox) Add(o *engine.OutboxItem) error {
	content, err := writeContent(o.Content)
	if err != nil {
		return err
	}
	o.Seq, err = f.c.dialect.insertSeq(f.c, "outbox item",
		`insert into outbox (id, brand, channel, conversation, kind, recipient, message, part, parts, content, session, step, request, state, active, attempt, due_at, lease_until, reconciles, provider_id, receipt, failure, created_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23) on conflict do nothing`,
		o.ID, o.Brand, o.Channel, o.Conversation, string(o.Kind), o.To, o.Message, int64(o.Part), int64(o.Parts), content, o.Session, int64(o.Step),
		string(o.Request), string(o.State), active(o.State), int64(o.Attempt), ms(o.DueAt), ms(o.LeaseUntil), int64(o.Reconciles), o.ProviderID,
		string(o.Receipt), o.Failure, ms(o.CreatedAt))
	return err
}

func (f outbox) Claim(now, leaseUntil time.Time, limit int) ([]engine.OutboxItem, error) {
	items, err := all(f.c.queryChange(`
		update outbox set state = 'leased', attempt = attempt + 1, lease_until = $2 where seq in (
			select o.seq from outbox o
			where o.active = 1 and o.state = 'pending' and o.due_at <= $1 and not exists (
				select 1 from outbox p where p.active = 1 and p.conversation = o.conversation and p.kind = o.kind and p.seq < o.seq)
			order by o.due_at, o.seq limit $3`+f.c.dialect.claimLock+`)
		returning `+outboxColumns, ms(now), ms(leaseUntil), int64(limit)), scanOutbox)
	slices.SortFunc(items, func(a, b engine.OutboxItem) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.Seq, b.Seq)) })
	return items, err
}

func (f outbox) Get(id string) (engine.OutboxItem, error) {
	return one(f.c.query(`select `+outboxColumns+` from outbox where id = $1`, id), "outbox item", scanOutbox)
}

func (f outbox) Save(o engine.OutboxItem) error {
	n, err := f.c.exec(
		`update outbox set state = $3, active = $4, due_at = $5, lease_until = $6, reconciles = $7, provider_id = $8, receipt = $9, failure = $10 where id = $1 and attempt = $2`,
		o.ID, int64(o.Attempt), string(o.State), active(o.State), ms(o.DueAt), ms(o.LeaseUntil), int64(o.Reconciles), o.ProviderID, string(o.Receipt), o.Failure)
	if err != nil || n == 1 {
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

func (f outbox) Stale(now time.Time, limit int) ([]engine.OutboxItem, error) {
	leased, err := all(f.c.query(`select `+outboxColumns+` from outbox where active = 1 and state = 'leased' and lease_until <= $1 order by lease_until, seq limit $2`,
		ms(now), int64(limit)), scanOutbox)
	if err != nil {
		return nil, err
	}
	unsure, err := all(f.c.query(`select `+outboxColumns+` from outbox where active = 1 and state = 'unknown' and due_at <= $1 order by due_at, seq limit $2`,
		ms(now), int64(limit)), scanOutbox)
	if err != nil {
		return nil, err
	}
	out := append(leased, unsure...)
	return out[:min(limit, len(out))], nil
}

func (f outbox) Expire(now time.Time) error {
	_, err := f.c.exec(`update outbox set lease_until = $1 where active = 1 and state = 'leased' and lease_until > $1`, ms(now))
	return err
}

func (f outbox) ByProvider(channel, providerID string) (engine.OutboxItem, error) {
	return one(f.c.query(`select `+outboxColumns+` from outbox where channel = $1 and provider_id = $2 and provider_id <> '' order by seq desc limit 1`,
		channel, providerID), "outbox item", scanOutbox)
}

func (f outbox) Next() (time.Time, error) {
	due := func(r *rows) time.Time { return r.time(0) }
	var next time.Time
	for _, q := range []string{
		`select due_at from outbox where active = 1 and state = 'pending' order by due_at limit 1`,
		`select due_at from outbox where active = 1 and state = 'unknown' order by due_at limit 1`,
	} {
		found, err := all(f.c.query(q), due)
		if err != nil {
			return time.Time{}, err
		}
		if len(found) == 1 && (next.IsZero() || found[0].Before(next)) {
			next = found[0]
		}
	}
	return next, nil
}
