package memory

import (
	"cmp"
	"slices"
	"time"

	"parley/engine"
)

type messages struct{ *tx }

func text(m *message) engine.Message { return clone(&m.Message) }

func (f messages) look(fits func(*message) bool) *message { return first(f.messages.all(), fits) }

func (f messages) byID(brand, id string) *message {
	return f.look(func(m *message) bool { return m.ID == id && m.Brand == brand })
}

func (f messages) give(m *message) (engine.Message, error) {
	if m == nil {
		return engine.Message{}, missing("message")
	}
	return text(m), nil
}

func (f messages) Add(m engine.Message) error {
	taken := f.look(func(o *message) bool {
		return o.ID == m.ID || o.ProviderID != "" && o.ProviderID == m.ProviderID && o.Channel == m.Channel ||
			o.ClientID != "" && o.ClientID == m.ClientID && o.Conversation == m.Conversation
	})
	if taken != nil {
		return engine.Errorf(engine.Conflict, "this message exists already")
	}
	return f.messages.add(f.tx, key{a: m.Conversation, n: m.Seq}, message{m, f.messages.next(f.tx)}, "message")
}

func (f messages) Get(brand, id string) (engine.Message, error) { return f.give(f.byID(brand, id)) }

func (f messages) ByProvider(channel, id string) (engine.Message, error) {
	return f.give(f.look(func(m *message) bool { return id != "" && m.ProviderID == id && m.Channel == channel }))
}

func (f messages) ByClient(conversation, id string) (engine.Message, error) {
	return f.give(f.look(func(m *message) bool { return id != "" && m.ClientID == id && m.Conversation == conversation }))
}

func (f messages) List(brand, conversation string, after int64, limit int) ([]engine.Message, error) {
	later := func(m *message) bool { return m.Brand == brand && m.Seq > after }
	return each(pick(f.messages.of(conversation), later, nil), limit, text), nil
}

// Thread orders by seq within a conversation and by time across: a message is as
// old as the oldest that follows it.
func (f messages) Thread(brand, consumer, before string, limit int) ([]engine.Message, error) {
	var bound *message
	if before != "" {
		if bound = f.byID(brand, before); bound == nil || bound.Consumer != consumer {
			return nil, missing("message")
		}
	}
	earlier := func(m *message) bool {
		switch {
		case bound == nil:
			return true
		case m.Conversation == bound.Conversation:
			return m.Seq < bound.Seq
		}
		return m.At.Before(bound.At) || m.At.Equal(bound.At) && m.Conversation < bound.Conversation
	}
	ages := map[*message]time.Time{}
	var thread []*message
	for c := range f.conversations.all() {
		if c.Consumer != consumer || c.Brand != brand {
			continue
		}
		part := pick(f.messages.of(c.ID), earlier, nil)
		for i, m := range slices.Backward(part) {
			ages[m] = m.At
			if i+1 < len(part) && ages[part[i+1]].Before(m.At) {
				ages[m] = ages[part[i+1]]
			}
		}
		thread = append(thread, part...)
	}
	slices.SortFunc(thread, func(a, b *message) int {
		return cmp.Or(ages[b].Compare(ages[a]), cmp.Compare(b.Conversation, a.Conversation), cmp.Compare(b.Seq, a.Seq))
	})
	return each(thread, limit, text), nil
}

func (f messages) Progress(brand, id string) (engine.Progress, error) {
	m := f.byID(brand, id)
	if m == nil {
		return engine.Progress{}, missing("message")
	}
	return engine.Progress{Conversation: m.Conversation, State: m.State, Failure: m.Failure}, nil
}

func (f messages) change(brand, id string, fn func(*message)) error {
	m := f.byID(brand, id)
	if m == nil {
		return missing("message")
	}
	return f.messages.change(f.tx, key{a: m.Conversation, n: m.Seq}, "message", fn)
}

func (f messages) Mark(brand, id string, m engine.MessageMarks) error {
	return f.change(brand, id, func(o *message) { o.Marks = m })
}

func (f messages) SetState(brand, id string, s engine.DeliveryState, failure string) error {
	return f.change(brand, id, func(m *message) { m.State, m.Failure = s, failure })
}

func (f messages) Move(brand, id string, from, to engine.DeliveryState) error {
	if m := f.byID(brand, id); m == nil || m.State != from || m.Failure != "" {
		return engine.Errorf(engine.Conflict, "the message has moved on")
	}
	return f.SetState(brand, id, to, "")
}

type tones struct{ *tx }

func (f tones) Judge(brand, id string, h engine.Heard) error {
	if err := messages(f).change(brand, id, func(m *message) { m.Heard = h }); err != nil {
		return err
	}
	v, _ := f.Version(brand) // it never fails
	return f.tones.put(f.tx, key{a: brand}, v+1)
}

func (f tones) Judged(brand string, limit int) ([]engine.Message, error) {
	judged := func(m *message) bool { return m.Brand == brand && m.Heard.By != "" }
	newest := func(a, b *message) int { return cmp.Compare(b.n, a.n) }
	return each(pick(f.messages.all(), judged, newest), limit, text), nil
}

func (f tones) Version(brand string) (int64, error) {
	if v := f.tones.look(key{a: brand}); v != nil {
		return *v, nil
	}
	return 0, nil
}

type feedback struct{ *tx }

func (f feedback) Add(b engine.FAQFeedback) error {
	k := key{a: b.Brand, b: b.Question}
	if old := f.feedback.look(k); old != nil {
		b.Helped, b.Unhelped = b.Helped+old.Helped, b.Unhelped+old.Unhelped
		if old.At.After(b.At) {
			b.At = old.At
		}
	}
	return f.feedback.put(f.tx, k, b)
}

func (f feedback) List(brand string) ([]engine.FAQFeedback, error) {
	return copies(pick(f.feedback.of(brand), every, nil), -1), nil
}
