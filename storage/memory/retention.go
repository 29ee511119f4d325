package memory

import (
	"cmp"
	"time"

	"parley/engine"
)

type retention struct{ *tx }

func (f retention) mark(brand, kind string) engine.RetentionMark {
	if m := f.retention.look(key{a: brand, b: kind}); m != nil {
		return *m
	}
	return engine.RetentionMark{}
}

func (f retention) reached(brand, kind string, m engine.RetentionMark) error {
	return f.retention.put(f.tx, key{a: brand, b: kind}, m)
}

func (f retention) Sends(brand string, before time.Time, limit int) (bool, error) {
	from := f.mark(brand, "sends")
	found := pick(f.outbox.all(), func(o *engine.OutboxItem) bool { return o.Seq > from.N }, nil)
	more := len(found) >= limit
	for _, o := range found[:min(limit, len(found))] {
		ours := o.Brand == brand
		if !o.CreatedAt.Before(before) || ours && active(o.State) { // it is passed when it is settled
			more = false
			break
		}
		if ours {
			if err := f.outbox.remove(f.tx, key{n: o.Seq}, "outbox item"); err != nil {
				return false, err
			}
		}
		from.N = o.Seq
	}
	return more, f.reached(brand, "sends", from)
}

// closed are a brand's conversations that ended after a mark and before a time,
// in the order they ended, with the mark of the last.
func (f retention) closed(brand, kind string, before time.Time, limit int) (ids []string, mark engine.RetentionMark) {
	from := f.mark(brand, kind)
	order := func(a, b *conversation) int { return cmp.Or(a.ClosedAt.Compare(b.ClosedAt), cmp.Compare(a.n, b.n)) }
	end := &conversation{n: from.N}
	end.ClosedAt = from.At
	found := pick(f.conversations.all(), func(c *conversation) bool {
		return c.Brand == brand && c.State == engine.Closed && c.ClosedAt.Before(before) && order(c, end) > 0
	}, order)
	return each(found, limit, func(c *conversation) string {
		mark = engine.RetentionMark{At: c.ClosedAt, N: c.n}
		return c.ID
	}), mark
}

func (f retention) Journals(brand string, before time.Time, limit int) (bool, error) {
	ids, mark := f.closed(brand, "journals", before, limit)
	if len(ids) == 0 {
		return false, nil
	}
	over := map[string]bool{}
	for _, id := range ids {
		over[id] = true
	}
	_, err := f.journal.drop(f.tx, func(e *engine.JournalEntry) bool {
		s := f.sessions.look(key{a: e.Session})
		return s != nil && over[s.Conversation]
	})
	if err != nil {
		return false, err
	}
	return len(ids) == limit, f.reached(brand, "journals", mark)
}

func (f retention) Conversations(brand string, before time.Time, limit int) ([]string, engine.RetentionMark, error) {
	ids, mark := f.closed(brand, "conversations", before, limit)
	return ids, mark, nil
}

func (f retention) Reached(brand string, m engine.RetentionMark) error {
	return f.reached(brand, "conversations", m)
}
