package chattest

import (
	"slices"
	"strconv"
	"strings"

	"parley/engine"
	"parley/engine/simulate"
)

// told is an event in the words of an expectation. Its Args are what is shown of it, the first of which needs no name;
// of more one may only ask. What a handoff has beside the known names are facts.
func told(e simulate.Event) (s Step, more []Arg) {
	s = Step{Kind: KindExpect, Name: string(e.Kind)}
	switch e.Kind {
	case simulate.EventNote:
		s.Text = e.Content.Text
	case simulate.EventTag, simulate.EventLog:
		s.Text = e.Text
	case simulate.EventCancel:
		s.Name, s.Text = "cancelled", e.Text
	case simulate.EventFeedback:
		s.Name, s.Text = "unhelped", e.Text
		if e.On {
			s.Name = "helped"
		}
	case simulate.EventRecall:
		s.Name = "recalled"
	case simulate.EventFault:
		s.Name, s.Text = "failed", e.Fault.Message
	case simulate.EventSet:
		name := e.Set.Name
		if e.Set.Scope == "consumer" {
			name = "consumer." + name
		}
		s.Args = []Arg{{name, e.Set.Value}}
	case simulate.EventClosed:
		s.Args = []Arg{{"outcome", e.Close.Outcome}, {"summary", e.Close.Summary}, {"by", e.Name}}
	case simulate.EventFollowup:
		f := e.Followup
		s.Args = []Arg{{"name", f.Name}, {"in", spell(f.At.Sub(e.At))}, {"bot", f.Bot}, {"channel", f.Channel}}
		more = []Arg{{"state", string(f.State)}, {"at", f.At.Format("2006-01-02 15:04")}}
	case simulate.EventAssigned:
		s.Args = []Arg{{"agent", e.Name}}
	case simulate.EventCall, simulate.EventAnswer:
		s.Text = e.Request.Method + " " + e.Request.URL
	case simulate.EventHandoff:
		h := e.Handoff
		s.Args = []Arg{{"skill", h.Skill}, {"reason", h.Reason}, {"summary", h.Summary}}
		for _, f := range h.Facts {
			s.Args = append(s.Args, Arg{"fact." + f.Name, f.Value})
		}
		var expects, tried []string
		for _, f := range h.Expects {
			expects = append(expects, f.Name)
		}
		for _, a := range h.Tried {
			tried = append(tried, a.What+": "+strconv.FormatBool(a.OK))
		}
		more = []Arg{
			{"from", h.From}, {"priority", strconv.Itoa(h.Priority)}, {"level", strconv.Itoa(h.Level)}, {"language", h.Language}, {"trace", h.Trace},
			{"expects", strings.Join(expects, ",")}, {"tried", strings.Join(tried, "; ")},
		}
	}
	return s, more
}

// is says whether an event is what the line expects.
func is(s Step, e simulate.Event) bool {
	if s.Name == "event" {
		kind, rest, _ := strings.Cut(s.Text, " ")
		return matches(kind, string(e.Kind)) && (rest == "" || matches(rest, string(engine.JSON(e))))
	}
	got, more := told(e)
	switch {
	case got.Name != s.Name:
		return false
	case e.Kind == simulate.EventSet:
		return plain(s.Args[0].Key) == got.Args[0].Key && matches(s.Args[0].Value, got.Args[0].Value)
	case e.Kind == simulate.EventNote && e.Author != engine.AuthorBot:
		return false
	case e.Kind == simulate.EventFault && matches(s.Text, e.Fault.Kind+": "+e.Fault.Message):
		return true
	}
	return (s.Text == "" || matches(s.Text, got.Text)) && all(s.Args, append(got.Args, more...))
}

// all says whether every argument is as given; one without a key means first.
func all(list, given []Arg) bool {
	for _, a := range list {
		i := 0
		if a.Key != "" {
			if i = keyed(given, a.Key); i < 0 {
				i = keyed(given, "fact."+a.Key)
			}
		}
		got := ""
		if i >= 0 {
			got = given[i].Value
		}
		if i < 0 && a.Value != "" || !matches(a.Value, got) {
			return false
		}
	}
	return true
}

func keyed(list []Arg, key string) int {
	return slices.IndexFunc(list, func(a Arg) bool { return a.Key == key })
}
