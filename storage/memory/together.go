package memory

import (
	"time"

	"parley/engine"
)

type leases struct{ *tx }

func (f leases) Take(name, holder string, now, until time.Time) (engine.Lease, error) {
	l := engine.Lease{Name: name}
	if known := f.leases.look(key{a: name}); known != nil {
		l = *known
	}
	switch {
	case !l.Taken(now, until):
		l.Fence++
	case l.Holder != holder:
		return l, nil
	}
	l.Holder, l.Until = holder, until
	return l, f.leases.put(f.tx, key{a: name}, l)
}

func (f leases) Get(name string) (engine.Lease, error) { return f.leases.get(key{a: name}, "lease") }

func (f leases) Release(name, holder string) error {
	l := f.leases.look(key{a: name})
	if l == nil || l.Holder != holder {
		return nil
	}
	return f.leases.change(f.tx, key{a: name}, "lease", func(l *engine.Lease) { l.Holder, l.Until = "", time.Time{} })
}

type marks struct{ *tx }

func (f marks) Get(name string) (at time.Time, _ error) {
	if known := f.marks.look(key{a: name}); known != nil {
		at = *known
	}
	return at, nil
}

func (f marks) Set(name string, until time.Time) error {
	return f.marks.put(f.tx, key{a: name}, until)
}

func (f marks) Remove(name string) error {
	if f.marks.look(key{a: name}) == nil {
		return nil
	}
	return f.marks.remove(f.tx, key{a: name}, "mark")
}

func (f marks) Expire(now time.Time, limit int) (int, error) {
	over := []key{}
	for _, r := range f.marks.rows {
		if len(over) < limit && !r.v.After(now) {
			over = append(over, r.key)
		}
	}
	for _, k := range over {
		if err := f.marks.remove(f.tx, k, "mark"); err != nil {
			return 0, err
		}
	}
	return len(over), nil
}

type keys struct{ *tx }

func (f keys) Get(name string) ([]byte, error) { return f.keys.get(key{a: name}, "key") }

func (f keys) Add(name string, value []byte) error {
	return f.keys.add(f.tx, key{a: name}, value, "key")
}
