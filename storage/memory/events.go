package memory

import (
	"slices"
	"time"

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

func (f events) Drop(before time.Time, limit int) (n int, err error) {
	if f.readOnly {
		return 0, errReadOnly
	}
	read := f.events.last
	for p := range f.positions.all() {
		read = min(read, int64(p.At))
	}
	var last *engine.Event
	for e := range f.events.all() {
		if n == limit || n == len(f.events.rows)-1 || e.Seq > read || !e.At.Before(before) {
			break
		}
		last = e
		n++
	}
	if n == 0 {
		return 0, nil
	}
	if _, err := f.events.drop(f.tx, func(e *engine.Event) bool { return e.Seq <= last.Seq }); err != nil {
		return 0, err
	}
	return n, retention(f).reached("", "events", engine.RetentionMark{At: last.At, N: last.Seq})
}

func (f events) Gone() (engine.RetentionMark, error) { return retention(f).mark("", "events"), nil }
