package chattest

import (
	"cmp"
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
	return cmp.Or(map[engine.WaitKind]string{
		engine.WaitMessage: "a message", engine.WaitTimer: "its time", engine.WaitResult: "an answer from outside", engine.WaitOutcome: "an agent's outcome",
	}[k], string(k))
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
		out += " " + part.String()
	}
	return strings.TrimSpace(out + " " + bracketed(s.Picks))
}

func bracketed(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return "[" + strings.Join(list, "] [") + "]"
}

func labels(list []engine.Choice) (out []string) {
	for _, c := range list {
		out = append(out, c.Label)
	}
	return out
}

// says shows a message with everything in it.
func says(c engine.Content) string {
	return wanted(Step{Text: c.Text, Parts: partsOf(c), Picks: labels(c.Choices)})
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
		case ofKind(s.Name, e):
			same = append(same, show(e))
		case e.Kind == simulate.EventMessage && e.Author != engine.AuthorBot, e.Kind == simulate.EventTimer, e.Kind == simulate.EventTyping:
		default:
			rest = append(rest, show(e))
		}
	}
	if len(same) == 0 {
		same = rest[max(0, len(rest)-5):]
	}
	return cmp.Or(strings.Join(same, "\n"), "nothing")
}

// ofKind says whether an event is like what a line of the name expects; helped and unhelped are alike.
func ofKind(name string, e simulate.Event) bool {
	s, _ := told(e)
	return strings.TrimPrefix(s.Name, "un") == strings.TrimPrefix(name, "un")
}

// expected shows what a "=" line expects.
func expected(s Step) string {
	out := s.Name
	if s.Text != "" {
		out += " " + s.Text
	}
	if len(s.Args) > 0 {
		out += " " + arguments(s.Args)
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
	s, _ := told(e)
	switch e.Kind {
	case simulate.EventMessage:
		return string(e.Author) + ": " + says(*e.Content)
	case simulate.EventSet:
		return "set " + s.Args[0].Key + "=" + s.Args[0].Value
	}
	var shown []Arg
	for i, a := range s.Args {
		if i == 0 && expectationOf(s.Name) == withArgs {
			a.Key = ""
		}
		if a.Value != "" {
			shown = append(shown, Arg{strings.TrimPrefix(a.Key, "fact."), short(a.Value, 200)})
		}
	}
	s.Args = shown
	return expected(s)
}
