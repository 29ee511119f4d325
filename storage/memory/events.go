package memory

import (
	"slices"

	"parley/engine"
)

type events struct{ *tx }

func (f events) Add(e *engine.Event) error {
	if e.Conversation != "" && f.conversations.look(key{a: e.Conversation}) == nil {
		return missing("conversation")
	}
	f.Wake(engine.Signal{Topic: engine.TopicEvents})
	e.Seq, e.Version = f.events.next(f.tx), engine.EventVersion
	return f.events.put(f.tx, key{n: e.Seq}, *e)
}

func (f events) List(w engine.EventFilter) ([]engine.Event, error) {
	i, known := f.events.find(key{n: int64(w.After)})
	if known {
		i++
	}
	var out []*engine.Event
	for e := range f.events.from(i, func(key) bool { return len(out) < w.Limit }) {
		if (w.Brand == "" || e.Brand == w.Brand) && !e.At.Before(w.Since) && (len(w.Kinds) == 0 || slices.Contains(w.Kinds, e.Kind)) && f.about(e, w) {
			out = append(out, e)
		}
	}
	return copies(out, -1), nil
}

func (f events) about(e *engine.Event, w engine.EventFilter) bool {
	switch {
	case w.Conversation != "":
		return e.Conversation == w.Conversation
	case w.Consumer != "":
		c := f.conversations.look(key{a: e.Conversation})
		return c != nil && c.Consumer == w.Consumer
	}
	return true
}

func (f events) Last() (engine.Cursor, error) { return engine.Cursor(f.events.last), nil }
