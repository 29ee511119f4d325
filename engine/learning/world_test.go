package learning_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/botscripts/knowledge"
	"parley/engine"
	"parley/engine/learning"
	"parley/engine/versions"
	"parley/storage/memory"
	"parley/storage/sqlite/sqlitetest"
)

const someIntents = `# What they want.
order_status:
  - Where is my order?
  - Track my parcel
  - Has my package been sent yet?
  - When does my delivery arrive?
  - I am still waiting for my order
opening_hours:
  - When are you open?
  - Are you open on Sundays?
  - What are your opening hours?
  - When does the shop close?
  - Opening times please
refund:
  - I want my money back
  - Please refund me
  - How do I get a refund?
  - When will I be reimbursed?
  - Give me back what I paid
`

const someQuestions = `# Shop

## Do you repair bikes?

- Can you fix my bike?

Yes, on weekdays.

## Can I park at the shop?

There are ten places.
`

// bots run everything.
type bots struct{}

func (bots) Traits(string) engine.Traits { return 0 }

func (bots) Bot(string, string, func() (engine.Bundle, error)) (engine.Bot, error) { return nil, nil }

type world struct {
	t     *testing.T
	store engine.Store
	now   time.Time
	*learning.Learner
}

func newWorld(t *testing.T) *world {
	t.Helper()
	store := sqlitetest.Open(t)
	w := &world{t: t, store: store, now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return w.now }
	w.Learner = &learning.Learner{Store: store, Clock: clock, Book: knowledge.Book{Store: memory.New}, Versions: &versions.Versions{
		Store: store, Clock: clock, Runtime: bots{},
		Read: func(b engine.Bundle) (versions.Version, error) {
			return versions.Version{Brand: engine.Brand{ID: b.Brand, Name: b.Brand, Version: b.Hash}, Bundle: b}, nil
		},
	}}
	for _, brand := range []string{"acme", "beta"} {
		w.use(brand, map[string]string{"brand.yaml": "id: " + brand, "intents.yaml": someIntents, "faq/shop.md": someQuestions})
	}
	return w
}

// use makes files the brand's active version.
func (w *world) use(brand string, files map[string]string) string {
	w.t.Helper()
	hash := w.Book.Hash(files)
	_, err := w.Versions.Push(context.Background(), engine.Bundle{Brand: brand, Hash: hash, Files: files}, versions.By{})
	if err == nil {
		_, err = w.Versions.Activate(context.Background(), brand, hash, versions.By{})
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return hash
}

func (w *world) update(fn func(engine.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) files(brand string) map[string]string {
	w.t.Helper()
	var files map[string]string
	err := w.store.View(context.Background(), func(tx engine.Tx) error {
		b, err := tx.Brands().Get(brand)
		if err != nil {
			return err
		}
		bundle, err := tx.Bundles().Get(brand, b.Version)
		files = bundle.Files
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}

// miss lets a bot not understand texts, each in a conversation of its own.
func (w *world) miss(brand string, texts ...string) {
	w.t.Helper()
	for i, text := range texts {
		w.update(func(tx engine.Tx) error {
			return learning.Collect(tx, engine.Conversation{Brand: brand, ID: fmt.Sprintf("%s-%d-%s", brand, i, text)}, []engine.JournalEntry{unknown(text)})
		})
	}
}

func (w *world) list(brand string, state engine.UtteranceState) []engine.Utterance {
	w.t.Helper()
	var out []engine.Utterance
	err := w.store.View(context.Background(), func(tx engine.Tx) (err error) {
		out, err = tx.Utterances().List(engine.UtteranceFilter{Brand: brand, State: state, Limit: 100})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func call(name, text, answer string) engine.JournalEntry {
	return engine.JournalEntry{
		Call: name, Args: fmt.Appendf(nil, `{"text":%q}`, text), Answer: []byte(answer), At: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
	}
}

func unknown(text string) engine.JournalEntry {
	return call("intent.classify", text, `{"confidence":0.3,"known":false,"top":[{"name":"refund","confidence":0.3},{"name":"order_status","confidence":0.25}]}`)
}

// shape is a group in one line.
func shape(groups []learning.Group) string {
	var b strings.Builder
	for _, g := range groups {
		for i, u := range g.Utterances {
			if i > 0 {
				b.WriteString(" + ")
			}
			b.WriteString(u.Text)
		}
		fmt.Fprintf(&b, " = %s %s\n", g.Suggestion.Kind, g.Suggestion.Name)
	}
	return b.String()
}
