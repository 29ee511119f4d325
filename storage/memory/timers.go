package memory

import (
	"time"

	"parley/engine"
)

type timers struct{ *tx }

func (f timers) Add(t engine.Timer) error {
	f.Wake(engine.Signal{Topic: engine.TopicTimers})
	return f.timers.add(f.tx, key{a: t.ID}, t, "timer")
}

func (f timers) Due(now time.Time, limit int) ([]engine.Timer, error) {
	return copies(pick(f.timers.all(), func(t *engine.Timer) bool { return !t.At.After(now) },
		func(a, b *engine.Timer) int { return a.At.Compare(b.At) }), limit), nil
}

func (f timers) Remove(id string) error { return f.timers.remove(f.tx, key{a: id}, "timer") }

func (f timers) RemoveSession(session string) error {
	_, err := f.timers.drop(f.tx, func(t *engine.Timer) bool { return t.Session == session })
	return err
}

func (f timers) Next() (next time.Time, _ error) {
	for t := range f.timers.all() {
		next = sooner(next, t.At)
	}
	return next, nil
}

type followups struct{ *tx }

func (f followups) Add(p engine.Followup) error {
	f.Wake(engine.Signal{Topic: engine.TopicTimers})
	if _, err := f.Cancel(p.Brand, p.Consumer, p.Name); err != nil {
		return err
	}
	return f.followups.add(f.tx, key{a: p.ID}, p, "follow-up")
}

func (f followups) Due(now time.Time, limit int) ([]engine.Followup, error) {
	return copies(pick(f.followups.all(), func(p *engine.Followup) bool { return !p.At.After(now) },
		func(a, b *engine.Followup) int { return a.At.Compare(b.At) }), limit), nil
}

func (f followups) Remove(id string) error { return f.followups.remove(f.tx, key{a: id}, "follow-up") }

func (f followups) Cancel(brand, consumer, name string) (bool, error) {
	n, err := f.followups.drop(f.tx, func(p *engine.Followup) bool {
		return p.Brand == brand && p.Consumer == consumer && p.Name == name
	})
	return n > 0, err
}

func (f followups) Count(brand, consumer string) (int, error) {
	return len(pick(f.followups.all(), func(p *engine.Followup) bool { return p.Brand == brand && p.Consumer == consumer }, nil)), nil
}

func (f followups) Next() (next time.Time, _ error) {
	for p := range f.followups.all() {
		next = sooner(next, p.At)
	}
	return next, nil
}
