package routing_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/log/projection"
	"parley/engine/routing"
)

func TestPaced(t *testing.T) {
	t.Parallel()
	ago := func(s int) time.Time { return noon().Add(-time.Duration(s) * time.Second) }
	pace := func(seconds, takenAgo int) routing.Pace {
		return routing.Pace{Interval: time.Duration(seconds) * time.Second, TakenAt: ago(takenAgo)}
	}
	tests := []struct {
		name    string
		before  routing.Pace
		entered time.Time
		want    time.Duration
	}{
		{"the first", routing.Pace{}, ago(60), time.Minute},
		{"an agent was free", routing.Pace{}, ago(1), 0},
		{"a free agent changes nothing", pace(50, 3), ago(1), 50 * time.Second},
		{"from the take before", pace(50, 100), ago(500), 60 * time.Second},
		{"from when it came, after a quiet time", pace(50, 500), ago(100), 60 * time.Second},
		{"a night", pace(0, 40000), ago(30000), time.Hour},
		{"a clock that went back", pace(50, -100), ago(10), 40 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := routing.Paced(tt.before, tt.entered, noon())
			if got.Interval != tt.want || !got.TakenAt.Equal(noon()) {
				t.Errorf("got %v at %v, want %v now", got.Interval, got.TakenAt, tt.want)
			}
		})
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	away := agent("away", 0, 3, 1, "care")
	away.Available = false
	full, free := agent("full", 2, 2, 1, "care"), agent("free", 1, 2, 1, "care")
	queue := []engine.QueueEntry{waiting("c1", "care", 5, 2), waiting("c2", "care", 5, 1), waiting("c3", "sales", 5, 60)}
	minute := routing.Pace{Interval: time.Minute, TakenAt: minutes(0)}
	slow := routing.Pace{Interval: time.Minute, TakenAt: minutes(25 * 60)}
	stuck := routing.Pace{Interval: time.Second, TakenAt: minutes(90)}
	skills := []engine.Skill{{ID: "care"}, {ID: "sales", Fallback: "care", Weight: 2}}
	tests := []struct {
		name   string
		skill  string
		wait   []engine.QueueEntry
		agents []routing.Agent
		pace   routing.Pace
		want   engine.QueueStatus
	}{
		{"nobody is there", "care", queue, []routing.Agent{away}, minute, engine.QueueStatus{Waiting: 2, Expected: -1}},
		{"somebody has room", "care", queue[2:], []routing.Agent{full, free, away}, routing.Pace{}, engine.QueueStatus{Online: 2}},
		{"room, and others wait", "care", queue, []routing.Agent{free}, minute, engine.QueueStatus{Waiting: 2, Online: 1, Expected: 180}},
		{"full, and nobody waits", "care", nil, []routing.Agent{full}, minute, engine.QueueStatus{Online: 1, Expected: 60}},
		{"full, and nobody ever waited", "care", nil, []routing.Agent{full}, routing.Pace{TakenAt: minutes(0)}, engine.QueueStatus{Online: 1, Expected: -1}},
		{"no pace", "care", queue, []routing.Agent{full}, routing.Pace{}, engine.QueueStatus{Waiting: 2, Online: 1, Expected: -1}},
		{"a pace of yesterday", "care", queue, []routing.Agent{full}, slow, engine.QueueStatus{Waiting: 2, Online: 1, Expected: -1}},
		{"it does not move", "care", queue, []routing.Agent{full}, stuck, engine.QueueStatus{Waiting: 2, Online: 1, Expected: 360}},
		{"too heavy for the room", "sales", nil, []routing.Agent{free}, minute, engine.QueueStatus{Online: 1, Expected: 60}},
		{"a fallback answers", "sales", queue, []routing.Agent{agent("cy", 0, 2, 1, "care")}, minute, engine.QueueStatus{Waiting: 1, Online: 1, Expected: 2 * 3600}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := routing.Snapshot{Now: noon(), Skills: skills, Waiting: tt.wait, Agents: tt.agents}
			if tt.name == "a fallback answers" {
				tt.pace.TakenAt = minutes(70)
			}
			if diff := cmp.Diff(tt.want, routing.Status(s, tt.skill, tt.pace)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestQueueStatusOfAStore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, engine.Skill{ID: "care"}, engine.Skill{ID: "night", Hours: &engine.Hours{Shifts: []engine.Shift{
		{Days: []time.Weekday{0, 1, 2, 3, 4, 5, 6}, Span: engine.Span{From: 0, Until: 60}},
	}}})
	status := func(skill string) (st engine.QueueStatus) {
		w.view(func(tx engine.Tx) error {
			e, err := catalog.Read(tx, brand)
			if err != nil {
				return err
			}
			e.Brand.Settings.DefaultSkill = "care"
			st, err = routing.QueueStatus(tx, e, skill, w.clock())
			return err
		})
		return st
	}
	equal := func(want, got engine.QueueStatus) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	}
	equal(engine.QueueStatus{Open: true, Expected: -1}, status("care"))
	equal(engine.QueueStatus{Expected: -1}, status("night"))
	equal(engine.QueueStatus{Expected: -1}, status("unknown"))

	w.addAgent(engine.User{ID: "ana", Skills: []string{"care"}, Slots: 1})
	equal(engine.QueueStatus{Open: true, Online: 1}, status(""))
	w.addWaiting("c1", "care")
	w.addWaiting("c2", "care")
	w.addWaiting("c3", "care")
	w.advance(30 * time.Second)
	paces := projection.Runner{Store: w.store, Projections: []engine.Projection{routing.PaceProjection()}}
	take := func(id string) {
		w.update(func(tx engine.Tx) error {
			c, err := tx.Conversations().Get(brand, id)
			if err != nil {
				return err
			}
			u, err := tx.Users().Get(brand, "ana")
			if err != nil {
				return err
			}
			return w.assign(tx, c, u)
		})
		if err := paces.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	take("c1") // after 32 s
	equal(engine.QueueStatus{Open: true, Waiting: 2, Online: 1, Expected: 96}, status("care"))
	w.advance(12 * time.Second)
	take("c2") // 12 s after the first: 32 - 0.2 * 20 = 28
	equal(engine.QueueStatus{Open: true, Waiting: 1, Online: 1, Expected: 56}, status("care"))
	w.update(func(tx engine.Tx) error { // c3 waits for one agent alone
		e, err := tx.Queue().Get("c3")
		if err != nil {
			return err
		}
		e.Agent = "ana"
		return tx.Queue().Put(e)
	})
	w.addWaiting("c4", "care")
	w.advance(5 * time.Second)
	take("c3")
	equal(engine.QueueStatus{Open: true, Waiting: 1, Online: 1, Expected: 56}, status("care"))
}
