package degrade

import (
	"math"
	"strconv"
	"strings"

	"parley/engine"
	"parley/engine/uri"
)

// CardText is a card's title, subtitle and links. Its picture is worth a link
// only when the card says nothing beyond its title.
func CardText(card engine.Card, pictureAsLink bool) string {
	all := []string{card.Title, uri.Text(card.Subtitle)}
	for _, link := range card.Links {
		all = append(all, LinkLine(link))
	}
	if pictureAsLink && card.Subtitle == "" && len(card.Links) == 0 {
		all = append(all, card.Image)
	}
	return Lines(all...)
}

// LinkLine is a link with its label, and a number or address without its scheme.
func LinkLine(link engine.Link) string {
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

// MediaLine is a file as a link.
func MediaLine(m engine.Media) string {
	if m.Name == "" {
		return m.URL
	}
	return oneLine(m.Name) + ": " + m.URL
}

// LocationText is a place in lines, the last of which opens a map; "" for nil.
func LocationText(place *engine.Location) string {
	if place == nil {
		return ""
	}
	return Lines(place.Name, place.Address, "https://maps.google.com/?q="+degrees(place.Lat)+","+degrees(place.Lon))
}

// degrees writes a coordinate to a tenth of a metre.
func degrees(v float64) string {
	const precision = 1e6
	return strconv.FormatFloat(math.Round(v*precision)/precision+0, 'f', -1, 64) // +0 makes -0 a 0
}

// ContactText is a contact's card in lines.
func ContactText(p engine.Contact) string {
	all := []string{oneLine(p.Name), oneLine(p.Org)}
	return Lines(append(append(all, p.Phones...), p.Emails...)...)
}

// Blocks joins what is not blank by empty lines.
func Blocks(blocks ...string) string { return joined(blocks, "\n\n") }

// Lines joins what is not blank.
func Lines(all ...string) string { return joined(all, "\n") }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

func joined(parts []string, separator string) string {
	filled := make([]string, 0, len(parts))
	for _, part := range parts {
		if strings.TrimSpace(part) != "" {
			filled = append(filled, part)
		}
	}
	return strings.Join(filled, separator)
}
