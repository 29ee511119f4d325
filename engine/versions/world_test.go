package versions_test

import (
	"fmt"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"parley/botscripts"
	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/versions"
	"parley/storage/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is an engine with a brand whose versions are changed.
type world struct {
	*enginetest.World
	versions *versions.Versions
	forgot   int
}

const brand = enginetest.Brand

// newWorld has one active version, v1, whose bot is lua.
func newWorld(t testing.TB, lua string) *world {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Config{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	runtime := botscripts.New(botscripts.Config{})
	w := &world{World: enginetest.New(t, store, runtime)}
	w.versions = &versions.Versions{
		Store: store, Clock: w.Clock.Now, Writer: w.Writer, Read: settings, Runtime: runtime,
		Forget: func(b string) { w.forgot++; w.Catalog.Forget(b) },
	}
	v := version("v1", lua)
	v.Bundle.Files["brand.yaml"] = "Acme"
	if v, err = settings(v.Bundle); err != nil {
		t.Fatal(err)
	}
	if _, err := publish(w.World, v); err != nil {
		t.Fatal(err)
	}
	w.Catalog.Forget(brand)
	return w
}

// settings reads a brand.yaml that is the brand's name, and "broken" not at all.
func settings(b engine.Bundle) (versions.Version, error) {
	name := b.Files["brand.yaml"]
	if name == "broken" {
		return versions.Version{}, engine.Errorf(engine.Invalid, "brand.yaml:1: it is broken")
	}
	v := versions.Version{Bundle: b, Brand: engine.Brand{
		ID: b.Brand, Name: name, Settings: engine.BrandSettings{TimeZone: "UTC", Languages: []string{"en"}, DefaultSkill: "care", BotName: "Ava"},
	}}
	v.Channels = []engine.Channel{
		{Brand: brand, ID: enginetest.Phone, Kind: "phone", Bot: "main"}, {Brand: brand, ID: enginetest.Web, Kind: "web", Bot: "main"},
	}
	v.Skills = []engine.Skill{{Brand: brand, ID: "care", Name: "Customer care", Priority: 5}}
	return v, nil
}

func version(hash, lua string) versions.Version {
	return versions.Version{Bundle: engine.Bundle{
		Hash: hash, Brand: brand, Files: map[string]string{"brand.yaml": "Acme " + hash, "bots/main.lua": lua},
	}}
}

// push stores a version.
func (w *world) push(hash, lua string) {
	w.T.Helper()
	if fresh, err := w.versions.Push(w.T.Context(), version(hash, lua).Bundle, versions.By{Note: "made " + hash}); err != nil || !fresh {
		w.T.Fatalf("pushing %s: %t, %v", hash, fresh, err)
	}
}

func (w *world) activate(hash string) {
	w.T.Helper()
	if changed, err := w.versions.Activate(w.T.Context(), brand, hash, versions.By{Actor: "agent:ana"}); err != nil || !changed {
		w.T.Fatalf("activating %s: %t, %v", hash, changed, err)
	}
}

func (w *world) brand() engine.Brand {
	w.T.Helper()
	return enginetest.Read(w.World, func(tx engine.Tx) (engine.Brand, error) { return tx.Brands().Get(brand) })
}

// history is what was done, oldest first: "activated v1".
func (w *world) history() []string {
	w.T.Helper()
	all := enginetest.Read(w.World, func(tx engine.Tx) ([]engine.Release, error) { return tx.Releases().List(brand, 100) })
	var out []string
	for _, r := range all {
		s := string(r.Kind) + " " + r.Bundle
		if r.Share > 0 {
			s += fmt.Sprintf(" %d%%", r.Share)
		}
		out = append([]string{s}, out...)
	}
	return out
}

// visitor opens a conversation of its own on the web and lets the bot answer.
func (w *world) visitor(name, text string) engine.Conversation {
	w.T.Helper()
	id := w.WriteAs(enginetest.Web, engine.Inbound{From: name, ProviderID: w.ID(), Content: engine.Content{Text: text}}).Conversation.ID
	w.Visit(id)
	return w.Conversation(id)
}

func (w *world) refused(code engine.Code, words string, err error) {
	w.T.Helper()
	if engine.CodeOf(err) != code || !strings.Contains(err.Error(), words) {
		w.T.Errorf("it gave %v, want %s with %q", err, code, words)
	}
}
