package messaging

import (
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/degrade"
	"parley/engine/uri"
)

// What both take of templates and quick replies.
const (
	mostReplies    = 13
	mostCards      = 10
	maxLabel       = 20 // of a quick reply or button
	maxCardLine    = 80 // a card's title, and its subtitle
	mostButtons    = 3
	maxButtonsText = 640 // of a template that has nothing but buttons
)

// Render fits a content to what the platform shows, in the order of sending. A card is
// shown as one if all of its words have room there, else as its picture and text with
// buttons, else as its picture and lines.
func (c *Connector) Render(ch engine.Channel, content engine.Content, hint string) []engine.Content {
	can := c.platform.Spec.Can(ch)
	if slices.ContainsFunc(content.Choices, func(o engine.Choice) bool { return o.ID == "" || len(o.ID) > maxPayload }) {
		can.Choices = false
	}
	var parts []engine.Content
	for _, p := range degrade.Parts(content, can, hint) {
		if p.Cards == nil {
			parts = append(parts, p)
			continue
		}
		parts = append(parts, c.cards(p.Cards, can)...)
	}
	return parts
}

// cards are those of one message, of which some may not fit.
func (c *Connector) cards(cards []engine.Card, can engine.Capabilities) (parts []engine.Content) {
	lines := can
	lines.Cards = 0
	var together []engine.Card
	flush := func() {
		if together != nil {
			parts = append(parts, engine.Content{Cards: together})
		}
		together = nil
	}
	for _, card := range cards {
		card.Subtitle = uri.Text(card.Subtitle)
		if c.fits(card) {
			together = append(together, card)
			continue
		}
		flush()
		if card.Image != "" {
			parts = append(parts, engine.Content{Media: []engine.Media{{Kind: engine.MediaImage, URL: card.Image}}})
			card.Image = ""
		}
		if c.platform.Buttons && c.buttons(card.Links) && degrade.Units(cardText(card), engine.UnitUTF16) <= maxButtonsText {
			parts = append(parts, engine.Content{Cards: []engine.Card{card}})
		} else {
			parts = append(parts, degrade.Parts(engine.Content{Cards: []engine.Card{card}}, lines, "")...)
		}
	}
	flush()
	return parts
}

// fits says whether a card is shown whole as an element of a carousel.
func (c *Connector) fits(card engine.Card) bool {
	line := func(s string) bool { return degrade.Units(s, engine.UnitUTF16) <= maxCardLine }
	more := card.Subtitle != "" || card.Image != "" || len(card.Links) > 0
	return card.Title != "" && more && line(card.Title) && line(card.Subtitle) && (len(card.Links) == 0 || c.buttons(card.Links)) &&
		(card.Image == "" || strings.HasPrefix(card.Image, "https://"))
}

// buttons says whether links can be buttons, whose labels tell them apart.
func (c *Connector) buttons(links []engine.Link) bool {
	if len(links) == 0 || len(links) > mostButtons {
		return false
	}
	seen := make([]string, 0, mostButtons)
	for _, l := range links {
		label := label(l)
		web := strings.HasPrefix(l.URL, "https://") || strings.HasPrefix(l.URL, "http://")
		call := strings.HasPrefix(l.URL, "tel:") && c.platform.Calls
		if !web && !call || slices.Contains(seen, label) {
			return false
		}
		seen = append(seen, label)
	}
	return true
}

// label is what a button says: a longer one is cut, since its address says the rest.
func label(l engine.Link) string {
	words := strings.Join(strings.Fields(l.Label), " ")
	if words == "" {
		words = degrade.LinkLine(engine.Link{URL: l.URL})
	}
	return degrade.Cut(words, maxLabel, engine.UnitUTF16)
}

func cardText(card engine.Card) string { return degrade.Lines(card.Title, card.Subtitle) }
