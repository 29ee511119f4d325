package degrade

import (
	"strings"

	"parley/engine"
	"parley/engine/smstext"
	"parley/engine/uri"
)

// Parts gives the messages that a content becomes on a channel that can do so
// much, in the order of sending. Files come first, with the text as the caption of
// the last one where it fits; then the text, the place, the contacts and the cards.
// Choices go with the last text, which is made of their labels if there is none. A
// template goes alone. hint asks for the number of a choice in the consumer's
// language, where choices become a numbered list.
func Parts(c engine.Content, can engine.Capabilities, hint string) []engine.Content {
	if c.Template != nil && can.Templates {
		return []engine.Content{{Template: c.Template}}
	}
	var files []engine.Content
	blocks := []string{uri.Text(c.Text)}
	var links []string
	for _, m := range c.Media {
		if shows(can, m) {
			files = append(files, engine.Content{Media: []engine.Media{m}})
		} else {
			links = append(links, MediaLine(m))
		}
	}
	var after []engine.Content
	if c.Location != nil && can.Location {
		after = append(after, engine.Content{Location: c.Location})
	} else {
		blocks = append(blocks, LocationText(c.Location))
	}
	blocks = append(blocks, Lines(links...))
	if can.Contacts && c.Contacts != nil {
		after = append(after, engine.Content{Contacts: c.Contacts})
	} else {
		for _, p := range c.Contacts {
			blocks = append(blocks, ContactText(p))
		}
	}
	if cards := c.Cards; can.Cards > 0 {
		for ; len(cards) > 0; cards = cards[min(can.Cards, len(cards)):] {
			after = append(after, engine.Content{Cards: cards[:min(can.Cards, len(cards))]})
		}
	} else {
		for _, card := range cards {
			blocks = append(blocks, CardText(card, true))
		}
	}
	texts := said(Blocks(blocks...), c, can, hint)
	if n := len(files); n > 0 && len(texts) == 1 && texts[0].Choices == nil && units(texts[0].Text, can.Unit) <= can.MaxCaption {
		files[n-1].Text, texts = texts[0].Text, nil
	}
	// Buttons below the last message are seen; above cards they are not.
	if n := len(texts) - 1; n >= 0 && texts[n].Choices != nil && len(after) > 0 {
		return append(append(append(files, texts[:n]...), after...), texts[n])
	}
	return append(append(files, texts...), after...)
}

// said is the text in pieces, with the choices at the last one.
func said(text string, c engine.Content, can engine.Capabilities, hint string) []engine.Content {
	var parts []engine.Content
	add := func(pieces []string) {
		for _, p := range pieces {
			parts = append(parts, engine.Content{Text: p})
		}
	}
	if len(c.Choices) == 0 {
		add(cut(text, can.MaxText, can.Unit))
		return parts
	}
	drawn := As(c.Choices, can)
	if drawn == Numbers {
		list := ChoicesText(c, hint)
		pieces := cut(text, can.MaxText, can.Unit)
		if n := len(pieces) - 1; n >= 0 && fits(pieces[n]+"\n\n"+list, can.MaxText, can.Unit) {
			pieces[n] += "\n\n" + list
		} else {
			pieces = append(pieces, cut(list, can.MaxText, can.Unit)...)
		}
		add(pieces)
		return parts
	}
	if drawn == Buttons {
		text = Blocks(text, details(c.Choices))
	}
	if strings.TrimSpace(text) == "" {
		text = labels(c.Choices)
	}
	pieces := cut(text, can.MaxText, can.Unit)
	if can.MaxBody > 0 {
		n := len(pieces) - 1
		pieces = append(pieces[:n:n], cut(pieces[n], can.MaxBody, can.Unit)...)
	}
	add(pieces)
	last := &parts[len(parts)-1]
	last.Choices, last.Unnumbered = c.Choices, c.Unnumbered
	return parts
}

func shows(can engine.Capabilities, m engine.Media) bool {
	if !can.Media || can.MediaTypes == nil {
		return can.Media
	}
	// A file whose type nobody told is of its kind's usual one.
	family, _, _ := strings.Cut(m.MIME, "/")
	if m.MIME == "" {
		family = map[string]string{engine.MediaImage: "image", engine.MediaVideo: "video", engine.MediaAudio: "audio", engine.MediaFile: "application"}[m.Kind]
	}
	for _, t := range can.MediaTypes {
		if t == m.MIME || strings.HasPrefix(t, family+"/") && (m.MIME == "" || strings.HasSuffix(t, "/*")) {
			return true
		}
	}
	return false
}

func cut(text string, limit int, unit engine.TextUnit) []string {
	return smstext.SplitBy(text, limit, size(unit))
}

func fits(text string, limit int, unit engine.TextUnit) bool {
	return limit == 0 || units(text, unit) <= limit
}
