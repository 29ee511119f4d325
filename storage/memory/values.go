package memory

import (
	"time"

	"parley/engine"
)

type values struct{ *tx }

func expired(v *engine.Value, now time.Time) bool {
	return !v.ExpiresAt.IsZero() && !v.ExpiresAt.After(now)
}

// look gives none for one that has expired.
func (f values) look(brand, k string, now time.Time) *engine.Value {
	if v := f.values.look(key{a: brand, b: k}); v != nil && !expired(v, now) {
		return v
	}
	return nil
}

func (f values) Get(brand, k string, now time.Time) (engine.Value, error) {
	return found(f.look(brand, k, now), "value")
}

func (f values) Put(v engine.Value, check bool, now time.Time) (int64, error) {
	stored := int64(0)
	if old := f.look(v.Brand, v.Key, now); old != nil {
		stored = old.Version
	}
	if check && v.Version != stored {
		return 0, engine.Errorf(engine.Conflict, "the value has changed meanwhile")
	}
	v.Version = stored + 1
	return v.Version, f.values.put(f.tx, key{a: v.Brand, b: v.Key}, v)
}

func (f values) Remove(brand, k string) error {
	return f.values.remove(f.tx, key{a: brand, b: k}, "value")
}

func (f values) Count(brand string) (int, error) {
	return len(pick(f.values.of(brand), every, nil)), nil
}

func (f values) Expire(now time.Time, limit int) (int, error) {
	old := pick(f.values.all(), func(v *engine.Value) bool { return expired(v, now) },
		func(a, b *engine.Value) int { return a.ExpiresAt.Compare(b.ExpiresAt) })
	old = old[:min(limit, len(old))]
	for _, v := range old {
		if err := f.Remove(v.Brand, v.Key); err != nil {
			return 0, err
		}
	}
	return len(old), nil
}
