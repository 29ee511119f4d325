package chattest

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/engine"
	"parley/engine/simulate"
)

// Failure is why a test did not pass.
type Failure struct {
	File     string
	Line     int // of the test; that after the last when its end failed
	Title    string
	Message  string
	Expected string // "" when nothing was
	Got      string
	Bot      string   // where the bot was: "bots/concierge.lua:12"
	Context  []string // numbered lines around, the failing one marked
}

// contextLines are shown before and after the failing line.
const contextLines = 3

// longestShown is how much of a line is shown, in characters.
const longestShown = 160

// String tells the failure in several lines, the last without a line end.
func (f Failure) String() string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s:%d: %s\n", f.File, f.Line, f.Message)
	fmt.Fprintf(&out, "  in %q\n", f.Title)
	for _, line := range f.Context {
		fmt.Fprintf(&out, "  %s\n", line)
	}
	told := func(what, text string) {
		if text != "" {
			fmt.Fprintf(&out, "  %-9s %s\n", what, strings.ReplaceAll(text, "\n", "\n            "))
		}
	}
	told("expected", f.Expected)
	told("got", f.Got)
	told("bot at", f.Bot)
	return strings.TrimSuffix(out.String(), "\n")
}

// failure is a failure at a step, or at the beginning without one.
func failure(t Test, at *Step, message string) *Failure {
	f := &Failure{File: t.File, Line: t.Line, Title: t.Title, Message: message}
	if at != nil {
		f.Line = at.Line
	}
	f.Context = around(t.Source, f.Line)
	return f
}

func around(source []string, line int) []string {
	var out []string
	for n := max(1, line-contextLines); n <= min(len(source), line+contextLines); n++ {
		mark := " "
		if n == line {
			mark = ">"
		}
		text := source[n-1]
		if n == len(source) && text == "" && n != line {
			break
		}
		if utf8.RuneCountInString(text) > longestShown {
			text = string([]rune(text)[:longestShown-1]) + "…"
		}
		out = append(out, strings.TrimRight(fmt.Sprintf("%s %3d | %s", mark, n, text), " \t"))
	}
	return out
}

// fail is a failure at the present step, with where the bot is.
func (p *play) fail(message string) *Failure {
	at := p.step
	if at == nil && len(p.test.Steps) > 0 { // the end: the last line is to blame
		at = &p.test.Steps[len(p.test.Steps)-1]
	}
	f := failure(p.test, at, message)
	st := p.sim.State()
	f.Bot = st.Line
	switch {
	case st.SessionState == engine.SessionWaiting && st.Line != "":
		f.Bot += ", waiting for " + waiting(st.Wait.Kind)
	case st.Line != "" && st.SessionState != "":
		f.Bot += ", " + string(st.SessionState)
	}
	return f
}

func waiting(k engine.WaitKind) string {
	switch k {
	case engine.WaitMessage:
		return "a message"
	case engine.WaitTimer:
		return "its time"
	case engine.WaitResult:
		return "an answer from outside"
	case engine.WaitOutcome:
		return "an agent's outcome"
	}
	return string(k)
}

// differs is a failure with both sides. e, if any, is what happened instead.
func (p *play) differs(message, want, got string, e *simulate.Event) *Failure {
	f := p.fail(message)
	f.Expected, f.Got = want, got
	if e != nil && e.Line != "" {
		f.Bot = e.Line
	}
	if want == "" {
		f.Expected = "nothing more"
		if p.step == nil {
			f.Expected = "nothing more: the test ends here"
		}
	}
	return f
}

// wanted shows what a "<" line expects.
func wanted(s Step) string {
	out := s.Text
	for _, part := range s.Parts {
		out += " (" + strings.TrimSpace(part.Kind+" "+part.Text) + ")"
	}
	if len(s.Picks) > 0 {
		out += " " + bracketed(s.Picks)
	}
	return strings.TrimSpace(out)
}

func bracketed(list []string) string { return "[" + strings.Join(list, "] [") + "]" }

func labels(list []engine.Choice) string {
	if len(list) == 0 {
		return ""
	}
	var out []string
	for _, c := range list {
		out = append(out, c.Label)
	}
	return bracketed(out)
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// says shows a message with everything in it.
func says(c engine.Content) string {
	out := c.Text
	for _, part := range partsOf(c) {
		out += " (" + strings.TrimSpace(part.Kind+" "+part.Text) + ")"
	}
	if len(c.Choices) > 0 {
		out += " " + labels(c.Choices)
	}
	return strings.TrimSpace(out)
}

// instead shows what happened last, for a line that waited in vain.
func (p *play) instead() string {
	for _, e := range slices.Backward(p.sim.Events()) {
		switch {
		case e.Kind == simulate.EventMessage && e.Author == engine.AuthorBot, e.Kind == simulate.EventTimer, e.Kind == simulate.EventTyping:
			continue
		case e.Kind == simulate.EventMessage && e.Author == engine.AuthorConsumer:
			return "nothing"
		}
		return "nothing; the last thing: " + show(e)
	}
	return "nothing"
}

// alike shows events of the kind that a line expects, else all that no line has told.
func (p *play) alike(s Step) string {
	var same, rest []string
	for _, e := range p.sim.Events() {
		switch {
		case p.told[e.N]:
		case e.Kind == kindOf(s.Name):
			same = append(same, show(e))
		case e.Kind == simulate.EventMessage && e.Author != engine.AuthorBot, e.Kind == simulate.EventTimer, e.Kind == simulate.EventTyping:
		default:
			rest = append(rest, show(e))
		}
	}
	if len(same) == 0 {
		same = rest[max(0, len(rest)-5):]
	}
	return orNothing(strings.Join(same, "\n"))
}

// expected shows what a "=" line expects.
func expected(s Step) string {
	out := s.Name
	if s.Text != "" {
		out += " " + s.Text
	}
	for _, a := range s.Args {
		out += " " + argument(a)
	}
	return out
}

func argument(a Arg) string {
	if a.Key == "" {
		return quoted(a.Value, "=")
	}
	return quoted(a.Key, "=") + "=" + quoted(a.Value, "")
}

// show tells an event in the words of a test.
func show(e simulate.Event) string {
	s := Step{Name: string(e.Kind)}
	add := func(key, value string) {
		if value != "" {
			s.Args = append(s.Args, Arg{key, short(value, 200)})
		}
	}
	switch e.Kind {
	case simulate.EventMessage:
		return string(e.Author) + ": " + says(*e.Content)
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
		return "set " + name + "=" + e.Set.Value
	case simulate.EventClosed:
		add("", e.Close.Outcome)
		add("summary", e.Close.Summary)
		add("by", e.Name)
	case simulate.EventHandoff:
		add("", e.Handoff.Skill)
		add("reason", e.Handoff.Reason)
		add("summary", e.Handoff.Summary)
		for _, f := range e.Handoff.Facts {
			add(f.Name, f.Value)
		}
	case simulate.EventFollowup:
		add("", e.Followup.Name)
		add("in", spell(e.Followup.At.Sub(e.At)))
		add("bot", e.Followup.Bot)
		add("channel", e.Followup.Channel)
	case simulate.EventAssigned:
		add("agent", e.Name)
	case simulate.EventCall, simulate.EventAnswer:
		s.Text = e.Request.Method + " " + e.Request.URL
	}
	return expected(s)
}
