package sqlite

import (
	"time"

	"parley/engine"
)

type timers struct{ c *conn }

func (f timers) Add(t engine.Timer) error {
	f.c.wake(engine.Signal{Topic: engine.TopicTimers})
	return f.c.insert("timer", `insert into timers (id, brand, conversation, session, step, at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
		t.ID, t.Brand, t.Conversation, t.Session, int64(t.Step), ms(t.At))
}

func (f timers) Due(now time.Time, limit int) ([]engine.Timer, error) {
	return all(f.c.query(`select id, brand, conversation, session, step, at from timers where at <= $1 order by at, id limit $2`, ms(now), int64(limit)),
		func(r *rows) engine.Timer {
			return engine.Timer{ID: r.text(0), Brand: r.text(1), Conversation: r.text(2), Session: r.text(3), Step: int(r.int(4)), At: r.time(5)}
		})
}

func (f timers) Remove(id string) error {
	return f.c.execOne("timer", `delete from timers where id = $1`, id)
}

func (f timers) RemoveSession(session string) error {
	_, err := f.c.exec(`delete from timers where session = $1`, session)
	return err
}

func (f timers) Next() (time.Time, error) {
	found, err := all(f.c.query(`select at from timers order by at limit 1`), func(r *rows) time.Time { return r.time(0) })
	if err != nil || len(found) == 0 {
		return time.Time{}, err
	}
	return found[0], nil
}
