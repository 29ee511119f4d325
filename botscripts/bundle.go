package botscripts

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"parley/botscripts/faq"
	"parley/botscripts/i18n"
	"parley/botscripts/sandbox"
	"parley/engine"
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

// compile compiles every script, indexes the FAQ, reads the texts and trains the
// intents. The error names the first problem.
func (r *Runtime) compile(hash string, files engine.Bundle) (*Bundle, error) {
	b := &Bundle{Hash: hash, Chunks: map[string]*sandbox.Chunk{}, Asked: map[string]string{}}
	var entries []faq.Entry
	for _, path := range slices.Sorted(maps.Keys(files.Files)) {
		switch {
		case isScript(path):
			chunk, err := sandbox.Compile(path, files.Files[path])
			if err != nil {
				return nil, engine.Errorf(engine.Invalid, "%s", compileMessage(path, err)).Because(err)
			}
			b.Chunks[path] = chunk
		case isFAQ(path):
			found, err := faq.Parse(path, files.Files[path])
			if err != nil {
				return nil, engine.Errorf(engine.Invalid, "%s: %v", path, err).Because(err)
			}
			entries = append(entries, found...)
			for _, e := range found {
				if key := faq.Key(e.Question); b.Asked[key] == "" {
					b.Asked[key] = e.Question
				}
			}
		}
	}
	var err error
	if b.FAQ, err = r.index(entries); err != nil {
		return nil, err
	}
	texts, problems := i18n.Load(files.Files)
	if len(problems) > 0 {
		return nil, engine.Errorf(engine.Invalid, "%s", problems[0])
	}
	b.Texts = texts
	b.Intents, err = r.train(files.Files)
	return b, err
}

func (b *Bundle) Bots() []string {
	var names []string
	for _, path := range slices.Sorted(maps.Keys(b.Chunks)) {
		if name, ok := botName(path); ok {
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

func isScript(path string) bool {
	return strings.HasSuffix(path, ".lua") && (strings.HasPrefix(path, "bots/") || strings.HasPrefix(path, "lib/"))
}

func isFAQ(path string) bool {
	return strings.HasPrefix(path, "faq/") && strings.HasSuffix(path, ".md")
}

func botName(path string) (string, bool) {
	name, ok := strings.CutPrefix(path, "bots/")
	if !ok || strings.Contains(name, "/") {
		return "", false
	}
	return strings.CutSuffix(name, ".lua")
}

func compileMessage(path string, err error) string {
	var ce *sandbox.CompileError
	if errors.As(err, &ce) {
		return Position(ce.File, ce.Line) + ": " + ce.Message
	}
	return path + ": " + err.Error()
}
