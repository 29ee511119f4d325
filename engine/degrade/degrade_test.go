package degrade_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"parley/engine"
	"parley/engine/degrade"
)

func choices(labels ...string) (all []engine.Choice) {
	for i, l := range labels {
		all = append(all, engine.Choice{ID: fmt.Sprint("id", i), Label: l})
	}
	return all
}

// buttons is a channel with three buttons of 20 units, or ten rows of 24.
func buttons() engine.Capabilities {
	return engine.Capabilities{
		Choices: true, MaxChoices: 3, MaxLabel: 20, List: engine.List{Rows: 10, Label: 24, Detail: 72},
		Media: true, MediaTypes: []string{"image/jpeg", "video/*", "application/*"}, MaxCaption: 100,
		Location: true, Contacts: true, Templates: true, MaxText: 200, MaxBody: 50,
	}
}

// shown writes parts as lines.
func shown(parts []engine.Content) (out []string) {
	for _, p := range parts {
		var words []string
		if p.Text != "" {
			words = append(words, p.Text)
		}
		for _, m := range p.Media {
			words = append(words, "<"+m.URL+">")
		}
		if p.Location != nil {
			words = append(words, "<place>")
		}
		for range p.Contacts {
			words = append(words, "<contact>")
		}
		for _, c := range p.Cards {
			words = append(words, "<card "+c.Title+">")
		}
		if p.Template != nil {
			words = append(words, "<template>")
		}
		for _, c := range p.Choices {
			words = append(words, "["+c.Label+"]")
		}
		out = append(out, strings.Join(words, " "))
	}
	return out
}

func TestParts(t *testing.T) {
	t.Parallel()
	photo := engine.Media{Kind: engine.MediaImage, URL: "https://a.example/b.jpg", MIME: "image/jpeg", Name: "The bike"}
	webp := engine.Media{Kind: engine.MediaImage, URL: "https://a.example/b.webp", MIME: "image/webp"}
	untold := engine.Media{Kind: engine.MediaFile, URL: "https://a.example/terms"}
	long := strings.Repeat("Words that fill a line. ", 12)
	place := &engine.Location{Lat: 52.5, Lon: -0.0000001, Name: "Shop"}
	ana := engine.Contact{Name: "Ana", Org: "Acme", Phones: []string{"+15550100"}, Emails: []string{"ana@acme.example"}}
	card := func(title string) engine.Card {
		return engine.Card{Title: title, Subtitle: "49 €", Links: []engine.Link{{Label: "Buy", URL: "https://a.example/" + title}, {Label: "Call", URL: "tel:+15550100"}}}
	}
	carousel := buttons()
	carousel.Cards = 2
	for name, tt := range map[string]struct {
		content engine.Content
		can     engine.Capabilities
		want    []string
	}{
		"a text":         {engine.Content{Text: "Hello"}, engine.Capabilities{}, []string{"Hello"}},
		"nothing":        {engine.Content{}, buttons(), nil},
		"bytes":          {engine.Content{Text: "äöü äöü"}, engine.Capabilities{MaxText: 7, Unit: engine.UnitBytes}, []string{"äöü", "äöü"}},
		"buttons":        {engine.Content{Text: "Which?", Choices: choices("A", "B", "C")}, buttons(), []string{"Which? [A] [B] [C]"}},
		"rows":           {engine.Content{Text: "Which?", Choices: choices("A", "B", "C", "D")}, buttons(), []string{"Which? [A] [B] [C] [D]"}},
		"no text":        {engine.Content{Choices: choices("A", "B")}, buttons(), []string{"A · B [A] [B]"}},
		"a long label":   {engine.Content{Text: "Which?", Choices: choices("A", "Something of 25 letters ab")}, buttons(), []string{"Which?\n\n1. A\n2. Something of 25 letters ab\n\nA number."}},
		"twins":          {engine.Content{Text: "Which?", Choices: choices("A", "A")}, buttons(), []string{"Which?\n\n1. A\n2. A\n\nA number."}},
		"too many":       {engine.Content{Text: "Which?", Choices: choices(strings.Split("abcdefghijk", "")...)}, buttons(), []string{"Which?\n\n1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n7. g\n8. h\n9. i\n10. j\n11. k\n\nA number."}},
		"unnumbered":     {engine.Content{Text: "How many?", Choices: choices("2", "4"), Unnumbered: true}, engine.Capabilities{}, []string{"How many?\n\n2\n4"}},
		"details":        {engine.Content{Text: "Which?", Choices: []engine.Choice{{ID: "a", Label: "A", Detail: "Fast"}}}, engine.Capabilities{Choices: true}, []string{"Which?\n\nA – Fast [A]"}},
		"a body":         {engine.Content{Text: strings.Repeat("Long words. ", 6), Choices: choices("A")}, buttons(), []string{"Long words. Long words. Long words. Long words.", "Long words. Long words.  [A]"}},
		"a caption":      {engine.Content{Text: "Look", Media: []engine.Media{photo}}, buttons(), []string{"Look <https://a.example/b.jpg>"}},
		"no caption":     {engine.Content{Text: long, Media: []engine.Media{photo}}, buttons(), []string{"<https://a.example/b.jpg>", strings.TrimSpace(long[:192]), long[192:]}},
		"a strange file": {engine.Content{Text: "Look", Media: []engine.Media{webp, untold}}, buttons(), []string{"Look\n\nhttps://a.example/b.webp <https://a.example/terms>"}},
		"links":          {engine.Content{Media: []engine.Media{photo}}, engine.Capabilities{}, []string{"The bike: https://a.example/b.jpg"}},
		"a place":        {engine.Content{Text: "Here", Location: place}, buttons(), []string{"Here", "<place>"}},
		"a place's text": {engine.Content{Text: "Here", Location: place}, engine.Capabilities{}, []string{"Here\n\nShop\nhttps://maps.google.com/?q=52.5,0"}},
		"a contact":      {engine.Content{Contacts: []engine.Contact{ana}}, buttons(), []string{"<contact>"}},
		"its text":       {engine.Content{Contacts: []engine.Contact{ana}}, engine.Capabilities{}, []string{"Ana\nAcme\n+15550100\nana@acme.example"}},
		"cards":          {engine.Content{Text: "Three", Cards: []engine.Card{card("a"), card("b"), card("c")}}, carousel, []string{"Three", "<card a> <card b>", "<card c>"}},
		"cards' text":    {engine.Content{Cards: []engine.Card{card("a")}}, engine.Capabilities{}, []string{"a\n49 €\nBuy: https://a.example/a\nCall: +15550100"}},
		"buttons last":   {engine.Content{Text: "Which?", Cards: []engine.Card{card("a")}, Choices: choices("A")}, carousel, []string{"<card a>", "Which? [A]"}},
		"a template":     {engine.Content{Text: "Hello Ana", Template: &engine.Template{Name: "hello"}}, buttons(), []string{"<template>"}},
		"its words":      {engine.Content{Text: "Hello Ana", Template: &engine.Template{Name: "hello"}}, engine.Capabilities{}, []string{"Hello Ana"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, shown(degrade.Parts(tt.content, tt.can, "A number."))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text  string
		limit int
		unit  engine.TextUnit
		want  string
	}{
		{"Delivery", 0, "", "Delivery"},
		{"Delivery", 8, "", "Delivery"},
		{"Delivery", 7, "", "Delive…"},
		{"👩‍👩‍👧 family", 9, engine.UnitUTF16, "👩‍👩‍👧…"},
		{"äöüß", 7, engine.UnitBytes, "äö…"},
	} {
		if got := degrade.Cut(tt.text, tt.limit, tt.unit); got != tt.want || tt.limit > 0 && degrade.Units(got, tt.unit) > tt.limit {
			t.Errorf("%q in %d: %q", tt.text, tt.limit, got)
		}
	}
}

// TestNothingIsLost: whatever a channel can do, a consumer reads every word, and no part
// is more than the channel takes.
func TestNothingIsLost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-zäé你]{1,12}`)
		can := engine.Capabilities{
			Choices: rapid.Bool().Draw(t, "choices"), MaxChoices: rapid.IntRange(0, 4).Draw(t, "most"), MaxLabel: rapid.IntRange(0, 8).Draw(t, "label"),
			List: engine.List{Rows: rapid.IntRange(0, 6).Draw(t, "rows"), Label: 10}, Media: rapid.Bool().Draw(t, "media"),
			MaxCaption: rapid.IntRange(0, 40).Draw(t, "caption"), Location: rapid.Bool().Draw(t, "location"), Contacts: rapid.Bool().Draw(t, "contacts"),
			Cards: rapid.IntRange(0, 3).Draw(t, "cards"), MaxText: rapid.IntRange(60, 200).Draw(t, "text"), MaxBody: rapid.SampledFrom([]int{0, 60, 100}).Draw(t, "body"),
			Unit: rapid.SampledFrom([]engine.TextUnit{engine.UnitCharacters, engine.UnitUTF16, engine.UnitBytes}).Draw(t, "unit"),
		}
		var c engine.Content
		c.Text = strings.Join(rapid.SliceOfN(word, 0, 60).Draw(t, "words"), " ")
		want := strings.Fields(c.Text)
		for i := range rapid.IntRange(0, 8).Draw(t, "n") {
			label := word.Draw(t, "label")
			c.Choices = append(c.Choices, engine.Choice{ID: fmt.Sprint(i), Label: label})
			want = append(want, label)
		}
		for range rapid.IntRange(0, 2).Draw(t, "files") {
			u := "https://a.example/" + rapid.StringMatching(`[a-z]{1,5}`).Draw(t, "file")
			c.Media = append(c.Media, engine.Media{Kind: engine.MediaImage, URL: u})
			want = append(want, u)
		}
		for range rapid.IntRange(0, 4).Draw(t, "some cards") {
			title := word.Draw(t, "title")
			c.Cards = append(c.Cards, engine.Card{Title: title})
			want = append(want, title)
		}
		if rapid.Bool().Draw(t, "contact") {
			c.Contacts = []engine.Contact{{Name: word.Draw(t, "name")}}
			if !can.Contacts {
				want = append(want, c.Contacts[0].Name)
			}
		}
		parts := degrade.Parts(c, can, "A number.")
		all := strings.Join(shown(parts), "\n")
		for _, w := range want {
			if !strings.Contains(all, w) {
				t.Fatalf("%q is lost in\n%s", w, all)
			}
		}
		for _, p := range parts {
			limit := can.MaxText
			if p.Choices != nil && can.MaxBody > 0 {
				limit = can.MaxBody
			}
			if len(p.Media) > 0 {
				limit = can.MaxCaption
			}
			if degrade.Units(p.Text, can.Unit) > limit {
				t.Fatalf("%d units are more than %d: %+v", degrade.Units(p.Text, can.Unit), limit, p)
			}
			if p.Choices != nil && degrade.As(p.Choices, can) == degrade.Numbers || len(p.Cards) > can.Cards || p.Media != nil && !can.Media {
				t.Fatalf("the channel cannot show %+v", p)
			}
		}
	})
}
