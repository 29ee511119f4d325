package sqlite

import (
	"time"

	"parley/engine"
)

type attendance struct{ c *conn }

// attendanceKept is how long a process that ended without a word leaves its rows.
const attendanceKept = 24 * time.Hour

func (f attendance) Here(brand, user, process string, at time.Time) error {
	if _, err := f.c.exec(`delete from attendance where user_id = $1 and at < $2`, user, ms(at.Add(-attendanceKept))); err != nil {
		return err
	}
	_, err := f.c.exec(
		`insert into attendance (user_id, process, brand, at) values ($1, $2, $3, $4)
		on conflict (user_id, process) do update set brand = excluded.brand, at = excluded.at`, user, process, brand, ms(at))
	return err
}

func (f attendance) Left(brand, user, process string) error {
	_, err := f.c.exec(`delete from attendance where user_id = $1 and process = $2 and brand = $3`, user, process, brand)
	return err
}

func (f attendance) Last(brand, user string) (time.Time, error) {
	n, err := f.c.number(`select coalesce(max(at), 0) from attendance where user_id = $1 and brand = $2`, user, brand)
	return fromMS(n), err
}

type notices struct{ c *conn }

func (f notices) Add(n *engine.Notice) error {
	last, err := f.c.number(`select coalesce(max(n), 0) from notices where agent = $1`, n.Agent)
	if err != nil {
		return err
	}
	n.N = max(last, n.At.UnixMilli()) + 1 // dismissed ones do not lend their numbers
	data, err := encode(n)
	if err != nil {
		return err
	}
	if _, err := f.c.exec(`insert into notices (agent, n, brand, data) values ($1, $2, $3, $4)`, n.Agent, n.N, n.Brand, data); err != nil {
		return err
	}
	_, err = f.c.exec(`delete from notices where agent = $1 and n <= (select n from notices where agent = $1 order by n desc limit 1 offset $2)`,
		n.Agent, int64(engine.MaxNotices))
	return err
}

func (f notices) List(brand, agent string) ([]engine.Notice, error) {
	return all(f.c.query(`select data from notices where agent = $1 and brand = $2 order by n`, agent, brand), func(r *rows) engine.Notice {
		n := engine.Notice{Brand: brand}
		r.json(0, &n)
		return n
	})
}

func (f notices) Dismiss(brand, agent string, ns ...int64) error {
	for _, n := range ns {
		if _, err := f.c.exec(`delete from notices where agent = $1 and n = $2 and brand = $3`, agent, n, brand); err != nil {
			return err
		}
	}
	return nil
}
