package versions_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/engine/versions"
	"parley/storage/sqlite/sqlitetest"
)

func shop() versions.Version {
	return versions.Version{
		Brand:    engine.Brand{ID: "shop", Name: "Shop", Settings: engine.BrandSettings{TimeZone: "UTC", Languages: []string{"en"}}},
		Channels: []engine.Channel{{Brand: "shop", ID: "shop.web", Kind: "web"}, {Brand: "shop", ID: "shop.phone", Kind: "phone", Secrets: map[string]engine.Secret{"token": "a"}}},
		Skills:   []engine.Skill{{Brand: "shop", ID: "sales"}, {Brand: "shop", ID: "care"}},
		Bundle:   engine.Bundle{Hash: "h1", Files: map[string]string{"bots/main.lua": "return function() end"}},
	}
}

func TestPublish(t *testing.T) {
	t.Parallel()
	store := sqlitetest.Open(t)
	w := enginetest.New(t, store, nil)
	apply := func(v versions.Version) bool {
		t.Helper()
		changed, err := publish(w, v)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	if !apply(shop()) || apply(shop()) {
		t.Error("the first changes something, the second does not")
	}
	turned := shop()
	turned.Channels[0], turned.Channels[1] = turned.Channels[1], turned.Channels[0]
	turned.Skills[0], turned.Skills[1] = turned.Skills[1], turned.Skills[0]
	if apply(turned) {
		t.Error("the order of the folder matters")
	}
	changes := []struct {
		name   string
		change func(*versions.Version)
	}{
		{"name", func(v *versions.Version) { v.Brand.Name = "The Shop" }},
		{"secret", func(v *versions.Version) { v.Channels[1].Secrets["token"] = "b" }},
		{"skill", func(v *versions.Version) { v.Skills = v.Skills[:1] }},
		{"always open instead of the brand's hours", func(v *versions.Version) { v.Skills[0].Hours = &engine.Hours{} }},
		{"a day off", func(v *versions.Version) {
			v.Brand.Settings.Hours.Extra = map[string][]engine.Span{"2026-12-24": {}}
		}},
		{"bundle", func(v *versions.Version) { v.Bundle.Hash = "h2" }},
		{"nothing", func(*versions.Version) {}},
	}
	want := []string{"h1"}
	v := shop()
	for _, c := range changes {
		c.change(&v)
		last := c.name == "nothing"
		if apply(v) == last {
			t.Errorf("%s: wrong about whether it changes anything", c.name)
		}
		if !last {
			want = append(want, v.Bundle.Hash)
		}
	}
	var told []string
	w.View(func(tx engine.Tx) error {
		all, err := tx.Events().List(engine.EventFilter{Brand: "shop", Limit: 100})
		for _, e := range all {
			if e.Kind != engine.EventPublished {
				t.Errorf("told %s", e.Kind)
			}
			var d engine.PublishData
			if err := json.Unmarshal(e.Data, &d); err != nil || d.Kind != engine.VersionActivated || d.Actor != "system" {
				t.Errorf("the event tells %s", e.Data)
			}
			told = append(told, d.Version)
		}
		if err != nil {
			return err
		}
		b, err := tx.Bundles().Get("shop", "h1") // sessions may wait on it
		if err != nil || b.Files["bots/main.lua"] == "" {
			t.Errorf("the old bundle is %+v, %v", b, err)
		}
		changes, err := tx.VersionChanges().List("shop", 100)
		if err != nil || len(changes) != len(want) || changes[0].Version != "h2" || changes[0].Kind != engine.VersionActivated {
			t.Errorf("the history is %+v, %v", changes, err)
		}
		skills, err := tx.Brands().Skills("shop")
		if err != nil || len(skills) != 1 || skills[0].Hours == nil {
			t.Errorf("the skills are %+v, %v", skills, err)
		}
		return nil
	})
	if diff := cmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
	// The same content again does not make the bundle newer.
	before := bundle(w)
	w.Clock.Advance(time.Hour)
	v.Brand.Name = "Shop"
	apply(v)
	if diff := cmp.Diff(before, bundle(w)); diff != "" {
		t.Error(diff)
	}
}

func publish(w *enginetest.World, v versions.Version) (bool, error) {
	return (&versions.Versions{Store: w.Store, Clock: w.Clock.Now}).Publish(w.T.Context(), v, versions.By{})
}

func bundle(w *enginetest.World) engine.Bundle {
	return enginetest.Read(w, func(tx engine.Tx) (engine.Bundle, error) { return tx.Bundles().Get("shop", "h2") })
}

// What the store alone knows of a brand outlives a new version; a held one is refused.
func TestPublishKeepsCanaryAndHeld(t *testing.T) {
	t.Parallel()
	store := sqlitetest.Open(t)
	w := enginetest.New(t, store, nil)
	apply := func(hash, name string) (bool, error) {
		v := shop()
		v.Bundle.Hash, v.Brand.Name = hash, name
		return publish(w, v)
	}
	brand := func() engine.Brand {
		return enginetest.Read(w, func(tx engine.Tx) (engine.Brand, error) { return tx.Brands().Get("shop") })
	}
	if _, err := apply("h1", "Shop"); err != nil {
		t.Fatal(err)
	}
	w.Update(func(tx engine.Tx) error {
		b, err := tx.Brands().Get("shop")
		if err != nil {
			return err
		}
		b.Canary, b.Held = engine.Canary{Version: "h2", Share: 10}, map[string]string{"h3": "it failed"}
		return tx.Brands().Save(b)
	})
	if changed, err := apply("h1", "Shop"); changed || err != nil {
		t.Errorf("the same again: %t, %v", changed, err)
	}
	if changed, err := apply("h1", "The Shop"); !changed || err != nil || brand().Canary.Share != 10 || brand().Held["h3"] == "" {
		t.Errorf("other settings: %t, %v, %+v", changed, err, brand())
	}
	if changed, err := apply("h3", "Shop"); changed || engine.CodeOf(err) != engine.Conflict || brand().Version != "h1" {
		t.Errorf("a held version: %t, %v, %+v", changed, err, brand())
	}
	if changed, err := apply("h4", "Shop"); !changed || err != nil || brand().Canary.Share != 0 || brand().Held["h3"] == "" || brand().Version != "h4" {
		t.Errorf("another version: %t, %v, %+v", changed, err, brand())
	}
}
