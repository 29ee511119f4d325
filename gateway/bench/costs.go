package bench

import (
	"time"
)

// meter is what has been used so far, by whom.
type meter struct {
	at      time.Time
	clients time.Duration // processor time of this process
	machine time.Duration // of all of this machine; 0 where it does not tell
	nodes   []nodeFigures
}

func (b *run) meter(s *site) (meter, error) {
	nodes, err := s.figures()
	return meter{time.Now(), processorTime(), machineTime(), nodes}, err
}

// costs says what a turn took, and who was busy with it.
func (r *Result) costs(before, after meter, turns int, shared bool) {
	if turns == 0 {
		return
	}
	lasted := after.at.Sub(before.at)
	cores := func(d time.Duration) float64 { return round(float64(d)/float64(lasted), 2) }
	per := func(v float64) float64 { return round(v/float64(turns), 3) }
	used := after.clients - before.clients
	var all nodeFigures
	own := len(after.nodes) > 1
	for i, n := range after.nodes {
		d := n.minus(before.nodes[i])
		all.Database.Trips += d.Database.Trips
		all.Database.Statements += d.Database.Statements
		all.Database.Waited += d.Database.Waited
		all.Database.Again += d.Database.Again
		if own {
			used += d.Processor
			r.NodeCores = append(r.NodeCores, cores(d.Processor))
		}
	}
	r.TurnCoreMS = per(float64(used) / float64(time.Millisecond))
	if !shared {
		return
	}
	d := all.Database
	r.Database = &DatabaseCosts{
		Trips: per(float64(d.Trips)), Statements: per(float64(d.Statements)), Again: per(float64(d.Again)),
		WaitMS: per(float64(d.Waited) / float64(time.Millisecond)), ClientCores: cores(after.clients - before.clients),
	}
	if after.machine > 0 {
		rest := after.machine - before.machine - used
		r.Database.OtherCores, r.Database.CoreMS = cores(rest), per(float64(rest)/float64(time.Millisecond))
	}
}

// DatabaseCosts are what a turn asked of PostgreSQL, and what was busy beside the nodes.
// Of the whole machine's processor time, what is not the nodes' and not this process's is
// the database's, and of what else runs.
type DatabaseCosts struct {
	Trips       float64 `json:"trips"` // there and back, for each turn
	Statements  float64 `json:"statements"`
	Again       float64 `json:"again"` // updates that were run again
	WaitMS      float64 `json:"wait_ms"`
	CoreMS      float64 `json:"core_ms"`
	ClientCores float64 `json:"client_cores"` // with one node, that node is among them
	OtherCores  float64 `json:"other_cores"`
}
