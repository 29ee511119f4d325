package relational

import (
	"time"

	"parley/engine"
)

type values struct{ C *Conn }

func (f values) Get(brand, key string, now time.Time) (engine.Value, error) {
	return One(f.C.Query(`select brand, key, data, version, expires_at from bot_values where brand = $1 and key = $2 and (expires_at = 0 or expires_at > $3)`+KeepKey, brand, key, now),
		"value", func(v *engine.Value, to []any) []any {
			return append(to, &v.Brand, &v.Key, &v.Data, &v.Version, &v.ExpiresAt)
		})
}

// Put is one statement for each way, so that two writers cannot both pass the check.
func (f values) Put(v engine.Value, check bool, now time.Time) (int64, error) {
	const (
		add     = `insert into bot_values (brand, key, data, version, expires_at) values ($1, $2, $3, 1, $4) on conflict (brand, key) do update set data = excluded.data, expires_at = excluded.expires_at, version = `
		expired = `(bot_values.expires_at > 0 and bot_values.expires_at <= $5)`
	)
	args := []any{v.Brand, v.Key, &v.Data, v.ExpiresAt, now}
	q := add + `case when ` + expired + ` then 1 else bot_values.version + 1 end returning version`
	switch {
	case check && v.Version == 0:
		q = add + `1 where ` + expired + ` returning version`
	case check:
		q = `update bot_values set data = $3, expires_at = $4, version = version + 1 where brand = $1 and key = $2 and version = $6 and not ` + expired + ` returning version`
		args = append(args, v.Version)
	}
	version, put, err := First(f.C.QueryChange(q, args...), Itself[int64])
	if err == nil && !put {
		err = engine.Errorf(engine.Conflict, "the value has changed meanwhile")
	}
	return version, err
}

func (f values) Remove(brand, key string) error {
	return f.C.ExecOne("value", `delete from bot_values where brand = $1 and key = $2`, brand, key)
}

func (f values) Count(brand string) (int, error) {
	n, err := f.C.Number(`select count(*) from bot_values where brand = $1`, brand)
	return int(n), err
}

func (f values) Expire(now time.Time, limit int) (int, error) {
	n, err := f.C.Exec(
		`delete from bot_values where (brand, key) in (select brand, key from bot_values where expires_at > 0 and expires_at <= $1 order by expires_at limit $2)`,
		now, limit)
	return int(n), err
}
