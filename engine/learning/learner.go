package learning

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/versions"
)

// Learner lets people decide what a brand's bots learn. Safe for concurrent use.
type Learner struct {
	Store    engine.Store
	Clock    engine.Clock
	Versions *versions.Versions
	Book     Book
}

const (
	// looked is how many open utterances are looked at, the newest.
	looked = 2000
	// atOnce is how many utterances one decision may name.
	atOnce = 200
)

// Groups gives a brand's utterances of a state, grouped, with suggestions from
// its active version.
func (l *Learner) Groups(ctx context.Context, brand string, state engine.UtteranceState) ([]Group, error) {
	list, k, err := l.knows(ctx, brand, state)
	if err != nil {
		return nil, err
	}
	if state != engine.UtteranceOpen { // what was accepted is known by now
		return Groups(list, Knowledge{}), nil
	}
	return Groups(list, k), nil
}

// knows gives the newest utterances of a state, and what the active version knows.
func (l *Learner) knows(ctx context.Context, brand string, state engine.UtteranceState) ([]engine.Utterance, Knowledge, error) {
	list, active, err := l.read(ctx, brand, state)
	if err != nil {
		return nil, Knowledge{}, err
	}
	k, err := l.Book.Read(active.Files)
	return list, k, err
}

// read gives the newest utterances of a state and the active version.
func (l *Learner) read(ctx context.Context, brand string, state engine.UtteranceState) (list []engine.Utterance, active engine.Bundle, err error) {
	err = l.Store.View(ctx, func(tx engine.Tx) error {
		b, err := tx.Brands().Get(brand)
		if err != nil {
			return err
		}
		if b.Version == "" {
			return engine.Errorf(engine.Conflict, "The brand has no active version.")
		}
		if active, err = tx.Bundles().Get(brand, b.Version); err != nil {
			return err
		}
		list, err = tx.Utterances().List(engine.UtteranceFilter{Brand: brand, State: state, Limit: looked})
		return err
	})
	return list, active, err
}

// Correct keeps what a person says that a message means; nil is "none of the
// brand's intents".
func (l *Learner) Correct(ctx context.Context, brand, conversation, message string, intent *string, actor string) (engine.Utterance, error) {
	name := ""
	if intent != nil {
		name = *intent
		_, k, err := l.knows(ctx, brand, engine.UtteranceOpen)
		if err != nil {
			return engine.Utterance{}, err
		}
		if !slices.Contains(k.names(), name) {
			return engine.Utterance{}, engine.FieldError("intent", "is none of the brand's intents")
		}
	}
	return engine.Update(ctx, l.Store, func(tx engine.Tx) (engine.Utterance, error) {
		return Correct(tx, l.Clock(), brand, conversation, message, name, actor)
	})
}

// Intents are the names of the intents that the active version knows.
func (l *Learner) Intents(ctx context.Context, brand string) ([]string, error) {
	_, k, err := l.knows(ctx, brand, engine.UtteranceOpen)
	return k.names(), err
}

// Decision is what utterances shall be learnt as: examples of an intent, which
// may be new, or wordings of a question, which is new with an answer.
type Decision struct {
	Numbers  []int64
	Intent   string
	Question string
	Answer   string
}

func (d Decision) check() error {
	switch {
	case len(d.Numbers) == 0 || len(d.Numbers) > atOnce:
		return engine.FieldError("ids", "are 1 to %d", atOnce)
	case (d.Intent == "") == (d.Question == ""):
		return engine.FieldError("intent", "or a question is needed, and not both")
	case d.Intent != "" && d.Answer != "":
		return engine.FieldError("answer", "belongs to a question")
	}
	return nil
}

// Lesson is what became of a decision.
type Lesson struct {
	Verdict
	Texts   []string // what was added
	Version string   // that has it; "" when the verdict is against it
}

// Accept makes utterances part of a new version and activates it, unless it
// would understand less than the active one; then nothing is changed. Errors:
// Conflict when another version became active meanwhile, or an utterance is not
// open any more; then the new version is stored and not active, and the
// utterances are as they were.
func (l *Learner) Accept(ctx context.Context, brand string, d Decision, actor string) (Lesson, error) {
	if err := d.check(); err != nil {
		return Lesson{}, err
	}
	open, active, err := l.read(ctx, brand, engine.UtteranceOpen)
	if err != nil {
		return Lesson{}, err
	}
	chosen, err := l.chosen(ctx, brand, d.Numbers)
	if err != nil {
		return Lesson{}, err
	}
	decided := equals(open, chosen)
	after, lesson, err := Teach(ctx, l.Book, active.Files, chosen, open, d)
	if err != nil || !lesson.Accepted() {
		return lesson, err
	}
	by := versions.By{Actor: actor, Note: note(lesson.Texts, d)}
	next := engine.Bundle{Brand: brand, Hash: l.Book.Hash(after), Files: after}
	if _, err := l.Versions.Push(ctx, next, by); err != nil {
		return lesson, err
	}
	err = l.Versions.Replace(ctx, brand, active.Hash, next.Hash, by, func(tx engine.Tx) error {
		if _, err := Chosen(tx, brand, d.Numbers); err != nil {
			return err
		}
		return l.settle(tx, brand, decided, func(u *engine.Utterance) {
			u.State, u.Intent, u.Question, u.Version, u.By = engine.UtteranceAccepted, d.Intent, d.Question, next.Hash, actor
		})
	})
	if err == nil {
		lesson.Version = next.Hash
	}
	return lesson, err
}

func note(texts []string, d Decision) string {
	what, to := "example", d.Intent
	if d.Question != "" {
		what, to = "wording", d.Question
	}
	if len(texts) != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s from conversations: %s", len(texts), what, to)
}

// Teach adds utterances to files and judges what comes of it. open are those
// whose meaning the lesson tells the change of.
func Teach(ctx context.Context, book Book, before map[string]string, chosen, open []engine.Utterance, d Decision) (map[string]string, Lesson, error) {
	known, err := book.Read(before)
	if err != nil {
		return nil, Lesson{}, err
	}
	a := Addition{Intent: d.Intent, Question: strings.TrimSpace(d.Question), Answer: strings.TrimSpace(d.Answer)}
	taught := known.already(d)
	for _, u := range chosen {
		if key := same(u.Text); !taught[key] {
			taught[key] = true
			a.Texts = append(a.Texts, u.Text)
		}
	}
	if len(a.Texts) == 0 && a.Answer == "" {
		return nil, Lesson{}, engine.Errorf(engine.Conflict, "The brand has all of these texts already.")
	}
	after, err := book.Add(before, a)
	if err != nil {
		return nil, Lesson{}, err
	}
	knows, err := book.Read(after)
	if err != nil {
		return nil, Lesson{}, err
	}
	open = slices.DeleteFunc(slices.Clone(open), func(u engine.Utterance) bool { return taught[same(u.Text)] })
	v, err := judge(ctx, book, files{before, known}, files{after, knows}, open)
	return after, Lesson{Verdict: v, Texts: a.Texts}, err
}

// already are the texts that what the decision names has.
func (k Knowledge) already(d Decision) map[string]bool {
	out := map[string]bool{}
	for _, e := range k.examples() {
		if e.Label == d.Intent {
			out[same(e.Text)] = true
		}
	}
	if d.Question != "" {
		out[same(d.Question)] = true
	}
	for _, e := range k.wordings() {
		if same(e.Label) == same(d.Question) {
			out[same(e.Text)] = true
		}
	}
	return out
}

// Dismiss puts utterances aside.
func (l *Learner) Dismiss(ctx context.Context, brand string, numbers []int64, actor string) error {
	if len(numbers) == 0 || len(numbers) > atOnce {
		return engine.FieldError("ids", "are 1 to %d", atOnce)
	}
	chosen, err := l.chosen(ctx, brand, numbers)
	if err != nil {
		return err
	}
	return l.Store.Update(ctx, func(tx engine.Tx) error {
		open, err := tx.Utterances().List(engine.UtteranceFilter{Brand: brand, State: engine.UtteranceOpen, Limit: looked})
		if err != nil {
			return err
		}
		chosen := equals(open, chosen)
		return l.settle(tx, brand, chosen, func(u *engine.Utterance) { u.State, u.By = engine.UtteranceDismissed, actor })
	})
}

// equals adds to the chosen those of the open ones that say the same: a row
// stands for all of them.
func equals(open, chosen []engine.Utterance) []engine.Utterance {
	said, known := map[string]bool{}, map[int64]bool{}
	for _, u := range chosen {
		said[fold(u.Text)], known[u.N] = true, true
	}
	out := slices.Clone(chosen)
	for _, u := range open {
		if said[fold(u.Text)] && !known[u.N] {
			out = append(out, u)
		}
	}
	return out
}

// chosen are the open utterances with these numbers, in their order.
func (l *Learner) chosen(ctx context.Context, brand string, numbers []int64) ([]engine.Utterance, error) {
	return engine.View(ctx, l.Store, func(tx engine.Tx) ([]engine.Utterance, error) { return Chosen(tx, brand, numbers) })
}

// Chosen gives open utterances by number. NotFound for one that is not there,
// Conflict for one that is decided.
func Chosen(tx engine.Tx, brand string, numbers []int64) ([]engine.Utterance, error) {
	var out []engine.Utterance
	for _, n := range numbers {
		u, err := tx.Utterances().Get(brand, n)
		if engine.CodeOf(err) == engine.NotFound {
			err = engine.Errorf(engine.NotFound, "There is no utterance %d.", n)
		}
		if err == nil && u.State != engine.UtteranceOpen {
			err = engine.Errorf(engine.Conflict, "Utterance %d is %s already.", n, u.State)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, u)
	}
	return out, nil
}

// settle changes those of the chosen that are still open.
func (l *Learner) settle(tx engine.Tx, brand string, chosen []engine.Utterance, change func(*engine.Utterance)) error {
	for _, u := range chosen {
		u, err := tx.Utterances().Get(brand, u.N)
		if engine.CodeOf(err) == engine.NotFound || err == nil && u.State != engine.UtteranceOpen {
			continue
		}
		if err != nil {
			return err
		}
		change(&u)
		u.At = l.Clock()
		if err := tx.Utterances().Save(u); err != nil {
			return err
		}
	}
	return nil
}
