package connectors

import (
	"net/http"
	"time"

	"parley/connectors/instagram"
	"parley/connectors/messenger"
	"parley/connectors/twilio"
	"parley/connectors/webchat"
	"parley/connectors/webhook"
	"parley/connectors/whatsapp"
	"parley/engine"
)

// Config is what connectors share.
type Config struct {
	HTTP *http.Client     // guarded; carries every request to a provider. Required.
	Now  func() time.Time // nil takes time.Now
}

// Builtin is every connector of this build, each with a kind of its own.
func Builtin(cfg Config) []engine.Connector {
	return []engine.Connector{
		twilio.New(twilio.Config{HTTP: cfg.HTTP, Now: cfg.Now}),
		webchat.New(),
		whatsapp.New(whatsapp.Config{HTTP: cfg.HTTP, Now: cfg.Now}),
		messenger.New(messenger.Config{HTTP: cfg.HTTP, Now: cfg.Now}),
		instagram.New(instagram.Config{HTTP: cfg.HTTP, Now: cfg.Now}),
		webhook.New(webhook.Config{HTTP: cfg.HTTP, Now: cfg.Now}),
	}
}

// Kinds are what the connectors of this build declare.
func Kinds() engine.ChannelKinds {
	var kinds engine.ChannelKinds
	for _, c := range Builtin(Config{HTTP: &http.Client{}}) { // they are only asked
		kinds = append(kinds, c.Spec())
	}
	return kinds
}
