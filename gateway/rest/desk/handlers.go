package desk

import (
	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/desk"
	"parley/engine/learning"
	"parley/gateway/lanes"
	"parley/gateway/rest/live"
	"parley/gateway/signin"
)

// Deps of Handlers. All are required.
type Deps struct {
	Store    engine.Store
	Clock    engine.Clock
	Desk     *desk.Desk
	Catalog  *catalog.Catalog
	Signin   *signin.Service
	Live     *live.Server
	Search   engine.Searcher
	Searches *lanes.Lanes // of each agent
	Learner  *learning.Learner
	Tones    Tones
	Build    string
	Kinds    engine.ChannelKinds
}

// Handlers carry out operations of the contract.
type Handlers struct {
	Deps
}

// New makes the handlers.
func New(d Deps) *Handlers { return &Handlers{Deps: d} }
