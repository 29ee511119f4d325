package memory

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"parley/engine"
)

type history struct{ *tx }

func (f history) Waiting(brand, after string, limit int) ([]engine.Session, error) {
	return copies(pick(f.sessions.all(), func(s *engine.Session) bool {
		c := conversations(f).look(brand, s.Conversation)
		return s.Brand == brand && s.State == engine.SessionWaiting && s.ID > after && c != nil && c.State == engine.Open
	}, nil), limit), nil
}

func (f history) Sessions(brand, conversation string) ([]engine.Session, error) {
	return copies(pick(f.sessions.all(), func(s *engine.Session) bool {
		return s.Conversation == conversation && s.Brand == brand
	}, began), -1), nil
}

func (f history) Conversations(brand string, from, until time.Time, after string, limit int) ([]engine.Conversation, error) {
	order := func(a, b *conversation) int { return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID)) }
	var last *conversation
	if after != "" {
		if last = conversations(f).look(brand, after); last == nil {
			return nil, missing("conversation")
		}
	}
	return each(pick(f.conversations.all(), func(c *conversation) bool {
		return c.Brand == brand && !c.CreatedAt.Before(from) && c.CreatedAt.Before(until) && (last == nil || order(c, last) > 0)
	}, order), limit, plain), nil
}

func (f history) Figures(brand string, since time.Time) ([]engine.VersionFigures, error) {
	type version struct{ hash, bot string }
	type standing struct{ waiting, contained, handedOver, failed bool }
	all := map[version]map[string]standing{} // by conversation
	for s := range f.sessions.all() {
		c := conversations(f).look(brand, s.Conversation)
		if s.Brand != brand || c == nil || s.CreatedAt.Before(since) {
			continue
		}
		v := version{s.Version, s.Bot}
		if all[v] == nil {
			all[v] = map[string]standing{}
		}
		was := all[v][c.ID]
		all[v][c.ID] = standing{
			waiting:    was.waiting || s.State == engine.SessionWaiting && c.State == engine.Open,
			contained:  c.State == engine.Closed && !c.hadAgent,
			handedOver: c.hadAgent,
			failed:     was.failed || s.State == engine.SessionParked,
		}
	}
	var out []engine.VersionFigures
	for v, of := range all {
		n := engine.VersionFigures{Version: v.hash, Bot: v.bot, Conversations: len(of)}
		for s := range maps.Values(of) {
			n.Waiting += one(s.waiting)
			n.Contained += one(s.contained)
			n.HandedOver += one(s.handedOver)
			n.Failed += one(s.failed)
		}
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b engine.VersionFigures) int {
		return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Bot, b.Bot))
	})
	return out, nil
}

func one(is bool) int {
	if is {
		return 1
	}
	return 0
}

// maxBegun is how many sessions tell enough of a version.
const maxBegun = 2000

func (f history) Begun(brand, version string, since time.Time) (all, failed int, err error) {
	newest := pick(f.sessions.all(), func(s *engine.Session) bool {
		return s.Brand == brand && s.Version == version && !s.CreatedAt.Before(since)
	}, func(a, b *engine.Session) int { return b.CreatedAt.Compare(a.CreatedAt) })
	newest = newest[:min(maxBegun, len(newest))]
	for _, s := range newest {
		failed += one(s.State == engine.SessionParked)
	}
	return len(newest), failed, nil
}
