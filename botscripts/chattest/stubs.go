package chattest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/egress"
	"parley/engine/simulate"
)

// stub is a Stub and how often it was used.
type stub struct {
	*Stub
	step   *Step
	place  int // of the lines that stand together
	used   int
	beaten int // the line that answered what this one would have, 0 for none
}

// addStub takes an http line. Lines stand together when nothing happens between them; those that all tests of a file
// share stand apart from a test's own.
func (p *play) addStub(s *Step) {
	if n := len(p.stubs); n > 0 && p.stubs[n-1].step.Shared != s.Shared {
		p.place++
	}
	p.stubs = append(p.stubs, stub{Stub: s.Stub, step: s, place: p.place})
}

// http answers an outside call.
func (p *play) http(q engine.HTTPRequest) (simulate.Reply, bool) {
	if why := egress.CheckTarget(p.hosts, q.URL); why != "" {
		if p.failed == nil && p.step != nil {
			p.failed = p.fail("the bot made an outside call that is refused: " + why)
			p.failed.Got = strings.TrimSpace(q.Method + " " + q.URL)
			p.failed.Expected = "an https:// address of a host that http.hosts of brand.yaml lists"
		}
		return simulate.Reply{HTTPResponse: engine.HTTPResponse{Error: why}}, true
	}
	i := p.answering(q)
	if i < 0 {
		if p.failed == nil && p.step != nil {
			p.failed = p.unanswered(q)
		}
		return simulate.Reply{HTTPResponse: engine.HTTPResponse{Error: "no stub"}}, true
	}
	p.stubs[i].used++
	s := p.stubs[i]
	for j := range p.stubs[:i] {
		if p.stubs[j].fits(q) && !p.stubs[j].sameRequest(s) {
			p.stubs[j].beaten = s.step.Line
		}
	}
	answer := s.Answer
	if answer.Body != "" && answer.Header["Content-Type"] == "" && json.Valid([]byte(answer.Body)) {
		h := map[string]string{"Content-Type": "application/json"}
		maps.Copy(h, answer.Header)
		answer.Header = h
	}
	return simulate.Reply{HTTPResponse: answer, After: s.After}, true
}

// answering is the stub that answers a call, -1 for none: the last that fits and may be used. Lines for the same request
// that stand together take turns: the first that was not used yet, and then the last of them again and again.
func (p *play) answering(q engine.HTTPRequest) int {
	last := -1
	for i, s := range slices.Backward(p.stubs) {
		if s.fits(q) && !s.spent() {
			last = i
			break
		}
	}
	for i := range max(last, 0) {
		if s := p.stubs[i]; s.sameRequest(p.stubs[last]) && !s.spent() && (s.used == 0 || s.Times > 0) {
			return i
		}
	}
	return last
}

func (s stub) spent() bool { return s.Times > 0 && s.used >= s.Times }

// sameRequest says whether two stubs take turns.
func (s stub) sameRequest(o stub) bool {
	return s.place == o.place && s.Method == o.Method && s.URL == o.URL && s.Sends == o.Sends && slices.Equal(s.With, o.With)
}

func (s stub) fits(q engine.HTTPRequest) bool { return len(s.differs(q)) == 0 }

// difference is a part of a call that is not as a stub says.
type difference struct{ part, want, got string }

// differs tells in what a call is not the one that the stub answers.
func (s stub) differs(q engine.HTTPRequest) (out []difference) {
	if s.Method != "*" && s.Method != q.Method {
		out = append(out, difference{"method", s.Method, q.Method})
	}
	if !matches(s.URL, q.URL) {
		out = append(out, difference{"URL", s.URL, q.URL})
	}
	if s.Sends != "" && !matches(s.Sends, q.Body) {
		out = append(out, difference{"body", s.Sends, cmp.Or(q.Body, "nothing")})
	}
	for _, w := range s.With {
		got, found := "nothing", false
		for name, value := range q.Header {
			if strings.EqualFold(name, w.Key) {
				got, found = value, found || matches(w.Value, value)
			}
		}
		if !found {
			out = append(out, difference{"header " + w.Key, w.Value, got})
		}
	}
	return out
}

// unanswered tells of a call for which there is no stub, with what is different from the one that is nearest.
func (p *play) unanswered(q engine.HTTPRequest) *Failure {
	f := p.fail("the bot made an outside call that no http line answers")
	f.Got = strings.TrimSpace(q.Method + " " + q.URL + " " + q.Body)
	f.Expected = "no such call"
	if n := p.comesLater(q); n > 0 {
		f.Expected = fmt.Sprintf("the http line %d before this one", n)
		return f
	}
	var near []difference
	var line int
	for _, s := range slices.Backward(p.stubs) {
		found := s.differs(q)
		if len(found) == 0 { // it fits, and is used up
			f.Expected = fmt.Sprintf("at most %d times, as line %d says", s.Times, s.step.Line)
			return f
		}
		if unlike(found) {
			continue
		}
		if near == nil || len(found) < len(near) || len(found) == len(near) && sameURL(found) && !sameURL(near) {
			near, line = found, s.step.Line
		}
	}
	if near == nil {
		return f
	}
	var parts, want []string
	for _, d := range near {
		parts = append(parts, d.part)
		want = append(want, d.part+" "+short(d.want, longestShown))
		if strings.HasPrefix(d.part, "header ") {
			f.Got += "\n" + d.part + ": " + short(d.got, longestShown)
		}
	}
	f.Message += fmt.Sprintf("; line %d has another %s", line, strings.Join(parts, " and "))
	f.Expected = strings.Join(want, "\n")
	return f
}

// unlike says whether it is another call altogether.
func unlike(list []difference) bool {
	return len(list) > 1 && list[0].part == "method" && list[1].part == "URL"
}

func sameURL(list []difference) bool {
	return !slices.ContainsFunc(list, func(d difference) bool { return d.part == "URL" })
}

// comesLater gives the line of a stub that would have answered.
func (p *play) comesLater(q engine.HTTPRequest) int {
	for i, s := range p.test.Steps {
		if s.Kind == KindHTTP && s.Line > p.step.Line && (stub{Stub: s.Stub, step: &p.test.Steps[i]}).fits(q) {
			return s.Line
		}
	}
	return 0
}

// unused holds that the calls were made that must be.
func (p *play) unused() *Failure {
	for _, s := range p.stubs {
		switch {
		case s.Optional:
		case s.used == 0 && s.beaten > 0:
			p.step = s.step
			f := p.fail(fmt.Sprintf("this line answered no call: line %d, further down, did", s.beaten))
			f.Expected = "a call that no later http line fits; optional says that there may be none: " + s.Method + " " + s.URL + " optional"
			return f
		case s.used == 0:
			p.step = s.step
			return p.fail("the bot never made this call")
		case s.used < s.Times:
			p.step = s.step
			f := p.fail("the bot made this call less often")
			f.Expected, f.Got = fmt.Sprintf("%d times", s.Times), fmt.Sprintf("%d times", s.used)
			return f
		}
	}
	return nil
}
