package memory

import "parley/engine"

type inbox struct{ *tx }

func (f inbox) exists(conversation string) error {
	if f.conversations.look(key{a: conversation}) == nil {
		return missing("conversation")
	}
	return nil
}

func (f inbox) Add(e engine.InboxEntry) error {
	if err := f.exists(e.Conversation); err != nil {
		return err
	}
	return f.inbox.add(f.tx, key{a: e.Conversation, n: e.N}, e, "inbox entry")
}

func (f inbox) List(conversation string) ([]engine.InboxEntry, error) {
	return copies(pick(f.inbox.of(conversation), every, nil), -1), nil
}

func (f inbox) Look(conversation string, limit int) ([]engine.InboxEntry, error) {
	all := pick(f.inbox.of(conversation), every, nil)
	var some []*engine.InboxEntry
	others := 0
	for i, e := range all {
		other := e.Kind != engine.InboxMessage && others < limit
		if other {
			others++
		}
		if i < limit || other || i == len(all)-1 {
			some = append(some, e)
		}
	}
	return copies(some, -1), nil
}

func (f inbox) Remove(conversation string, n int64) error {
	return f.inbox.remove(f.tx, key{a: conversation, n: n}, "inbox entry")
}

func (f inbox) Clear(conversation string) error {
	if err := f.exists(conversation); err != nil {
		return err
	}
	_, err := f.inbox.drop(f.tx, func(e *engine.InboxEntry) bool { return e.Conversation == conversation })
	return err
}
