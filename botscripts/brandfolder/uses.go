package brandfolder

import (
	"slices"
	"strings"

	"parley/engine"
)

// Use is a place in brand.yaml that names a variable of the environment.
type Use struct {
	engine.Reference
	Line     int
	Channel  string // the channel's id, "" for a secret of calls
	Optional bool   // the channel is left out when it cannot be followed
}

// Fill replaces what stands for variables in a brand's secrets and channels by
// what lookup gives, and by nothing where it gives nothing. It changes neither
// what it is given nor what is no ${NAME}, and does not look into values.
func Fill(kinds engine.ChannelKinds, b engine.Brand, channels []engine.Channel, lookup func(engine.Reference) (string, bool)) (engine.Brand, []engine.Channel) {
	fill := func(value string, r engine.Reference) string {
		name, ok := engine.Variable(value)
		if !ok {
			return value
		}
		r.Variable = name
		out, _ := lookup(r)
		return out
	}
	if b.Secrets != nil {
		filled := make(map[string]engine.BrandSecret, len(b.Secrets))
		for name, s := range b.Secrets {
			s.Value = engine.Secret(fill(s.Value.Reveal(), engine.Reference{Brand: b.ID, Field: "http.secrets." + name + ".value", Hosts: secretHosts(s)}))
			filled[name] = s
		}
		b.Secrets = filled
	}
	out := slices.Clone(channels)
	for i, ch := range out {
		spec, _ := kinds.Of(ch.Kind)
		use := func(key string) engine.Reference {
			return engine.Reference{Brand: ch.Brand, Field: fieldOf(ch, key), Hosts: spec.Targets(key, ch)}
		}
		out[i].Address = fill(ch.Address, use(engine.AddressSetting))
		if ch.Config != nil {
			out[i].Config = make(map[string]string, len(ch.Config))
		}
		for key, value := range ch.Config {
			parts := strings.Split(value, ",")
			for j := range parts {
				parts[j] = fill(parts[j], use(key))
			}
			out[i].Config[key] = strings.Join(parts, ",")
			if set, _ := spec.Setting(key); set.Target && out[i].Config[key] == "" {
				out[i].Config[key] = value // and not the connector's own: what is sent is for another host
			}
		}
		if ch.Secrets != nil {
			out[i].Secrets = make(map[string]engine.Secret, len(ch.Secrets))
		}
		for key, value := range ch.Secrets {
			out[i].Secrets[key] = engine.Secret(fill(value.Reveal(), use(key)))
		}
	}
	return b, out
}

// fieldOf is where a channel's setting stands in brand.yaml.
func fieldOf(ch engine.Channel, setting string) string {
	return "channels." + strings.TrimPrefix(ch.ID, ch.Brand+".") + "." + setting
}

// Filled finds what the values of variables make wrong in the brand's channels,
// which are given as Fill makes them.
func (b Brand) Filled(channels []engine.Channel) (found []Problem) {
	for _, ch := range channels {
		spec, _ := b.Kinds.Of(ch.Kind)
		for _, p := range spec.Problems(ch) {
			i := slices.IndexFunc(b.Uses, func(u Use) bool { return u.Channel == ch.ID && u.Field == fieldOf(ch, p.Field) })
			if i >= 0 { // anything else was told when it was read
				found = append(found, Problem{File: "brand.yaml", Line: b.Uses[i].Line, Message: b.Uses[i].Field + " " + p.Message})
			}
		}
	}
	return found
}

func secretHosts(s engine.BrandSecret) []string {
	hosts := slices.Clone(s.Hosts)
	for i := range hosts {
		hosts[i] = strings.ToLower(hosts[i])
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}
