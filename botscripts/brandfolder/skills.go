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
	given := b.Fields(n)
	for _, f := range given {
		if b.slug(f.Key, f.Line, f.Name) {
			b.brand.Skills = append(b.brand.Skills, b.skill(f, lines))
		}
	}
	slices.SortFunc(b.brand.Skills, func(x, y engine.Skill) int { return strings.Compare(x.ID, y.ID) })
	if len(given) == 0 {
		b.Problem(n.Line, "%s: a brand needs at least one skill", n.Name)
	}
	b.later(func() { b.checkFallbacks(lines) })
}

func (b *builder) skill(f field, fallbacks map[string]field) engine.Skill {
	s := engine.Skill{Brand: b.brand.Brand.ID, ID: f.Key, Name: f.Key, Priority: defaultPriority, Weight: 1}
	b.keys(f.Node,
		key{"name", into(&s.Name, b.short)},
		key{"priority", into(&s.Priority, b.whole(1, 10))},
		key{"accept_seconds", into(&s.AcceptSeconds, b.whole(0, 3600))},
		key{"weight", into(&s.Weight, b.decimal)},
		key{"fallback", func(g field) {
			s.Fallback, _ = b.Text(g.Node)
			fallbacks[f.Key] = g
		}},
		key{"outcomes", into(&s.Outcomes, b.outcomes)},
		key{"hours", into(&s.Hours, b.hours)},
	)
	return s
}

func (b *builder) outcomes(n node) (outcomes []string) {
	for _, item := range b.List(n) {
		if slices.Contains(outcomes, item.Key) {
			b.Problem(item.Line, "%s has %q twice", n.Name, item.Key)
			continue
		}
		outcomes = append(outcomes, item.Key)
	}
	if len(outcomes) > maxOutcomes {
		b.Problem(n.Line, "%s has more than %d entries", n.Name, maxOutcomes)
	}
	return outcomes
}

// checkFallbacks holds that every fallback is a skill and that none leads back
// to where it started.
func (b *builder) checkFallbacks(lines map[string]field) {
	next := map[string]string{}
	for _, s := range b.brand.Skills {
		if s.Fallback != "" && b.skillExists(lines[s.ID], s.Fallback) {
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
				b.Problem(lines[s.ID].Line, "the fallbacks go in a circle: %s", strings.Join(path, ", "))
			}
			break
		}
	}
}

func (b *builder) skillExists(f field, id string) bool {
	if slices.ContainsFunc(b.brand.Skills, func(s engine.Skill) bool { return s.ID == id }) {
		return true
	}
	b.Problem(f.Line, "%s: there is no skill %q", f.Name, id)
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
	for _, f := range b.Fields(n) {
		a := Agent{Email: strings.ToLower(f.Key), Role: engine.RoleAgent, Slots: defaultSlots}
		if at := strings.IndexByte(a.Email, '@'); at < 1 || at == len(a.Email)-1 || strings.ContainsAny(a.Email, " \t\n") {
			b.Problem(f.Line, "%s: %q is not an e-mail address", n.Name, f.Key)
		}
		b.keys(f.Node,
			key{"name", into(&a.Name, b.short)},
			key{"role", func(g field) {
				s, ok := b.Text(g.Node)
				if a.Role = engine.Role(s); ok && !a.Role.Allows(engine.RoleAgent) {
					b.Problem(g.Line, "%s: there is no role %q; there are: agent, supervisor, admin", g.Name, s)
				}
			}},
			key{"skills", func(g field) {
				for _, item := range b.List(g.Node) {
					a.Skills = append(a.Skills, item.Key)
					b.later(func() { b.skillExists(item, item.Key) })
				}
			}},
			key{"slots", into(&a.Slots, b.decimal)},
			key{"auto_accept", into(&a.AutoAccept, b.boolean)},
		)
		if a.Name == "" {
			b.Problem(f.Line, "%s needs a name", f.Name)
		}
		b.brand.Agents = append(b.brand.Agents, a)
	}
}

// short reads a name that people see.
func (b *builder) short(n node) string {
	s, _ := b.Text(n)
	if len(s) > maxName || strings.ContainsAny(s, "\n\r") {
		b.Problem(n.Line, "%s must be one line of at most %d bytes", n.Name, maxName)
	}
	return s
}

func (b *builder) boolean(n node) bool {
	s, ok := b.Text(n)
	if ok && s != "true" && s != "false" {
		b.Problem(n.Line, "%s must be true or false", n.Name)
	}
	return s == "true"
}

// whole makes what reads a whole number.
func (b *builder) whole(least, most int) func(node) int {
	return func(n node) int {
		s, ok := b.Text(n)
		v, err := strconv.Atoi(s)
		if ok && (err != nil || v < least || v > most) {
			b.Problem(n.Line, "%s must be a whole number from %d to %d", n.Name, least, most)
		}
		return v
	}
}

// decimal reads a number above 0.
func (b *builder) decimal(n node) float64 {
	const most = 100
	s, ok := b.Text(n)
	v, err := strconv.ParseFloat(s, 64)
	if ok && (err != nil || !(v > 0 && v <= most)) {
		b.Problem(n.Line, "%s must be a number above 0, at most %d", n.Name, most)
	}
	return v
}
