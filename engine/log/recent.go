package log

import "parley/engine"

// entry is an event with the consumer whose conversation it belongs to, "" for none.
type entry struct {
	engine.Event
	consumer string
}

// recent is the end of the log in memory: every event in (floor, tail].
type recent struct {
	entries []entry
	floor   engine.Cursor
	tail    engine.Cursor
}

const recentSize = 1024

// add appends an event.
func (r *recent) add(e entry) {
	if len(r.entries) == 2*recentSize {
		r.floor = engine.Cursor(r.entries[recentSize-1].Seq)
		r.entries = append(make([]entry, 0, 2*recentSize), r.entries[recentSize:]...)
	}
	r.entries = append(r.entries, e)
	r.tail = engine.Cursor(e.Seq)
}

// since gives up to limit matching events after the cursor, which is not below the floor.
func (r *recent) since(after engine.Cursor, a audience, limit int) []engine.Event {
	from := len(r.entries)
	for from > 0 && engine.Cursor(r.entries[from-1].Seq) > after {
		from--
	}
	var out []engine.Event
	for _, e := range r.entries[from:] {
		if len(out) == limit {
			break
		}
		if a.brand == e.Brand && (!a.visitor || e.consumer != "" && e.consumer == a.consumer) {
			out = append(out, e.Event)
		}
	}
	return out
}

// owners remembers whose a conversation is. It holds two generations of at
// most size entries; what nobody asked for during one is forgotten.
type owners struct {
	size     int
	now, old map[conversation]string
}

type conversation struct{ brand, id string }

func newOwners(size int) *owners {
	return &owners{size: size, now: make(map[conversation]string)}
}

func (o *owners) get(c conversation) (string, bool) {
	if who, ok := o.now[c]; ok {
		return who, true
	}
	who, ok := o.old[c]
	if ok {
		o.put(c, who)
	}
	return who, ok
}

func (o *owners) put(c conversation, who string) {
	if len(o.now) >= o.size {
		o.old, o.now = o.now, make(map[conversation]string)
	}
	o.now[c] = who
}
