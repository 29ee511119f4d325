package smstext

import (
	"strings"
	"testing"
)

func TestReaction(t *testing.T) {
	t.Parallel()
	sent := []Sent{
		{Text: "Did that help?\n1. Yes\n2. No"},
		{Text: "Write “agent” for a person."},
		{Text: "Your order 4711 is on its way, with everything that you asked for, and will be with you tomorrow morning.", Media: true},
		{Text: "👋"},
	}
	const none = "none"
	for text, want := range map[string]struct {
		to   int
		sign string
	}{
		"Liked “Did that help?\n1. Yes\n2. No”":                                  {0, "👍"},
		"liked \"Did that help? 1. Yes 2. No\"":                                  {0, "👍"},
		"Loved “Write “agent” for a person.”":                                    {1, "❤️"},
		"Disliked “Write “agent” for a person.”":                                 {1, "👎"},
		"Laughed at “👋”":                                                         {3, "😂"},
		"Emphasized “Your order 4711 is on its way, with everything…”":           {2, "‼️"},
		"Questioned “Write “agent” for a person.”":                               {1, "❓"},
		"Reacted 🎉 to “Write “agent” for a person.”":                             {1, "🎉"},
		"Reacted 👍🏽 to “Write “agent” for a person.”":                            {1, "👍🏽"},
		"Reacted with a sticker to “Write “agent” for a person.”":                {1, ""},
		"Removed a heart from “Did that help? 1. Yes 2. No”":                     {0, ""},
		"Removed 👍 from “Did that help? 1. Yes 2. No”":                           {0, ""},
		"\u200a\u200b👍\u200b to “\u200aDid that help? 1. Yes 2. No\u200a”\u200a": {0, "👍"},
		"Loved an image":    {2, "❤️"},
		"Liked a photo":     {2, "👍"},
		"Le gustó una foto": {2, "👍"},
		"A aimé « Write “agent” for a person. »":                             {1, "👍"},
		"a attribué la mention « J’aime » à « Write “agent” for a person. »": {1, "👍"},
		"N’a pas aimé « Write “agent” for a person. »":                       {1, "👎"},
		"Le encantó “Write “agent” for a person.”":                           {1, "❤️"},
		"Le gustó “Write “agent” for a person.”":                             {1, "👍"},
		"No le gustó “Write “agent” for a person.”":                          {1, "👎"},

		"Liked “See you on Monday”":                       {-1, none}, // nobody wrote that
		"Liked “Did that”":                                {-1, none}, // not all of it
		"Loved an idea":                                   {-1, none},
		"I loved an image":                                {-1, none},
		"“Write “agent” for a person.”":                   {-1, none}, // what to?
		"“Write “agent” for a person.” does not work":     {-1, none},
		"\"Did that help? 1. Yes 2. No\" 1":               {-1, none},
		"Yes to “Did that help? 1. Yes 2. No”":            {-1, none},
		"no, “Did that help? 1. Yes 2. No” is a joke":     {-1, none},
		"“Your order 4711 is on its way…” where is it? 2": {-1, none},
		"Liked":              {-1, none},
		"Liked “”":           {-1, none},
		"Liked “":            {-1, none},
		"👍":                  {-1, none},
		"👍 to “”":            {-1, none},
		"Stop":               {-1, none},
		"Liked “STOP”":       {-1, none},
		"liked it very much": {-1, none},
	} {
		to, sign, ok := Reaction(text, sent)
		if !ok {
			to, sign = -1, none
		}
		if to != want.to || sign != want.sign {
			t.Errorf("Reaction(%q) = %d, %q, want %d, %q", text, to, sign, want.to, want.sign)
		}
	}
	if _, _, ok := Reaction("Loved an image", sent[:2]); ok {
		t.Error("a reaction to an image that nobody sent")
	}
}

// What cannot be a reaction is told from it without a look at what was sent.
func TestMayBeReaction(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Liked “x”": true, "Loved an image": true, "he said \"no\"": false,
		"hello": false, "": false, "Loved it": false, "I can't": false, strings.Repeat("“", 1<<20): false,
	} {
		if got := MayBeReaction(text); got != want {
			t.Errorf("%.20q: %t", text, got)
		}
	}
}

func FuzzReaction(f *testing.F) {
	for _, s := range []string{"Liked “a b”", "👍 to “\u200ax\u200a”", "“”“”“”", "\xff“\xff”", "Loved an image"} {
		f.Add(s, "a b")
	}
	f.Fuzz(func(t *testing.T, text, sent string) {
		to, _, ok := Reaction(text, []Sent{{Text: sent}})
		if ok && (to != 0 || !MayBeReaction(text)) {
			t.Fatalf("%q: %d", text, to)
		}
	})
}
