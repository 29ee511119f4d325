package memory

import (
	"time"

	"parley/engine"
)

type attendance struct{ *tx }

// attendanceKept is how long a process that ended without a word leaves its rows.
const attendanceKept = 24 * time.Hour

func (f attendance) Here(brand, user, process string, at time.Time) error {
	for _, r := range f.attendance.rows {
		if r.key.a == user && r.v.at.Before(at.Add(-attendanceKept)) {
			if err := f.attendance.remove(f.tx, r.key, "attendance"); err != nil {
				return err
			}
		}
	}
	return f.attendance.put(f.tx, key{a: user, b: process}, presence{brand, at})
}

func (f attendance) Left(brand, user, process string) error {
	if p := f.attendance.look(key{a: user, b: process}); p == nil || p.brand != brand {
		return nil
	}
	return f.attendance.remove(f.tx, key{a: user, b: process}, "attendance")
}

func (f attendance) Last(brand, user string) (last time.Time, _ error) {
	for p := range f.attendance.of(user) {
		if p.brand == brand && p.at.After(last) {
			last = p.at
		}
	}
	return last, nil
}

type notices struct{ *tx }

func (f notices) Add(n *engine.Notice) error {
	all := pick(f.notices.of(n.Agent), every, nil)
	n.N = n.At.UnixMilli() + 1
	if len(all) > 0 {
		n.N = max(all[len(all)-1].N+1, n.N) // dismissed ones do not lend their numbers
	}
	if len(all) >= engine.MaxNotices {
		upTo := all[len(all)-engine.MaxNotices].N
		if _, err := f.notices.drop(f.tx, func(o *engine.Notice) bool { return o.Agent == n.Agent && o.N <= upTo }); err != nil {
			return err
		}
	}
	return f.notices.put(f.tx, key{a: n.Agent, n: n.N}, *n)
}

func (f notices) List(brand, agent string) ([]engine.Notice, error) {
	return copies(pick(f.notices.of(agent), func(n *engine.Notice) bool { return n.Brand == brand }, nil), -1), nil
}

func (f notices) Dismiss(brand, agent string, ns ...int64) error {
	for _, n := range ns {
		if o := f.notices.look(key{a: agent, n: n}); o != nil && o.Brand == brand {
			if err := f.notices.remove(f.tx, key{a: agent, n: n}, "notice"); err != nil {
				return err
			}
		}
	}
	return nil
}
