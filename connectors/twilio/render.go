package twilio

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"parley/engine"
	"parley/engine/smstext"
	"parley/engine/understanding/choice"
	"parley/engine/uri"
)

const (
	maxText       = 1600 // of one message, as Twilio counts
	maxCards      = 5
	maxMediaInMMS = 10
)

// Render turns a content into what SMS can carry, in the order of sending. Text
// comes first, then places, cards and links to media; choices come last, as a
// numbered list that is not torn apart. Long text becomes several messages, cut
// between sentences. Where the channel has MMS, media and the cards' pictures
// travel with the text if that is one message, else ahead of it.
func (c *Connector) Render(ch engine.Channel, content engine.Content, hint string) []engine.Content {
	mms := hasMMS(ch)
	var media []engine.Media
	var links []string
	for _, m := range content.Media {
		if mms && mmsKind(m.Kind) {
			media = append(media, m)
			continue
		}
		links = append(links, mediaLine(m))
	}
	blocks := []string{uri.Text(content.Text), locationText(content.Location), joinLines(links)}
	for i, card := range content.Cards {
		if i == maxCards {
			blocks = append(blocks, fmt.Sprintf("and %d more", len(content.Cards)-maxCards))
			break
		}
		if mms && card.Image != "" {
			media = append(media, engine.Media{Kind: "image", URL: card.Image, Name: card.Title})
		}
		blocks = append(blocks, cardText(card, !mms))
	}
	texts := fit(joinBlocks(blocks), choicesText(content, hint))

	groups := groupMedia(media)
	var together []engine.Media
	if n := len(groups); n > 0 && len(texts) == 1 && fitsAsLinks(texts[0], groups[n-1]) {
		together, groups = groups[n-1], groups[:n-1]
	}
	var parts []engine.Content
	for _, group := range groups {
		parts = append(parts, engine.Content{Media: group})
	}
	for _, text := range texts {
		parts = append(parts, engine.Content{Text: text, Media: together})
	}
	return parts
}

// groupMedia shares media out to as few messages as can carry them.
func groupMedia(media []engine.Media) [][]engine.Media {
	var groups [][]engine.Media
	for _, m := range media {
		last := len(groups) - 1
		if last < 0 || len(groups[last]) == maxMediaInMMS || !fitsAsLinks("", append(slices.Clone(groups[last]), m)) {
			groups = append(groups, nil)
			last++
		}
		groups[last] = append(groups[last], m)
	}
	return groups
}

// fitsAsLinks tells whether the part still fits one message when Send finds
// that its recipient takes no MMS.
func fitsAsLinks(text string, media []engine.Media) bool {
	return len(smstext.Split(textWithLinks(text, media), maxText)) <= 1
}

func textWithLinks(text string, media []engine.Media) string {
	lines := []string{text}
	for _, m := range media {
		lines = append(lines, mediaLine(m))
	}
	return joinLines(lines)
}

// fit cuts body into messages and adds the choices to the last one if they fit
// there, else as a message of their own.
func fit(body, choices string) []string {
	texts := smstext.Split(body, maxText)
	if choices == "" {
		return texts
	}
	if n := len(texts); n > 0 {
		together := texts[n-1] + "\n\n" + choices
		if len(smstext.Split(together, maxText)) == 1 {
			texts[n-1] = together
			return texts
		}
	}
	return append(texts, smstext.Split(choices, maxText)...)
}

// choicesText lists the choices, with numbers unless a number would be taken for a value.
func choicesText(content engine.Content, hint string) string {
	choices := content.Choices
	numbered := !content.Unnumbered && choice.Numbered(choice.Options(choices))
	var b strings.Builder
	for i, c := range choices {
		if i > 0 {
			b.WriteByte('\n')
		}
		if numbered {
			fmt.Fprintf(&b, "%d. ", i+1)
		}
		b.WriteString(oneLine(c.Label))
	}
	if numbered && len(choices) > 1 && hint != "" {
		b.WriteString("\n\n" + hint)
	}
	return b.String()
}

// cardText is a card's title, subtitle and links. Its picture is worth a link
// only when the card says nothing beyond its title.
func cardText(card engine.Card, pictureAsLink bool) string {
	lines := []string{card.Title, uri.Text(card.Subtitle)}
	for _, link := range card.Links {
		lines = append(lines, linkLine(link))
	}
	if pictureAsLink && card.Subtitle == "" && len(card.Links) == 0 {
		lines = append(lines, card.Image)
	}
	return joinLines(lines)
}

func linkLine(link engine.Link) string {
	target := link.URL
	for _, scheme := range []string{"tel:", "mailto:"} {
		if rest, found := strings.CutPrefix(target, scheme); found {
			target = rest
		}
	}
	if link.Label == "" || link.Label == target {
		return target
	}
	return oneLine(link.Label) + ": " + target
}

func mediaLine(m engine.Media) string {
	if m.Name == "" {
		return m.URL
	}
	return oneLine(m.Name) + ": " + m.URL
}

func locationText(place *engine.Location) string {
	if place == nil {
		return ""
	}
	return joinLines([]string{place.Name, place.Address,
		"https://maps.google.com/?q=" + degrees(place.Lat) + "," + degrees(place.Lon)})
}

// degrees writes a coordinate to a tenth of a metre.
func degrees(v float64) string {
	const precision = 1e6
	return strconv.FormatFloat(math.Round(v*precision)/precision+0, 'f', -1, 64) // +0 makes -0 a 0
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func joinLines(lines []string) string   { return joinFilled(lines, "\n") }
func joinBlocks(blocks []string) string { return joinFilled(blocks, "\n\n") }

func joinFilled(parts []string, separator string) string {
	filled := make([]string, 0, len(parts))
	for _, part := range parts {
		if strings.TrimSpace(part) != "" {
			filled = append(filled, part)
		}
	}
	return strings.Join(filled, separator)
}

// hasMMS tells whether the channel's sender may send media: the brand says so,
// and the sender is a number of the United States or Canada, a short code or a
// messaging service.
func hasMMS(ch engine.Channel) bool {
	return ch.Config["mms"] == "true" &&
		(ch.Config["messaging_service_sid"] != "" || takesMMS(ch.Address) || smstext.IsShortCode(ch.Address))
}

// takesMMS tells whether a number is in the United States or Canada: +1, less
// the island states that share it.
func takesMMS(number string) bool {
	national, found := strings.CutPrefix(number, "+1")
	return found && len(national) == 10 && !slices.Contains([]string{
		"242", "246", "264", "268", "284", "345", "441", "473", "649", "658", "664", "721", "758", "767",
		"784", "809", "829", "849", "868", "869", "876",
	}, national[:3])
}

// mmsKind leaves files out: most phones refuse what is no picture, film or sound.
func mmsKind(kind string) bool {
	return kind == "image" || kind == "video" || kind == "audio"
}
