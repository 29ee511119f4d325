package routing_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/routing"
)

// TestOnlyRoomIsAnAlternative: who turned it down is asked again when the others
// who are there have no room.
func TestOnlyRoomIsAnAlternative(t *testing.T) {
	t.Parallel()
	at := func(load float64, tried time.Duration) []routing.Assignment {
		return routing.Match(routing.Snapshot{
			Now: noon(),
			Waiting: []engine.QueueEntry{{
				Conversation: "c1", Skill: "care", Priority: 5, EnteredAt: minutes(12), Avoid: []string{"ana"}, TriedAt: noon().Add(-tried),
			}},
			Agents: []routing.Agent{agent("ana", 2, 4, 0, "care"), agent("bo", load, 4, 9, "care")},
		})
	}
	for name, tt := range map[string]struct {
		load  float64 // of bo, who has four slots
		tried time.Duration
		want  string
	}{
		"somebody else has room":        {3, time.Hour, "bo"},
		"the other is full":             {4, time.Minute, "ana"},
		"the other is full, just tried": {4, 59 * time.Second, ""},
	} {
		got := ""
		for _, a := range at(tt.load, tt.tried) {
			got = a.Agent
		}
		if got != tt.want {
			t.Errorf("%s: it went to %q, want %q", name, got, tt.want)
		}
	}
}

// TestTooSmallIsNobody: who has fewer slots than a conversation weighs does not
// keep the fallback from being asked.
func TestTooSmallIsNobody(t *testing.T) {
	t.Parallel()
	got := routing.Match(routing.Snapshot{
		Now:     noon(),
		Skills:  []engine.Skill{{ID: "heavy", Weight: 2, Fallback: "care"}, {ID: "care"}},
		Waiting: []engine.QueueEntry{waiting("c1", "heavy", 5, 1)},
		Agents:  []routing.Agent{agent("ana", 0, 1, 1, "heavy"), agent("bo", 0, 3, 1, "care")},
	})
	if len(got) != 1 || got[0].Agent != "bo" {
		t.Errorf("it went to %+v", got)
	}
}

// TestNothingStarves plays hours of agents who accept, decline, let lapse, come
// and go. A conversation that nobody is asked about although somebody able has
// room was turned down within the last minute.
func TestNothingStarves(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := newPlay(t)
		for range rapid.IntRange(20, 120).Draw(t, "steps") {
			p.step(t)
		}
	})
}

type held struct {
	agent string
	until time.Time
}

type play struct {
	s       routing.Snapshot
	offers  map[string]held
	talks   map[string]held
	waiting map[string]engine.QueueEntry // offered ones, too
	n       int
}

func newPlay(t *rapid.T) *play {
	p := &play{offers: map[string]held{}, talks: map[string]held{}, waiting: map[string]engine.QueueEntry{}}
	p.s.Now = noon()
	p.s.Skills = []engine.Skill{{ID: "a", Fallback: "b"}, {ID: "b"}}
	for i := range rapid.IntRange(1, 4).Draw(t, "agents") {
		p.s.Agents = append(p.s.Agents, routing.Agent{
			ID: fmt.Sprintf("g%d", i), Slots: float64(rapid.IntRange(1, 4).Draw(t, "slots")), Available: true,
			Skills: rapid.SampledFrom([][]string{{"a"}, {"b"}, {"a", "b"}}).Draw(t, "skills"),
		})
	}
	return p
}

func (p *play) step(t *rapid.T) {
	p.s.Now = p.s.Now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "seconds")) * time.Second)
	for i := range p.s.Agents {
		if rapid.IntRange(0, 9).Draw(t, "turns") == 0 {
			p.s.Agents[i].Available = !p.s.Agents[i].Available
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "new") {
		p.n++
		e := engine.QueueEntry{Conversation: fmt.Sprintf("c%03d", p.n), Skill: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "skill"), Priority: rapid.IntRange(1, 2).Draw(t, "priority"), EnteredAt: p.s.Now}
		if rapid.IntRange(0, 3).Draw(t, "wants") == 0 {
			e.Agent, e.AgentUntil = p.s.Agents[0].ID, p.s.Now.Add(2*time.Minute)
		}
		p.waiting[e.Conversation] = e
	}
	for _, id := range sorted(p.offers) {
		p.answer(t, id, p.offers[id])
	}
	for _, id := range sorted(p.talks) {
		if !p.s.Now.Before(p.talks[id].until) {
			delete(p.talks, id)
		}
	}
	p.match(t)
}

// answer ends an offer, or leaves it.
func (p *play) answer(t *rapid.T, id string, o held) {
	e := p.waiting[id]
	choice := rapid.IntRange(0, 3).Draw(t, "answer")
	switch {
	case choice == 0:
		p.talks[id] = held{o.agent, p.s.Now.Add(time.Duration(rapid.IntRange(1, 20).Draw(t, "minutes")) * time.Minute)}
		delete(p.waiting, id)
	case choice == 1 || !p.s.Now.Before(o.until):
		if !slices.Contains(e.Avoid, o.agent) {
			e.Avoid = append(slices.Clone(e.Avoid), o.agent)
		}
		e.TriedAt = p.s.Now
		p.waiting[id] = e
	default:
		return
	}
	delete(p.offers, id)
}

func (p *play) loads() {
	for i := range p.s.Agents {
		a := &p.s.Agents[i]
		a.Load = 0
		for _, all := range []map[string]held{p.offers, p.talks} {
			for _, h := range all {
				if h.agent == a.ID {
					a.Load++
				}
			}
		}
	}
}

func (p *play) match(t *rapid.T) {
	p.loads()
	p.s.Waiting = nil
	for _, id := range sorted(p.waiting) {
		if _, ok := p.offers[id]; !ok {
			p.s.Waiting = append(p.s.Waiting, p.waiting[id])
		}
	}
	for _, a := range routing.Match(p.s) {
		p.offers[a.Conversation] = held{a.Agent, p.s.Now.Add(30 * time.Second)}
	}
	p.loads()
	for _, e := range p.s.Waiting {
		if _, ok := p.offers[e.Conversation]; ok {
			continue
		}
		pausing := p.s.Now.Sub(e.EnteredAt) < routing.AvoidPause || p.s.Now.Sub(e.TriedAt) < routing.AvoidPause
		if pausing && len(e.Avoid) > 0 || p.s.Now.Before(e.AgentUntil) {
			continue
		}
		skill := e.Skill
		there := func(a routing.Agent) bool { return a.Available && slices.Contains(a.Skills, skill) }
		if !slices.ContainsFunc(p.s.Agents, there) {
			skill = "b"
		}
		for _, a := range p.s.Agents {
			if there(a) && a.Load < a.Slots {
				t.Fatalf("%s waits %s, and %s has room: %+v", e.Conversation, p.s.Now.Sub(e.EnteredAt), a.ID, e)
			}
		}
	}
}

func sorted[V any](m map[string]V) []string {
	var out []string
	for id := range m {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}
