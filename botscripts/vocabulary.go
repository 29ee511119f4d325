package botscripts

import (
	"maps"
	"slices"
	"sort"

	"parley/botscripts/sandbox"
)

// Vocabulary lists what scripts find beside the sandbox's own library, sorted,
// as a script writes it: "chat:ask", "chat.opening", "http.get" for what
// require "http" gives, "os.time". It is taken from a real VM. The members of
// consumer and conversation are missing, because they come with a session.
func (r *Runtime) Vocabulary() []string {
	known := r.vocabulary(&Bundle{Chunks: map[string]*sandbox.Chunk{}})
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
	collect(known.globals)
	collect(known.modules)
	for _, name := range chatMethods() {
		add("chat:" + name)
	}
	for _, name := range chatFields() {
		add("chat." + name)
	}
	sort.Strings(names)
	return names
}
