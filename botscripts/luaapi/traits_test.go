package luaapi_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/botscripts"
	"parley/botscripts/kernel"
	"parley/botscripts/luaapi"
	"parley/botscripts/modules"
	"parley/botscripts/sandbox"
	"parley/engine"
)

// TestTraits holds the traits of functions to what they do in their examples and to the reference.
func TestTraits(t *testing.T) {
	t.Parallel()
	limits := sandbox.DefaultLimits()
	limits.Wall = time.Minute
	rt := botscripts.New(botscripts.Config{Limits: limits})
	all, members := map[entry]bool{}, map[string]luaapi.Member{}
	for _, p := range reference(t) {
		for _, m := range p.Members {
			members[m.Name] = m
			if m.Example != nil {
				maps.Copy(all, journalOf(t, rt, *m.Example))
			}
		}
	}
	sends := []string{"audio", "card", "carousel", "file", "image", "location", "quick_replies", "video"} // they make say's entries
	for _, m := range modules.All() {
		for _, e := range m.Exports {
			name := strings.TrimSuffix(m.Name+m.Separator()+e.Name, ".")
			if _, ok := members[name]; !ok {
				t.Errorf("%s is not described", name)
			}
			base := m.Entry(e)
			made := slices.ContainsFunc(slices.Collect(maps.Keys(all)), func(one entry) bool {
				return one.call == base || strings.HasPrefix(one.call, base+".")
			})
			made = made || m.Name == "chat" && slices.Contains(sends, e.Name) || m.Kind == kernel.Required && slices.Contains(bare(t, name), base)
			if e.Traits.Has(engine.TraitJournaled) != made {
				t.Errorf("%s: in the journals %v, and its traits differ", name, made)
			}
			for _, needs := range []engine.Traits{engine.TraitOutside, engine.TraitUnderstands, engine.TraitSpeaks} {
				if e.Traits.Has(needs) && !e.Traits.Has(engine.TraitJournaled) {
					t.Errorf("%s: only what is journaled may be more", name)
				}
			}
		}
	}
	for call, want := range map[string]engine.Traits{
		"ask.again": engine.TraitSpeaks, "form.confirm": engine.TraitSpeaks, "survey": engine.TraitSpeaks, "list": engine.TraitSpeaks,
		engine.CallHTTP + "get": engine.TraitOutside, "store.increment.write": engine.TraitOutside, engine.CallHistory: engine.TraitOutside,
		engine.CallFAQ: engine.TraitUnderstands, engine.CallIntent: engine.TraitUnderstands,
	} {
		if got := rt.Traits(call); !got.Has(want) {
			t.Errorf("%s has the traits %b, not %b", call, got, want)
		}
	}
	for _, call := range []string{engine.CallStart, engine.CallEscape, "nobody.knows", ""} {
		if got := rt.Traits(call); got != 0 {
			t.Errorf("%s has the traits %b", call, got)
		}
	}
}
