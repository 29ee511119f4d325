package desk

import (
	"parley/engine/learning"
	"parley/gateway/limits"
	"parley/gateway/rest/deps"
	"parley/gateway/rest/live"
)

// Handlers carry out operations of the contract.
type Handlers struct {
	deps.Deps
	Live     *live.Server
	Learner  *learning.Learner
	Searches *limits.Lanes // of each agent
}

// New makes the handlers.
func New(d deps.Deps, l *live.Server, learner *learning.Learner) *Handlers {
	return &Handlers{d, l, learner, limits.NewLanes(searchesRun, searchesKept)}
}
