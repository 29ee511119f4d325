package memory

import (
	"slices"
	"time"

	"parley/engine"
)

type erasure struct{ *tx }

func (f erasure) Conversations(brand, consumer, after string, limit int) ([]string, error) {
	return each(pick(f.conversations.all(), func(c *conversation) bool {
		return c.Consumer == consumer && c.Brand == brand && c.ID > after
	}, nil), limit, func(c *conversation) string { return c.ID }), nil
}

func (f erasure) Outbox(brand, consumer string) ([]int64, error) {
	return each(pick(f.outbox.all(), func(o *engine.OutboxItem) bool {
		c := conversations(f).look(brand, o.Conversation)
		return o.Brand == brand && c != nil && c.Consumer == consumer
	}, nil), -1, func(o *engine.OutboxItem) int64 { return o.Seq }), nil
}

func (f erasure) Conversation(brand, id string) (int, error) {
	switch c := conversations(f).look(brand, id); {
	case c == nil:
		return 0, missing("conversation")
	case c.State != engine.Closed:
		return 0, engine.Errorf(engine.Conflict, "the conversation is open")
	}
	messages, err := f.messages.drop(f.tx, func(m *message) bool { return m.Conversation == id })
	if err != nil {
		return 0, err
	}
	of := pick(f.sessions.all(), func(s *engine.Session) bool { return s.Conversation == id }, nil)
	its := map[string]bool{}
	for _, s := range of {
		its[s.ID] = true
	}
	for _, drop := range []func() (int, error){
		func() (int, error) { return 0, inbox(f).Clear(id) },
		func() (int, error) {
			return f.journal.drop(f.tx, func(e *engine.JournalEntry) bool { return its[e.Session] })
		},
		func() (int, error) {
			return f.timers.drop(f.tx, func(t *engine.Timer) bool { return its[t.Session] })
		},
		func() (int, error) {
			return f.queue.drop(f.tx, func(e *engine.QueueEntry) bool { return e.Conversation == id })
		},
		func() (int, error) {
			return f.outbox.drop(f.tx, func(o *engine.OutboxItem) bool { return o.Conversation == id && active(o.State) })
		},
		func() (int, error) {
			return f.utterances.drop(f.tx, func(u *engine.Utterance) bool { return u.Conversation == id })
		},
		func() (int, error) {
			return f.faults.drop(f.tx, func(g *engine.FaultGroup) bool { return g.Sample == id })
		},
		func() (int, error) { return 0, blobs(f).gone(id) },
	} {
		if _, err := drop(); err != nil {
			return 0, err
		}
	}
	err = f.sessions.changeAll(f.tx, func(s *engine.Session) bool { return its[s.ID] }, func(s *engine.Session) { s.Wait, s.Start = engine.Wait{}, nil })
	if err != nil {
		return 0, err
	}
	if err := f.events.changeAll(f.tx, func(e *engine.Event) bool { return e.Conversation == id }, func(e *engine.Event) { e.Data = nil }); err != nil {
		return 0, err
	}
	return messages, f.conversations.change(f.tx, key{a: id}, "conversation", func(c *conversation) {
		c.Rev++
		c.Address, c.Preview, c.PreviewAuthor, c.Ready, c.ReadyAt, c.WaitingSince, c.Pulse = "", "", "", false, time.Time{}, time.Time{}, engine.Pulse{}
		c.Tags, c.Attributes, c.Handoff, c.Pending, c.Summary, c.Draft, c.Mood = nil, nil, nil, nil, "", "", engine.Mood{}
		c.QueuedAt, c.BySkill, c.HeardAt = time.Time{}, false, time.Time{}
	})
}

func (f erasure) Consumer(brand, id string, items []int64) error {
	if consumers(f).look(brand, id) == nil {
		return missing("consumer")
	}
	if _, err := f.outbox.drop(f.tx, func(o *engine.OutboxItem) bool { return o.Brand == brand && slices.Contains(items, o.Seq) }); err != nil {
		return err
	}
	theirs := map[string]bool{}
	for i := range f.identities.of(brand) {
		theirs[i.Address] = theirs[i.Address] || i.Consumer == id
	}
	if _, err := f.consents.drop(f.tx, func(c *engine.Consent) bool { return c.Brand == brand && theirs[c.Address] }); err != nil {
		return err
	}
	if _, err := f.identities.drop(f.tx, func(i *engine.Identity) bool { return i.Brand == brand && i.Consumer == id }); err != nil {
		return err
	}
	if _, err := f.followups.drop(f.tx, func(p *engine.Followup) bool { return p.Brand == brand && p.Consumer == id }); err != nil {
		return err
	}
	return f.consumers.change(f.tx, key{a: id}, "consumer", func(c *engine.Consumer) { c.Name, c.Language, c.Attributes, c.Outreach = "", "", nil, nil })
}
