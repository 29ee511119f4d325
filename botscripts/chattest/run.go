package chattest

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"parley/botscripts/brandfolder"
	"parley/engine"
	"parley/engine/simulate"
)

// Result is how a test came out. Failure is nil when it passed.
type Result struct {
	Test    Test
	Failure *Failure
	Took    time.Duration
	// Simulation is what was played, nil when it could not begin.
	Simulation *simulate.Simulation
}

// Run plays one test against a brand. When ctx ends, so does the test, at its
// next line, and fails.
func Run(ctx context.Context, t Test, b brandfolder.Brand, on simulate.Stage) (r Result) {
	began := time.Now()
	r.Test = t
	var p *play
	defer func() {
		if broken := recover(); broken != nil { // one test must not end the others
			r.Failure = failure(t, nil, fmt.Sprintf("the test cannot be played: %v", broken))
			if p != nil && p.step != nil {
				r.Failure = failure(t, p.step, r.Failure.Message)
			}
		}
		r.Took = time.Since(began)
	}()
	cfg, at, err := config(t, b, on)
	if err != nil {
		r.Failure = failure(t, at, err.Error())
		return r
	}
	p = &play{test: t, told: map[int]bool{}, hosts: b.Brand.Settings.HTTPHosts}
	cfg.HTTP = p.http
	if p.sim, err = simulate.New(cfg); err != nil {
		r.Failure = failure(t, nil, engine.MessageOf(err))
		return r
	}
	r.Simulation = p.sim
	for i := range t.Steps {
		p.step = &t.Steps[i]
		if ctx.Err() != nil {
			r.Failure = failure(t, p.step, "the test was cut off")
			return r
		}
		if r.Failure = p.do(*p.step); r.Failure != nil {
			return r
		}
	}
	p.step = nil
	r.Failure = p.end()
	return r
}

// play is a test on its way.
type play struct {
	hosts  []string // that the brand may call
	test   Test
	sim    *simulate.Simulation
	step   *Step // being done
	stubs  []stub
	place  int          // of the next http line
	next   int          // event up to which messages are read
	since  int          // event with which the last line that let something happen began
	acted  Kind         // that line's
	told   map[int]bool // events that a line has told
	shown  *simulate.Event
	picked bool // the choices of shown were told
	failed *Failure
}

func (p *play) do(s Step) *Failure {
	switch {
	case s.Kind.setting():
		return nil
	case s.Kind == KindHTTP:
		p.addStub(p.step)
		return nil
	}
	p.place++
	switch {
	case s.Kind == KindBotSays:
		return p.botSays(s)
	case s.Kind == KindExpect:
		return p.expect(s)
	}
	if s.Kind == KindAgent { // whoever has the conversation has been handed it over
		if f := p.wait(func() bool { return p.sim.State().Owner != engine.OwnerBot }); f != nil {
			return f
		}
		for _, e := range p.sim.Events() {
			p.told[e.N] = p.told[e.N] || e.Kind == simulate.EventHandoff
		}
	}
	if f := p.leftover(); f != nil {
		return f
	}
	p.shown, p.since, p.acted = nil, len(p.sim.Events()), s.Kind
	var err error
	switch s.Kind {
	case KindWrite:
		err = p.write(s)
	case KindPass:
		err = p.pass(s)
	case KindAgent:
		err = p.agent(s)
	}
	if p.failed == nil && err != nil {
		return p.fail(engine.MessageOf(err))
	}
	return p.failed
}

func (p *play) write(s Step) error {
	c := s.content()
	if len(s.Picks) == 1 {
		offered := p.offered()
		label := plain(s.Picks[0])
		i := slices.IndexFunc(offered, func(o engine.Choice) bool { return blanks(o.Label) == blanks(label) })
		if i < 0 {
			i = slices.IndexFunc(offered, func(o engine.Choice) bool { return o.ID == label })
		}
		if i < 0 {
			p.failed = p.fail("there is no such choice")
			p.failed.Expected, p.failed.Got = "["+label+"]", cmp.Or(bracketed(labels(offered)), "nothing")
			return nil
		}
		c.Text, c.Picked = offered[i].Label, &offered[i]
	}
	return p.sim.Message(c)
}

// offered are the choices of the bot's last message that had some.
func (p *play) offered() []engine.Choice {
	for _, e := range slices.Backward(p.sim.Events()) {
		if e.Kind == simulate.EventMessage && e.Author == engine.AuthorBot && len(e.Content.Choices) > 0 {
			return e.Content.Choices
		}
	}
	return nil
}

func (p *play) pass(s Step) error {
	d := s.Pass
	if s.At != "" {
		zone := engine.ZoneOf(p.sim.Config().Brand.Settings.TimeZone)
		if d = s.start(zone).Sub(p.sim.Now()); d < 0 {
			p.failed = p.fail("this time is over: it is " + p.sim.Now().In(zone).Format("2006-01-02 15:04:05"))
			return nil
		}
	}
	return p.sim.Advance(d)
}

func (p *play) agent(s Step) error {
	a := p.sim.Agent(cmp.Or(s.Name, p.sim.State().Agent))
	switch s.Verb {
	case "takes":
		return a.Accept()
	case "notes":
		return a.Note(plain(s.Text))
	case "returns":
		return a.Return(plain(s.Text))
	case "says":
		return a.Say(plain(s.Text))
	}
	outcome, summary, seen := "", "", 0
	fields := map[string]any{}
	for _, arg := range s.Args {
		value := plain(arg.Value)
		switch {
		case arg.Key != "":
			fields[arg.Key] = p.typed(arg.Key, value)
		case seen == 0:
			outcome, seen = value, 1
		default:
			summary = value
		}
	}
	if len(fields) == 0 {
		fields = nil
	}
	return a.Close(outcome, summary, fields)
}

// typed reads a field of a close as the handoff expects it, or as it looks.
func (p *play) typed(name, value string) any {
	kind := ""
	if h := p.sim.State().Handoff; h != nil {
		for _, f := range h.Expects {
			if f.Name == name {
				kind = f.Kind
			}
		}
	}
	var v any
	if (kind == "" || kind == "number" || kind == "boolean") && json.Unmarshal([]byte(value), &v) == nil {
		switch v.(type) {
		case bool, float64:
			return v
		}
	}
	return value
}

// longestPause is how long a bot may pause by itself between two lines.
const longestPause = time.Minute

// wait lets pass what needs nobody until done, or until nothing more happens:
// the silence after a burst, a bot's pause, a slow answer.
func (p *play) wait(done func() bool) *Failure {
	for range 1000 {
		if done() || p.failed != nil {
			return p.failed
		}
		at, ok := p.sim.Pause()
		if !ok || at.Sub(p.sim.Now()) > longestPause {
			return nil
		}
		if err := p.sim.Advance(at.Sub(p.sim.Now())); err != nil {
			return p.fail(engine.MessageOf(err))
		}
	}
	return nil
}

// end holds that nothing was left over and nothing unused.
func (p *play) end() *Failure {
	if f := p.wait(func() bool { return false }); f != nil {
		return f
	}
	if f := p.leftover(); f != nil {
		return f
	}
	return p.unused()
}
