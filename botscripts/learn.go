package botscripts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"parley/botscripts/faq"
	"parley/botscripts/intents"
	"parley/engine"
	"parley/engine/understanding/nlu"
)

// What is learned from this many questions or sentences is kept, and is told in words when it is not there yet: less is
// learned again sooner than it is read.
const (
	manyQuestions = 300
	manySentences = 300
)

// index makes the bundle's FAQ searchable.
func (r *Runtime) index(entries []faq.Entry) (*faq.Index, error) {
	learn := func() (*faq.Index, error) {
		// Nobody may end it: others wait for it, too.
		x, err := faq.NewIndex(context.Background(), entries)
		if err != nil {
			return nil, engine.Errorf(engine.Invalid, "the FAQ cannot be indexed: %v", err).Because(err)
		}
		return x, nil
	}
	raw, err := json.Marshal(entries) // more than what is learned: languages, channels, lines
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(raw)
	return r.indexes.get(hex.EncodeToString(sum[:]), func() (*faq.Index, error) {
		if len(entries) < manyQuestions {
			return learn()
		}
		name := "faq-" + faq.Hash(entries)
		if x, err := faq.Restore(entries, r.kept.Load(name)); err == nil {
			return x, nil
		}
		r.note(fmt.Sprintf("Learning the %d questions of the FAQ. That takes a few seconds, the first time.", len(entries)))
		x, err := learn()
		if err == nil {
			r.keep(name, x.Encode())
		}
		return x, err
	})
}

// train makes the model of the bundle's intents, nil without any. A file with
// problems is told by the check of the folder; here it is like none, so that
// sessions that never asked for it go on.
func (r *Runtime) train(files map[string]string) (*nlu.Model, error) {
	hash := intents.ModelHash(files)
	if hash == "" {
		return nil, nil
	}
	return r.models.get(hash, func() (*nlu.Model, error) {
		examples, name := intents.Examples(files), "intents-"+hash
		many := len(examples) >= manySentences
		if many {
			if m, err := nlu.Decode(r.kept.Load(name), nil); err == nil && m.Hash() == hash {
				return m, nil
			}
			r.note(fmt.Sprintf("Learning the %d sentences of the intents. That takes a few seconds, the first time.", len(examples)))
		}
		// Nobody may end it: others wait for it, too.
		m, err := nlu.Train(context.Background(), examples, intents.Training())
		if err != nil {
			return nil, engine.Errorf(engine.Internal, "the intents cannot be trained").Because(err)
		}
		if many {
			r.keep(name, m.Encode())
		}
		return m, nil
	})
}

// keep keeps what was learned. Where it cannot, it is learned again next time.
func (r *Runtime) keep(name string, data []byte) {
	if err := r.kept.Save(name, data); err != nil {
		r.note("What was learned cannot be kept: " + err.Error())
	}
}
