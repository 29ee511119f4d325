package brandfolder

import (
	"regexp"
	"strconv"

	"parley/engine"
	"parley/engine/egress"
)

const maxSecrets = 50

// secretPattern is the name of a secret. It is never written.
var secretPattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,79}$`)

// http reads what bots may call, and with what credentials.
func (b *builder) http(n node) {
	b.keys(n,
		key{"hosts", into(&b.brand.Brand.Settings.HTTPHosts, b.hosts)},
		key{"secrets", func(f field) { b.secrets(f.Node) }},
	)
}

func (b *builder) hosts(n node) (hosts []string) {
	for _, item := range b.List(n) {
		if err := egress.CheckHost(item.Key); err != nil {
			b.Problem(item.Line, "%s: %q: %v", n.Name, item.Key, err)
			continue
		}
		hosts = append(hosts, item.Key)
	}
	return hosts
}

// secrets reads what bots name in the headers of their calls. No bot ever sees
// a value, so each says where it may be sent.
func (b *builder) secrets(n node) {
	given := b.Fields(n)
	for _, f := range given {
		if !secretPattern.MatchString(f.Key) {
			b.Problem(f.Line, "%s: %q is not the name of a secret; use letters, digits and _", n.Name, f.Key)
			continue
		}
		secret, first := engine.BrandSecret{}, len(b.brand.Uses)
		keys := b.keys(f.Node,
			key{"value", func(g field) {
				value, _ := b.written(g, engine.Setting{Type: engine.SettingSecret}, false)
				secret.Value = engine.Secret(value)
			}},
			key{"hosts", into(&secret.Hosts, b.hosts)},
		)
		for i := range b.brand.Uses[first:] {
			b.brand.Uses[first+i].Hosts = secretHosts(secret)
		}
		for _, key := range lacks(keys, "value", "hosts") {
			b.Problem(f.Line, "%s needs %s", f.Name, key)
		}
		if b.brand.Brand.Secrets == nil {
			b.brand.Brand.Secrets = map[string]engine.BrandSecret{}
		}
		b.brand.Brand.Secrets[f.Key] = secret
	}
	if len(given) > maxSecrets {
		b.Problem(n.Line, "%s has more than %d entries", n.Name, maxSecrets)
	}
}

// maxGather is the longest silence that may end a burst of messages, in seconds.
const maxGather = 10

// gather reads how long a silence ends a burst of messages, in seconds.
func (b *builder) gather(n node) float64 {
	s, ok := b.Text(n)
	if !ok {
		return 0
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0 && v <= maxGather) {
		b.Problem(n.Line, "%s must be a number of seconds from 0 to %d", n.Name, maxGather)
		return 0
	}
	return v
}
