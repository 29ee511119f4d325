package messaging

import (
	"net/url"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/degrade"
)

// content is what a message says. What cannot be shown is named.
func content(m *message) engine.Content {
	c := engine.Content{Text: clean(m.Text, 0)}
	for _, a := range m.Attachments {
		attach(&c, a)
	}
	if c.Plain() && c.Text == "" || m.Unsupported {
		c.Unsupported = "message"
	}
	return c
}

// attach adds one attachment to the content.
func attach(c *engine.Content, a attachment) {
	address, title := a.Payload.URL, clean(a.Payload.Title, maxTitle)
	if address == "" {
		address = a.URL
	}
	if title == "" {
		title = clean(a.Title, maxTitle)
	}
	file := func(kind, name string) {
		if u := web(address); u != "" {
			c.Media = append(c.Media, engine.Media{Kind: kind, URL: u, Name: name})
		} else {
			c.Unsupported = a.Type
		}
	}
	switch a.Type {
	case "image", "sticker":
		if thumb(a.Payload.StickerID) {
			c.Text = degrade.Lines(c.Text, "👍")
			return
		}
		file(engine.MediaImage, "")
	case "video", "audio":
		file(a.Type, "")
	case "file":
		file(engine.MediaFile, title)
	case "location":
		at := a.Payload.Coordinates
		if at == nil || at.Lat < -90 || at.Lat > 90 || at.Long < -180 || at.Long > 180 {
			c.Unsupported = a.Type
			return
		}
		c.Location = &engine.Location{Lat: at.Lat, Lon: at.Long, Name: title}
	case "like_heart":
		c.Text = degrade.Lines(c.Text, "❤️")
	case "fallback": // the preview of a link, which a text has itself
		if c.Text == "" {
			c.Text = degrade.Lines(title, web(address))
		}
		if c.Text == "" {
			c.Unsupported = "link"
		}
	case "share", "post", "ig_post", "reel", "ig_reel", "story_mention", "ig_story":
		// A picture or a film, which nobody says; or the page that shows it.
		if u := web(address); u != "" && page(u) {
			c.Text = degrade.Lines(c.Text, title, u)
			return
		}
		file(engine.MediaFile, title)
	case "ephemeral":
		c.Unsupported = "disappearing picture"
	case "template":
		template(c, a)
	default:
		c.Unsupported = clean(a.Type, 64)
	}
	if c.Unsupported == "" && a.Type == "" {
		c.Unsupported = "message"
	}
}

// template adds what another app of the brand has sent.
func template(c *engine.Content, a attachment) {
	elements := a.Payload.Elements
	if a.Payload.Generic != nil {
		elements = a.Payload.Generic.Elements
	}
	c.Text = degrade.Lines(c.Text, clean(a.Payload.Text, 0))
	for _, e := range elements[:min(len(elements), mostCards)] {
		if e.Title != "" {
			c.Cards = append(c.Cards, engine.Card{Title: clean(e.Title, maxTitle), Subtitle: clean(e.Subtitle, maxTitle), Image: web(e.Image)})
		}
	}
	if c.Text == "" && c.Cards == nil {
		c.Text = clean(a.Title, maxTitle)
	}
	if c.Text == "" && c.Cards == nil {
		c.Unsupported = a.Type
	}
}

// mentions is the story that mentions the account, "" for none.
func mentions(m *message) string {
	i := slices.IndexFunc(m.Attachments, func(a attachment) bool { return a.Type == "story_mention" })
	if i < 0 {
		return ""
	}
	return m.Attachments[i].Payload.URL
}

// thumb tells the three sizes of Messenger's thumb.
func thumb(sticker text) bool {
	return sticker == "369239263222822" || sticker == "369239343222814" || sticker == "369239383222810"
}

// web is an address that is fit to be fetched or shown, "" for another.
func web(address string) string {
	address = clean(address, 0)
	u, err := url.Parse(address)
	if err != nil || len(address) > maxURL || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return address
}

// page tells addresses of pages, which are to be read in a browser, from files.
func page(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	host := strings.TrimPrefix(u.Hostname(), "www.")
	return slices.Contains([]string{"facebook.com", "m.facebook.com", "fb.watch", "instagram.com"}, host)
}
