package desk

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/engine"
)

// maxField is the longest text that an agent fills in, in characters.
const maxField = 1000

// checkFields compares what an agent filled in on close with what the handoff
// expects, and gives it typed: string, float64 or bool by name. Errors: Invalid
// with the field "fields.<name>".
func checkFields(h *engine.Handoff, given map[string]any) (map[string]any, error) {
	var expects []engine.ExpectedField
	if h != nil {
		expects = h.Expects
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.ContainsFunc(expects, func(x engine.ExpectedField) bool { return x.Name == name }) {
			return nil, engine.FieldError("fields."+name, "is not asked for")
		}
	}
	out := make(map[string]any, len(expects))
	for _, x := range expects {
		v, err := checkField(x, given[x.Name])
		switch {
		case err != nil:
			return nil, err
		case v != nil:
			out[x.Name] = v
		case x.Required:
			return nil, engine.FieldError("fields."+x.Name, "is needed")
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// checkField gives one value in its type, nil for none.
func checkField(x engine.ExpectedField, v any) (any, error) {
	wrong := func(format string, args ...any) (any, error) {
		return nil, engine.FieldError("fields."+x.Name, format, args...)
	}
	if v == nil {
		return nil, nil
	}
	switch x.Kind {
	case "number":
		n, ok := number(v)
		if !ok {
			return wrong("is not a number")
		}
		return n, nil
	case "boolean":
		b, ok := v.(bool)
		if !ok {
			return wrong("is not true or false")
		}
		return b, nil
	}
	s, ok := v.(string)
	if !ok {
		return wrong("is not text")
	}
	if err := checkLength("fields."+x.Name, s, maxField); err != nil {
		return nil, err
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil, nil
	}
	switch x.Kind {
	case "date":
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return wrong("is not a date such as 2026-12-24")
		}
	case "choice":
		if !slices.Contains(x.Choices, s) {
			return wrong("is not one of %s", strings.Join(x.Choices, ", "))
		}
	}
	return s, nil
}

func number(v any) (float64, bool) {
	var n float64
	switch v := v.(type) {
	case float64:
		n = v
	case int:
		n = float64(v)
	case json.Number:
		var err error
		if n, err = v.Float64(); err != nil {
			return 0, false
		}
	default:
		return 0, false
	}
	return n, !math.IsNaN(n) && !math.IsInf(n, 0)
}

// remember makes what the agent filled in attributes of the conversation, as
// text, so that lists and later bots find it.
func remember(conv *engine.Conversation, fields map[string]any) {
	if len(fields) == 0 {
		return
	}
	all := maps.Clone(conv.Attributes)
	if all == nil {
		all = make(map[string]string, len(fields))
	}
	for name, v := range fields {
		switch v := v.(type) {
		case string:
			all[name] = v
		case bool:
			all[name] = strconv.FormatBool(v)
		case float64:
			all[name] = strconv.FormatFloat(v, 'f', -1, 64)
		}
	}
	conv.Attributes = all
}
