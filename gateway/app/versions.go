package app

import (
	"fmt"
	"net/http"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/botscripts/kept"
	"parley/connectors"
	"parley/engine"
	"parley/engine/bus"
	"parley/engine/publish"
	"parley/engine/transcript"
	"parley/engine/versions"
	"parley/gateway/secrets"
)

// Reader tells what the brand.yaml of a bundle says, where the variables that it
// names are allowed and set. Invalid when it cannot be used.
func Reader(v *secrets.Vault) versions.Reader {
	return func(b engine.Bundle) (publish.Version, error) { return readVersion(v, b) }
}

func readVersion(v *secrets.Vault, b engine.Bundle) (publish.Version, error) {
	got, problems := brandfolder.FromFiles(b.Files, brandfolder.Assumed)
	got, more := v.Admit(got)
	if problems = append(problems, more...); len(problems) > 0 {
		more := ""
		if len(problems) > 1 {
			more = fmt.Sprintf(" (and %d more problems)", len(problems)-1)
		}
		return publish.Version{}, engine.Errorf(engine.Invalid, "The version cannot be used here: %s%s", problems[0], more)
	}
	return versionOf(got), nil
}

func versionOf(b brandfolder.Brand) publish.Version {
	return publish.Version{Brand: b.Brand, Channels: b.Channels, Skills: b.Skills, Bundle: b.Bundle}
}

// Versions changes the versions of the brands of a store that no server has
// open: what it does is seen at the next start.
func Versions(store engine.Store, v *secrets.Vault) *versions.Versions {
	kinds := connectors.Builtin(connectors.Config{HTTP: &http.Client{}}) // they only render: nothing is sent
	byKind := map[engine.ChannelKind]engine.Connector{}
	for _, c := range kinds {
		byKind[c.Kind()] = c
	}
	return &versions.Versions{
		Store: store, Bus: bus.New(), Clock: NewClock(), Writer: newWriter(byKind), Read: Reader(v),
		Runtime: botscripts.New(botscripts.Config{Kept: kept.OfUser()}),
	}
}

// newWriter makes a writer that renders for the channels' kinds.
func newWriter(kinds map[engine.ChannelKind]engine.Connector) transcript.Writer {
	return transcript.Writer{NewID: NewID, Render: func(ch engine.Channel, c engine.Content, hint string) []engine.Content {
		if r, ok := kinds[ch.Kind].(engine.Renderer); ok {
			return r.Render(ch, c, hint)
		}
		return []engine.Content{c}
	}}
}
