package messaging_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"parley/connectors/fakes/meta"
	"parley/connectors/graph/messaging"
	"parley/connectors/instagram"
	"parley/connectors/messenger"
	"parley/engine"
)

// TestEverythingIsTaken: whatever a bot says, Meta takes what it becomes, and nothing of
// it is lost but what is beyond a button's label.
func TestEverythingIsTaken(t *testing.T) {
	t.Parallel()
	const page, account = "104567890123456", "17841400008460056"
	fake, transport := meta.Pipe(meta.Config{})
	defer fake.Close()
	defer transport.CloseIdleConnections()
	fake.Page(page)
	fake.Account(account, "instagram")
	client := &http.Client{Transport: transport}
	for _, p := range []struct {
		conn    *messaging.Connector
		address string
	}{
		{messenger.New(messenger.Config{HTTP: client}), page},
		{instagram.New(instagram.Config{HTTP: client}), account},
	} {
		ch := engine.Channel{
			Kind: p.conn.Spec().Kind, Address: p.address, Config: map[string]string{"api_base": fake.URL()},
			Secrets: map[string]engine.Secret{"access_token": meta.DefaultToken},
		}
		rapid.Check(t, func(t *rapid.T) {
			content, words := anything(t)
			began := len(fake.Sent())
			for i, part := range p.conn.Render(ch, content, "A number.") {
				if _, err := p.conn.Send(t.Context(), ch, engine.Outbound{Item: fmt.Sprint("item-", i), To: "7012345678901234", Content: part}); err != nil {
					t.Fatalf("part %d is not taken: %v\n%+v", i, err, part)
				}
			}
			var all strings.Builder
			for _, m := range fake.Sent()[began:] {
				var body any
				if err := json.Unmarshal(m.Body, &body); err != nil {
					t.Fatal(err)
				}
				fmt.Fprintln(&all, body)
			}
			for _, w := range words {
				if !strings.Contains(all.String(), w) {
					t.Fatalf("%q is lost in\n%s", w, all.String())
				}
			}
		})
	}
}

// anything is a content, and words that must be read of it.
func anything(t *rapid.T) (c engine.Content, words []string) {
	word := rapid.StringMatching(`[a-zäé你😀]{1,12}`)
	phrase := func(name string, most int) string {
		all := rapid.SliceOfN(word, 1, most).Draw(t, name)
		words = append(words, all...)
		return strings.Join(all, " ")
	}
	if rapid.Bool().Draw(t, "has text") {
		c.Text = phrase("text", 400)
	}
	for i := range rapid.IntRange(0, 16).Draw(t, "choices") {
		c.Choices = append(c.Choices, engine.Choice{ID: fmt.Sprint("id-", i), Label: phrase("label", 4)})
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "files") {
		u := fmt.Sprint("https://acme.example/", i)
		c.Media = append(c.Media, engine.Media{
			URL: u, Kind: rapid.SampledFrom([]string{"image", "video", "audio", "file"}).Draw(t, "kind"),
			MIME: rapid.SampledFrom([]string{"", "image/jpeg", "image/svg+xml", "video/mp4", "audio/mpeg", "application/pdf"}).Draw(t, "type"),
		})
		words = append(words, u)
	}
	for range rapid.IntRange(0, 12).Draw(t, "cards") {
		card := engine.Card{Title: phrase("title", 12)}
		if rapid.Bool().Draw(t, "has subtitle") {
			card.Subtitle = phrase("subtitle", 80)
		}
		if rapid.Bool().Draw(t, "has picture") {
			card.Image = "https://acme.example/card.jpg"
		}
		for i := range rapid.IntRange(0, 4).Draw(t, "links") {
			address := rapid.SampledFrom([]string{"https://acme.example/", "tel:+1555010", "mailto:care@acme.example"}).Draw(t, "address")
			if strings.HasPrefix(address, "https") {
				address += fmt.Sprint(i)
			}
			_, shown, _ := strings.Cut(address, ":")
			words = append(words, strings.TrimPrefix(shown, "//"))
			card.Links = append(card.Links, engine.Link{Label: rapid.StringMatching(`[a-z ]{1,30}x`).Draw(t, "link"), URL: address})
		}
		c.Cards = append(c.Cards, card)
	}
	return c, words
}
