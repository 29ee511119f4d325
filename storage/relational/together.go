package relational

import (
	"encoding/hex"
	"time"

	"parley/engine"
)

type leases struct{ C *Conn }

const leaseColumns = `name, holder, fence, until`

func leaseFields(l *engine.Lease, to []any) []any {
	return append(to, &l.Name, &l.Holder, &l.Fence, &l.Until)
}

func (f leases) Take(name, holder string, now, until time.Time) (engine.Lease, error) {
	l, taken, err := First(f.C.QueryChange(
		`insert into leases (`+leaseColumns+`) values ($1, $2, 1, $4) on conflict (name) do update set holder = excluded.holder, until = excluded.until,
		fence = leases.fence + case when leases.holder = excluded.holder and leases.until > $3 and leases.until <= 2 * cast($4 as bigint) - $3 then 0 else 1 end
		where leases.holder = excluded.holder or leases.holder = '' or leases.until <= $3 or leases.until > 2 * cast($4 as bigint) - $3 returning `+leaseColumns, name, holder, now, until), leaseFields)
	if err != nil || taken {
		return l, err
	}
	return f.Get(name)
}

func (f leases) Get(name string) (engine.Lease, error) {
	return One(f.C.Query(`select `+leaseColumns+` from leases where name = $1`+Keep, name), "lease", leaseFields)
}

func (f leases) Release(name, holder string) error {
	return f.C.Run(`update leases set holder = '', until = 0 where name = $1 and holder = $2`, name, holder)
}

type marks struct{ C *Conn }

func (f marks) Get(key string) (time.Time, error) {
	if err := f.C.alone("mark", key); err != nil {
		return time.Time{}, err
	}
	until, err := f.C.Number(`select until from marks where key = $1`+Keep, key)
	return FromMS(until), err
}

func (f marks) Set(key string, until time.Time) error {
	return f.C.Run(`insert into marks (key, until) values ($1, $2) on conflict (key) do update set until = excluded.until`, key, until)
}

func (f marks) Remove(key string) error { return f.C.Run(`delete from marks where key = $1`, key) }

func (f marks) Expire(now time.Time, limit int) (int, error) {
	n, err := f.C.Exec(`delete from marks where key in (select key from marks where until <= $1 order by until limit $2`+Claim+`)`, now, limit)
	return int(n), err
}

type keys struct{ C *Conn }

func (f keys) Get(name string) ([]byte, error) {
	text, err := One(f.C.Query(`select value from keys where name = $1`, name), "key", Itself[string])
	if err != nil {
		return nil, err
	}
	return hex.DecodeString(text)
}

func (f keys) Add(name string, key []byte) error {
	return f.C.Insert("key", `insert into keys (name, value) values ($1, $2) on conflict do nothing`, name, hex.EncodeToString(key))
}
