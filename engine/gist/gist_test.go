package gist_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/gist"
)

// update rewrites the golden file: go test ./engine/gist -update
var update = flag.Bool("update", false, "rewrite the golden file") //nolint:gochecknoglobals // a flag of the test

func classified(name string) engine.JournalEntry {
	return engine.JournalEntry{Call: "intent.classify", Answer: []byte(`{"name":"` + name + `","known":true}`)}
}

func searched(question string) engine.JournalEntry {
	e := engine.JournalEntry{Call: "faq.search", Answer: []byte("null")}
	if question != "" {
		e.Answer = []byte(`{"question":"` + question + `","answer":"…"}`)
	}
	return e
}

// talk reads lines: "> " the consumer, "< " the bot, "[image]" a picture.
func talk(lines string) []engine.Message {
	var out []engine.Message
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		m := engine.Message{Author: engine.AuthorBot}
		mark, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		if mark == ">" {
			m.Author = engine.AuthorConsumer
		}
		if strings.HasSuffix(text, "[image]") {
			text = strings.TrimSpace(strings.TrimSuffix(text, "[image]"))
			m.Content.Media = []engine.Media{{Kind: "image"}}
		}
		m.Content.Text = text
		out = append(out, m)
	}
	return out
}

type story struct {
	name, lang, talk string
	journal          []engine.JournalEntry
}

func stories() []story {
	long := "I bought a Gravel 3 in May, the chain came off in the first week, your shop in Mitte fixed it, then it came off again and now the derailleur is bent, and I have a race on Saturday, so I really need somebody to look at it before that or to lend me another bike for the weekend."
	return []story{
		{"greeting only", "en", "> hi\n< Hello, I'm Ava. How can I help?", nil},
		{"greeting only", "de", "> Guten Tag", nil},
		{"greeting only", "es", "> Hola, buenas tardes", nil},
		{"greeting only", "fr", "> Bonjour !", nil},
		{"agent first", "en", "> agent", nil},
		{"agent first", "de", "> Ich möchte mit einem Menschen sprechen", nil},
		{"agent first", "es", "> quiero hablar con una persona", nil},
		{"agent first", "fr", "> je veux parler à un conseiller", nil},
		{"hello, then agent", "en", "> hi\n< What can I do for you?\n> a human please", nil},
		{"hello, then agent", "de", "> Hallo\n< Was kann ich für Sie tun?\n> Mitarbeiter bitte", nil},
		{"the brand's own word", "en", "> hello\n> concierge now", nil},
		{"a long story", "en", "> hi\n< What can I do for you?\n> " + long + "\n< Sorry?\n> agent", []engine.JournalEntry{classified("repair"), searched("")}},
		{"angry", "en", "> hey\n> this is the THIRD time I write and nobody answers!!!\n< I'm sorry. Which order is it about?\n> just give me my money back\n< Which order is it about?\n> AGENT", []engine.JournalEntry{classified("refund")}},
		{"angry", "de", "> Das ist doch eine Frechheit, seit drei Wochen warte ich auf mein Rad\n< Wie lautet die Bestellnummer?\n> 12345\n< Danke.\n> Mensch!", []engine.JournalEntry{classified("order_status")}},
		{"after the FAQ failed", "en", "> can I take the bike on a ferry to Corsica\n< I did not find that. Could you say it in other words?\n> bikes on ferries\n< Sorry.\n> human", []engine.JournalEntry{searched("")}},
		{"after the FAQ answered wrongly", "fr", "> est-ce que je peux annuler ma commande\n< Oui, sous 14 jours. Cela vous a-t-il aidé ?\n> non", []engine.JournalEntry{searched("Puis-je renvoyer un vélo ?")}},
		{"after a bot failed", "es", "> ¿dónde está mi pedido?\n< ¿Cuál es el número de pedido?\n> 48213", []engine.JournalEntry{classified("order_status")}},
		{"only emoji", "en", "> 😡😡😡", nil},
		{"only emoji", "de", "> 👍", nil},
		{"a picture only", "en", "> [image]", nil},
		{"a picture only", "fr", "> [image]", nil},
		{"a picture with words", "en", "> look at this frame, it is broken [image]\n> agent", nil},
		{"answers only", "en", "> hi\n< Is it about an order or a repair?\n> repair\n< Which bike do you have?\n> Gravel 3\n< When would it suit you?\n> Friday", nil},
		{"nothing", "en", "< Your order is on its way.", nil},
	}
}

func TestGolden(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, s := range stories() {
		b.WriteString("## " + s.name + " (" + s.lang + ")\n")
		b.WriteString(gist.Of(gist.Story{Messages: talk(s.talk), Journal: s.journal, Language: s.lang, Escapes: map[string][]string{"en": {"concierge"}}}))
		b.WriteString("\n\n")
	}
	path := filepath.Join("testdata", "gists.md")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

// TestAlwaysSaysSomething, of bounded length, on whatever was written.
func TestAlwaysSaysSomething(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var s gist.Story
		for range rapid.IntRange(0, 20).Draw(t, "messages") {
			m := engine.Message{
				Author:  rapid.SampledFrom([]engine.Author{engine.AuthorConsumer, engine.AuthorBot, engine.AuthorAgent, engine.AuthorSystem}).Draw(t, "author"),
				Note:    rapid.Bool().Draw(t, "note"),
				Content: engine.Content{Text: rapid.String().Draw(t, "text")},
			}
			s.Messages = append(s.Messages, m)
		}
		s.Journal = []engine.JournalEntry{{Call: "faq.search", Answer: []byte(rapid.String().Draw(t, "answer"))}}
		got := gist.Of(s)
		if strings.TrimSpace(got) == "" || len([]rune(got)) > 4000 {
			t.Fatalf("%q", got)
		}
	})
}
