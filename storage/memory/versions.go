package memory

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

type versionChanges struct{ *tx }

func (f versionChanges) Add(v engine.VersionChange) error {
	return f.versionChanges.put(f.tx, key{n: f.versionChanges.next(f.tx)}, v)
}

func (f versionChanges) List(brand string, limit int) ([]engine.VersionChange, error) {
	all := pick(f.versionChanges.all(), func(v *engine.VersionChange) bool { return v.Brand == brand }, nil)
	slices.Reverse(all)
	return copies(all, limit), nil
}

type faults struct{ *tx }

// group begins the keys of a fault's conversations.
func group(brand, id string) string { return brand + "\x00" + id }

func (f faults) Record(g engine.FaultGroup, conversation string) error {
	at, of := g.Last, key{a: group(g.Brand, g.ID), b: conversation}
	g.Conversations, g.Count, g.First, g.Sample = 0, 0, at, conversation
	if old := f.faults.look(key{a: g.Brand, b: g.ID}); old != nil {
		g.Fault, g.Conversations, g.Count, g.First = old.Fault, old.Conversations, old.Count, sooner(old.First, at)
		if old.Last.After(at) {
			g.Last = old.Last
		}
	}
	g.Count++
	if f.faulty.look(of) == nil {
		g.Conversations++
	}
	if err := f.faulty.put(f.tx, of, faulty{conversation, at}); err != nil {
		return err
	}
	return f.faults.put(f.tx, key{a: g.Brand, b: g.ID}, g)
}

func (f faults) List(brand string, since time.Time, limit int) ([]engine.FaultGroup, error) {
	return copies(pick(f.faults.of(brand), func(g *engine.FaultGroup) bool { return !g.Last.Before(since) },
		func(a, b *engine.FaultGroup) int { return b.Last.Compare(a.Last) }), limit), nil
}

func (f faults) Get(brand, id string) (engine.FaultGroup, error) {
	return f.faults.get(key{a: brand, b: id}, "fault")
}

func (f faults) Conversations(brand, id string, limit int) ([]string, error) {
	newest := func(a, b *faulty) int { return cmp.Or(b.at.Compare(a.at), cmp.Compare(b.conversation, a.conversation)) }
	return each(pick(f.faulty.of(group(brand, id)), every, newest), limit, func(c *faulty) string { return c.conversation }), nil
}
