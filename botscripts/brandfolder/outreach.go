package brandfolder

import "parley/engine"

// outreach reads when and how often messages begin that nobody waits for.
func (b *builder) outreach(n node) engine.OutreachSettings {
	var s engine.OutreachSettings
	limit := b.whole(1, engine.MostOutreach)
	b.keys(n,
		key{"quiet", into(&s.Quiet, b.quiet)},
		key{"per_day", into(&s.PerDay, limit)},
		key{"per_week", into(&s.PerWeek, limit)},
	)
	return s
}

// quiet reads one span of less than a day.
func (b *builder) quiet(n node) engine.Span {
	text, ok := b.Text(n)
	if !ok {
		return engine.Span{}
	}
	span, err := parseSpan(text)
	switch {
	case err != nil:
		b.Problem(n.Line, "%s: %v", n.Name, err)
		return engine.Span{}
	case span.Until-span.From >= dayMinutes:
		b.Problem(n.Line, "%s: %s is all day, and nothing could ever be sent", n.Name, text)
		return engine.Span{}
	}
	return span
}
