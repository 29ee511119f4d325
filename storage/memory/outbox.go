package memory

import (
	"cmp"
	"strings"
	"time"

	"parley/engine"
)

type outbox struct{ *tx }

func active(s engine.OutboxState) bool {
	return s == engine.OutboxPending || s == engine.OutboxLeased || s == engine.OutboxUnsure
}

func byDue(a, b *engine.OutboxItem) int {
	return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.Seq, b.Seq))
}

// heads are the pending items that are the first active one of their
// conversation and kind, the longest due first.
func (f outbox) heads(fits func(*engine.OutboxItem) bool) []*engine.OutboxItem {
	type line struct {
		conversation string
		kind         engine.OutboxKind
	}
	seen := map[line]bool{}
	return pick(f.outbox.all(), func(o *engine.OutboxItem) bool {
		in := line{o.Conversation, o.Kind}
		if !active(o.State) || seen[in] {
			return false
		}
		seen[in] = true
		return o.State == engine.OutboxPending && fits(o)
	}, byDue)
}

// gate is the circuit that an item waits for, nil for none.
func (f outbox) gate(o *engine.OutboxItem) *engine.Circuit {
	if c := f.circuits.look(key{a: o.Channel}); o.Kind == engine.OutboxMessage && c != nil && c.Open() {
		return c
	}
	return nil
}

func (f outbox) byID(id string) *engine.OutboxItem {
	return first(f.outbox.all(), func(o *engine.OutboxItem) bool { return o.ID == id })
}

func (f outbox) change(o *engine.OutboxItem, fn func(*engine.OutboxItem)) error {
	return f.outbox.change(f.tx, key{n: o.Seq}, "outbox item", fn)
}

func (f outbox) Add(o *engine.OutboxItem) error {
	if f.byID(o.ID) != nil {
		return taken("outbox item")
	}
	f.Wake(engine.Signal{Topic: engine.TopicDelivery})
	o.Seq = f.outbox.next(f.tx)
	return f.outbox.put(f.tx, key{n: o.Seq}, *o)
}

func (f outbox) Claim(now, leaseUntil time.Time, limit int) ([]engine.OutboxItem, error) {
	if f.readOnly {
		return nil, errReadOnly
	}
	var out []engine.OutboxItem
	probed := map[string]bool{}
	for _, o := range f.heads(func(o *engine.OutboxItem) bool { return !o.DueAt.After(now) }) {
		if len(out) == limit {
			break
		}
		if c := f.gate(o); c != nil {
			if c.ProbeAt.After(now) || probed[c.Channel] {
				continue
			}
			probed[c.Channel] = true
			probe := *c
			probe.Probe, probe.ProbeAt = o.ID, leaseUntil
			if err := f.circuits.put(f.tx, key{a: c.Channel}, probe); err != nil {
				return nil, err
			}
		}
		err := f.change(o, func(o *engine.OutboxItem) {
			o.State, o.Attempt, o.LeaseUntil = engine.OutboxLeased, o.Attempt+1, leaseUntil
			if o.TriedAt.IsZero() {
				o.TriedAt = now
			}
		})
		if err != nil {
			return nil, err
		}
		out = append(out, clone(f.outbox.look(key{n: o.Seq})))
	}
	return out, nil
}

func (f outbox) Get(id string) (engine.OutboxItem, error) { return found(f.byID(id), "outbox item") }

func (f outbox) Save(o engine.OutboxItem) error {
	old := f.byID(o.ID)
	switch {
	case old == nil:
		return missing("outbox item")
	case old.Attempt != o.Attempt || !active(old.State) && active(o.State):
		return engine.Errorf(engine.Conflict, "the outbox item has moved on")
	}
	return f.write(old, o)
}

func (f outbox) Settle(claimed, settled engine.OutboxItem) error {
	old := f.byID(settled.ID)
	if old == nil || old.Attempt != settled.Attempt || old.State != engine.OutboxLeased || old.ProviderID != claimed.ProviderID || old.Receipt != claimed.Receipt {
		return engine.Errorf(engine.Conflict, "the outbox item has moved on")
	}
	return f.write(old, settled)
}

// write sets what a try changes.
func (f outbox) write(old *engine.OutboxItem, o engine.OutboxItem) error {
	line := func(n *engine.OutboxItem) bool {
		return n.Conversation == old.Conversation && n.Kind == old.Kind && n.Seq > old.Seq && active(n.State)
	}
	if active(old.State) && !active(o.State) && first(f.outbox.all(), line) != nil {
		f.Wake(engine.Signal{Topic: engine.TopicDelivery})
	}
	return f.change(old, func(s *engine.OutboxItem) {
		s.State, s.DueAt, s.LeaseUntil, s.Tries, s.Lookups, s.DeniedAt, s.Apart = o.State, o.DueAt, o.LeaseUntil, o.Tries, o.Lookups, o.DeniedAt, o.Apart
		s.ProviderID, s.Receipt, s.Failure = o.ProviderID, o.Receipt, o.Failure
	})
}

func (f outbox) Stale(now time.Time, limit int) ([]engine.OutboxItem, error) {
	leased := pick(f.outbox.all(), func(o *engine.OutboxItem) bool {
		return o.State == engine.OutboxLeased && !o.LeaseUntil.After(now)
	}, func(a, b *engine.OutboxItem) int { return a.LeaseUntil.Compare(b.LeaseUntil) })
	unsure := pick(f.outbox.all(), func(o *engine.OutboxItem) bool {
		return o.State == engine.OutboxUnsure && !o.DueAt.After(now)
	}, byDue)
	return copies(append(leased, unsure...), limit), nil
}

func (f outbox) Expire(now time.Time) error {
	return f.outbox.changeAll(f.tx, func(o *engine.OutboxItem) bool {
		return o.State == engine.OutboxLeased && o.LeaseUntil.After(now)
	}, func(o *engine.OutboxItem) { o.LeaseUntil = now })
}

func (f outbox) ByProvider(channel, id string) (engine.OutboxItem, error) {
	return found(best(f.outbox.all(), func(o *engine.OutboxItem) bool { return id != "" && o.ProviderID == id && o.Channel == channel },
		func(a, b *engine.OutboxItem) int { return cmp.Compare(b.Seq, a.Seq) }), "outbox item")
}

func (f outbox) Next() (next time.Time, _ error) {
	for o := range f.outbox.all() {
		if o.State == engine.OutboxUnsure {
			next = sooner(next, o.DueAt)
		}
	}
	for _, o := range f.heads(every) {
		due := o.DueAt
		if c := f.gate(o); c != nil && c.ProbeAt.After(due) {
			due = c.ProbeAt
		}
		next = sooner(next, due)
	}
	return next, nil
}

// sooner is the earlier of two times; zero is none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

type sends struct{ *tx }

func (f sends) Of(message string) ([]engine.OutboxItem, error) {
	return copies(pick(f.outbox.all(), func(o *engine.OutboxItem) bool { return strings.HasPrefix(o.ID, message+".") },
		func(a, b *engine.OutboxItem) int { return cmp.Compare(a.Part, b.Part) }), -1), nil
}

func (f sends) Waiting(conversation string, limit int) ([]engine.OutboxItem, error) {
	return copies(pick(f.outbox.all(), func(o *engine.OutboxItem) bool {
		return o.Conversation == conversation && o.Kind == engine.OutboxMessage && o.State == engine.OutboxPending
	}, nil), limit), nil
}

func (f sends) heads(channel string, fits func(*engine.OutboxItem) bool) []*engine.OutboxItem {
	return outbox(f).heads(func(o *engine.OutboxItem) bool {
		return o.Kind == engine.OutboxMessage && o.Channel == channel && fits(o)
	})
}

func (f sends) Overdue(channel string, at time.Time, limit int) ([]engine.OutboxItem, error) {
	return copies(f.heads(channel, func(o *engine.OutboxItem) bool { return !o.DueAt.After(at) }), limit), nil
}

func (f sends) Hurry(channel string, now, until time.Time) error {
	for _, o := range f.heads(channel, func(o *engine.OutboxItem) bool { return o.DueAt.After(now) && !o.DueAt.After(until) }) {
		if err := outbox(f).change(o, func(o *engine.OutboxItem) { o.DueAt = now }); err != nil {
			return err
		}
	}
	return nil
}

type circuits struct{ *tx }

func (f circuits) Get(channel string) (engine.Circuit, error) {
	return f.circuits.get(key{a: channel}, "circuit")
}

func (f circuits) List(brand string) ([]engine.Circuit, error) {
	return copies(pick(f.circuits.all(), func(c *engine.Circuit) bool { return brand == "" || c.Brand == brand }, nil), -1), nil
}

func (f circuits) Add(c engine.Circuit) error {
	return f.circuits.add(f.tx, key{a: c.Channel}, c, "circuit")
}

func (f circuits) Save(c engine.Circuit) error { return f.circuits.put(f.tx, key{a: c.Channel}, c) }

func (f circuits) Remove(channel string) error {
	_, err := f.circuits.drop(f.tx, func(c *engine.Circuit) bool { return c.Channel == channel })
	return err
}
