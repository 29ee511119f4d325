package sqlite

import "parley/engine"

type projections struct{ c *conn }

func (f projections) Position(name string) (engine.Position, error) {
	p, err := one(f.c.query(`select version, at from projections where name = $1`, name), "projection", func(r *rows) engine.Position {
		return engine.Position{Version: int(r.int(0)), At: engine.Cursor(r.int(1))}
	})
	if engine.CodeOf(err) == engine.NotFound {
		err = nil
	}
	return p, err
}

func (f projections) Move(name string, from, to engine.Position) error {
	var n int64
	var err error
	if from == (engine.Position{}) {
		n, err = f.c.exec(`insert into projections (name, version, at) values ($1, $2, $3) on conflict do nothing`, name, int64(to.Version), int64(to.At))
	} else {
		n, err = f.c.exec(`update projections set version = $2, at = $3 where name = $1 and version = $4 and at = $5`,
			name, int64(to.Version), int64(to.At), int64(from.Version), int64(from.At))
	}
	if err == nil && n == 0 {
		err = engine.Errorf(engine.Conflict, "the projection has moved on meanwhile")
	}
	return err
}

func scanProjectionRow(r *rows) engine.ProjectionRow {
	return engine.ProjectionRow{Key: r.text(0), Value: r.bytes(1)}
}

func (f projections) Row(name, key string) (engine.ProjectionRow, error) {
	return one(f.c.query(`select key, value from projection_rows where name = $1 and key = $2`, name, key), "projection row", scanProjectionRow)
}

func (f projections) Rows(name, from, until string, limit int) ([]engine.ProjectionRow, error) {
	return all(f.c.query(`select key, value from projection_rows where name = $1 and key >= $2 and key < $3 order by key limit $4`,
		name, from, until, int64(limit)), scanProjectionRow)
}

func (f projections) SaveRow(name string, row engine.ProjectionRow) error {
	_, err := f.c.exec(`insert into projection_rows (name, key, value) values ($1, $2, $3) on conflict (name, key) do update set value = excluded.value`,
		name, row.Key, string(row.Value))
	return err
}

func (f projections) Clear(name string) error {
	_, err := f.c.exec(`delete from projection_rows where name = $1`, name)
	return err
}
