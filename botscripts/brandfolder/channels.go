package brandfolder

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/engine"
)

// kind says what the channels of a connector may be told.
type kind struct {
	name     engine.ChannelKind
	host     string // where its API is, unless api_base says otherwise; "" without one
	address  bool   // the channel has an address of its own …
	instead  string // … or this setting
	required []string
	settings []string
	secrets  []string
}

// kinds are the connectors that a folder may use.
func kinds() []kind {
	return []kind{
		{
			name:     "twilio",
			host:     "api.twilio.com",
			address:  true,
			instead:  "messaging_service_sid",
			required: []string{"account_sid", "auth_token"},
			settings: []string{"account_sid", "api_base", "api_key_sid", engine.ConfirmAfter, engine.GiveUpAfter, "help_words", "keyword_languages", "keyword_replies", "keywords", "messaging_service_sid", "mms", "start_words", "stop_words"},
			secrets:  []string{"api_key_secret", "auth_token", "auth_token_old"},
		},
		{name: "webchat", settings: []string{"allowed_origins"}},
	}
}

func (b *builder) channels(n node) {
	given := b.Fields(n)
	for _, f := range given {
		if !b.slug(f.Key, f.Line, f.Name) {
			continue
		}
		if ch, ok := b.channel(f); ok {
			b.brand.Channels = append(b.brand.Channels, ch)
		}
	}
	slices.SortFunc(b.brand.Channels, func(x, y engine.Channel) int { return strings.Compare(x.ID, y.ID) })
	if len(given) == 0 {
		b.Problem(n.Line, "%s: a brand needs at least one channel", n.Name)
	}
}

// channel reads one channel. It is false for an optional one whose environment is not set.
func (b *builder) channel(f field) (engine.Channel, bool) {
	ch := engine.Channel{Brand: b.brand.Brand.ID, ID: b.brand.Brand.ID + "." + f.Key, Name: f.Key, Config: map[string]string{}, Secrets: map[string]engine.Secret{}}
	given := b.Fields(f.Node)
	k, ok := b.kindOf(f, given)
	if !ok {
		return ch, false
	}
	ch.Kind = k.name
	optional := b.isOptional(given)
	known := slices.Sorted(slices.Values(slices.Concat([]string{"kind", "name", "bot", "optional", "gather"}, k.settings, k.secrets)))
	if k.address {
		known = append(known, "address")
	}
	missing := slices.Clone(k.required)
	if k.address {
		missing = append(missing, "address")
	}
	missing = append(missing, "bot")
	active, first := true, len(b.brand.Uses)
	for _, g := range given {
		missing = slices.DeleteFunc(missing, func(s string) bool { return s == g.Key || s == "address" && g.Key == k.instead })
		if !slices.Contains(known, g.Key) {
			b.Unknown(g, known...)
			continue
		}
		switch g.Key {
		case "kind", "optional":
			continue
		case "gather":
			ch.Config[g.Key] = strconv.FormatFloat(b.gather(g.Node), 'f', -1, 64)
			continue
		}
		switch g.Key {
		case "name":
			ch.Name = b.plain(g)
			continue
		case "bot":
			ch.Bot = b.plain(g)
			if ch.Bot != "" {
				b.later(func() { b.botExists(g, ch.Bot) })
			}
			continue
		case engine.GiveUpAfter:
			ch.Config[g.Key] = b.span(g.Node, time.Minute, 7*24*time.Hour)
			continue
		case engine.ConfirmAfter:
			ch.Config[g.Key] = b.span(g.Node, 5*time.Second, time.Hour)
			continue
		}
		value, set := b.written(g, slices.Contains(k.secrets, g.Key), optional)
		active = active && set
		switch {
		case g.Key == "address":
			ch.Address = strings.TrimSpace(value)
		case slices.Contains(k.secrets, g.Key):
			ch.Secrets[g.Key] = engine.Secret(value)
		default:
			ch.Config[g.Key] = value
		}
	}
	for _, key := range missing {
		b.Problem(f.Line, "%s: a %s channel needs %s", f.Name, k.name, key)
	}
	for i := range b.brand.Uses[first:] {
		use := &b.brand.Uses[first+i]
		use.Channel, use.Hosts = ch.ID, hostsOf(use.Field, ch)
	}
	return ch, active
}

// span reads a duration such as "90s", "30m" or "24h".
func (b *builder) span(n node, least, most time.Duration) string {
	s, ok := b.Text(n)
	if !ok {
		return ""
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < least || d > most {
		b.Problem(n.Line, "%s must be a time from %s to %s, such as 90s, 30m or 24h", n.Name, short(least), short(most))
		return ""
	}
	return short(d)
}

// short writes 1m0s as 1m.
func short(d time.Duration) string {
	s := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}

func (b *builder) kindOf(f field, given []field) (kind, bool) {
	var names []string
	for _, k := range kinds() {
		names = append(names, string(k.name))
	}
	for _, g := range given {
		if g.Key != "kind" {
			continue
		}
		s, ok := b.Text(g.Node)
		for _, k := range kinds() {
			if s == string(k.name) {
				return k, true
			}
		}
		if ok {
			b.Problem(g.Line, "%s: there is no channel kind %q; there are: %s", g.Name, s, strings.Join(names, ", "))
		}
		return kind{}, false
	}
	b.Problem(f.Line, "%s needs a kind: %s", f.Name, strings.Join(names, ", "))
	return kind{}, false
}

func (b *builder) isOptional(given []field) bool {
	for _, g := range given {
		if g.Key == "optional" {
			return b.boolean(g.Node)
		}
	}
	return false
}

// written reads a channel's value, a list joined by commas. A variable stays
// the ${NAME} that it was written as: no value of the environment ever gets in
// here. set is false when a variable is missing, which is a problem unless the
// channel is optional.
func (b *builder) written(f field, secret, optional bool) (value string, set bool) {
	var parts []string
	set = true
	for _, item := range b.List(f.Node) {
		parts = append(parts, item.Key)
		name, is := engine.Variable(item.Key)
		switch {
		case is:
			b.refer(Use{Reference: engine.Reference{Field: f.Name, Variable: name}, Line: f.Line, Optional: optional})
			parts[len(parts)-1] = "${" + name + "}"
			if v, ok := b.env(name); !ok || strings.TrimSpace(v) == "" {
				set = false
				if !optional {
					b.Problem(f.Line, "%s: the environment variable %s is not set", f.Name, name)
				}
			}
		case strings.Contains(item.Key, "${"):
			b.Problem(f.Line, "%s: a variable stands alone: write ${NAME}, with letters, digits and _, and nothing beside it", f.Name)
			return "", true
		case secret:
			b.Problem(f.Line, "%s is a secret: keep it in the environment and write ${NAME} here", f.Name)
			return "", true
		}
	}
	if secret && len(parts) > 1 {
		b.Problem(f.Line, "%s must be one ${NAME}", f.Name)
		return "", true
	}
	return strings.Join(parts, ","), set
}

// plain reads a value that no variable may stand for.
func (b *builder) plain(f field) string {
	s, _ := b.Text(f.Node)
	if strings.Contains(s, "${") {
		b.Problem(f.Line, "%s: no variable may stand here", f.Name)
		return ""
	}
	return s
}

func (b *builder) botExists(f field, name string) {
	if _, ok := b.brand.Bundle.Files["bots/"+name+".lua"]; !ok {
		b.Problem(f.Line, "%s: there is no file bots/%s.lua", f.Name, name)
	}
}
