package memory

import (
	"cmp"

	"parley/engine"
)

type queue struct{ *tx }

func (f queue) Put(e engine.QueueEntry) error {
	f.Wake(engine.Signal{Topic: engine.TopicRouting, Brand: e.Brand, Key: e.Brand})
	return f.queue.put(f.tx, key{a: e.Conversation}, e)
}

func (f queue) Get(conversation string) (engine.QueueEntry, error) {
	return f.queue.get(key{a: conversation}, "queue entry")
}

func (f queue) Remove(conversation string) error {
	return f.queue.remove(f.tx, key{a: conversation}, "queue entry")
}

func inLine(a, b *engine.QueueEntry) int {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.EnteredAt.Compare(b.EnteredAt), cmp.Compare(a.Conversation, b.Conversation))
}

func (f queue) List(brand string) ([]engine.QueueEntry, error) {
	return copies(pick(f.queue.all(), func(e *engine.QueueEntry) bool { return e.Brand == brand }, inLine), -1), nil
}

func (f queue) Meant(brand, agent string) ([]engine.QueueEntry, error) {
	return copies(pick(f.queue.all(), func(e *engine.QueueEntry) bool {
		return agent != "" && e.Brand == brand && (e.OfferedTo == agent || e.Agent == agent)
	}, inLine), -1), nil
}

func (f queue) Waiting(brand string) (map[string]int, error) {
	n := map[string]int{}
	for e := range f.queue.all() {
		if e.Brand == brand {
			n[e.Skill]++
		}
	}
	return n, nil
}

func (f queue) Brands() ([]string, error) {
	seen := map[string]bool{}
	one := pick(f.queue.all(), func(e *engine.QueueEntry) bool {
		known := seen[e.Brand]
		seen[e.Brand] = true
		return !known
	}, func(a, b *engine.QueueEntry) int { return cmp.Compare(a.Brand, b.Brand) })
	return each(one, -1, func(e *engine.QueueEntry) string { return e.Brand }), nil
}

func (f queue) Position(conversation string) (int, error) {
	e := f.queue.look(key{a: conversation})
	if e == nil {
		return 0, missing("queue entry")
	}
	before := pick(f.queue.all(), func(o *engine.QueueEntry) bool {
		return o.Brand == e.Brand && o.Skill == e.Skill && inLine(o, e) < 0
	}, nil)
	return len(before) + 1, nil
}
