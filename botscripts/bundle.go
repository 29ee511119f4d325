package botscripts

import (
	"errors"
	"strings"

	"parley/botscripts/faq"
	"parley/botscripts/i18n"
	"parley/botscripts/sandbox"
	"parley/engine"
	"parley/engine/understanding/nlu"
)

// bundle is a compiled engine.Bundle. It is immutable and shared by all steps.
type bundle struct {
	hash    string
	chunks  map[string]*sandbox.Chunk // by path
	faq     *faq.Index
	asked   map[string]string // the FAQ's questions as they are written, by faq.Key
	texts   *i18n.Catalog
	intents *nlu.Model // nil without intents to tell apart
}

// compile compiles every script, indexes the FAQ, reads the texts and trains the
// intents. The error names the first problem.
func (r *Runtime) compile(hash string, files engine.Bundle) (*bundle, error) {
	b := &bundle{hash: hash, chunks: map[string]*sandbox.Chunk{}, asked: map[string]string{}}
	var entries []faq.Entry
	for _, path := range sortedKeys(files.Files) {
		switch {
		case isScript(path):
			chunk, err := sandbox.Compile(path, files.Files[path])
			if err != nil {
				return nil, engine.Errorf(engine.Invalid, "%s", compileMessage(path, err)).Because(err)
			}
			b.chunks[path] = chunk
		case isFAQ(path):
			found, err := faq.Parse(path, files.Files[path])
			if err != nil {
				return nil, engine.Errorf(engine.Invalid, "%s: %v", path, err).Because(err)
			}
			entries = append(entries, found...)
			for _, e := range found {
				if key := faq.Key(e.Question); b.asked[key] == "" {
					b.asked[key] = e.Question
				}
			}
		}
	}
	var err error
	if b.faq, err = r.index(entries); err != nil {
		return nil, err
	}
	texts, problems := i18n.Load(files.Files)
	if len(problems) > 0 {
		return nil, engine.Errorf(engine.Invalid, "%s", problems[0])
	}
	b.texts = texts
	b.intents, err = r.train(files.Files)
	return b, err
}

func (b *bundle) bots() []string {
	var names []string
	for _, path := range sortedKeys(b.chunks) {
		if name, ok := botName(path); ok {
			names = append(names, name)
		}
	}
	return names
}

// libs are the names that require takes, "lib.x".
func (b *bundle) libs() []string {
	var names []string
	for _, path := range sortedKeys(b.chunks) {
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
		return position(ce.File, ce.Line) + ": " + ce.Message
	}
	return path + ": " + err.Error()
}
