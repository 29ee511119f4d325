package relational

import "parley/engine"

type projections struct{ C *Conn }

func (f projections) Position(name string) (engine.Position, error) {
	p, _, err := First(f.C.Query(`select version, at from projections where name = $1`, name), func(p *engine.Position, to []any) []any {
		return append(to, &p.Version, (*int64)(&p.At))
	})
	return p, err
}

func (f projections) Move(name string, from, to engine.Position) error {
	var n int64
	var err error
	if from == (engine.Position{}) {
		n, err = f.C.Exec(`insert into projections (name, version, at) values ($1, $2, $3) on conflict do nothing`, name, to.Version, int64(to.At))
	} else {
		n, err = f.C.Exec(`update projections set version = $2, at = $3 where name = $1 and version = $4 and at = $5`,
			name, to.Version, int64(to.At), from.Version, int64(from.At))
	}
	if err == nil && n == 0 {
		err = engine.Errorf(engine.Conflict, "the projection has moved on meanwhile")
	}
	return err
}

func projectionFields(r *engine.ProjectionRow, to []any) []any { return append(to, &r.Key, &r.Value) }

func (f projections) Row(name, key string) (engine.ProjectionRow, error) {
	return One(f.C.Query(`select key, value from projection_rows where name = $1 and key = $2`+Keep, name, key), "projection row", projectionFields)
}

func (f projections) Rows(name, from, until string, limit int) ([]engine.ProjectionRow, error) {
	return All(f.C.Query(`select key, value from projection_rows where name = $1 and key >= $2 and key < $3 order by key limit $4`,
		name, from, until, limit), projectionFields)
}

func (f projections) SaveRow(name string, row engine.ProjectionRow) error {
	return f.C.Run(`insert into projection_rows (name, key, value) values ($1, $2, $3) on conflict (name, key) do update set value = excluded.value`,
		name, row.Key, &row.Value)
}

func (f projections) Clear(name string) error {
	return f.C.Run(`delete from projection_rows where name = $1`, name)
}
