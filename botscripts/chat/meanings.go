package chat

import (
	"time"

	"parley/botscripts/i18n"
	"parley/botscripts/kernel"
	"parley/botscripts/validate"
	"parley/engine"
)

// meanings are the values that an unclear answer may have, for the next try.
func (r *talk) meanings(u rule, text, reason string) []any {
	if reason != string(validate.Unclear) || u.scale {
		return nil
	}
	return validate.Meanings(validate.Kind(u.kind), text, r.reading(u))
}

// meant offers the values as choices. They come from the journal.
func (r *talk) meant(u rule, meanings []any) []engine.Choice {
	if u.byWord() {
		return nil // they are choices already
	}
	language := r.Start.Language
	var out []engine.Choice
	for _, m := range meanings {
		c := engine.Choice{}
		switch v := m.(type) {
		case string:
			c.ID, c.Label = v, v
			if u.kind == string(validate.Date) {
				if t, err := time.Parse(time.DateOnly, v); err == nil {
					c.Label, _ = i18n.Date(language, t, "full")
				}
			}
		case float64:
			c.ID = showNumber(language, v)
			c.Label = c.ID
		case map[string]any:
			amount, _ := v["amount"].(float64)
			currency, _ := v["currency"].(string)
			c.ID = showAmount(language, amount, currency)
			c.Label = c.ID
		}
		if c.ID != "" && len(c.Label) <= kernel.MaxLabel {
			out = append(out, c)
		}
	}
	return out
}
