package chat

import (
	"cmp"
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
	// maxContacts and maxWays bound the people of a message, and the numbers or addresses of one.
	maxContacts = 5
	maxWays     = 5
)

// content reads a message: a string, or a table with its parts.
func (a call) content(v lua.LValue, param string) engine.Content {
	if t, ok := v.(*lua.LTable); ok {
		return a.richContent(t, param)
	}
	return engine.Content{Text: a.Some(v, param, kernel.MaxText)}
}

func (a call) richContent(t *lua.LTable, param string) engine.Content {
	a.OptionsWith(t, param, []string{"contacts"}, "text", "media", "location", "cards", "choices")
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
	for _, v := range a.List(t.RawGetString("contacts"), param+".contacts", maxContacts) {
		c.Contacts = append(c.Contacts, a.contact(v))
	}
	if c.Text == "" && len(c.Media) == 0 && c.Location == nil && len(c.Contacts) == 0 && len(c.Cards) == 0 {
		// Bots may have kept these words, so that they stay as they are.
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

func (a call) contact(v lua.LValue) engine.Contact {
	t := a.Options(v, "a contact", "name", "org", "phones", "emails")
	ways := func(key string) (all []string) {
		for _, v := range a.List(t.RawGetString(key), "a contact's "+key, maxWays) {
			all = append(all, a.Some(v, "one of a contact's "+key, kernel.MaxLabel))
		}
		return all
	}
	return engine.Contact{
		Name:   a.Some(t.RawGetString("name"), "a contact's name", kernel.MaxLabel),
		Org:    a.Optional(t.RawGetString("org"), "a contact's org", kernel.MaxLabel),
		Phones: ways("phones"), Emails: ways("emails"),
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
		c, more := a.choice(item, "a choice", "id", "label", "description")
		if more != nil {
			c.Detail = a.Optional(more.RawGetString("description"), "a choice's description", kernel.MaxLabel)
		}
		if seen[c.ID] {
			a.Fail("%s has the choice %q twice", param, c.ID)
		}
		seen[c.ID] = true
		out = append(out, c)
	}
	return out
}

// choice reads a label, or a table with it and what else the options say.
func (a call) choice(v lua.LValue, param string, options ...string) (c engine.Choice, more *lua.LTable) {
	more, ok := v.(*lua.LTable)
	if ok {
		a.Options(more, param, options...)
		c.Label = a.Some(more.RawGetString("label"), param+"'s label", kernel.MaxLabel)
		c.ID = a.Optional(more.RawGetString("id"), param+"'s id", kernel.MaxLabel)
	} else {
		c.Label = a.Some(v, param, kernel.MaxLabel)
	}
	c.ID = cmp.Or(c.ID, c.Label)
	return c, more
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
		f["media"] = each(c.Media, func(m engine.Media) any {
			return kernel.Fields{"kind": m.Kind, "url": m.URL, "mime": m.MIME, "name": m.Name}
		})
	}
	if l := c.Location; l != nil {
		f["location"] = kernel.Fields{"lat": l.Lat, "lon": l.Lon, "name": l.Name, "address": l.Address}
	}
	if len(c.Contacts) > 0 {
		f["contacts"] = each(c.Contacts, func(p engine.Contact) any {
			text := func(s string) any { return s }
			return kernel.Fields{"name": p.Name, "org": p.Org, "phones": each(p.Phones, text), "emails": each(p.Emails, text)}
		})
	}
	if len(c.Cards) > 0 {
		f["cards"] = each(c.Cards, func(card engine.Card) any {
			links := each(card.Links, func(l engine.Link) any { return kernel.Fields{"label": l.Label, "url": l.URL} })
			return kernel.Fields{"title": card.Title, "subtitle": card.Subtitle, "image": card.Image, "links": links}
		})
	}
	if len(c.Choices) > 0 {
		f["choices"] = each(c.Choices, func(c engine.Choice) any {
			f := kernel.Fields{"id": c.ID, "label": c.Label}
			if c.Detail != "" {
				f["description"] = c.Detail
			}
			return f
		})
	}
	return f
}

// each is a list as canonical arguments.
func each[T any](list []T, argument func(T) any) []any {
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = argument(item)
	}
	return out
}
