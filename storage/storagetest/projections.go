package storagetest

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"parley/engine"
)

func testProjections(_ *testing.T, f fixture) {
	position := func(name string) engine.Position {
		return read(f, func(t engine.Tx) (engine.Position, error) { return t.Projections().Position(name) })
	}
	none, first, second := engine.Position{}, engine.Position{Version: 1, At: 7}, engine.Position{Version: 2, At: 0}
	move := func(from, to engine.Position) func(engine.Tx) error {
		return func(t engine.Tx) error { return t.Projections().Move("p", from, to) }
	}
	f.equal(position("p"), none)
	f.refuse(engine.Conflict, move(first, second))
	f.update(move(none, first))
	f.equal(position("p"), first)
	f.equal(position("other"), none)
	for _, stale := range []engine.Position{none, {Version: 1, At: 6}, {Version: 2, At: 7}} {
		f.refuse(engine.Conflict, move(stale, second))
	}
	f.update(move(first, second))
	f.equal(position("p"), second)

	row := func(key, value string) engine.ProjectionRow {
		return engine.ProjectionRow{Key: key, Value: []byte(value)}
	}
	save := func(name string, rows ...engine.ProjectionRow) {
		f.update(func(t engine.Tx) error {
			return add(rows, func(r engine.ProjectionRow) error { return t.Projections().SaveRow(name, r) })
		})
	}
	get := func(name, key string) func(engine.Tx) error {
		return func(t engine.Tx) error { _, err := t.Projections().Row(name, key); return err }
	}
	f.missing(get("p", "a/1"))
	save("p", row("b/1", "3"), row("a/2", "2"), row("a/1", "0"), row("ä", "4"), row("Z", "5"))
	save("p", row("a/1", "1"))
	save("other", row("a/1", "9"))
	f.equal(read(f, func(t engine.Tx) (engine.ProjectionRow, error) { return t.Projections().Row("p", "a/1") }), row("a/1", "1"))
	list := func(from, until string, limit int) string {
		return ids(read(f, func(t engine.Tx) ([]engine.ProjectionRow, error) {
			return t.Projections().Rows("p", from, until, limit)
		}),
			func(r engine.ProjectionRow) string { return r.Key + "=" + string(r.Value) })
	}
	f.equal(list("a/", "a0", 10), "[a/1=1 a/2=2]")
	f.equal(list("a/1", "a/2", 10), "[a/1=1]")
	f.equal(list("A", "\xff", 10), "[Z=5 a/1=1 a/2=2 b/1=3 ä=4]")
	f.equal(list("a/1", "\xff", 2), "[a/1=1 a/2=2]")
	f.update(func(t engine.Tx) error { return t.Projections().Clear("p") })
	f.equal(list("", "\xff", 10), "[]")
	f.update(get("other", "a/1"))
	f.equal(position("p"), second)
}

// testProjectionRace lets processes count at once: each step is counted once,
// whoever makes it.
func testProjectionRace(t *testing.T, f fixture) {
	const processes, steps = 8, 10
	errs := concurrently(processes, func(int) error {
		for {
			var at engine.Position
			err := f.store.View(context.Background(), func(t engine.Tx) (err error) {
				at, err = t.Projections().Position("p")
				return err
			})
			if err != nil || at.At == steps {
				return err
			}
			err = f.store.Update(context.Background(), func(t engine.Tx) error {
				if err := t.Projections().Move("p", at, engine.Position{Version: 1, At: at.At + 1}); err != nil {
					return err
				}
				n := 0
				row, err := t.Projections().Row("p", "steps")
				if err == nil {
					n, err = strconv.Atoi(string(row.Value))
				}
				if err != nil && engine.CodeOf(err) != engine.NotFound {
					return err
				}
				return t.Projections().SaveRow("p", engine.ProjectionRow{Key: "steps", Value: fmt.Append(nil, n+1)})
			})
			if err != nil && engine.CodeOf(err) != engine.Conflict {
				return err
			}
		}
	})
	if count(errs, "") != processes {
		t.Fatalf("processes failed: %v", errs)
	}
	row := read(f, func(t engine.Tx) (engine.ProjectionRow, error) { return t.Projections().Row("p", "steps") })
	f.equal(string(row.Value), strconv.Itoa(steps))
}
