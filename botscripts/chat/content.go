package chat

import (
	"net/url"
	"slices"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
	"parley/engine/uri"
)

// What one message of a bot may hold, beside its texts. Channels render or split the rest.
const (
	maxMedia   = 10
	maxCards   = 10
	maxLinks   = 4
	maxChoices = 20
)

// content reads a message: a string, or a table with its parts.
func (a call) content(v lua.LValue, param string) engine.Content {
	if t, ok := v.(*lua.LTable); ok {
		return a.richContent(t, param)
	}
	return engine.Content{Text: a.Some(v, param, kernel.MaxText)}
}

func (a call) richContent(t *lua.LTable, param string) engine.Content {
	a.Options(t, param, "text", "media", "location", "cards", "choices")
	c := engine.Content{
		Text:    a.Optional(t.RawGetString("text"), param+".text", kernel.MaxText),
		Choices: a.choices(t.RawGetString("choices"), param+".choices"),
	}
	for _, v := range a.List(t.RawGetString("media"), param+".media", maxMedia) {
		c.Media = append(c.Media, a.media(v))
	}
	if v := t.RawGetString("location"); v != lua.LNil {
		c.Location = a.location(v, param+".location")
	}
	for _, v := range a.List(t.RawGetString("cards"), param+".cards", maxCards) {
		c.Cards = append(c.Cards, a.card(v))
	}
	if c.Text == "" && len(c.Media) == 0 && c.Location == nil && len(c.Cards) == 0 {
		a.Fail("%s must have a text, media, a location or cards", param)
	}
	return c
}

func (a call) location(v lua.LValue, param string) *engine.Location {
	l := a.Options(v, param, "lat", "lon", "name", "address")
	return &engine.Location{
		Lat:     a.Number(l.RawGetString("lat"), param+".lat", -90, 90),
		Lon:     a.Number(l.RawGetString("lon"), param+".lon", -180, 180),
		Name:    a.Optional(l.RawGetString("name"), param+".name", kernel.MaxLabel),
		Address: a.Optional(l.RawGetString("address"), param+".address", kernel.MaxLabel),
	}
}

func (a call) media(v lua.LValue) engine.Media {
	t := a.Options(v, "a medium", "kind", "url", "name", "mime")
	m := engine.Media{
		Kind: a.Optional(t.RawGetString("kind"), "a medium's kind", kernel.MaxLabel),
		URL:  a.link(t.RawGetString("url"), "a medium's url", "https"),
		Name: a.Optional(t.RawGetString("name"), "a medium's name", kernel.MaxLabel),
		MIME: a.Optional(t.RawGetString("mime"), "a medium's mime", kernel.MaxLabel),
	}
	switch m.Kind {
	case "":
		m.Kind = "file"
	case "image", "video", "audio", "file":
	default:
		a.Fail("a medium's kind must be image, video, audio or file, got %q", m.Kind)
	}
	return m
}

func (a call) card(v lua.LValue) engine.Card {
	t := a.Options(v, "a card", "title", "subtitle", "image", "links")
	card := engine.Card{
		Title:    a.Some(t.RawGetString("title"), "a card's title", kernel.MaxLabel),
		Subtitle: a.Optional(t.RawGetString("subtitle"), "a card's subtitle", 1000),
	}
	if image := t.RawGetString("image"); image != lua.LNil {
		card.Image = a.link(image, "a card's image", "https")
	}
	for _, v := range a.List(t.RawGetString("links"), "a card's links", maxLinks) {
		l := a.Options(v, "a card's link", "label", "url")
		card.Links = append(card.Links, engine.Link{
			Label: a.Some(l.RawGetString("label"), "a link's label", kernel.MaxLabel),
			URL:   a.link(l.RawGetString("url"), "a link's url", "https", "mailto", "tel"),
		})
	}
	return card
}

// choices reads quick replies: labels, or {id=, label=}. A label alone is its
// own id. Ids must differ, because they are what an answer is told apart by.
func (a call) choices(v lua.LValue, param string) []engine.Choice {
	var out []engine.Choice
	seen := map[string]bool{}
	for _, item := range a.List(v, param, maxChoices) {
		var c engine.Choice
		if t, ok := item.(*lua.LTable); ok {
			a.Options(t, "a choice", "id", "label")
			c.Label = a.Some(t.RawGetString("label"), "a choice's label", kernel.MaxLabel)
			c.ID = a.Optional(t.RawGetString("id"), "a choice's id", kernel.MaxLabel)
		} else {
			c.Label = a.Some(item, "a choice", kernel.MaxLabel)
		}
		if c.ID == "" {
			c.ID = c.Label
		}
		if seen[c.ID] {
			a.Fail("%s has the choice %q twice", param, c.ID)
		}
		seen[c.ID] = true
		out = append(out, c)
	}
	return out
}

// link reads an address with one of the schemes and makes it a URI: what is not
// escaped in it is. http is allowed beside https on this machine, so that a
// developer's files work.
func (a call) link(v lua.LValue, param string, schemes ...string) string {
	s, err := uri.Escape(a.Some(v, param, kernel.MaxURL))
	if err != nil {
		a.Fail("%s %s", param, err)
	}
	if len(s) > kernel.MaxURL {
		a.Fail("%s is longer than %d bytes when it is escaped", param, kernel.MaxURL)
	}
	u, err := url.Parse(s)
	if err != nil {
		a.Fail("%s is not a URL", param)
	}
	if !slices.Contains(schemes, u.Scheme) && !(u.Scheme == "http" && isLocal(u.Hostname())) {
		a.Fail("%s must begin with %s:", param, schemes[0])
	}
	if u.Opaque == "" && u.Host == "" {
		a.Fail("%s must name a host", param)
	}
	return s
}

func isLocal(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// contentFields is a content as canonical arguments. It is built by hand so
// that the order of the struct's fields can never change a hash.
func contentFields(c engine.Content) kernel.Fields {
	f := kernel.Fields{}
	if c.Text != "" {
		f["text"] = c.Text
	}
	if len(c.Media) > 0 {
		media := make([]any, len(c.Media))
		for i, m := range c.Media {
			media[i] = kernel.Fields{"kind": m.Kind, "url": m.URL, "mime": m.MIME, "name": m.Name}
		}
		f["media"] = media
	}
	if l := c.Location; l != nil {
		f["location"] = kernel.Fields{"lat": l.Lat, "lon": l.Lon, "name": l.Name, "address": l.Address}
	}
	if len(c.Cards) > 0 {
		cards := make([]any, len(c.Cards))
		for i, card := range c.Cards {
			links := make([]any, len(card.Links))
			for j, link := range card.Links {
				links[j] = kernel.Fields{"label": link.Label, "url": link.URL}
			}
			cards[i] = kernel.Fields{"title": card.Title, "subtitle": card.Subtitle, "image": card.Image, "links": links}
		}
		f["cards"] = cards
	}
	if len(c.Choices) > 0 {
		choices := make([]any, len(c.Choices))
		for i, choice := range c.Choices {
			choices[i] = kernel.Fields{"id": choice.ID, "label": choice.Label}
		}
		f["choices"] = choices
	}
	return f
}
