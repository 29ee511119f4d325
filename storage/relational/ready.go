package relational

import (
	"time"

	"parley/engine"
)

type ready struct{ C *Conn }

func refFields(c *engine.ConversationRef, to []any) []any { return append(to, &c.Brand, &c.ID) }

func (f ready) List(limit int) ([]engine.ConversationRef, error) {
	return All(f.C.Query(`select brand, id from conversations where ready = 1 limit $1`, limit), refFields)
}

func (f ready) Claim(now, until time.Time, limit int) ([]engine.ConversationRef, error) {
	brands, err := All(f.C.Query(`select brand from conversations where ready = 1 and ready_at <= $1 group by brand order by count(*)`, now), Itself[string])
	if err != nil {
		return nil, err
	}
	var out []engine.ConversationRef
	for i, brand := range brands { // what a small one does not need is for those after it
		left := len(brands) - i
		share := (limit - len(out) + left - 1) / left
		if share <= 0 {
			break
		}
		found, err := All(f.C.QueryChange(
			`update conversations set ready_at = $1 where id in (
				select id from conversations where ready = 1 and brand = $2 and ready_at <= $3 order by ready_at, id limit $4`+Claim+`
			) returning brand, id`, until, brand, now, share), refFields)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func (f ready) Any(now time.Time) (bool, error) {
	_, found, err := First(f.C.Query(`select 1 from conversations where ready = 1 and ready_at <= $1 limit 1`, now), Itself[int64])
	return found, err
}
