package sqlite

import (
	"time"

	"parley/engine"
)

type releases struct{ c *conn }

func (f releases) Add(v engine.Release) error {
	_, err := f.c.exec(`insert into releases (brand, bundle, kind, share, actor, note, at) values ($1, $2, $3, $4, $5, $6, $7)`,
		v.Brand, v.Bundle, string(v.Kind), int64(v.Share), v.Actor, v.Note, ms(v.At))
	return err
}

func (f releases) List(brand string, limit int) ([]engine.Release, error) {
	return all(f.c.query(`select bundle, kind, share, actor, note, at from releases where brand = $1 order by n desc limit $2`, brand, int64(limit)),
		func(r *rows) engine.Release {
			return engine.Release{
				Brand: brand, Bundle: r.text(0), Kind: engine.ReleaseKind(r.text(1)), Share: int(r.int(2)), Actor: r.text(3), Note: r.text(4), At: r.time(5),
			}
		})
}

type faults struct{ c *conn }

func (f faults) Record(g engine.FaultGroup, conversation string) error {
	fault, err := encode(g.Fault)
	if err != nil {
		return err
	}
	at := ms(g.Last)
	fresh, err := f.c.exec(`insert into fault_conversations (brand, fault, conversation, at) values ($1, $2, $3, $4) on conflict do nothing`,
		g.Brand, g.ID, conversation, at)
	if err == nil && fresh == 0 {
		_, err = f.c.exec(`update fault_conversations set at = $4 where brand = $1 and fault = $2 and conversation = $3`, g.Brand, g.ID, conversation, at)
	}
	if err != nil {
		return err
	}
	_, err = f.c.exec(
		`insert into faults (`+faultColumns+`) values ($1, $2, $3, $4, 1, $5, $5, $6)
		on conflict (brand, id) do update set conversations = faults.conversations + excluded.conversations, count = faults.count + 1,
			first_at = case when excluded.first_at < faults.first_at then excluded.first_at else faults.first_at end,
			last_at = case when excluded.last_at > faults.last_at then excluded.last_at else faults.last_at end, sample = excluded.sample`,
		g.Brand, g.ID, fault, fresh, at, conversation)
	return err
}

const faultColumns = `brand, id, fault, conversations, count, first_at, last_at, sample`

func scanFault(r *rows) engine.FaultGroup {
	g := engine.FaultGroup{
		Brand: r.text(0), ID: r.text(1), Conversations: int(r.int(3)), Count: int(r.int(4)), First: r.time(5), Last: r.time(6), Sample: r.text(7),
	}
	r.json(2, &g.Fault)
	return g
}

func (f faults) List(brand string, since time.Time, limit int) ([]engine.FaultGroup, error) {
	return all(f.c.query(`select `+faultColumns+` from faults where brand = $1 and last_at >= $2 order by last_at desc, id limit $3`,
		brand, ms(since), int64(limit)), scanFault)
}

func (f faults) Get(brand, id string) (engine.FaultGroup, error) {
	return one(f.c.query(`select `+faultColumns+` from faults where brand = $1 and id = $2`, brand, id), "fault", scanFault)
}

func (f faults) Conversations(brand, id string, limit int) ([]string, error) {
	return all(f.c.query(`select conversation from fault_conversations where brand = $1 and fault = $2 order by at desc, conversation desc limit $3`,
		brand, id, int64(limit)), func(r *rows) string { return r.text(0) })
}
