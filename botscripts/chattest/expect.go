package chattest

import (
	"slices"
	"strconv"
	"strings"

	"parley/engine"
	"parley/engine/simulate"
)

// kindOf says which events an expectation means.
func kindOf(name string) simulate.EventKind {
	switch name {
	case "failed":
		return simulate.EventFault
	case "recalled":
		return simulate.EventRecall
	case "cancelled":
		return simulate.EventCancel
	case "helped", "unhelped":
		return simulate.EventFeedback
	}
	return simulate.EventKind(name) // the rest have one name
}

// is says whether an event is what the line expects.
func is(s Step, e simulate.Event) bool {
	if s.Name == "event" {
		kind, rest, _ := strings.Cut(s.Text, " ")
		return matches(kind, string(e.Kind)) && (rest == "" || matches(rest, string(engine.JSON(e))))
	}
	if e.Kind != kindOf(s.Name) {
		return false
	}
	text := func(got string) bool { return s.Text == "" || matches(s.Text, got) }
	switch e.Kind {
	case simulate.EventTag, simulate.EventLog, simulate.EventCancel:
		return text(e.Text)
	case simulate.EventFeedback:
		return e.On == (s.Name == "helped") && text(e.Text)
	case simulate.EventNote:
		return e.Author == engine.AuthorBot && text(e.Content.Text)
	case simulate.EventFault:
		return text(e.Fault.Message) || text(e.Fault.Kind+": "+e.Fault.Message)
	case simulate.EventSet:
		return matchesSet(s.Args[0], *e.Set)
	case simulate.EventHandoff:
		return all(s.Args, "skill", func(key string) (string, bool) { return handoffField(*e.Handoff, key) })
	case simulate.EventClosed:
		return all(s.Args, "outcome", func(key string) (string, bool) {
			switch key {
			case "outcome":
				return e.Close.Outcome, true
			case "summary":
				return e.Close.Summary, true
			case "by":
				return e.Name, true
			}
			return "", false
		})
	case simulate.EventFollowup:
		return all(s.Args, "name", func(key string) (string, bool) {
			f := e.Followup
			switch key {
			case "name":
				return f.Name, true
			case "bot":
				return f.Bot, true
			case "channel":
				return f.Channel, true
			case "state":
				return string(f.State), true
			case "in":
				return spell(f.At.Sub(e.At)), true
			case "at":
				return f.At.Format("2006-01-02 15:04"), true
			}
			return "", false
		})
	}
	return true
}

func matchesSet(want Arg, got engine.SetEffect) bool {
	name := got.Name
	if got.Scope == "consumer" {
		name = "consumer." + name
	}
	return plain(want.Key) == name && matches(want.Value, got.Value)
}

// all says whether every argument is as given; one without a key means first.
func all(list []Arg, first string, field func(string) (string, bool)) bool {
	for _, a := range list {
		key := a.Key
		if key == "" {
			key = first
		}
		got, ok := field(key)
		if !ok && a.Value != "" || !matches(a.Value, got) {
			return false
		}
	}
	return true
}

// handoffField gives a part of a handoff; what is none is a fact.
func handoffField(h engine.Handoff, key string) (string, bool) {
	switch key {
	case "skill":
		return h.Skill, true
	case "from":
		return h.From, true
	case "reason":
		return h.Reason, true
	case "summary":
		return h.Summary, true
	case "priority":
		return strconv.Itoa(h.Priority), true
	case "level":
		return strconv.Itoa(h.Level), true
	case "language":
		return h.Language, true
	case "trace":
		return h.Trace, true
	case "expects":
		var names []string
		for _, f := range h.Expects {
			names = append(names, f.Name)
		}
		return strings.Join(names, ","), true
	case "tried":
		var tried []string
		for _, a := range h.Tried {
			tried = append(tried, a.What+": "+strconv.FormatBool(a.OK))
		}
		return strings.Join(tried, "; "), true
	}
	i := slices.IndexFunc(h.Facts, func(f engine.Fact) bool { return f.Name == strings.TrimPrefix(key, "fact.") })
	if i < 0 {
		return "", false
	}
	return h.Facts[i].Value, true
}
