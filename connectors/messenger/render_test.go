package messenger_test

import (
	"flag"
	"net/http"
	"strings"
	"testing"

	"parley/connectors/connectortest"
	"parley/engine"
)

var update = flag.Bool("update", false, "write testdata")

func choices(labels ...string) (all []engine.Choice) {
	for _, l := range labels {
		all = append(all, engine.Choice{ID: "id-" + strings.ToLower(strings.ReplaceAll(l, " ", "-")), Label: l})
	}
	return all
}

// contents are one of each kind, and those that Messenger shows in another way.
func contents() map[string]engine.Content {
	bike := engine.Card{
		Title: "Urban 5", Subtitle: "1,299 €", Image: "https://acme.example/urban.jpg",
		Links: []engine.Link{{Label: "See it", URL: "https://acme.example/urban"}, {Label: "Call us", URL: "tel:+15550100"}},
	}
	wordy := engine.Card{
		Title: "Urban 5, the bike for every day of the week", Subtitle: "It has eight gears, lights and mudguards, and may be tried at the shop on every day but Sunday.",
		Image: "https://acme.example/urban.jpg", Links: []engine.Link{{Label: "Read everything about it here", URL: "https://acme.example/urban"}},
	}
	mail := engine.Card{Title: "Write to us", Links: []engine.Link{{Label: "Mail", URL: "mailto:care@acme.example"}}}
	file := func(kind, mime, name string) engine.Content {
		return engine.Content{Media: []engine.Media{{Kind: kind, MIME: mime, URL: "https://acme.example/" + name}}}
	}
	both := file(engine.MediaImage, "image/jpeg", "a.jpg")
	both.Text = "Look & see"
	return map[string]engine.Content{
		"text":           {Text: "Hello, café 😀"},
		"long-text":      {Text: strings.Repeat("A sentence of some words. ", 100)},
		"address":        {Text: "See https://acme.example/größe"},
		"quick-replies":  {Text: "Which one?", Choices: choices("City", "Mountain", "Both")},
		"13-choices":     {Text: "Which one?", Choices: choices(strings.Split("ABCDEFGHIJKLM", "")...)},
		"14-choices":     {Text: "Which one?", Choices: choices(strings.Split("ABCDEFGHIJKLMN", "")...)},
		"long-label":     {Text: "Which one?", Choices: choices("City", "One for the mountains")},
		"long-id":        {Text: "Which one?", Choices: []engine.Choice{{ID: strings.Repeat("x", 1001), Label: "City"}, {ID: "m", Label: "Mountain"}}},
		"details":        {Text: "Which one?", Choices: []engine.Choice{{ID: "city", Label: "City", Detail: "Flat"}}},
		"picture":        both,
		"svg":            file(engine.MediaImage, "image/svg+xml", "a.svg"),
		"film":           file(engine.MediaVideo, "video/mp4", "a.mp4"),
		"sound":          file(engine.MediaAudio, "audio/mpeg", "a.mp3"),
		"document":       file(engine.MediaFile, "application/pdf", "a.pdf"),
		"place":          {Text: "Here we are:", Location: &engine.Location{Lat: 52.5, Lon: 13.4, Name: "Shop"}},
		"contact":        {Contacts: []engine.Contact{{Name: "Ana", Phones: []string{"+15550100"}}}},
		"card":           {Cards: []engine.Card{bike}},
		"bare-card":      {Cards: []engine.Card{{Title: "Urban 5"}}},
		"carousel":       {Text: "Three bikes", Cards: []engine.Card{bike, bike, bike}, Choices: choices("More")},
		"wordy-card":     {Cards: []engine.Card{wordy}},
		"mixed-cards":    {Cards: []engine.Card{bike, wordy, mail, bike}},
		"no-card-button": {Cards: []engine.Card{{Title: "Urban 5", Links: []engine.Link{{Label: "A label that is too long, 1", URL: "https://a.example"}, {Label: "A label that is too long, 2", URL: "https://a.example"}}}}},
	}
}

const accepted = `{"recipient_id":"7012345678901234","message_id":"m_out1"}`

func TestRequests(t *testing.T) {
	t.Parallel()
	connectortest.RunGolden(t, suite(), accepted, *update, contents())
}

func BenchmarkRender(b *testing.B) {
	conn := suite().New(http.DefaultClient).(engine.Renderer)
	all := contents()
	for _, name := range []string{"text", "quick-replies", "carousel"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				conn.Render(channel(), all[name], "Reply with a number.")
			}
		})
	}
}
