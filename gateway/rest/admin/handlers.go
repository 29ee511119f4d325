package admin

import (
	"parley/engine"
	"parley/engine/erasure"
	"parley/gateway/rest/live"
	"parley/gateway/signin"
)

// Deps of Handlers. All are required.
type Deps struct {
	Store  engine.Store
	Clock  engine.Clock
	Signin *signin.Service
	Live   *live.Server
	Eraser erasure.Eraser
}

// Handlers carry out operations of the contract.
type Handlers struct {
	Deps
}

// New makes the handlers.
func New(d Deps) *Handlers { return &Handlers{Deps: d} }
