package authors

import (
	"time"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/learning"
	"parley/engine/versions"
)

// Deps of Handlers. All are required.
type Deps struct {
	Store    engine.Store
	Clock    engine.Clock
	Catalog  *catalog.Catalog
	Versions *versions.Versions
	Learner  *learning.Learner
	Kept     botscripts.Kept // what was learned from texts; nil for nothing
	// Admit tells which of the variables that a brand names keep it from being
	// used, and leaves out optional channels that lack theirs.
	Admit func(brandfolder.Brand) (brandfolder.Brand, []brandfolder.Problem)
	// Kinds are those of the channels.
	Kinds engine.ChannelKinds
	// Draft makes a link to a channel's chat page that talks to a version.
	Draft func(channel, bundle string) (link string, until time.Time, err error)
}

// Handlers carry out operations of the contract.
type Handlers struct {
	Deps
	runtime *botscripts.Runtime // of what authors try: drafts do not push versions in use out
	reader  brandfolder.Reader
}

// New makes the handlers.
func New(d Deps) *Handlers {
	return &Handlers{
		d, botscripts.New(botscripts.Config{Bundles: 16, Kept: d.Kept}),
		brandfolder.Reader{Kinds: d.Kinds, Env: brandfolder.Assumed},
	}
}
