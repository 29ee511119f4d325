package chattest

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"parley/botscripts/suggest"
	"parley/engine"
)

// http reads METHOD URL [times N] [after D] [optional] → STATUS [BODY], or … fails REASON.
func (p *parser) http(s *Step, rest string) {
	stub := &Stub{}
	s.Stub = stub
	head, answer, arrow := cutArrow(rest)
	words := strings.Fields(head)
	if len(words) < 2 {
		p.problem("http needs a method, a URL and an answer: http GET https://a.example/x → 200 {}")
		return
	}
	stub.Method, stub.URL = words[0], words[1]
	if stub.Method != "*" && strings.ToUpper(stub.Method) != stub.Method || strings.ContainsAny(stub.Method, ":/") {
		p.problem("%q is no method; write GET, POST, … or *", stub.Method)
	}
	for words = words[2:]; len(words) > 0; {
		switch {
		case words[0] == "times" && len(words) > 1:
			n, err := strconv.Atoi(words[1])
			if err != nil || n < 1 || n > 1000 {
				p.problem("times needs a number from 1 to 1000")
			}
			stub.Times, words = n, words[2:]
		case words[0] == "after" && len(words) > 1:
			n := 2
			if len(words) > 2 && !slices.Contains([]string{"times", "fails", "optional"}, words[2]) {
				n = 3
			}
			d, ok := duration(strings.Join(words[1:n], " "))
			if !ok {
				p.problem("after needs a time: after 20s")
			}
			stub.After, words = d, words[n:]
		case words[0] == "optional":
			stub.Optional, words = true, words[1:]
		case words[0] == "fails" && !arrow:
			stub.Answer.Error = strings.Join(words[1:], " ")
			if stub.Answer.Error == "" {
				stub.Answer.Error = "timeout"
			}
			return
		default:
			p.problem("http does not know %q; it knows times, after, optional, → and fails", words[0])
			return
		}
	}
	if !arrow {
		p.problem("this http line has no answer: → 200 {…}, or fails timeout")
		return
	}
	status, body, _ := strings.Cut(strings.TrimSpace(answer), " ")
	n, err := strconv.Atoi(status)
	if err != nil || n < 100 || n > 599 {
		p.problem("%q is no status of an answer, 100 to 599", status)
	}
	stub.Answer.Status, stub.Answer.Body = n, strings.TrimSpace(body)
}

// cutArrow cuts at the first → or -> that stands alone.
func cutArrow(s string) (head, answer string, ok bool) {
	for i := range s {
		if i == 0 || s[i-1] != ' ' && s[i-1] != '\t' {
			continue
		}
		for _, arrow := range []string{"→", "->"} {
			if rest, is := strings.CutPrefix(s[i:], arrow); is && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
				return s[:i], rest, true
			}
		}
	}
	return s, "", false
}

// agent reads [NAME] takes|closes|returns|notes …, or NAME: text.
func (p *parser) agent(s *Step, rest string) {
	words := strings.Fields(rest)
	for i, w := range words {
		verb := strings.TrimSuffix(w, ":")
		if strings.HasSuffix(w, ":") && verb != "notes" {
			break // NAME: text
		}
		if !slices.Contains([]string{"takes", "closes", "returns", "notes"}, verb) {
			continue
		}
		s.Name, s.Verb = strings.Join(words[:i], " "), verb
		_, after, _ := strings.Cut(rest, w)
		if i > 0 { // the verb may also be in the name
			after = rest[nth(rest, words[:i+1]):]
		}
		p.agentDoes(s, strings.TrimSpace(after))
		return
	}
	name, text, ok := strings.Cut(rest, ":")
	s.Name, s.Verb, s.Text = strings.TrimSpace(name), "says", strings.TrimSpace(text)
	if !ok || s.Text == "" {
		p.problem("agent needs something to do: agent Ana: text, agent takes, agent closes OUTCOME, agent returns, agent notes text")
	}
}

// nth is where the given first words of s end.
func nth(s string, words []string) int {
	at := 0
	for _, w := range words {
		at += strings.Index(s[at:], w) + len(w)
	}
	return at
}

func (p *parser) agentDoes(s *Step, rest string) {
	switch s.Verb {
	case "closes":
		s.Args = p.args(rest)
		if plainArgs(s.Args) > 2 {
			p.problem(`agent closes OUTCOME field=value "summary": quote what has blanks`)
		}
	case "notes":
		s.Text = rest
		if rest == "" {
			p.problem("agent notes needs a text")
		}
	case "returns":
		s.Text = rest
	case "takes":
		if rest != "" {
			p.problem("agent takes stands alone")
		}
	}
}

func plainArgs(list []Arg) (n int) {
	for _, a := range list {
		if a.Key == "" {
			n++
		}
	}
	return n
}

// expectation says how the rest of "= name …" is read.
type expectation int

const (
	unknown  expectation = iota
	alone                // nothing follows
	withText             // a pattern, or nothing for any
	withPair             // one NAME=pattern up to the end of the line
	withArgs             // values and name=pattern
)

func expectationOf(name string) expectation {
	switch name {
	case "nothing", "recalled", "returned", "restart", "typing":
		return alone
	case "tag", "note", "failed", "log", "cancelled", "helped", "unhelped", "owner", "event", "call":
		return withText
	case "set", "value":
		return withPair
	case "handoff", "closed", "followup":
		return withArgs
	}
	return unknown
}

func (p *parser) expect(s *Step, rest string) {
	name, rest, _ := strings.Cut(rest, " ")
	s.Name, rest = name, strings.TrimSpace(rest)
	switch expectationOf(name) {
	case alone:
		if rest != "" {
			p.problem("= %s stands alone", name)
		}
	case withText:
		s.Text = rest
		if (name == "event" || name == "call" || name == "owner") && rest == "" {
			p.problem("= %s needs to say which", name)
		}
	case withPair:
		key, value, ok := strings.Cut(rest, "=")
		s.Args = []Arg{{strings.TrimSpace(key), strings.TrimSpace(value)}}
		if !ok || s.Args[0].Key == "" {
			p.problem("= %s needs NAME=value; * stands for any", name)
		}
	case withArgs:
		s.Args = p.args(rest)
		if plainArgs(s.Args) > 1 {
			p.problem(`= %s takes one value and name=value; quote what has blanks: summary="a b"`, name)
		}
		p.known("= "+name, s.Args, name == "handoff", fieldsOf(name)...)
	default:
		p.problem("there is no expectation %q; there are: handoff closed tag set note log failed recalled returned restart typing followup cancelled helped unhelped value call event owner nothing", name)
	}
}

// fieldsOf are what "= name" may be told about, by name; a handoff also has facts.
func fieldsOf(name string) []string {
	switch name {
	case "handoff":
		return []string{"skill", "from", "reason", "summary", "priority", "level", "language", "trace", "expects", "tried"}
	case "closed":
		return []string{"outcome", "summary", "by"}
	}
	return []string{"name", "bot", "channel", "state", "in", "at"}
}

// known holds that each name=value has a name that the line knows. An open line takes other names, too, but not one
// that is nearly one of those: it is a slip that would say nothing.
func (p *parser) known(line string, list []Arg, open bool, names ...string) {
	for _, a := range list {
		if a.Key == "" || slices.Contains(names, a.Key) || strings.HasPrefix(a.Key, "fact.") && open {
			continue
		}
		i := slices.IndexFunc(names, func(s string) bool { return len(a.Key) > 2 && suggest.Distance(a.Key, s) == 1 })
		switch {
		case i >= 0:
			p.problem("%s does not know %q; did you mean %q?", line, a.Key, names[i])
		case !open:
			p.problem("%s does not know %q; it knows %s", line, a.Key, strings.Join(names, ", "))
		}
	}
}

// content is what a consumer's line sends, but for the choice.
func (s Step) content() engine.Content {
	c := engine.Content{Text: plain(s.Text)}
	for _, part := range s.Parts {
		text := plain(part.Text)
		if part.Kind == "contact" {
			c.Contacts = append(c.Contacts, engine.Contact{Name: strings.TrimSpace(text)})
			continue
		}
		if part.Kind == "location" {
			lat, lon, _ := place(text)
			_, name, _ := strings.Cut(strings.TrimSpace(text), " ")
			c.Location = &engine.Location{Lat: lat, Lon: lon, Name: strings.TrimSpace(name)}
			continue
		}
		url, name, _ := strings.Cut(strings.TrimSpace(text), " ")
		c.Media = append(c.Media, engine.Media{Kind: part.Kind, URL: url, Name: strings.TrimSpace(name)})
	}
	return c
}

// start is the time of "at".
func (s Step) start(zone *time.Location) time.Time {
	t, _ := moment(s.At, zone) // Parse has checked it
	return t
}

// short cuts a text for a message to people.
func short(s string, most int) string {
	s = blanks(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}
