package twilio

import (
	"fmt"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/degrade"
	"parley/engine/smstext"
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
		links = append(links, degrade.MediaLine(m))
	}
	blocks := []string{uri.Text(content.Text), degrade.LocationText(content.Location), degrade.Lines(links...)}
	for _, p := range content.Contacts {
		blocks = append(blocks, degrade.ContactText(p))
	}
	for i, card := range content.Cards {
		if i == maxCards {
			blocks = append(blocks, fmt.Sprintf("and %d more", len(content.Cards)-maxCards))
			break
		}
		if mms && card.Image != "" {
			media = append(media, engine.Media{Kind: "image", URL: card.Image, Name: card.Title})
		}
		blocks = append(blocks, degrade.CardText(card, !mms))
	}
	texts := fit(degrade.Blocks(blocks...), degrade.ChoicesText(content, hint))

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
		lines = append(lines, degrade.MediaLine(m))
	}
	return degrade.Lines(lines...)
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
