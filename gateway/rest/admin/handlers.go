package admin

import (
	"parley/gateway/rest/deps"
	"parley/gateway/rest/live"
)

// Handlers carry out operations of the contract.
type Handlers struct {
	deps.Deps
	Live *live.Server
}
