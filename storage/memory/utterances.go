package memory

import (
	"slices"

	"parley/engine"
)

type utterances struct{ *tx }

func (f utterances) look(brand, conversation, text string) *engine.Utterance {
	return first(f.utterances.of(brand), func(u *engine.Utterance) bool { return u.Conversation == conversation && u.Text == text })
}

func (f utterances) Add(u *engine.Utterance) error {
	if f.look(u.Brand, u.Conversation, u.Text) != nil {
		return taken("utterance")
	}
	u.N = 1
	for o := range f.utterances.of(u.Brand) {
		u.N = o.N + 1
	}
	return f.utterances.put(f.tx, key{a: u.Brand, n: u.N}, *u)
}

func (f utterances) Get(brand string, n int64) (engine.Utterance, error) {
	return f.utterances.get(key{a: brand, n: n}, "utterance")
}

func (f utterances) Find(brand, conversation, text string) (engine.Utterance, error) {
	return found(f.look(brand, conversation, text), "utterance")
}

func (f utterances) Save(u engine.Utterance) error {
	return f.utterances.change(f.tx, key{a: u.Brand, n: u.N}, "utterance", func(o *engine.Utterance) {
		o.Message, o.Source, o.State, o.Intent, o.Question, o.Version, o.By, o.At = u.Message, u.Source, u.State, u.Intent, u.Question, u.Version, u.By, u.At
	})
}

func (f utterances) List(w engine.UtteranceFilter) ([]engine.Utterance, error) {
	all := pick(f.utterances.of(w.Brand), func(u *engine.Utterance) bool {
		return (w.State == "" || u.State == w.State) && (w.Below <= 0 || u.N < w.Below)
	}, nil)
	slices.Reverse(all)
	return copies(all, w.Limit), nil
}

func (f utterances) Drop(brand string, upTo int64) error {
	_, err := f.utterances.drop(f.tx, func(u *engine.Utterance) bool { return u.Brand == brand && u.N <= upTo })
	return err
}
