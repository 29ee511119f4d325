package brandfolder

import (
	"net/url"
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

func (b *builder) refer(u Use) { b.brand.Uses = append(b.brand.Uses, u) }

// Fill replaces what stands for variables in a brand's secrets and channels by
// what lookup gives, and by nothing where it gives nothing. It changes neither
// what it is given nor what is no ${NAME}, and does not look into values.
func Fill(b engine.Brand, channels []engine.Channel, lookup func(engine.Reference) (string, bool)) (engine.Brand, []engine.Channel) {
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
		use := func(key string) engine.Reference {
			field := "channels." + strings.TrimPrefix(ch.ID, ch.Brand+".") + "." + key
			return engine.Reference{Brand: ch.Brand, Field: field, Hosts: hostsOf(field, ch)}
		}
		out[i].Address = fill(ch.Address, use("address"))
		if ch.Config != nil {
			out[i].Config = make(map[string]string, len(ch.Config))
		}
		for key, value := range ch.Config {
			parts := strings.Split(value, ",")
			for j := range parts {
				parts[j] = fill(parts[j], use(key))
			}
			out[i].Config[key] = strings.Join(parts, ",")
			if key == "api_base" && out[i].Config[key] == "" {
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

func secretHosts(s engine.BrandSecret) []string {
	hosts := slices.Clone(s.Hosts)
	for i := range hosts {
		hosts[i] = strings.ToLower(hosts[i])
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// hostsOf is where a channel's connector sends what the channel is told: the
// host of its api_base as it is written, so that one that is a variable goes
// where the operator lets that variable point. api_base itself is sent nowhere.
func hostsOf(field string, ch engine.Channel) []string {
	base := ch.Config["api_base"]
	switch u, err := url.Parse(base); {
	case strings.HasSuffix(field, ".api_base"):
		return nil
	case base == "":
	case err == nil && u.Host != "":
		host := strings.ToLower(u.Host)
		if u.Scheme == "https" {
			host = strings.TrimSuffix(host, ":443")
		}
		return []string{host}
	default:
		return []string{strings.ToLower(base)}
	}
	for _, k := range kinds() {
		if k.name == ch.Kind && k.host != "" {
			return []string{k.host}
		}
	}
	return nil
}
