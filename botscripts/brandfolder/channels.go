package brandfolder

import (
	"slices"
	"strconv"
	"strings"

	"parley/engine"
)

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
	spec, ok := b.kindOf(f, given)
	if !ok {
		return ch, false
	}
	ch.Kind = spec.Kind
	optional := slices.ContainsFunc(given, func(g field) bool { return g.Key == "optional" && b.boolean(g.Node) })
	known := []string{"kind", "name", "bot", "optional", "gather"}
	for _, set := range spec.Takes() {
		known = append(known, set.Name)
	}
	slices.Sort(known)
	active, first := true, len(b.brand.Uses)
	read := map[string]field{} // as it is; the zero field where there was a problem
	for _, g := range given {
		read[g.Key] = field{}
		switch g.Key {
		case "kind", "optional":
		case "gather":
			ch.Config[g.Key] = strconv.FormatFloat(b.gather(g.Node), 'f', -1, 64)
		case "name":
			ch.Name = b.plain(g)
		case "bot":
			if ch.Bot = b.plain(g); ch.Bot != "" {
				b.later(func() { b.botExists(g, ch.Bot) })
			}
		default:
			set, ok := spec.Setting(g.Key)
			if !ok {
				if len(b.from.Kinds) > 0 {
					b.Unknown(g, known...)
				}
				continue
			}
			value, there := b.written(g, set, optional)
			active = active && there
			ch.Put(set, strings.TrimSpace(value))
			if value != "" {
				read[g.Key] = g
			}
		}
	}
	needs := func(what string) { b.Problem(f.Line, "%s: a %s channel needs %s", f.Name, spec.Kind, what) }
	if _, ok := read["bot"]; !ok {
		needs("bot")
	}
	for _, p := range spec.Problems(ch) {
		if g, ok := read[p.Field]; !ok {
			needs(p.Field)
		} else if g.Key != "" {
			b.Problem(g.Line, "%s %s", g.Name, p.Message)
		}
	}
	for i := range b.brand.Uses[first:] {
		use := &b.brand.Uses[first+i]
		use.Channel, use.Hosts = ch.ID, spec.Targets(strings.TrimPrefix(use.Field, f.Name+"."), ch)
	}
	return ch, active
}

func (b *builder) kindOf(f field, given []field) (engine.ChannelSpec, bool) {
	var names []string
	for _, k := range b.from.Kinds {
		names = append(names, string(k.Kind))
	}
	for _, g := range given {
		if g.Key != "kind" {
			continue
		}
		s, ok := b.Text(g.Node)
		spec, known := b.from.Kinds.Of(engine.ChannelKind(s))
		if ok && !known && len(names) > 0 {
			b.Problem(g.Line, "%s: there is no channel kind %q; there are: %s", g.Name, s, strings.Join(names, ", "))
			return spec, false
		}
		return spec, ok
	}
	b.Problem(f.Line, "%s needs a kind: %s", f.Name, strings.Join(names, ", "))
	return engine.ChannelSpec{}, false
}

// written reads a channel's value, a list joined by commas. A variable stays
// the ${NAME} that it was written as: no value of the environment ever gets in
// here. there is false when a variable is missing, which is a problem unless the
// channel is optional.
func (b *builder) written(f field, set engine.Setting, optional bool) (value string, there bool) {
	var parts []string
	secret := set.Type == engine.SettingSecret
	there = true
	for _, item := range b.List(f.Node) {
		parts = append(parts, item.Key)
		name, is := engine.Variable(item.Key)
		switch {
		case is:
			b.brand.Uses = append(b.brand.Uses, Use{Reference: engine.Reference{Field: f.Name, Variable: name}, Line: f.Line, Optional: optional})
			parts[len(parts)-1] = "${" + name + "}"
			if v, ok := b.from.Env(name); !ok || strings.TrimSpace(v) == "" {
				there = false
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
	if len(parts) > 1 && !set.List {
		one := "value"
		if secret {
			one = "${NAME}"
		}
		b.Problem(f.Line, "%s must be one %s", f.Name, one)
		return "", true
	}
	return strings.Join(parts, ","), there
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
