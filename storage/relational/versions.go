package relational

import (
	"time"

	"parley/engine"
)

type versionChanges struct{ C *Conn }

const changeColumns = `brand, version, kind, share, actor, note, at`

var addChange = Insertion("version_changes", changeColumns)

func changeFields(v *engine.VersionChange, to []any) []any {
	return append(to, &v.Brand, &v.Version, (*string)(&v.Kind), &v.Share, &v.Actor, &v.Note, &v.At)
}

func (f versionChanges) Add(v engine.VersionChange) error {
	return f.C.Run(addChange, changeFields(&v, f.C.list)...)
}

func (f versionChanges) List(brand string, limit int) ([]engine.VersionChange, error) {
	return All(f.C.Query(`select `+changeColumns+` from version_changes where brand = $1 order by n desc limit $2`, brand, limit), changeFields)
}

type faults struct{ C *Conn }

func (f faults) Record(g engine.FaultGroup, conversation string) error {
	fresh, err := f.C.Exec(`insert into fault_conversations (brand, fault, conversation, at) values ($1, $2, $3, $4) on conflict do nothing`,
		g.Brand, g.ID, conversation, g.Last)
	if err == nil && fresh == 0 {
		err = f.C.Run(`update fault_conversations set at = $4 where brand = $1 and fault = $2 and conversation = $3`, g.Brand, g.ID, conversation, g.Last)
	}
	if err != nil {
		return err
	}
	return f.C.Run(
		`insert into faults (`+faultColumns+`) values ($1, $2, $3, $4, 1, $5, $5, $6)
		on conflict (brand, id) do update set conversations = faults.conversations + excluded.conversations, count = faults.count + 1,
			first_at = case when excluded.first_at < faults.first_at then excluded.first_at else faults.first_at end,
			last_at = case when excluded.last_at > faults.last_at then excluded.last_at else faults.last_at end, sample = excluded.sample`,
		g.Brand, g.ID, inJSON(&g.Fault), fresh, g.Last, conversation)
}

const faultColumns = `brand, id, fault, conversations, count, first_at, last_at, sample`

func faultFields(g *engine.FaultGroup, to []any) []any {
	return append(to, &g.Brand, &g.ID, inJSON(&g.Fault), &g.Conversations, &g.Count, &g.First, &g.Last, &g.Sample)
}

func (f faults) List(brand string, since time.Time, limit int) ([]engine.FaultGroup, error) {
	return All(f.C.Query(`select `+faultColumns+` from faults where brand = $1 and last_at >= $2 order by last_at desc, id limit $3`,
		brand, since, limit), faultFields)
}

func (f faults) Get(brand, id string) (engine.FaultGroup, error) {
	return One(f.C.Query(`select `+faultColumns+` from faults where brand = $1 and id = $2`+Keep, brand, id), "fault", faultFields)
}

func (f faults) Conversations(brand, id string, limit int) ([]string, error) {
	return All(f.C.Query(`select conversation from fault_conversations where brand = $1 and fault = $2 order by at desc, conversation desc limit $3`,
		brand, id, limit), Itself[string])
}
