package botscripts

import (
	"errors"
	"maps"
	"slices"

	"parley/botscripts/faq"
	"parley/botscripts/i18n"
	"parley/botscripts/kernel"
	"parley/botscripts/sandbox"
	"parley/engine"
)

// compile compiles every script, indexes the FAQ, reads the texts and trains the
// intents. The error names the first problem.
func (r *Runtime) compile(hash string, files engine.Bundle) (*kernel.Bundle, error) {
	b := &kernel.Bundle{Hash: hash, Chunks: map[string]*sandbox.Chunk{}, Asked: map[string]string{}}
	var entries []faq.Entry
	for _, path := range slices.Sorted(maps.Keys(files.Files)) {
		switch {
		case kernel.IsScript(path):
			chunk, err := sandbox.Compile(path, files.Files[path])
			if err != nil {
				return nil, engine.Errorf(engine.Invalid, "%s", compileMessage(path, err)).Because(err)
			}
			b.Chunks[path] = chunk
		case kernel.IsFAQ(path):
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

func compileMessage(path string, err error) string {
	var ce *sandbox.CompileError
	if errors.As(err, &ce) {
		return kernel.Position(ce.File, ce.Line) + ": " + ce.Message
	}
	return path + ": " + err.Error()
}
