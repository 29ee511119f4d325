package memory

import (
	"cmp"

	"parley/engine"
)

type sessions struct{ *tx }

func (f sessions) Add(s engine.Session) error {
	return f.sessions.add(f.tx, key{a: s.ID}, s, "session")
}

// Save writes what changes of a session.
func (f sessions) Save(s engine.Session) error {
	return f.sessions.change(f.tx, key{a: s.ID}, "session", func(o *engine.Session) {
		o.State, o.Wait, o.Steps = s.State, s.Wait, s.Steps
	})
}

func (f sessions) Get(id string) (engine.Session, error) {
	return f.sessions.get(key{a: id}, "session")
}

func began(a, b *engine.Session) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
}

func (f sessions) Current(conversation string) (engine.Session, error) {
	return found(best(f.sessions.all(), func(s *engine.Session) bool { return s.Conversation == conversation },
		func(a, b *engine.Session) int { return began(b, a) }), "session")
}

func (f sessions) Record(entries []engine.JournalEntry) error {
	for _, e := range entries {
		k := key{a: e.Session, n: int64(e.N)}
		if old := f.journal.look(k); old != nil {
			answer := e.Answer
			e = *old
			e.Answer = answer
		}
		if err := f.journal.put(f.tx, k, e); err != nil {
			return err
		}
	}
	return nil
}

func (f sessions) Journal(session string) ([]engine.JournalEntry, error) {
	return copies(pick(f.journal.of(session), every, nil), -1), nil
}
