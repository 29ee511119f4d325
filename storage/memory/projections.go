package memory

import "parley/engine"

type projections struct{ *tx }

// projected is a row with the projection that it belongs to.
type projected struct {
	engine.ProjectionRow
	of string
}

func (f projections) Position(name string) (engine.Position, error) {
	if p := f.positions.look(key{a: name}); p != nil {
		return *p, nil
	}
	return engine.Position{}, nil
}

func (f projections) Move(name string, from, to engine.Position) error {
	if p, err := f.Position(name); err != nil || p != from {
		return engine.Errorf(engine.Conflict, "the projection has moved on meanwhile")
	}
	return f.positions.put(f.tx, key{a: name}, to)
}

func (f projections) Row(name, k string) (engine.ProjectionRow, error) {
	r, err := f.projected.get(key{a: name, b: k}, "projection row")
	return r.ProjectionRow, err
}

func (f projections) Rows(name, from, until string, limit int) ([]engine.ProjectionRow, error) {
	i, _ := f.projected.find(key{a: name, b: from})
	found := pick(f.projected.from(i, func(k key) bool { return k.a == name && k.b < until }), every[projected], nil)
	return each(found, limit, func(r *projected) engine.ProjectionRow { return clone(&r.ProjectionRow) }), nil
}

func (f projections) SaveRow(name string, row engine.ProjectionRow) error {
	return f.projected.put(f.tx, key{a: name, b: row.Key}, projected{row, name})
}

func (f projections) Clear(name string) error {
	_, err := f.projected.drop(f.tx, func(r *projected) bool { return r.of == name })
	return err
}
