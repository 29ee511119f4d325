package sqlite

import (
	"time"

	"parley/engine"
)

type values struct{ c *conn }

func (f values) Get(brand, key string, now time.Time) (engine.Value, error) {
	return one(f.c.query(`select data, version, expires_at from bot_values where brand = $1 and key = $2 and (expires_at = 0 or expires_at > $3)`, brand, key, ms(now)),
		"value", func(r *rows) engine.Value {
			return engine.Value{Brand: brand, Key: key, Data: r.bytes(0), Version: r.int(1), ExpiresAt: r.time(2)}
		})
}

// Put is one statement for each way, so that two writers cannot both pass the check.
func (f values) Put(v engine.Value, check bool, now time.Time) (int64, error) {
	const (
		add     = `insert into bot_values (brand, key, data, version, expires_at) values ($1, $2, $3, 1, $4) on conflict (brand, key) do update set data = excluded.data, expires_at = excluded.expires_at, version = `
		expired = `(bot_values.expires_at > 0 and bot_values.expires_at <= $5)`
	)
	args := []any{v.Brand, v.Key, string(v.Data), ms(v.ExpiresAt), ms(now)}
	q := add + `case when ` + expired + ` then 1 else bot_values.version + 1 end returning version`
	switch {
	case check && v.Version == 0:
		q = add + `1 where ` + expired + ` returning version`
	case check:
		q = `update bot_values set data = $3, expires_at = $4, version = version + 1 where brand = $1 and key = $2 and version = $6 and not ` + expired + ` returning version`
		args = append(args, v.Version)
	}
	found, err := all(f.c.queryChange(q, args...), func(r *rows) int64 { return r.int(0) })
	if err != nil {
		return 0, err
	}
	if len(found) == 0 {
		return 0, engine.Errorf(engine.Conflict, "the value has changed meanwhile")
	}
	return found[0], nil
}

func (f values) Remove(brand, key string) error {
	return f.c.execOne("value", `delete from bot_values where brand = $1 and key = $2`, brand, key)
}

func (f values) Count(brand string) (int, error) {
	n, err := f.c.number(`select count(*) from bot_values where brand = $1`, brand)
	return int(n), err
}

func (f values) Expire(now time.Time, limit int) (int, error) {
	n, err := f.c.exec(
		`delete from bot_values where (brand, key) in (select brand, key from bot_values where expires_at > 0 and expires_at <= $1 order by expires_at limit $2)`,
		ms(now), int64(limit))
	return int(n), err
}
