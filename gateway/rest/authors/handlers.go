package authors

import (
	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/engine/learning"
	"parley/gateway/rest/deps"
)

// Handlers carry out operations of the contract.
type Handlers struct {
	deps.Deps
	Learner *learning.Learner
	runtime *botscripts.Runtime // of what authors try: drafts do not push versions in use out
	reader  brandfolder.Reader
}

// New makes the handlers.
func New(d deps.Deps, learner *learning.Learner) *Handlers {
	return &Handlers{
		d, learner, botscripts.New(botscripts.Config{Bundles: 16, Kept: d.Kept}),
		brandfolder.Reader{Kinds: d.Kinds, Env: brandfolder.Assumed},
	}
}
