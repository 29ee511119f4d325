package sqlite

import (
	"time"

	"parley/engine"
)

// retention removes by age. A mark for each brand and kind says how far it has come, so that nothing is read twice.
type retention struct{ c *conn }

func (f retention) mark(brand, kind string) (engine.RetentionMark, error) {
	found, err := all(f.c.query(`select at, n from retention where brand = $1 and kind = $2`, brand, kind),
		func(r *rows) engine.RetentionMark { return engine.RetentionMark{At: r.time(0), N: r.int(1)} })
	if err != nil || len(found) == 0 {
		return engine.RetentionMark{}, err
	}
	return found[0], nil
}

func (f retention) reached(brand, kind string, m engine.RetentionMark) error {
	_, err := f.c.exec(`insert into retention (brand, kind, at, n) values ($1, $2, $3, $4)
		on conflict (brand, kind) do update set at = excluded.at, n = excluded.n`, brand, kind, ms(m.At), m.N)
	return err
}

func (f retention) Sends(brand string, before time.Time, limit int) (bool, error) {
	from, err := f.mark(brand, "sends")
	if err != nil {
		return false, err
	}
	type send struct {
		seq, created int64
		ours, active bool
	}
	found, err := all(f.c.query(sendsByAge, from.N, int64(limit), brand), func(r *rows) send {
		return send{r.int(0), r.int(1), r.int(2) == 1, r.int(3) == 1}
	})
	if err != nil {
		return false, err
	}
	more := len(found) == limit
	for _, s := range found {
		if s.created >= ms(before) || s.ours && s.active { // it is passed when it is settled
			more = false
			break
		}
		if s.ours {
			if _, err := f.c.exec(`delete from outbox where seq = $1`, s.seq); err != nil {
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
	return all(f.c.query(closedByAge, brand, ms(from.At), ms(before), from.N, int64(limit)), func(r *rows) aged {
		return aged{engine.RetentionMark{N: r.int(0), At: r.time(1)}, r.text(2)}
	})
}

func (f retention) Journals(brand string, before time.Time, limit int) (bool, error) {
	found, err := f.closed(brand, "journals", before, limit)
	if err != nil || len(found) == 0 {
		return false, err
	}
	for _, c := range found {
		if _, err := f.c.exec(`delete from journal where session in (select id from sessions where conversation = $1)`, c.id); err != nil {
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
