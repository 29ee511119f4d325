package sqlite

import (
	"time"

	"parley/engine"
)

type followups struct{ c *conn }

const followupColumns = `id, brand, consumer, name, channel, address, at, bot, state`

func (f followups) Add(p engine.Followup) error {
	if _, err := f.Cancel(p.Brand, p.Consumer, p.Name); err != nil {
		return err
	}
	f.c.wake(engine.Signal{Topic: engine.TopicTimers})
	return f.c.insert("follow-up", `insert into followups (`+followupColumns+`) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
		p.ID, p.Brand, p.Consumer, p.Name, p.Channel, p.Address, ms(p.At), p.Bot, string(p.State))
}

func (f followups) Due(now time.Time, limit int) ([]engine.Followup, error) {
	return all(f.c.query(`select `+followupColumns+` from followups where at <= $1 order by at, id limit $2`, ms(now), int64(limit)), func(r *rows) engine.Followup {
		return engine.Followup{
			ID: r.text(0), Brand: r.text(1), Consumer: r.text(2), Channel: r.text(4), Address: r.text(5), At: r.time(6),
			FollowupData: engine.FollowupData{Name: r.text(3), Bot: r.text(7), State: r.bytes(8)},
		}
	})
}

func (f followups) Remove(id string) error {
	return f.c.execOne("follow-up", `delete from followups where id = $1`, id)
}

func (f followups) Cancel(brand, consumer, name string) (bool, error) {
	n, err := f.c.exec(`delete from followups where brand = $1 and consumer = $2 and name = $3`, brand, consumer, name)
	return n > 0, err
}

func (f followups) Count(brand, consumer string) (int, error) {
	n, err := f.c.number(`select count(*) from followups where brand = $1 and consumer = $2`, brand, consumer)
	return int(n), err
}

func (f followups) Next() (time.Time, error) {
	found, err := all(f.c.query(`select at from followups order by at limit 1`), func(r *rows) time.Time { return r.time(0) })
	if err != nil || len(found) == 0 {
		return time.Time{}, err
	}
	return found[0], nil
}
