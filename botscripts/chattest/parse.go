package chattest

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of a file.
const (
	maxLines = 5000
	maxLine  = 64 << 10
)

// Parse reads the tests of a file. With problems, the tests are not for use.
func Parse(file, text string) ([]Test, []Problem) {
	p := &parser{file: file, source: strings.Split(strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff"), "\n")}
	p.test = &Test{File: file, Line: 1, Source: p.source}
	for i, line := range p.source {
		p.n = i + 1
		if i >= maxLines {
			p.problem("a file has at most %d lines", maxLines)
			break
		}
		if len(line) > maxLine {
			p.problem("a line has at most %d bytes", maxLine)
			continue
		}
		p.line(line)
	}
	p.end()
	if len(p.tests) == 0 && len(p.problems) == 0 {
		p.n = 1
		p.problem("there is no test in this file")
	}
	return p.tests, p.problems
}

type parser struct {
	file     string
	source   []string
	n        int // line
	tests    []Test
	shared   []Step // before the first ##
	test     *Test
	several  bool // there was a ##
	begun    bool // something has happened in the test
	last     *Step
	problems []Problem
}

func (p *parser) problem(format string, args ...any) {
	p.problems = append(p.problems, Problem{p.file, p.n, fmt.Sprintf(format, args...)})
}

// end closes the present test.
func (p *parser) end() {
	t := p.test
	switch {
	case !p.several && len(t.Steps) == 0:
		return
	case t.Title == "":
		t.Title = strings.TrimSuffix(path.Base(p.file), ".chat")
	}
	if !slices.ContainsFunc(t.Steps, func(s Step) bool { return !s.Kind.setting() && s.Kind != KindHTTP }) {
		p.problems = append(p.problems, Problem{p.file, t.Line, "nothing happens in this test"})
	}
	p.tests = append(p.tests, *t)
}

func (p *parser) line(raw string) {
	text := strings.TrimRight(raw, " \t")
	switch {
	case text == "":
		p.last = nil
		return
	case strings.HasPrefix(text, "## "):
		p.next(strings.TrimSpace(text[3:]))
		return
	case strings.HasPrefix(text, "#"):
		if title := strings.TrimSpace(strings.TrimLeft(text, "#")); p.test.Title == "" && len(p.test.Steps) == 0 && !p.several {
			p.test.Title, p.test.Line = title, p.n
		}
		return
	case strings.HasPrefix(strings.TrimLeft(text, " \t"), "|"):
		p.more(strings.TrimLeft(text, " \t")[1:])
		return
	case text[0] == ' ' || text[0] == '\t':
		p.detail(strings.TrimSpace(text))
		return
	}
	s := Step{Line: p.n}
	word, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	s.Kind = Kind(word)
	read := p.reader(s.Kind)
	if read == nil {
		p.problem("a line does not begin with %q; it begins with > < = ~ agent http, or a setting: channel bot language at seed consumer identity given queue past", word)
		p.last = nil
		return
	}
	if s.Kind.setting() && p.begun {
		p.problem("%s stands before the first thing that happens", word)
	}
	before := len(p.problems)
	read(&s, rest)
	if len(p.problems) > before {
		p.last = &Step{} // what goes on from it is no further problem
		return
	}
	p.begun = p.begun || !s.Kind.setting() && s.Kind != KindHTTP
	p.test.Steps = append(p.test.Steps, s)
	p.last = &p.test.Steps[len(p.test.Steps)-1]
}

// next begins a test of its own.
func (p *parser) next(title string) {
	if !p.several {
		p.shared = p.test.Steps
		if p.begun {
			p.problem("before the first ## there are only settings and http lines, for all tests of the file")
		}
	} else {
		p.end()
	}
	p.several, p.begun, p.last = true, false, nil
	p.test = &Test{File: p.file, Line: p.n, Title: title, Source: p.source, Steps: slices.Clone(p.shared)}
	for i := range p.test.Steps { // a stub counts what happened in its own test
		p.test.Steps[i].Shared = true
		if stub := p.test.Steps[i].Stub; stub != nil {
			own := *stub
			p.test.Steps[i].Stub = &own
		}
	}
}

// more goes on with the text of the line above.
func (p *parser) more(text string) {
	text = strings.TrimPrefix(text, " ")
	switch {
	case p.last == nil:
		p.problem("| goes on with the line above, and there is none")
	case p.last.Kind == "":
	case p.last.Stub != nil:
		p.last.Stub.Answer.Body += "\n" + text
	case p.last.Kind == KindWrite || p.last.Kind == KindBotSays || p.last.Kind == KindAgent:
		p.last.Text += `\n` + text
	default:
		p.problem("only messages and the bodies of http lines go on in the next line")
	}
}

// detail reads an indented line: more about the http line above.
func (p *parser) detail(text string) {
	switch {
	case p.last != nil && p.last.Kind == "":
		return
	case p.last == nil || p.last.Stub == nil:
		p.problem("a line that begins with a blank tells more about an http line above")
		return
	}
	stub := p.last.Stub
	if body, ok := strings.CutPrefix(text, "sends "); ok {
		stub.Sends = strings.TrimSpace(body)
		return
	}
	header, with := strings.CutPrefix(text, "with ")
	name, value, ok := strings.Cut(header, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case !ok || !headerName.MatchString(name):
		p.problem("this is no header: Name: value")
	case with:
		stub.With = append(stub.With, Arg{name, value})
	default:
		if stub.Answer.Header == nil {
			stub.Answer.Header = map[string]string{}
		}
		stub.Answer.Header[name] = value
	}
}

// These are never written.
var (
	headerName = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
	partEnd    = regexp.MustCompile(`\((image|video|audio|file|card|contact|location)(?:\s((?:[^()\\]|\\.)*))?\)$`)
	pickEnd    = regexp.MustCompile(`\[((?:[^\[\]\\]|\\.)*)\]$`)
)

func (p *parser) reader(k Kind) func(*Step, string) {
	return map[Kind]func(*Step, string){
		KindChannel: p.name, KindBot: p.name, KindLanguage: p.name, KindAt: p.at, KindSeed: p.seed, KindConsumer: p.pairs, KindPast: p.pairs,
		KindIdentity: p.identity, KindGiven: p.given, KindQueue: p.queue, KindHTTP: p.http,
		KindWrite: p.message, KindBotSays: p.message, KindPass: p.pass, KindAgent: p.agent, KindExpect: p.expect,
	}[k]
}

func (p *parser) name(s *Step, rest string) {
	if rest == "" || strings.ContainsAny(rest, " \t") {
		p.problem("%s needs one name", s.Kind)
	}
	s.Name = rest
}

func (p *parser) at(s *Step, rest string) {
	if _, ok := moment(rest, time.UTC); !ok {
		p.problem("at needs a date and a time: at 2026-11-22 09:00")
	}
	s.At = rest
}

func (p *parser) seed(s *Step, rest string) {
	if _, err := strconv.ParseInt(rest, 10, 64); err != nil {
		p.problem("seed needs a whole number")
	}
	s.Text = rest
}

func (p *parser) args(rest string) []Arg {
	list, problem := args(rest)
	if problem != "" {
		p.problem("%s", problem)
	}
	return list
}

func (p *parser) pairs(s *Step, rest string) {
	s.Args = p.args(rest)
	for _, a := range s.Args {
		if a.Key == "" {
			p.problem("%s takes name=value, not %q", s.Kind, a.Value)
		}
		if a.Key == "at" && s.Kind == KindPast {
			if _, ok := moment(a.Value, time.UTC); !ok {
				p.problem("at=%s is no date", a.Value)
			}
		}
	}
	if len(s.Args) == 0 {
		p.problem("%s needs name=value", s.Kind)
	}
	names := []string{"id", "name", "language", "address", "conversation"}
	if s.Kind == KindPast {
		names = []string{"outcome", "summary", "skill", "channel", "tag", "at"}
	}
	p.known(string(s.Kind), s.Args, true, names...)
}

func (p *parser) identity(s *Step, rest string) {
	kind, address, ok := strings.Cut(rest, " ")
	if !ok {
		p.problem("identity needs a kind of channel and an address")
	}
	s.Name, s.Text = kind, strings.TrimSpace(address)
}

func (p *parser) given(s *Step, rest string) {
	key, value, ok := strings.Cut(rest, "=")
	key = strings.TrimSpace(key)
	known := key == "tag" || len(key) > 4 && strings.HasPrefix(key, "set.") || len(key) > 6 && strings.HasPrefix(key, "store.")
	if !ok || !known {
		p.problem("given takes set.NAME=value, store.KEY=value or tag=NAME")
	}
	s.Name, s.Text = key, strings.TrimSpace(value)
}

func (p *parser) queue(s *Step, rest string) {
	skill, rest, _ := strings.Cut(rest, " ")
	s.Name, s.Args = skill, p.args(rest)
	if skill == "" {
		p.problem("queue needs a skill")
	}
	for _, a := range s.Args {
		switch a.Key {
		case "":
			if a.Value != "open" && a.Value != "closed" {
				p.problem("a queue is open or closed, not %q", a.Value)
			}
		case "waiting", "online", "expected":
			if n, err := strconv.ParseFloat(a.Value, 64); err != nil || n < -1 || n > 1e6 {
				p.problem("%s needs a number", a.Key)
			}
		default:
			p.problem("a queue has waiting, online and expected, not %q", a.Key)
		}
	}
}

func (p *parser) pass(s *Step, rest string) {
	if until, ok := strings.CutPrefix(rest, "until "); ok {
		if _, ok := moment(until, time.UTC); !ok {
			p.problem("this is no date and time: ~ until 2026-11-23 09:00")
		}
		s.At = strings.TrimSpace(until)
		return
	}
	d, ok := duration(rest)
	if !ok {
		p.problem("this is no time: ~ 90s, ~ 5 min, ~ 3 hours, ~ 2 days")
	}
	s.Pass = d
}

// tail finds what a message ends with, when a blank, a wildcard or another such
// thing stands before it.
func tail(end *regexp.Regexp, s string) []int {
	m := end.FindStringSubmatchIndex(s)
	if m == nil || m[0] == 0 {
		return m
	}
	before := s[:m[0]]
	for _, fit := range []string{" ", "\t", "*", "…", "]", ")"} {
		if strings.HasSuffix(before, fit) && !strings.HasSuffix(before, `\`+fit) {
			return m
		}
	}
	return nil
}

// message reads a text with, at its end, what is no text.
func (p *parser) message(s *Step, rest string) {
	for {
		if m := tail(pickEnd, rest); m != nil {
			s.Picks = append([]string{rest[m[2]:m[3]]}, s.Picks...)
			rest = strings.TrimRight(rest[:m[0]], " \t")
			continue
		}
		m := tail(partEnd, rest)
		if m == nil {
			break
		}
		part := Part{Kind: rest[m[2]:m[3]]}
		if m[4] >= 0 {
			part.Text = rest[m[4]:m[5]]
		}
		s.Parts = append([]Part{part}, s.Parts...)
		rest = strings.TrimRight(rest[:m[0]], " \t")
	}
	s.Text = rest
	switch {
	case s.Text == "" && len(s.Picks) == 0 && len(s.Parts) == 0:
		p.problem("%s needs a text; * stands for any", s.Kind)
	case s.Kind == KindWrite && (len(s.Picks) > 1 || len(s.Picks) == 1 && s.Text != ""):
		p.problem("a consumer takes one choice: > [Label]")
	}
	if s.Kind != KindWrite {
		return
	}
	for _, part := range s.Parts {
		if part.Kind == "card" {
			p.problem("a consumer sends no cards")
		}
		if _, _, ok := place(part.Text); part.Kind == "location" && !ok {
			p.problem("a place is (location 52.5,13.4)")
		}
		if part.Kind != "location" && part.Text == "" {
			p.problem("(%s) needs %s", part.Kind, map[bool]string{true: "a name", false: "an address"}[part.Kind == "contact"])
		}
	}
}

// place reads "52.5,13.4 Name".
func place(s string) (lat, lon float64, ok bool) {
	point, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	a, b, found := strings.Cut(point, ",")
	lat, err1 := strconv.ParseFloat(a, 64)
	lon, err2 := strconv.ParseFloat(b, 64)
	return lat, lon, found && err1 == nil && err2 == nil && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180
}
