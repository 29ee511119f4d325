package kernel

import (
	"maps"
	"slices"
	"strings"

	"parley/botscripts/faq"
	"parley/botscripts/i18n"
	"parley/botscripts/sandbox"
	"parley/engine/understanding/nlu"
)

// Bundle is a compiled engine.Bundle. It is immutable and shared by all steps.
type Bundle struct {
	Hash    string
	Chunks  map[string]*sandbox.Chunk // by path
	FAQ     *faq.Index
	Asked   map[string]string // the FAQ's questions as they are written, by faq.Key
	Texts   *i18n.Catalog
	Intents *nlu.Model // nil without intents to tell apart
}

func (b *Bundle) Bots() []string {
	var names []string
	for _, path := range slices.Sorted(maps.Keys(b.Chunks)) {
		if name, ok := BotName(path); ok {
			names = append(names, name)
		}
	}
	return names
}

// libs are the names that require takes, "lib.x".
func (b *Bundle) Libs() []string {
	var names []string
	for _, path := range slices.Sorted(maps.Keys(b.Chunks)) {
		if strings.HasPrefix(path, "lib/") {
			names = append(names, strings.ReplaceAll(strings.TrimSuffix(path, ".lua"), "/", "."))
		}
	}
	return names
}

func IsScript(path string) bool {
	return strings.HasSuffix(path, ".lua") && (strings.HasPrefix(path, "bots/") || strings.HasPrefix(path, "lib/"))
}

func IsFAQ(path string) bool {
	return strings.HasPrefix(path, "faq/") && strings.HasSuffix(path, ".md")
}

func BotName(path string) (string, bool) {
	name, ok := strings.CutPrefix(path, "bots/")
	if !ok || strings.Contains(name, "/") {
		return "", false
	}
	return strings.CutSuffix(name, ".lua")
}

// BotFile is where a bot's script is.
func BotFile(name string) string { return "bots/" + name + ".lua" }
