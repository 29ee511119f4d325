package deps

import (
	"context"
	"log/slog"
	"time"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/desk"
	"parley/engine/erasure"
	"parley/engine/log"
	"parley/engine/versions"
	"parley/gateway/signin"
)

// Deps of the API. All are required.
type Deps struct {
	Store   engine.Store
	Bus     engine.Bus
	Clock   engine.Clock
	NewID   engine.NewID
	Desk    *desk.Desk
	Hub     *log.Hub
	Catalog *catalog.Catalog
	Signin  *signin.Service
	Build   string
	Log     *slog.Logger
	Origins []string // may open live sockets, besides the same host

	Search   engine.Searcher
	Eraser   erasure.Eraser
	Versions *versions.Versions
	Kept     botscripts.Kept // what was learned from texts; nil for nothing
	Tones    Tones
	// Admit tells which of the variables that a brand names keep it from being
	// used, and leaves out optional channels that lack theirs.
	Admit func(brandfolder.Brand) (brandfolder.Brand, []brandfolder.Problem)
	// Kinds are those of the channels.
	Kinds engine.ChannelKinds
	// Look asks a channel's provider whether it is set up well; webhook is the address
	// that the provider calls, "" for none.
	Look func(ctx context.Context, ch engine.Channel) (findings []engine.Finding, webhook string)
	// Draft makes a link to a channel's chat page that talks to a version.
	Draft func(channel, version string) (link string, until time.Time, err error)
}

// Tones takes what agents say of how a consumer's message sounds.
type Tones interface {
	// Judge fails as Invalid with the field tone, and as NotFound for what is no
	// consumer's message of the conversation.
	Judge(ctx context.Context, brand, conversation, message string, tone engine.Tone, actor string) (engine.Message, error)
}
