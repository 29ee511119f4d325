package botscripts

import (
	"net/url"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
	"parley/engine/uri"
)

// What one message of a bot may hold. Channels render or split the rest.
const (
	maxText    = 8 << 10 // bytes
	maxLabel   = 200
	maxURL     = 2 << 10
	maxMedia   = 10
	maxCards   = 10
	maxLinks   = 4
	maxChoices = 20
)

// content reads a message: a string, or a table with its parts.
func (a args) content(v lua.LValue, param string) engine.Content {
	if t, ok := v.(*lua.LTable); ok {
		return a.richContent(t, param)
	}
	return engine.Content{Text: a.some(v, param, maxText)}
}

func (a args) richContent(t *lua.LTable, param string) engine.Content {
	a.options(t, param, "text", "media", "location", "cards", "choices")
	c := engine.Content{
		Text:    a.optional(t.RawGetString("text"), param+".text", maxText),
		Choices: a.choices(t.RawGetString("choices"), param+".choices"),
	}
	for _, v := range a.list(t.RawGetString("media"), param+".media", maxMedia) {
		c.Media = append(c.Media, a.media(v))
	}
	if v := t.RawGetString("location"); v != lua.LNil {
		c.Location = a.location(v, param+".location")
	}
	for _, v := range a.list(t.RawGetString("cards"), param+".cards", maxCards) {
		c.Cards = append(c.Cards, a.card(v))
	}
	if c.Text == "" && len(c.Media) == 0 && c.Location == nil && len(c.Cards) == 0 {
		a.fail("%s must have a text, media, a location or cards", param)
	}
	return c
}

func (a args) location(v lua.LValue, param string) *engine.Location {
	l := a.options(v, param, "lat", "lon", "name", "address")
	return &engine.Location{
		Lat:     a.number(l.RawGetString("lat"), param+".lat", -90, 90),
		Lon:     a.number(l.RawGetString("lon"), param+".lon", -180, 180),
		Name:    a.optional(l.RawGetString("name"), param+".name", maxLabel),
		Address: a.optional(l.RawGetString("address"), param+".address", maxLabel),
	}
}

func (a args) media(v lua.LValue) engine.Media {
	t := a.options(v, "a medium", "kind", "url", "name", "mime")
	m := engine.Media{
		Kind: a.optional(t.RawGetString("kind"), "a medium's kind", maxLabel),
		URL:  a.link(t.RawGetString("url"), "a medium's url", "https"),
		Name: a.optional(t.RawGetString("name"), "a medium's name", maxLabel),
		MIME: a.optional(t.RawGetString("mime"), "a medium's mime", maxLabel),
	}
	switch m.Kind {
	case "":
		m.Kind = "file"
	case "image", "video", "audio", "file":
	default:
		a.fail("a medium's kind must be image, video, audio or file, got %q", m.Kind)
	}
	return m
}

func (a args) card(v lua.LValue) engine.Card {
	t := a.options(v, "a card", "title", "subtitle", "image", "links")
	card := engine.Card{
		Title:    a.some(t.RawGetString("title"), "a card's title", maxLabel),
		Subtitle: a.optional(t.RawGetString("subtitle"), "a card's subtitle", 1000),
	}
	if image := t.RawGetString("image"); image != lua.LNil {
		card.Image = a.link(image, "a card's image", "https")
	}
	for _, v := range a.list(t.RawGetString("links"), "a card's links", maxLinks) {
		l := a.options(v, "a card's link", "label", "url")
		card.Links = append(card.Links, engine.Link{
			Label: a.some(l.RawGetString("label"), "a link's label", maxLabel),
			URL:   a.link(l.RawGetString("url"), "a link's url", "https", "mailto", "tel"),
		})
	}
	return card
}

// choices reads quick replies: labels, or {id=, label=}. A label alone is its
// own id. Ids must differ, because they are what an answer is told apart by.
func (a args) choices(v lua.LValue, param string) []engine.Choice {
	var out []engine.Choice
	seen := map[string]bool{}
	for _, item := range a.list(v, param, maxChoices) {
		var c engine.Choice
		if t, ok := item.(*lua.LTable); ok {
			a.options(t, "a choice", "id", "label")
			c.Label = a.some(t.RawGetString("label"), "a choice's label", maxLabel)
			c.ID = a.optional(t.RawGetString("id"), "a choice's id", maxLabel)
		} else {
			c.Label = a.some(item, "a choice", maxLabel)
		}
		if c.ID == "" {
			c.ID = c.Label
		}
		if seen[c.ID] {
			a.fail("%s has the choice %q twice", param, c.ID)
		}
		seen[c.ID] = true
		out = append(out, c)
	}
	return out
}

// link reads an address with one of the schemes and makes it a URI: what is not
// escaped in it is. http is allowed beside https on this machine, so that a
// developer's files work.
func (a args) link(v lua.LValue, param string, schemes ...string) string {
	s, err := uri.Escape(a.some(v, param, maxURL))
	if err != nil {
		a.fail("%s %s", param, err)
	}
	if len(s) > maxURL {
		a.fail("%s is longer than %d bytes when it is escaped", param, maxURL)
	}
	u, err := url.Parse(s)
	if err != nil {
		a.fail("%s is not a URL", param)
	}
	if !contains(schemes, u.Scheme) && !(u.Scheme == "http" && isLocal(u.Hostname())) {
		a.fail("%s must begin with %s:", param, schemes[0])
	}
	if u.Opaque == "" && u.Host == "" {
		a.fail("%s must name a host", param)
	}
	return s
}

func isLocal(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}
