package routing_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/routing"
)

func drawSnapshot(t *rapid.T) routing.Snapshot {
	skillID := rapid.SampledFrom([]string{"a", "b", "c", "d"})
	agentID := rapid.SampledFrom([]string{"g0", "g1", "g2", "g3", "g4", "g5", "nobody"})
	s := routing.Snapshot{Now: noon()}
	for _, id := range []string{"a", "b", "c"} { // "d" is unknown to the brand
		s.Skills = append(s.Skills, engine.Skill{
			ID:       id,
			Weight:   rapid.SampledFrom([]float64{0, 0.1, 0.5, 1, 2}).Draw(t, "weight"),
			Fallback: rapid.SampledFrom([]string{"", "a", "b", "c", "d"}).Draw(t, "fallback"),
		})
	}
	for i := range rapid.IntRange(0, 12).Draw(t, "waiting") {
		e := engine.QueueEntry{
			Conversation: fmt.Sprintf("c%02d", i),
			Skill:        rapid.SampledFrom([]string{"", "a", "b", "c", "d"}).Draw(t, "skill"),
			Priority:     rapid.IntRange(1, 3).Draw(t, "priority"),
			EnteredAt:    noon().Add(-time.Duration(rapid.IntRange(0, 200).Draw(t, "waited")) * time.Minute),
			Avoid:        rapid.SliceOfN(agentID, 0, 3).Draw(t, "avoid"),
		}
		if len(e.Avoid) > 0 {
			e.TriedAt = noon().Add(-time.Duration(rapid.IntRange(0, 3).Draw(t, "tried")) * time.Minute)
		}
		if rapid.Bool().Draw(t, "needs") {
			e.Level = rapid.IntRange(0, 3).Draw(t, "level")
			e.Language = rapid.SampledFrom([]string{"", "de", "pt-BR"}).Draw(t, "language")
		}
		if rapid.IntRange(0, 3).Draw(t, "wants") == 0 {
			e.Agent = agentID.Draw(t, "wanted")
			e.AgentUntil = e.EnteredAt.Add(2 * time.Hour)
		}
		s.Waiting = append(s.Waiting, e)
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "agents") {
		a := routing.Agent{
			ID:        fmt.Sprintf("g%d", i),
			Skills:    rapid.SliceOfNDistinct(skillID, 0, 3, rapid.ID[string]).Draw(t, "skills"),
			Load:      rapid.SampledFrom([]float64{0, 0.1, 1, 2, 5}).Draw(t, "load"),
			Slots:     rapid.SampledFrom([]float64{0, 1, 2, 3}).Draw(t, "slots"),
			Available: rapid.IntRange(0, 3).Draw(t, "available") > 0,
		}
		for _, skill := range a.Skills {
			if rapid.Bool().Draw(t, "levelled") {
				a.Levels = map[string]int{skill: rapid.IntRange(1, 3).Draw(t, "has level")}
			}
		}
		a.Languages = rapid.SampledFrom([][]string{nil, {"de-AT"}, {"en", "PT"}, {"en"}}).Draw(t, "languages")
		if rapid.Bool().Draw(t, "had any") {
			a.AssignedAt = minutes(rapid.IntRange(0, 3).Draw(t, "idle"))
		}
		s.Agents = append(s.Agents, a)
	}
	return s
}

// model is an independent reading of the rules, as slow and as plain as can be.
type model struct{ s routing.Snapshot }

func (m model) weight(e engine.QueueEntry) float64 {
	for _, sk := range m.s.Skills {
		if sk.ID == e.Skill && sk.Weight > 0 {
			return sk.Weight
		}
	}
	return 1
}

func (m model) takes(a routing.Agent) bool { return a.Available && a.Slots > 0 }

func (m model) speaks(a routing.Agent, language string) bool {
	if language == "" || len(a.Languages) == 0 {
		return true
	}
	for _, l := range a.Languages {
		if strings.EqualFold(l[:2], language[:2]) {
			return true
		}
	}
	return false
}

// eligible lists who may get the conversation if there is room, when the agents
// have these loads.
func (m model) eligible(e engine.QueueEntry, load map[string]float64) map[string]bool {
	out := make(map[string]bool)
	for _, a := range m.s.Agents {
		if e.Agent == a.ID && !slices.Contains(e.Avoid, a.ID) && m.s.Now.Before(e.AgentUntil) {
			if m.takes(a) {
				out[a.ID] = true
			}
			return out
		}
	}
	seen := map[string]bool{}
	for skill := e.Skill; !seen[skill]; {
		seen[skill] = true
		for _, a := range m.s.Agents {
			if m.takes(a) && a.Slots >= m.weight(e) && (skill == "" || slices.Contains(a.Skills, skill) && a.Levels[skill] >= e.Level || slices.Contains(a.Skills, skill) && e.Level <= 1) && m.speaks(a, e.Language) {
				out[a.ID] = true
			}
		}
		if len(out) > 0 || skill == "" {
			break
		}
		next := ""
		for _, sk := range m.s.Skills {
			if sk.ID == skill {
				next = sk.Fallback
			}
		}
		if next == "" {
			break
		}
		skill = next
	}
	others := 0
	for _, a := range m.s.Agents {
		if out[a.ID] && !slices.Contains(e.Avoid, a.ID) && load[a.ID]+m.weight(e) <= a.Slots+1e-9 {
			others++
		}
	}
	rested := m.s.Now.Sub(e.EnteredAt) >= time.Minute && m.s.Now.Sub(e.TriedAt) >= time.Minute
	for id := range out {
		if slices.Contains(e.Avoid, id) && (others > 0 || !rested) {
			delete(out, id)
		}
	}
	return out
}

func TestMatchProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSnapshot(t)
		m := model{s}
		entries := make(map[string]engine.QueueEntry)
		for _, e := range s.Waiting {
			entries[e.Conversation] = e
		}
		load, slots := make(map[string]float64), make(map[string]float64)
		for _, a := range s.Agents {
			load[a.ID], slots[a.ID] = a.Load, a.Slots
		}
		got := routing.Match(s)

		taken := make(map[string]string)
		loadAt := make(map[string]map[string]float64) // conversation → loads when it was given
		for _, a := range got {
			e, ok := entries[a.Conversation]
			if !ok {
				t.Fatalf("%q does not wait", a.Conversation)
			}
			if taken[a.Conversation] != "" {
				t.Fatalf("%q given twice", a.Conversation)
			}
			taken[a.Conversation] = a.Agent
			// Others may be kept free for something heavier, which the model does not know.
			busy := load
			if !equalWeights(m) {
				busy = map[string]float64{}
				for id := range load {
					busy[id] = 1e9
				}
			}
			if !m.eligible(e, busy)[a.Agent] {
				t.Fatalf("%q may not go to %q", a.Conversation, a.Agent)
			}
			before := make(map[string]float64)
			for id, l := range load {
				before[id] = l
			}
			loadAt[a.Conversation] = before
			load[a.Agent] += m.weight(e)
			if load[a.Agent] > slots[a.Agent]+1e-6 {
				t.Fatalf("%q is over capacity: %v of %v", a.Agent, load[a.Agent], slots[a.Agent])
			}
			if len(a.Why.Skipped) > 20 || a.Why.Chosen.Agent != a.Agent {
				t.Fatalf("bad reasons: %+v", a.Why)
			}
		}
		// Nobody who came first is passed over for an agent who had room for him.
		for _, first := range s.Waiting {
			if taken[first.Conversation] != "" {
				continue
			}
			for conv, agentID := range taken {
				later := entries[conv]
				if !comesBefore(first, later) || !m.eligible(first, loadAt[conv])[agentID] {
					continue
				}
				if loadAt[conv][agentID]+m.weight(first) <= slots[agentID]+1e-9 {
					t.Fatalf("%q came before %q, which got %q", first.Conversation, conv, agentID)
				}
			}
		}
		// With equal weights nothing is held back: whoever waits has no agent with room.
		if equalWeights(m) {
			for _, e := range s.Waiting {
				if taken[e.Conversation] != "" {
					continue
				}
				for id := range m.eligible(e, load) {
					if load[id]+m.weight(e) <= slots[id] {
						t.Fatalf("%q waits although %q has room", e.Conversation, id)
					}
				}
			}
		}
	})
}

func equalWeights(m model) bool {
	for _, e := range m.s.Waiting {
		if m.weight(e) != 1 {
			return false
		}
	}
	return true
}

func comesBefore(a, b engine.QueueEntry) bool {
	return cmp.Or(cmp.Compare(a.Priority, b.Priority), a.EnteredAt.Compare(b.EnteredAt), cmp.Compare(a.Conversation, b.Conversation)) < 0
}

func TestMatchIgnoresTheOrderOfItsInput(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := drawSnapshot(t)
		want := routing.Match(s)
		shuffled := routing.Snapshot{Now: s.Now}
		shuffled.Skills = rapid.Permutation(s.Skills).Draw(t, "skills")
		if len(s.Waiting) > 0 {
			shuffled.Waiting = rapid.Permutation(s.Waiting).Draw(t, "waiting")
		}
		if len(s.Agents) > 0 {
			shuffled.Agents = rapid.Permutation(s.Agents).Draw(t, "agents")
		}
		if diff := gocmp.Diff(want, routing.Match(shuffled)); diff != "" {
			t.Fatal(diff)
		}
	})
}
