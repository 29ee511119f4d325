package relational

import (
	"time"

	"parley/engine"
)

// retention removes by age. A mark for each brand and kind says how far it has come, so that nothing is read twice.
type retention struct{ C *Conn }

func (f retention) mark(brand, kind string) (engine.RetentionMark, error) {
	m, _, err := First(f.C.Query(`select at, n from retention where brand = $1 and kind = $2`, brand, kind),
		func(m *engine.RetentionMark, to []any) []any { return append(to, &m.At, &m.N) })
	return m, err
}

func (f retention) reached(brand, kind string, m engine.RetentionMark) error {
	return f.C.Run(`insert into retention (brand, kind, at, n) values ($1, $2, $3, $4)
		on conflict (brand, kind) do update set at = excluded.at, n = excluded.n`, brand, kind, m.At, m.N)
}

// Gone is the last event that was removed from the log, which is of no brand.
func Gone(c *Conn) (engine.RetentionMark, error) { return retention{c}.mark("", logKind) }

// SetGone notes it.
func SetGone(c *Conn, m engine.RetentionMark) error { return retention{c}.reached("", logKind, m) }

const logKind = "events"

func (f retention) Sends(brand string, before time.Time, limit int) (bool, error) {
	from, err := f.mark(brand, "sends")
	if err != nil {
		return false, err
	}
	type send struct {
		seq, created int64
		ours, active bool
	}
	found, err := All(f.C.Query(sendsByAge, from.N, limit, brand), func(s *send, to []any) []any {
		return append(to, &s.seq, &s.created, &s.ours, &s.active)
	})
	if err != nil {
		return false, err
	}
	more := len(found) == limit
	for _, s := range found {
		if s.created >= MS(before) || s.ours && s.active { // it is passed when it is settled
			more = false
			break
		}
		if s.ours {
			if err := f.C.Run(`delete from outbox where seq = $1`, s.seq); err != nil {
				return false, err
			}
		}
		from.N = s.seq
	}
	return more, f.reached(brand, "sends", from)
}

// sendsByAge goes by the order of making, which is that of time; other brands' are passed over.
const sendsByAge = `select seq, created_at, brand = $3, active from outbox where seq > $1 order by seq limit $2`

// closedByAge are a brand's closed conversations after a mark and before a time, by the time of their end:
// one whose last message is old may close today, and the mark must not have passed it.
const closedByAge = `select n, closed_at, id from conversations where brand = $1 and state = 'closed' and closed_at >= $2 and closed_at < $3 and (closed_at, n) > ($2, $4)
	order by closed_at, n limit $5`

type aged struct {
	mark engine.RetentionMark
	id   string
}

func (f retention) closed(brand, kind string, before time.Time, limit int) ([]aged, error) {
	from, err := f.mark(brand, kind)
	if err != nil {
		return nil, err
	}
	return All(f.C.Query(closedByAge, brand, from.At, before, from.N, limit), func(c *aged, to []any) []any {
		return append(to, &c.mark.N, &c.mark.At, &c.id)
	})
}

func (f retention) Journals(brand string, before time.Time, limit int) (bool, error) {
	found, err := f.closed(brand, "journals", before, limit)
	if err != nil || len(found) == 0 {
		return false, err
	}
	for _, c := range found {
		if err := f.C.Run(`delete from journal where session in (select id from sessions where conversation = $1)`, c.id); err != nil {
			return false, err
		}
	}
	return len(found) == limit, f.reached(brand, "journals", found[len(found)-1].mark)
}

func (f retention) Conversations(brand string, before time.Time, limit int) ([]string, engine.RetentionMark, error) {
	found, err := f.closed(brand, "conversations", before, limit)
	if err != nil || len(found) == 0 {
		return nil, engine.RetentionMark{}, err
	}
	ids := make([]string, len(found))
	for i, c := range found {
		ids[i] = c.id
	}
	return ids, found[len(found)-1].mark, nil
}

func (f retention) Reached(brand string, m engine.RetentionMark) error {
	return f.reached(brand, "conversations", m)
}
