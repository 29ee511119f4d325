package routing_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/routing"
)

// noon is when everything happens in the pure tests.
func noon() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func minutes(n int) time.Time { return noon().Add(-time.Duration(n) * time.Minute) }

func agent(id string, load, slots float64, idleMinutes int, skills ...string) routing.Agent {
	return routing.Agent{ID: id, Skills: skills, Load: load, Slots: slots, Available: true, AssignedAt: minutes(idleMinutes)}
}

func waiting(id, skill string, priority, waitedMinutes int) engine.QueueEntry {
	return engine.QueueEntry{Conversation: id, Skill: skill, Priority: priority, EnteredAt: minutes(waitedMinutes)}
}

func TestMatch(t *testing.T) {
	t.Parallel()
	away := func(a routing.Agent) routing.Agent { a.Available = false; return a }
	avoiding := func(e engine.QueueEntry, ids ...string) engine.QueueEntry { e.Avoid = ids; return e }
	wanting := func(e engine.QueueEntry, id string) engine.QueueEntry { e.Agent = id; return e }
	level := func(a routing.Agent, n int) routing.Agent { a.Levels = map[string]int{"care": n}; return a }
	speaking := func(a routing.Agent, tags ...string) routing.Agent { a.Languages = tags; return a }
	needing := func(e engine.QueueEntry, level int, language string) engine.QueueEntry {
		e.Level, e.Language = level, language
		return e
	}
	care := engine.Skill{ID: "care"}
	sales := engine.Skill{ID: "sales", Fallback: "care"}
	heavy := engine.Skill{ID: "heavy", Weight: 2}

	tests := []struct {
		name   string
		snap   routing.Snapshot
		want   []string // "conversation>agent", with "/skill" when it is a fallback
		skills []engine.Skill
	}{
		{name: "nothing waits", snap: routing.Snapshot{Agents: []routing.Agent{agent("ana", 0, 3, 1, "care")}}},
		{name: "nobody is there", snap: routing.Snapshot{Waiting: []engine.QueueEntry{waiting("c1", "care", 5, 1)}}},
		{
			name: "priority, then the longest wait, then the id",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c4", "care", 5, 9), waiting("c3", "care", 1, 1), waiting("c2", "care", 1, 2), waiting("c1", "care", 1, 2)},
				Agents:  []routing.Agent{agent("ana", 0, 3, 1, "care")},
			},
			want: []string{"c1>ana", "c2>ana", "c3>ana"},
		},
		{
			name: "least share of slots, not least load",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "care", 5, 1)},
				Agents:  []routing.Agent{agent("ana", 1, 2, 9, "care"), agent("bo", 2, 8, 1, "care")},
			},
			want: []string{"c1>bo"},
		},
		{
			name: "then the longest idle, then the id",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "care", 5, 3), waiting("c2", "care", 5, 2), waiting("c3", "care", 5, 1)},
				Agents:  []routing.Agent{agent("cy", 0, 2, 5, "care"), agent("bo", 0, 2, 5, "care"), agent("ana", 0, 2, 1, "care")},
			},
			want: []string{"c1>bo", "c2>cy", "c3>ana"},
		},
		{
			name: "somebody who never got anything is the longest idle",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "care", 5, 1)},
				Agents:  []routing.Agent{agent("ana", 0, 2, 600, "care"), {ID: "new", Skills: []string{"care"}, Slots: 2, Available: true}},
			},
			want: []string{"c1>new"},
		},
		{
			name: "without the skill, away or full gets nothing",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "care", 5, 1)},
				Agents:  []routing.Agent{agent("ana", 0, 2, 1, "sales"), away(agent("bo", 0, 2, 1, "care")), agent("cy", 2, 2, 1, "care"), agent("di", 0, 0, 1, "care")},
			},
		},
		{
			name: "weights: tenths add up to a whole slot",
			skills: []engine.Skill{
				{ID: "care", Weight: 0.1},
			},
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "care", 5, 2), waiting("c2", "care", 5, 1)},
				Agents:  []routing.Agent{agent("ana", 0.1+0.1+0.1+0.1+0.1+0.1+0.1+0.1+0.1, 1, 1, "care")},
			},
			want: []string{"c1>ana"},
		},
		{
			name: "fallback when nobody with the skill is available",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "sales", 5, 1)},
				Agents:  []routing.Agent{away(agent("ana", 0, 2, 1, "sales")), agent("bo", 0, 2, 1, "care")},
			},
			want: []string{"c1>bo/care"},
		},
		{
			name: "no fallback while somebody with the skill is merely full",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "sales", 5, 1)},
				Agents:  []routing.Agent{agent("ana", 2, 2, 1, "sales"), agent("bo", 0, 2, 1, "care")},
			},
		},
		{
			name:   "a chain of fallbacks that goes in a circle ends",
			skills: []engine.Skill{{ID: "a", Fallback: "b"}, {ID: "b", Fallback: "c"}, {ID: "c", Fallback: "a"}},
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "a", 5, 1), waiting("c2", "b", 5, 1)},
				Agents:  []routing.Agent{agent("ana", 0, 2, 1, "x")},
			},
		},
		{
			name:   "a chain is followed to its end",
			skills: []engine.Skill{{ID: "a", Fallback: "b"}, {ID: "b", Fallback: "c"}, {ID: "c", Fallback: "a"}},
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "a", 5, 1)},
				Agents:  []routing.Agent{agent("ana", 0, 2, 1, "c")},
			},
			want: []string{"c1>ana/c"},
		},
		{
			name: "without a skill anybody may take it",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "", 5, 1)},
				Agents:  []routing.Agent{agent("ana", 0, 2, 1)},
			},
			want: []string{"c1>ana/"},
		},
		{
			name: "avoided agents are passed over while others have room",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{avoiding(waiting("c1", "care", 5, 2), "ana"), avoiding(waiting("c2", "care", 5, 1), "ana")},
				Agents:  []routing.Agent{agent("ana", 0, 9, 9, "care"), agent("bo", 1, 2, 1, "care")},
			},
			want: []string{"c1>bo", "c2>ana"},
		},
		{
			name: "the only one there gets it again",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{avoiding(waiting("c1", "care", 5, 2), "ana", "gone", "ana")},
				Agents:  []routing.Agent{agent("ana", 0, 9, 9, "care"), away(agent("bo", 0, 2, 1, "care"))},
			},
			want: []string{"c1>ana"},
		},
		{
			name: "but not at once: it has waited less than a minute, or the agent had something less than a minute ago",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{
					avoiding(waiting("c1", "care", 5, 0), "ana"), avoiding(waiting("c2", "care", 5, 9), "bo"),
					avoiding(waiting("c3", "sales", 5, 9), "bo", "cy"),
				},
				Agents: []routing.Agent{agent("ana", 0, 9, 9, "care"), agent("bo", 0, 9, 0, "sales"), agent("cy", 0, 9, 1, "sales")},
			},
			want: []string{"c2>ana", "c3>cy"},
		},
		{
			name: "something else in the same round does not make it wait longer",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "care", 1, 5), avoiding(waiting("c2", "care", 5, 5), "ana")},
				Agents:  []routing.Agent{agent("ana", 0, 9, 9, "care")},
			},
			want: []string{"c1>ana", "c2>ana"},
		},
		{
			name: "wanting one agent waits for him, with or without the skill",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{wanting(waiting("c1", "care", 5, 3), "full"), wanting(waiting("c2", "care", 5, 2), "cy"), wanting(waiting("c3", "care", 5, 1), "away")},
				Agents:  []routing.Agent{agent("ana", 0, 9, 9, "care"), agent("full", 1, 1, 1, "care"), agent("cy", 0, 2, 1), away(agent("away", 0, 2, 1, "care"))},
			},
			want: []string{"c2>cy/"},
		},
		{
			name: "a wish ends when the agent is removed, turned it down, or patience is over",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{
					wanting(waiting("c1", "care", 5, 3), "removed"),
					avoiding(wanting(waiting("c2", "care", 5, 2), "cy"), "cy"),
					wanting(waiting("c0", "care", 5, 120), "away"),
				},
				Agents: []routing.Agent{agent("ana", 0, 9, 9, "care"), agent("cy", 0, 2, 1), away(agent("away", 0, 2, 1, "care"))},
			},
			want: []string{"c0>ana", "c1>ana", "c2>ana"},
		},
		{
			name: "the level in the skill must be reached, and it is 1 by default",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{needing(waiting("c1", "care", 5, 4), 3, ""), needing(waiting("c2", "care", 5, 3), 4, ""), needing(waiting("c3", "care", 5, 2), 1, "")},
				Agents:  []routing.Agent{agent("ana", 0, 9, 9, "care"), level(agent("bo", 1, 9, 1, "care"), 3), level(agent("cy", 0, 9, 9), 5)},
			},
			want: []string{"c1>bo", "c3>ana"},
		},
		{
			name: "a language is spoken whatever the region, and by those who name none",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{
					needing(waiting("c1", "care", 5, 4), 0, "de-AT"), needing(waiting("c2", "care", 5, 3), 0, "fr"), needing(waiting("c3", "care", 5, 2), 0, "PT_BR"),
					needing(waiting("c4", "care", 5, 1), 0, "de"),
				},
				Agents: []routing.Agent{speaking(agent("bo", 0, 1, 9, "care"), "en", "de"), speaking(agent("cy", 0, 1, 1, "care"), "pt-PT"), agent("ana", 8, 9, 1, "care")},
			},
			want: []string{"c1>bo", "c2>ana", "c3>cy"},
		},
		{
			name: "nobody who meets it: the fallback",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{needing(waiting("c1", "sales", 5, 1), 2, ""), needing(waiting("c2", "sales", 5, 1), 0, "")},
				Agents:  []routing.Agent{agent("ana", 0, 9, 9, "sales"), agent("bo", 0, 9, 9, "care"), level(agent("cy", 8, 9, 1, "care"), 2)},
			},
			want: []string{"c1>cy/care", "c2>ana"},
		},
		{
			name: "one agent is wanted whatever he speaks",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{wanting(needing(waiting("c1", "care", 5, 1), 9, "fr"), "bo")},
				Agents:  []routing.Agent{speaking(agent("bo", 0, 1, 9, "care"), "en")},
			},
			want: []string{"c1>bo/"},
		},
		{
			name: "without a skill the language still counts, and a level cannot",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{needing(waiting("c1", "", 5, 1), 9, "fr")},
				Agents:  []routing.Agent{speaking(agent("bo", 0, 1, 9, "care"), "en"), speaking(agent("cy", 0, 1, 1), "fr")},
			},
			want: []string{"c1>cy/"},
		},
		{
			name: "a heavy one keeps an agent free of lighter ones behind it",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "heavy", 1, 1), waiting("c2", "care", 5, 9), waiting("c3", "care", 5, 8)},
				Agents:  []routing.Agent{agent("ana", 1, 2, 1, "care", "heavy"), agent("bo", 3, 4, 1, "care", "heavy")},
			},
			want: []string{"c2>bo"},
		},
		{
			name: "but nobody whose slots can never hold it",
			snap: routing.Snapshot{
				Waiting: []engine.QueueEntry{waiting("c1", "heavy", 1, 1), waiting("c2", "care", 5, 9)},
				Agents:  []routing.Agent{agent("ana", 0, 1, 1, "care", "heavy")},
			},
			want: []string{"c2>ana"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.snap.Now = noon()
			tt.snap.Skills = tt.skills
			if tt.skills == nil {
				tt.snap.Skills = []engine.Skill{care, sales, heavy}
			}
			entries := make(map[string]engine.QueueEntry)
			for _, e := range tt.snap.Waiting {
				entries[e.Conversation] = e
			}
			var got []string
			for _, a := range routing.Match(tt.snap) {
				s := a.Conversation + ">" + a.Agent
				if a.Via != entries[a.Conversation].Skill || a.Via == "" {
					s += "/" + a.Via
				}
				got = append(got, s)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMatchExplains(t *testing.T) {
	t.Parallel()
	snap := routing.Snapshot{
		Now:    noon(),
		Skills: []engine.Skill{{ID: "care"}, {ID: "sales", Fallback: "care"}},
		Waiting: []engine.QueueEntry{
			{Conversation: "c1", Skill: "care", Priority: 3, EnteredAt: minutes(2), Avoid: []string{"dee"}},
			{Conversation: "c2", Skill: "sales", Priority: 4, Raised: 2, EnteredAt: minutes(1)},
		},
		Agents: []routing.Agent{
			agent("ana", 1, 4, 5, "care"),
			agent("bo", 2, 4, 7, "care"),
			agent("cy", 4, 4, 7, "care"),
			agent("dee", 0, 4, 7, "care"),
			{ID: "eve", Skills: []string{"care"}, Slots: 4},
			{ID: "flo", Skills: []string{"sales"}, Slots: 4},
			{ID: "gus", Skills: []string{"other"}, Slots: 4},
		},
	}
	want := []routing.Assignment{
		{Conversation: "c1", Agent: "ana", Via: "care", Why: engine.MatchReasons{
			WaitedMS: 120_000, Priority: 3,
			Chosen:   engine.AgentScore{Agent: "ana", Load: 0.25, IdleMS: 300_000},
			RunnerUp: &engine.AgentScore{Agent: "bo", Load: 0.5, IdleMS: 420_000},
			Skipped:  map[string]string{"cy": "no room", "dee": "had it before", "eve": "not available"},
		}},
		{Conversation: "c2", Agent: "dee", Via: "care", Why: engine.MatchReasons{
			WaitedMS: 60_000, Priority: 4, Raised: 2,
			Chosen:   engine.AgentScore{Agent: "dee", Load: 0, IdleMS: 420_000},
			RunnerUp: &engine.AgentScore{Agent: "bo", Load: 0.5, IdleMS: 420_000},
			Skipped:  map[string]string{"cy": "no room", "eve": "not available", "flo": "not available"},
		}},
	}
	if diff := cmp.Diff(want, routing.Match(snap)); diff != "" {
		t.Error(diff)
	}
}

func TestMatchExplainsLevelsAndLanguages(t *testing.T) {
	t.Parallel()
	ana, bo, cy := agent("ana", 0, 4, 5, "care"), agent("bo", 0, 4, 5, "care"), agent("cy", 0, 4, 5, "care")
	ana.Levels, ana.Languages = map[string]int{"care": 3}, []string{"de"}
	bo.Levels = map[string]int{"care": 2}
	cy.Levels, cy.Languages = map[string]int{"care": 3}, []string{"en", "fr"}
	away := ana
	away.ID, away.Available = "dee", false
	e := waiting("c1", "care", 5, 1)
	e.Level, e.Language = 3, "de"
	got := routing.Match(routing.Snapshot{Now: noon(), Waiting: []engine.QueueEntry{e}, Agents: []routing.Agent{ana, bo, cy, away, agent("eve", 0, 4, 5, "sales")}})
	if len(got) != 1 {
		t.Fatalf("matched %+v", got)
	}
	want := map[string]string{"bo": "below level 3", "cy": "does not speak de", "dee": "not available"}
	if diff := cmp.Diff(want, got[0].Why.Skipped); diff != "" {
		t.Error(diff)
	}
}

func TestMatchNamesAtMostTwentySkipped(t *testing.T) {
	t.Parallel()
	snap := routing.Snapshot{
		Now:     noon(),
		Waiting: []engine.QueueEntry{waiting("c1", "care", 1, 1)},
		Agents:  []routing.Agent{agent("free", 0, 1, 1, "care"), {ID: "never", Skills: []string{"care"}, Slots: 1, Available: true, Load: 1}},
	}
	for i := range 50 {
		snap.Agents = append(snap.Agents, agent(fmt.Sprintf("full%02d", i), 1, 1, 1, "care"))
	}
	got := routing.Match(snap)
	if len(got) != 1 || len(got[0].Why.Skipped) != 20 {
		t.Fatalf("got %+v, want one assignment with 20 skipped", got)
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, free := range []bool{true, false} {
		snap := bigSnapshot(free)
		name := "full"
		if free {
			name = "free"
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var n int
			for b.Loop() {
				n = len(routing.Match(snap))
			}
			b.ReportMetric(float64(n), "assigned")
		})
	}
}

// bigSnapshot has 1,000 waiting conversations and 200 agents, with room for
// all of them or for one in ten.
func bigSnapshot(free bool) routing.Snapshot {
	snap := routing.Snapshot{Now: noon()}
	for i := range 8 {
		snap.Skills = append(snap.Skills, engine.Skill{ID: fmt.Sprintf("skill%d", i), Fallback: fmt.Sprintf("skill%d", (i+1)%8)})
	}
	for i := range 1000 {
		e := waiting(fmt.Sprintf("conversation-%04d", (i*7919)%1000), fmt.Sprintf("skill%d", i%8), 1+i%10, i%97)
		if i%5 == 0 {
			e.Avoid = []string{fmt.Sprintf("agent-%03d", i%200), fmt.Sprintf("agent-%03d", (i+8)%200)}
		}
		snap.Waiting = append(snap.Waiting, e)
	}
	for i := range 200 {
		a := agent(fmt.Sprintf("agent-%03d", i), float64(i%3), 8, i%61, fmt.Sprintf("skill%d", i%8), fmt.Sprintf("skill%d", (i+3)%8), fmt.Sprintf("skill%d", (i+5)%8))
		if !free {
			a.Load = 8
			if i%2 == 0 {
				a.Load = 7
			}
		}
		a.Available = i%10 != 9
		snap.Agents = append(snap.Agents, a)
	}
	return snap
}
