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
	before := len(b.Problems)
	b.keys(f.Node, key{"regexp", func(g field) { p.Regexp, _ = b.Text(g.Node) }})
	return p, len(b.Problems) == before
}

// holidays reads the brand's own holidays: a name and the day of the year.
func (b *builder) holidays(n node) []engine.Holiday {
	var list []engine.Holiday
	for _, f := range b.Fields(n) {
		on, ok := b.Text(f.Node)
		if !ok {
			continue
		}
		h := engine.Holiday{Name: f.Key, On: on}
		if err := slots.CheckHolidays([]engine.Holiday{h}); err != nil {
			b.Problem(f.Line, "%s: %s", f.Name, engine.MessageOf(err))
			continue
		}
		list = append(list, h)
	}
	if err := slots.CheckHolidays(list); err != nil {
		b.Problem(n.Line, "%s: %s", n.Name, engine.MessageOf(err))
	}
	return list
}

// mostSteps is how many priorities a queue has above its last.
const mostSteps = 9

// sentiment reads what becomes of how consumers sound.
func (b *builder) sentiment(n node) engine.SentimentSettings {
	var s engine.SentimentSettings
	b.keys(n, key{"off", into(&s.Off, b.boolean)}, key{"priority", into(&s.Priority, b.whole(0, mostSteps))})
	if s.Off && s.Priority > 0 {
		b.Problem(n.Line, "%s: with off nobody is heard as unhappy, so that priority means nothing", n.Name)
	}
	return s
}
