package relational

import (
	"time"

	"parley/engine"
)

type timers struct{ C *Conn }

const timerColumns = `id, brand, conversation, session, step, at`

var addTimer = Insertion("timers", timerColumns)

func timerFields(t *engine.Timer, to []any) []any {
	return append(to, &t.ID, &t.Brand, &t.Conversation, &t.Session, &t.Step, &t.At)
}

func (f timers) Add(t engine.Timer) error {
	f.C.Wake(engine.Signal{Topic: engine.TopicTimers})
	return f.C.Insert("timer", addTimer, timerFields(&t, f.C.list)...)
}

func (f timers) Due(now time.Time, limit int) ([]engine.Timer, error) {
	return All(f.C.Query(`select `+timerColumns+` from timers where at <= $1 order by at, id limit $2`+Claim, now, limit), timerFields)
}

func (f timers) Remove(id string) error {
	return f.C.ExecOne("timer", `delete from timers where id = $1`, id)
}

func (f timers) RemoveSession(session string) error {
	return f.C.Run(`delete from timers where session = $1`, session)
}

func (f timers) Next() (time.Time, error) {
	at, err := f.C.Number(`select at from timers order by at limit 1`)
	return FromMS(at), err
}
