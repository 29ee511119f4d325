package brandfolder

import (
	"slices"
	"strconv"
	"strings"

	"parley/engine"
)

const (
	defaultPriority = 5
	maxOutcomes     = 50
)

func (b *builder) skills(n node) {
	lines := map[string]field{} // of the fallbacks
	given := b.fields(n)
	for _, f := range given {
		if b.slug(f.key, f.line, f.name) {
			b.brand.Skills = append(b.brand.Skills, b.skill(f, lines))
		}
	}
	slices.SortFunc(b.brand.Skills, func(x, y engine.Skill) int { return strings.Compare(x.ID, y.ID) })
	if len(given) == 0 {
		b.problem(n.line, "%s: a brand needs at least one skill", n.name)
	}
	b.later(func() { b.checkFallbacks(lines) })
}

func (b *builder) skill(f field, fallbacks map[string]field) engine.Skill {
	s := engine.Skill{Brand: b.brand.Brand.ID, ID: f.key, Name: f.key, Priority: defaultPriority, Weight: 1}
	for _, g := range b.fields(f.node) {
		switch g.key {
		case "name":
			s.Name = b.short(g.node)
		case "priority":
			s.Priority = b.whole(g.node, 1, 10)
		case "accept_seconds":
			s.AcceptSeconds = b.whole(g.node, 0, 3600)
		case "weight":
			s.Weight = b.decimal(g.node, 100)
		case "fallback":
			s.Fallback, _ = b.text(g.node)
			fallbacks[f.key] = g
		case "outcomes":
			for _, item := range b.list(g.node) {
				if slices.Contains(s.Outcomes, item.key) {
					b.problem(item.line, "%s has %q twice", g.name, item.key)
					continue
				}
				s.Outcomes = append(s.Outcomes, item.key)
			}
			if len(s.Outcomes) > maxOutcomes {
				b.problem(g.line, "%s has more than %d entries", g.name, maxOutcomes)
			}
		case "hours":
			s.Hours = b.hours(g.node)
		default:
			b.unknown(g, "name", "priority", "accept_seconds", "weight", "fallback", "outcomes", "hours")
		}
	}
	return s
}

// checkFallbacks holds that every fallback is a skill and that none leads back
// to where it started.
func (b *builder) checkFallbacks(lines map[string]field) {
	next := map[string]string{}
	for _, s := range b.brand.Skills {
		if s.Fallback == "" {
			continue
		}
		if b.skillExists(lines[s.ID], s.Fallback) {
			next[s.ID] = s.Fallback
		}
	}
	for _, s := range b.brand.Skills {
		path := []string{s.ID}
		for at := next[s.ID]; at != "" && len(path) <= len(next); at = next[at] {
			path = append(path, at)
			if at != s.ID {
				continue
			}
			if slices.Min(path) == s.ID { // a circle is told once
				b.problem(lines[s.ID].line, "the fallbacks go in a circle: %s", strings.Join(path, ", "))
			}
			break
		}
	}
}

func (b *builder) skillExists(f field, id string) bool {
	for _, s := range b.brand.Skills {
		if s.ID == id {
			return true
		}
	}
	b.problem(f.line, "%s: there is no skill %q", f.name, id)
	return false
}

// Agent is one of the example brand's agents.
type Agent struct {
	Email      string
	Name       string
	Role       engine.Role
	Skills     []string
	Slots      float64
	AutoAccept bool
}

const defaultSlots = 3

func (b *builder) agents(n node) {
	for _, f := range b.fields(n) {
		a := Agent{Email: strings.ToLower(f.key), Role: engine.RoleAgent, Slots: defaultSlots}
		if at := strings.IndexByte(a.Email, '@'); at < 1 || at == len(a.Email)-1 || strings.ContainsAny(a.Email, " \t\n") {
			b.problem(f.line, "%s: %q is not an e-mail address", n.name, f.key)
		}
		for _, g := range b.fields(f.node) {
			switch g.key {
			case "name":
				a.Name = b.short(g.node)
			case "role":
				s, ok := b.text(g.node)
				if a.Role = engine.Role(s); ok && !a.Role.Allows(engine.RoleAgent) {
					b.problem(g.line, "%s: there is no role %q; there are: agent, supervisor, admin", g.name, s)
				}
			case "skills":
				for _, item := range b.list(g.node) {
					a.Skills = append(a.Skills, item.key)
					b.later(func() { b.skillExists(item, item.key) })
				}
			case "slots":
				a.Slots = b.decimal(g.node, 100)
			case "auto_accept":
				a.AutoAccept = b.boolean(g.node)
			default:
				b.unknown(g, "name", "role", "skills", "slots", "auto_accept")
			}
		}
		if a.Name == "" {
			b.problem(f.line, "%s needs a name", f.name)
		}
		b.brand.Agents = append(b.brand.Agents, a)
	}
}

// short reads a name that people see.
func (b *builder) short(n node) string {
	s, _ := b.text(n)
	if len(s) > maxName || strings.ContainsAny(s, "\n\r") {
		b.problem(n.line, "%s must be one line of at most %d bytes", n.name, maxName)
	}
	return s
}

func (b *builder) boolean(n node) bool {
	s, ok := b.text(n)
	if ok && s != "true" && s != "false" {
		b.problem(n.line, "%s must be true or false", n.name)
	}
	return s == "true"
}

func (b *builder) whole(n node, least, most int) int {
	s, ok := b.text(n)
	v, err := strconv.Atoi(s)
	if ok && (err != nil || v < least || v > most) {
		b.problem(n.line, "%s must be a whole number from %d to %d", n.name, least, most)
	}
	return v
}

// decimal reads a number above 0.
func (b *builder) decimal(n node, most float64) float64 {
	s, ok := b.text(n)
	v, err := strconv.ParseFloat(s, 64)
	if ok && (err != nil || !(v > 0 && v <= most)) {
		b.problem(n.line, "%s must be a number above 0, at most %g", n.name, most)
	}
	return v
}
