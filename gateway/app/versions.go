package app

import (
	"net/http"
	"time"

	"parley/botscripts"
	"parley/botscripts/kept"
	"parley/connectors"
	"parley/engine"
	"parley/engine/conversation"
	"parley/engine/versions"
	"parley/gateway/folder"
	"parley/gateway/secrets"
)

// Versions changes the versions of the brands of a store that no server has
// open: what it does is seen at the next start.
func Versions(store engine.Store, v *secrets.Vault) *versions.Versions {
	kinds := connectors.Builtin(connectors.Config{HTTP: &http.Client{}}) // they only render: nothing is sent
	byKind := map[engine.ChannelKind]engine.Connector{}
	for _, c := range kinds {
		byKind[c.Spec().Kind] = c
	}
	return &versions.Versions{
		Store: store, Clock: time.Now, Writer: newWriter(byKind), Read: folder.Reader(v),
		Runtime: botscripts.New(botscripts.Config{Kept: kept.OfUser()}),
	}
}

// newWriter makes a writer that renders for the channels' kinds.
func newWriter(kinds map[engine.ChannelKind]engine.Connector) conversation.Writer {
	served := func(kind engine.ChannelKind) bool {
		c, ok := kinds[kind]
		return ok && c.Spec().Served
	}
	return conversation.Writer{NewID: NewID, Served: served, Render: func(ch engine.Channel, c engine.Content, hint string) []engine.Content {
		if r, ok := kinds[ch.Kind].(engine.Renderer); ok {
			return r.Render(ch, c, hint)
		}
		return []engine.Content{c}
	}}
}
