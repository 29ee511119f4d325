package relational

import (
	"time"

	"parley/engine"
)

type attendance struct{ C *Conn }

// attendanceKept is how long a process that ended without a word leaves its rows.
const attendanceKept = 24 * time.Hour

func (f attendance) Here(brand, user, process string, at time.Time) error {
	if err := f.C.Run(`delete from attendance where user_id = $1 and at < $2`, user, at.Add(-attendanceKept)); err != nil {
		return err
	}
	return f.C.Run(
		`insert into attendance (user_id, process, brand, at) values ($1, $2, $3, $4)
		on conflict (user_id, process) do update set brand = excluded.brand, at = excluded.at`, user, process, brand, at)
}

func (f attendance) Left(brand, user, process string) error {
	return f.C.Run(`delete from attendance where user_id = $1 and process = $2 and brand = $3`, user, process, brand)
}

func (f attendance) Last(brand, user string) (time.Time, error) {
	n, err := f.C.Number(`select coalesce(max(at), 0) from attendance where user_id = $1 and brand = $2`, user, brand)
	return FromMS(n), err
}

type notices struct{ C *Conn }

func (f notices) Add(n *engine.Notice) error {
	if err := f.C.alone("notices", n.Agent); err != nil {
		return err
	}
	last, err := f.C.Number(`select coalesce(max(n), 0) from notices where agent = $1`, n.Agent)
	if err != nil {
		return err
	}
	n.N = max(last, n.At.UnixMilli()) + 1 // dismissed ones do not lend their numbers
	if err := f.C.Run(`insert into notices (agent, n, brand, data) values ($1, $2, $3, $4)`, n.Agent, n.N, n.Brand, inJSON(n)); err != nil {
		return err
	}
	return f.C.Run(`delete from notices where agent = $1 and n <= (select n from notices where agent = $1 order by n desc limit 1 offset $2)`, n.Agent, engine.MaxNotices)
}

func (f notices) List(brand, agent string) ([]engine.Notice, error) {
	return All(f.C.Query(`select data, brand from notices where agent = $1 and brand = $2 order by n`, agent, brand), func(n *engine.Notice, to []any) []any {
		return append(to, inJSON(n), &n.Brand)
	})
}

func (f notices) Dismiss(brand, agent string, ns ...int64) error {
	for _, n := range ns {
		if err := f.C.Run(`delete from notices where agent = $1 and n = $2 and brand = $3`, agent, n, brand); err != nil {
			return err
		}
	}
	return nil
}
