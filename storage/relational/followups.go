package relational

import (
	"time"

	"parley/engine"
)

type followups struct{ C *Conn }

const followupColumns = `id, brand, consumer, name, channel, address, at, bot, state`

var addFollowup = Insertion("followups", followupColumns)

func followupFields(p *engine.Followup, to []any) []any {
	return append(to, &p.ID, &p.Brand, &p.Consumer, &p.Name, &p.Channel, &p.Address, &p.At, &p.Bot, &p.State)
}

func (f followups) Add(p engine.Followup) error {
	if _, err := f.Cancel(p.Brand, p.Consumer, p.Name); err != nil {
		return err
	}
	f.C.Wake(engine.Signal{Topic: engine.TopicTimers})
	return f.C.Insert("follow-up", addFollowup, followupFields(&p, f.C.list)...)
}

func (f followups) Due(now time.Time, limit int) ([]engine.Followup, error) {
	return All(f.C.Query(`select `+followupColumns+` from followups where at <= $1 order by at, id limit $2`+Claim, now, limit), followupFields)
}

func (f followups) Remove(id string) error {
	return f.C.ExecOne("follow-up", `delete from followups where id = $1`, id)
}

func (f followups) Cancel(brand, consumer, name string) (bool, error) {
	n, err := f.C.Exec(`delete from followups where brand = $1 and consumer = $2 and name = $3`, brand, consumer, name)
	return n > 0, err
}

func (f followups) Count(brand, consumer string) (int, error) {
	n, err := f.C.Number(`select count(*) from followups where brand = $1 and consumer = $2`, brand, consumer)
	return int(n), err
}

func (f followups) Next() (time.Time, error) {
	at, err := f.C.Number(`select at from followups order by at limit 1`)
	return FromMS(at), err
}
