package enginetest

import (
	"context"
	"fmt"
	"strings"

	"parley/engine"
	"parley/engine/versions"
)

// Named reads a brand.yaml that is the brand's name, and "broken" not at all.
func Named(b engine.Bundle) (versions.Version, error) {
	name := b.Files["brand.yaml"]
	if name == "broken" {
		return versions.Version{}, engine.Errorf(engine.Invalid, "brand.yaml:1: it is broken")
	}
	v := versions.Version{Bundle: b, Brand: engine.Brand{
		ID: b.Brand, Name: name, Settings: engine.BrandSettings{TimeZone: "UTC", Languages: []string{"en"}, DefaultSkill: "care", BotName: "Ava"},
	}}
	v.Channels = []engine.Channel{
		{Brand: Brand, ID: Phone, Kind: "phone", Bot: "main"}, {Brand: Brand, ID: Web, Kind: "web", Bot: "main"},
	}
	v.Skills = []engine.Skill{{Brand: Brand, ID: "care", Name: "Customer care", Priority: 5}}
	return v, nil
}

// Bundle is what can be pushed, with one bot.
func Bundle(hash, lua string) engine.Bundle {
	return engine.Bundle{Hash: hash, Brand: Brand, Files: map[string]string{"brand.yaml": "Acme " + hash, "bots/main.lua": lua}}
}

// Publish makes v1, with this bot, the first version of the brand.
func (w *World) Publish(lua string) *World {
	w.T.Helper()
	b := Bundle("v1", lua)
	b.Files["brand.yaml"] = "Acme"
	v, err := Named(b)
	if err == nil {
		_, err = w.Versions.Publish(context.Background(), v, versions.By{})
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return w
}

// Push stores a version.
func (w *World) Push(hash, lua string) {
	w.T.Helper()
	if fresh, err := w.Versions.Push(context.Background(), Bundle(hash, lua), versions.By{Note: "made " + hash}); err != nil || !fresh {
		w.T.Fatalf("pushing %s: %t, %v", hash, fresh, err)
	}
}

// Activate makes a version active.
func (w *World) Activate(hash string) {
	w.T.Helper()
	if changed, err := w.Versions.Activate(context.Background(), Brand, hash, versions.By{Actor: "agent:ana"}); err != nil || !changed {
		w.T.Fatalf("activating %s: %t, %v", hash, changed, err)
	}
}

// Stored reads the brand.
func (w *World) Stored() engine.Brand {
	w.T.Helper()
	return Read(w, func(tx engine.Tx) (engine.Brand, error) { return tx.Brands().Get(Brand) })
}

// History is what was done with versions, oldest first: "activated v1".
func (w *World) History() []string {
	w.T.Helper()
	all := Read(w, func(tx engine.Tx) ([]engine.VersionChange, error) { return tx.VersionChanges().List(Brand, 100) })
	var out []string
	for _, r := range all {
		s := string(r.Kind) + " " + r.Version
		if r.Share > 0 {
			s += fmt.Sprintf(" %d%%", r.Share)
		}
		out = append([]string{s}, out...)
	}
	return out
}

// Visitor opens a conversation of its own on the web, or goes on with it, and lets the bot answer.
func (w *World) Visitor(name, text string) engine.Conversation {
	w.T.Helper()
	id := w.WriteAs(Web, engine.Inbound{From: name, ProviderID: w.ID(), Content: engine.Content{Text: text}}).Conversation.ID
	w.Visit(id)
	return w.Conversation(id)
}

// Refused expects an error with the code and these words.
func (w *World) Refused(code engine.Code, words string, err error) {
	w.T.Helper()
	if engine.CodeOf(err) != code || !strings.Contains(err.Error(), words) {
		w.T.Errorf("it gave %v, want %s with %q", err, code, words)
	}
}
