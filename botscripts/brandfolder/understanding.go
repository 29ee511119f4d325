package brandfolder

import (
	"regexp"

	"parley/botscripts/yamlfile"
	"parley/engine"
	"parley/engine/understanding/slots"
)

// patternName is what bots get as a slot's name. It is never written.
var patternName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// patterns reads the forms of the brand's own numbers: each a shape, or {regexp: …}.
func (b *builder) patterns(n node) []engine.Pattern {
	var list []engine.Pattern
	for _, f := range b.Fields(n) {
		if !patternName.MatchString(f.Key) {
			b.Problem(f.Line, "%s: %q is not the name of a pattern; use a-z, 0-9 and _, at most 40", n.Name, f.Key)
			continue
		}
		p, ok := b.pattern(f)
		if !ok {
			continue
		}
		if _, err := slots.Compile([]engine.Pattern{p}); err != nil {
			b.Problem(f.Line, "%s: %s", f.Name, engine.MessageOf(err))
			continue
		}
		list = append(list, p)
	}
	if _, err := slots.Compile(list); err != nil {
		b.Problem(n.Line, "%s: %s", n.Name, engine.MessageOf(err))
	}
	return list
}

func (b *builder) pattern(f field) (engine.Pattern, bool) {
	p := engine.Pattern{Name: f.Key}
	if !yamlfile.IsMapping(f.Node) {
		var ok bool
		p.Shape, ok = b.Text(f.Node)
		return p, ok
	}
	known := true
	for _, g := range b.Fields(f.Node) {
		if g.Key != "regexp" {
			b.Unknown(g, "regexp")
			known = false
			continue
		}
		var ok bool
		if p.Regexp, ok = b.Text(g.Node); !ok {
			known = false
		}
	}
	return p, known
}

// mostSteps is how many priorities a queue has above its last.
const mostSteps = 9

// sentiment reads what becomes of how consumers sound.
func (b *builder) sentiment(n node) engine.SentimentSettings {
	var s engine.SentimentSettings
	for _, f := range b.Fields(n) {
		switch f.Key {
		case "off":
			s.Off = b.boolean(f.Node)
		case "priority":
			s.Priority = b.whole(f.Node, 0, mostSteps)
		default:
			b.Unknown(f, "off", "priority")
		}
	}
	if s.Off && s.Priority > 0 {
		b.Problem(n.Line, "%s: with off nobody is heard as unhappy, so that priority means nothing", n.Name)
	}
	return s
}
