package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/engine"
)

// toldEvery is how often the log says the same of a database that is away.
const toldEvery = time.Minute

// told bounds what a log says of a database that is away: everybody who needs it tries each
// second, and an outage of hours would fill disks. The first of a kind is told, and then
// one a minute, which says how many there were between.
type told struct {
	slog.Handler
	kinds *toldKinds
}

type toldKinds struct {
	mu sync.Mutex
	of map[string]*toldKind // by message
}

type toldKind struct {
	at   time.Time
	more int // since then
}

func newTold(to slog.Handler) told {
	return told{to, &toldKinds{of: map[string]*toldKind{}}}
}

func (h told) Handle(ctx context.Context, r slog.Record) error {
	if away(r) {
		more, tell := h.kinds.next(r.Message, r.Time)
		if !tell {
			return nil
		}
		if more > 0 {
			r = r.Clone()
			r.AddAttrs(slog.Int("more", more))
		}
	}
	return h.Handler.Handle(ctx, r)
}

func (h told) WithAttrs(attrs []slog.Attr) slog.Handler {
	return told{h.Handler.WithAttrs(attrs), h.kinds}
}

func (h told) WithGroup(name string) slog.Handler { return told{h.Handler.WithGroup(name), h.kinds} }

// away says whether a record tells of something that cannot be reached.
func away(r slog.Record) (is bool) {
	r.Attrs(func(a slog.Attr) bool {
		err, ok := a.Value.Any().(error)
		is = ok && engine.CodeOf(err) == engine.Unavailable
		return !is
	})
	return is
}

// next says whether a message is told now, and how many were not since the last time.
func (k *toldKinds) next(message string, at time.Time) (more int, tell bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	one := k.of[message]
	if one == nil {
		one = &toldKind{}
		k.of[message] = one
	}
	if at.Sub(one.at) < toldEvery {
		one.more++
		return 0, false
	}
	more = one.more
	*one = toldKind{at: at}
	return more, true
}
