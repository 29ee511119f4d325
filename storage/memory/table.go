package memory

import (
	"cmp"
	"iter"
	"slices"

	"parley/engine"
)

// key is the place of a row in its table: by a, then by b, then by n.
type key struct {
	a, b string
	n    int64
}

func (k key) compare(o key) int {
	return cmp.Or(cmp.Compare(k.a, o.a), cmp.Compare(k.b, o.b), cmp.Compare(k.n, o.n))
}

// table holds rows in the order of their keys. A copy of a table is a snapshot
// of it: no row is ever changed, another one takes its place, and that in a list
// which no snapshot has. What is added at the end goes behind the snapshots'.
type table[V any] struct {
	rows  []*row[V]
	owner int64 // the update whose own rows is
	last  int64 // that next gave
}

type row[V any] struct {
	key key
	v   V
}

func (t *table[V]) find(k key) (int, bool) {
	if n := len(t.rows); n == 0 || t.rows[n-1].key.compare(k) < 0 {
		return n, false // as most that are added
	}
	return slices.BinarySearchFunc(t.rows, k, func(r *row[V], k key) int { return r.key.compare(k) })
}

// look gives the row itself, nil when there is none. It must not be changed.
func (t *table[V]) look(k key) *V {
	if i, ok := t.find(k); ok {
		return &t.rows[i].v
	}
	return nil
}

// get gives a copy.
func (t *table[V]) get(k key, what string) (V, error) { return found(t.look(k), what) }

// all gives the rows themselves.
func (t *table[V]) all() iter.Seq[*V] { return t.from(0, func(key) bool { return true }) }

// of gives the rows themselves whose keys begin with a.
func (t *table[V]) of(a string) iter.Seq[*V] {
	i, _ := t.find(key{a: a, n: -1 << 63})
	return t.from(i, func(k key) bool { return k.a == a })
}

func (t *table[V]) from(i int, in func(key) bool) iter.Seq[*V] {
	rows := t.rows
	return func(yield func(*V) bool) {
		for ; i < len(rows) && in(rows[i].key) && yield(&rows[i].v); i++ {
		}
	}
}

// next gives a number that the table has not given yet.
func (t *table[V]) next(x *tx) int64 {
	if !x.readOnly {
		t.last++
	}
	return t.last
}

// put inserts or replaces with a copy of v.
func (t *table[V]) put(x *tx, k key, v V) error {
	if x.readOnly {
		return errReadOnly
	}
	r := &row[V]{k, v}
	deepen(&r.v)
	i, known := t.find(k)
	if i == len(t.rows) {
		t.rows = append(t.rows, r)
		return nil
	}
	t.own(x)
	if known {
		t.rows[i] = r
	} else {
		t.rows = slices.Insert(t.rows, i, r)
	}
	return nil
}

// add is put for a key that must be new.
func (t *table[V]) add(x *tx, k key, v V, what string) error {
	if t.look(k) != nil {
		return taken(what)
	}
	return t.put(x, k, v)
}

// change replaces a row by what fn makes of a copy.
func (t *table[V]) change(x *tx, k key, what string, fn func(*V)) error {
	v, err := t.get(k, what)
	if err != nil {
		return err
	}
	fn(&v)
	return t.put(x, k, v)
}

// changeAll does that with all that fit.
func (t *table[V]) changeAll(x *tx, fits func(*V) bool, fn func(*V)) error {
	for _, r := range t.rows {
		if fits(&r.v) {
			if err := t.change(x, r.key, "row", fn); err != nil {
				return err
			}
		}
	}
	return nil
}

// remove fails when there is none.
func (t *table[V]) remove(x *tx, k key, what string) error {
	if x.readOnly {
		return errReadOnly
	}
	i, ok := t.find(k)
	if !ok {
		return missing(what)
	}
	t.own(x)
	t.rows = slices.Delete(t.rows, i, i+1)
	return nil
}

// drop removes all that fit, and counts them.
func (t *table[V]) drop(x *tx, fits func(*V) bool) (int, error) {
	if x.readOnly {
		return 0, errReadOnly
	}
	gone := func(r *row[V]) bool { return fits(&r.v) }
	if !slices.ContainsFunc(t.rows, gone) {
		return 0, nil
	}
	t.own(x)
	before := len(t.rows)
	t.rows = slices.DeleteFunc(t.rows, gone)
	return before - len(t.rows), nil
}

func (t *table[V]) own(x *tx) {
	if t.owner != x.number {
		t.rows, t.owner = slices.Clone(t.rows), x.number
	}
}

// found gives a copy of what a look found.
func found[V any](v *V, what string) (V, error) {
	if v == nil {
		var none V
		return none, missing(what)
	}
	return clone(v), nil
}

// first gives the first row that fits, nil when there is none.
func first[V any](rows iter.Seq[*V], fits func(*V) bool) *V {
	for v := range rows {
		if fits(v) {
			return v
		}
	}
	return nil
}

// best gives the first of those that fit in an order, nil when there is none.
func best[V any](rows iter.Seq[*V], fits func(*V) bool, order func(a, b *V) int) *V {
	var one *V
	for v := range rows {
		if fits(v) && (one == nil || order(v, one) < 0) {
			one = v
		}
	}
	return one
}

// pick gives the rows that fit, in an order or, without one, in that of the keys.
func pick[V any](rows iter.Seq[*V], fits func(*V) bool, order func(a, b *V) int) []*V {
	var out []*V
	for v := range rows {
		if fits(v) {
			out = append(out, v)
		}
	}
	if order != nil {
		slices.SortStableFunc(out, order)
	}
	return out
}

// copies gives copies of the first of them; a negative limit is none.
func copies[V any](rows []*V, limit int) []V {
	out := each(rows, limit, func(v *V) V { return *v })
	for i := range out {
		deepen(&out[i])
	}
	return out
}

// each gives what fn makes of the first of them.
func each[V, W any](rows []*V, limit int, fn func(*V) W) []W {
	if limit >= 0 {
		rows = rows[:min(limit, len(rows))]
	}
	if len(rows) == 0 {
		return nil
	}
	out := make([]W, len(rows))
	for i, v := range rows {
		out[i] = fn(v)
	}
	return out
}

var errReadOnly = engine.Errorf(engine.Internal, "a view may not write")

func missing(what string) error { return engine.Errorf(engine.NotFound, "no such %s", what) }

func taken(what string) error {
	return engine.Errorf(engine.Conflict, "this %s exists already", what)
}

// every fits all.
func every[V any](*V) bool { return true }
