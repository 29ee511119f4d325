package check

import (
	"maps"
	"slices"
	"sort"

	"parley/botscripts/chat"
	"parley/botscripts/kernel"
	"parley/botscripts/sandbox"
)

// Vocabulary lists what scripts find beside the sandbox's own library, sorted,
// as a script writes it: "chat:ask", "chat.opening", "http.get" for what
// require "http" gives, "os.time". It is taken from a real VM. The members of
// consumer and conversation are missing, because they come with a session.
func Vocabulary() []string {
	c := &checker{cfg: Config{Machine: sandbox.DefaultLimits()}, bundle: &kernel.Bundle{}}
	known := kernel.NamesIn(c.job(""))
	standard := map[string]bool{}
	for _, g := range sandbox.Globals() {
		standard[g.Name] = g.Status != sandbox.StatusRemoved
	}
	var names []string
	add := func(name string) {
		if !standard[name] {
			names = append(names, name)
		}
	}
	collect := func(libraries map[string]map[string]bool) {
		for _, name := range slices.Sorted(maps.Keys(libraries)) {
			if libraries[name] == nil {
				add(name)
			}
			for _, member := range slices.Sorted(maps.Keys(libraries[name])) {
				add(name + "." + member)
			}
		}
	}
	collect(known.Globals)
	collect(known.Modules)
	for _, m := range chat.Module().Exports {
		add("chat:" + m.Name)
	}
	for _, name := range chat.Fields() {
		add("chat." + name)
	}
	sort.Strings(names)
	return names
}
