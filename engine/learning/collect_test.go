package learning_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"parley/engine"
	"parley/engine/learning"
)

func TestCollect(t *testing.T) {
	t.Parallel()
	known := `{"name":"refund","confidence":0.9,"known":true,"top":[{"name":"refund","confidence":0.9}]}`
	long := strings.Repeat("é ", 400)
	for name, tt := range map[string]struct {
		calls []engine.JournalEntry
		want  []string
	}{
		"nothing asked":           {[]engine.JournalEntry{call("say", "hi", "null")}, nil},
		"unknown":                 {[]engine.JournalEntry{unknown("blue\n\tgiraffe ")}, []string{"intent blue giraffe [refund order_status]"}},
		"known":                   {[]engine.JournalEntry{call("intent.classify", "pay me", known)}, nil},
		"no answer":               {[]engine.JournalEntry{call("faq.search", "pay me", "null")}, []string{"faq pay me []"}},
		"an answer":               {[]engine.JournalEntry{call("faq.search", "pay me", `{"question":"q"}`)}, nil},
		"known, but no answer":    {[]engine.JournalEntry{call("intent.classify", "pay me", known), call("faq.search", "pay me", "null")}, []string{"faq pay me [refund]"}},
		"unknown, but an answer":  {[]engine.JournalEntry{unknown("x y"), call("faq.search", "x y", `{"question":"q"}`)}, nil},
		"unknown, and no answer":  {[]engine.JournalEntry{unknown("x y"), call("faq.search", "x y", "null")}, []string{"intent x y [refund order_status]"}},
		"twice":                   {[]engine.JournalEntry{unknown("x y"), unknown("x  y")}, []string{"intent x y [refund order_status]"}},
		"no letters":              {[]engine.JournalEntry{unknown("48213 😀"), unknown("")}, nil},
		"raised":                  {[]engine.JournalEntry{call("intent.classify", "x", `{"raise":"no intents"}`), call("faq.search", "x", `{"raise":"no"}`)}, nil},
		"cut":                     {[]engine.JournalEntry{{Call: "intent.classify", Args: []byte(`{"text":"abc`), Answer: []byte(`{"known":false}`)}}, nil},
		"long":                    {[]engine.JournalEntry{unknown(long)}, []string{"intent " + strings.TrimSpace(long[:3*167-1]) + " [refund order_status]"}},
		"not text, and not valid": {[]engine.JournalEntry{{Call: "faq.search", Args: []byte("{\"text\":\"a\xff\u0000b\"}"), Answer: []byte("null")}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for range 2 { // also when the turn is committed again
				w.update(func(tx engine.Tx) error {
					return learning.Collect(tx, engine.Conversation{Brand: "acme", ID: "c1"}, tt.calls)
				})
			}
			var got []string
			for _, u := range w.list("acme", engine.UtteranceOpen) {
				var guesses []string
				for _, g := range u.Guesses {
					guesses = append(guesses, g.Intent)
				}
				got = append(got, fmt.Sprint(u.Source, " ", u.Text, " ", guesses))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			if len(w.list("beta", "")) > 0 {
				t.Error("another brand has them, too")
			}
		})
	}
}

func TestDraftsAreNotCollected(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.update(func(tx engine.Tx) error {
		return learning.Collect(tx, engine.Conversation{Brand: "acme", ID: "c1", Draft: "h1"}, []engine.JournalEntry{unknown("a b")})
	})
	if got := w.list("acme", ""); len(got) > 0 {
		t.Error(got)
	}
}

func TestTheOldestMakeRoom(t *testing.T) {
	if testing.Short() {
		t.Skip("takes its time")
	}
	t.Parallel()
	w := newWorld(t)
	const most = 20_000
	w.update(func(tx engine.Tx) error {
		for i := range most {
			u := engine.Utterance{Brand: "acme", Conversation: "c", Text: fmt.Sprint("text ", i), Source: engine.FromIntent, State: engine.UtteranceOpen}
			if err := tx.Utterances().Add(&u); err != nil {
				return err
			}
		}
		return nil
	})
	w.miss("beta", "one")
	w.miss("acme", "one", "two")
	err := w.store.View(context.Background(), func(tx engine.Tx) error {
		for n, code := range map[int64]engine.Code{2: engine.NotFound, 3: "", most + 2: ""} {
			if _, err := tx.Utterances().Get("acme", n); engine.CodeOf(err) != code {
				t.Errorf("utterance %d: %v", n, err)
			}
		}
		_, err := tx.Utterances().Get("beta", 1)
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCorrect(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	message := func(brand, id, conversation string, author engine.Author, text string) {
		w.update(func(tx engine.Tx) error {
			return tx.Messages().Add(engine.Message{
				ID: id, Brand: brand, Conversation: conversation, Consumer: "p", Seq: int64(len(id)), Author: author, Content: engine.Content{Text: text}, State: engine.Received, At: w.now,
			})
		})
	}
	message("acme", "m", "c1", engine.AuthorConsumer, "gimme my cash")
	message("acme", "m2", "c1", engine.AuthorAgent, "gladly")
	message("acme", "m33", "c1", engine.AuthorConsumer, "12")
	message("beta", "mbeta", "c2", engine.AuthorConsumer, "hello you")
	refund, nonsense := "refund", "nonsense"

	u, err := w.Correct(t.Context(), "acme", "c1", "m", &refund, "agent:ann")
	if err != nil {
		t.Fatal(err)
	}
	want := engine.Utterance{
		Brand: "acme", N: 1, Conversation: "c1", Message: "m", Text: "gimme my cash", Source: engine.FromAgent,
		State: engine.UtteranceOpen, Intent: "refund", By: "agent:ann", At: w.now,
	}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Error(diff)
	}
	// What the bot missed is the same utterance, and the last word counts.
	w.update(func(tx engine.Tx) error {
		return learning.Collect(tx, engine.Conversation{Brand: "acme", ID: "c1"}, []engine.JournalEntry{unknown("gimme my cash")})
	})
	if _, err = w.Correct(t.Context(), "acme", "c1", "m", nil, "agent:bob"); err != nil {
		t.Fatal(err)
	}
	want.Intent, want.By = "", "agent:bob"
	if diff := cmp.Diff([]engine.Utterance{want}, w.list("acme", engine.UtteranceOpen)); diff != "" {
		t.Error(diff)
	}
	for name, tt := range map[string]struct {
		brand, conversation, message string
		intent                       *string
		code                         engine.Code
	}{
		"another brand's":        {"beta", "c1", "m", nil, engine.NotFound},
		"another conversation's": {"acme", "c2", "m", nil, engine.NotFound},
		"an agent's":             {"acme", "c1", "m2", nil, engine.Invalid},
		"no words":               {"acme", "c1", "m33", nil, engine.Invalid},
		"no such intent":         {"acme", "c1", "m", &nonsense, engine.Invalid},
	} {
		if _, err := w.Correct(t.Context(), tt.brand, tt.conversation, tt.message, tt.intent, "agent:ann"); engine.CodeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("a\x00b \n c")
	f.Add(strings.Repeat("é", 400))
	f.Add("\u2028 \xff a")
	f.Fuzz(func(t *testing.T, text string) {
		plain := learning.Plain(text)
		if len(plain) > engine.MaxUtterance || !utf8.ValidString(plain) || strings.ContainsAny(plain, "\n\x00") || learning.Plain(plain) != plain {
			t.Fatalf("%q became %q", text, plain)
		}
	})
}
