package connectors_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parley/connectors"
	"parley/engine"
	"parley/engine/degrade"
)

// sent is a content for the table, and what a consumer gets of it in the parts.
type sent struct {
	name    string
	content engine.Content
	becomes func(engine.Capabilities, []engine.Content) string
}

func contents() []sent {
	file := func(kind, mime string) engine.Content {
		return engine.Content{Media: []engine.Media{{Kind: kind, MIME: mime, URL: "https://acme.example/file"}}}
	}
	picks := func(n int) engine.Content {
		c := engine.Content{Text: "Which one?"}
		for i := range n {
			c.Choices = append(c.Choices, engine.Choice{ID: fmt.Sprint("id-", i), Label: fmt.Sprintf("Choice %c", 'A'+i)})
		}
		return c
	}
	cards := func(n int) engine.Content {
		c := engine.Content{}
		for range n {
			c.Cards = append(c.Cards, engine.Card{Title: "Urban 5", Subtitle: "1,299 €", Links: []engine.Link{{Label: "See it", URL: "https://acme.example/urban"}}})
		}
		return c
	}
	or := func(shown, otherwise string, is func(engine.Content) bool) func(engine.Capabilities, []engine.Content) string {
		return func(_ engine.Capabilities, parts []engine.Content) string {
			for _, p := range parts {
				if is(p) {
					return shown
				}
			}
			return otherwise
		}
	}
	media := or("shown", "a link", func(c engine.Content) bool { return len(c.Media) > 0 })
	choices := func(can engine.Capabilities, parts []engine.Content) string {
		for _, p := range parts {
			switch {
			case p.Choices == nil:
			case degrade.As(p.Choices, can) == degrade.Rows:
				return "a list"
			default:
				return "buttons"
			}
		}
		return "numbered lines"
	}
	shownCards := or("shown", "lines with links", func(c engine.Content) bool { return len(c.Cards) > 0 })
	return []sent{
		{"a text of 5,000 characters", engine.Content{Text: strings.Repeat("Words that fill. ", 295)}, func(_ engine.Capabilities, parts []engine.Content) string {
			if len(parts) == 1 {
				return "one message"
			}
			return fmt.Sprintf("%d messages", len(parts))
		}},
		{"3 choices", picks(3), choices},
		{"8 choices", picks(8), choices},
		{"20 choices", picks(20), choices},
		{"a picture (JPEG)", file(engine.MediaImage, "image/jpeg"), media},
		{"a film (MP4)", file(engine.MediaVideo, "video/mp4"), media},
		{"a sound (MP3)", file(engine.MediaAudio, "audio/mpeg"), media},
		{"a document (PDF)", file(engine.MediaFile, "application/pdf"), media},
		{"a place", engine.Content{Location: &engine.Location{Lat: 52.5, Lon: 13.4, Name: "Shop"}},
			or("shown", "lines with a map's link", func(c engine.Content) bool { return c.Location != nil })},
		{"a contact", engine.Content{Contacts: []engine.Contact{{Name: "Ana", Phones: []string{"+15550100"}}}},
			or("shown", "lines", func(c engine.Content) bool { return len(c.Contacts) > 0 })},
		{"a card", cards(1), shownCards},
		{"3 cards", cards(3), shownCards},
	}
}

// contentTable asks the connectors themselves: each row is rendered for each kind.
func contentTable() string {
	all := connectors.Builtin(connectors.Config{HTTP: &http.Client{}})
	var b strings.Builder
	b.WriteString("\n| |")
	for _, con := range all {
		fmt.Fprintf(&b, " `%s` |", con.Spec().Kind)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(all)) + "\n")
	for _, row := range contents() {
		fmt.Fprintf(&b, "| %s |", row.name)
		for _, con := range all {
			spec := con.Spec()
			ch := sample(spec)
			parts := []engine.Content{row.content}
			if r, ok := con.(engine.Renderer); ok {
				parts = r.Render(ch, row.content, "Reply with a number.")
			}
			fmt.Fprintf(&b, " %s |", row.becomes(spec.Can(ch), parts))
		}
		b.WriteByte('\n')
	}
	return b.String() + "\n"
}

// TestContentDocs holds the second table of docs/channels.md to what the connectors render.
func TestContentDocs(t *testing.T) {
	table(t, "contents", contentTable())
}
