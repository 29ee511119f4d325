package chattest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parley/engine"
	"parley/engine/simulate"
)

// botSays holds that the bot's next message is as the line says.
func (p *play) botSays(s Step) *Failure {
	if s.Text == "" && len(s.Parts) == 0 && p.shown != nil && !p.picked { // the choices of the message above
		p.picked = true
		if !fitChoices(s.Picks, p.shown.Content.Choices) {
			return p.differs("other choices", bracketed(s.Picks), cmp.Or(bracketed(labels(p.shown.Content.Choices)), "nothing"), p.shown)
		}
		return nil
	}
	at := -1
	f := p.wait(func() bool { at = p.message(s); return at >= 0 })
	if f != nil {
		return f
	}
	if at < 0 {
		if i := p.untold(func(e simulate.Event) bool { return e.Kind == simulate.EventFault }); i >= 0 {
			fault := &p.sim.Events()[i]
			return p.differs("the bot failed", wanted(s), fault.Fault.Message, fault)
		}
		return p.differs("the bot says nothing", wanted(s), p.instead(), nil)
	}
	e := &p.sim.Events()[at]
	if !fits(s, *e.Content) {
		return p.differs("the bot says something else", wanted(s), says(*e.Content), e)
	}
	p.told[at], p.next, p.shown, p.picked = true, at+1, e, len(s.Picks) > 0
	return nil
}

// message finds the event that the line speaks of: the next that fits among
// the gateway's, else the bot's next. It is -1 when there is none yet.
func (p *play) message(s Step) int {
	for i := p.next; i < len(p.sim.Events()); i++ {
		e := p.sim.Events()[i]
		if e.Kind != simulate.EventMessage {
			continue
		}
		if e.Author == engine.AuthorBot || e.Author == engine.AuthorSystem && worded(s.Text) && fits(s, *e.Content) {
			return i
		}
	}
	return -1
}

// worded says whether a pattern is more than wildcards: those mean the bot.
func worded(pattern string) bool { return strings.Trim(pattern, "*… ") != "" }

func fits(s Step, c engine.Content) bool {
	if s.Text != "" && !matches(s.Text, c.Text) || len(s.Picks) > 0 && !fitChoices(s.Picks, c.Choices) {
		return false
	}
	if s.Text == "" && c.Text != "" && len(s.Parts) > 0 {
		return false
	}
	parts := partsOf(c)
	for _, want := range s.Parts {
		i := slices.IndexFunc(parts, func(got Part) bool {
			return got.Kind == want.Kind && (want.Text == "" || matches(want.Text, got.Text))
		})
		if i < 0 {
			return false
		}
		parts = slices.Delete(parts, i, i+1)
	}
	return true
}

// partsOf shows what of a content is no text.
func partsOf(c engine.Content) []Part {
	var out []Part
	for _, m := range c.Media {
		out = append(out, Part{m.Kind, m.URL})
	}
	for _, p := range c.Contacts {
		out = append(out, Part{"contact", p.Name})
	}
	for _, card := range c.Cards {
		out = append(out, Part{"card", card.Title})
	}
	if l := c.Location; l != nil {
		text := strconv.FormatFloat(l.Lat, 'f', -1, 64) + "," + strconv.FormatFloat(l.Lon, 'f', -1, 64)
		out = append(out, Part{"location", strings.TrimSpace(text + " " + l.Name)})
	}
	return out
}

func fitChoices(want []string, got []engine.Choice) bool {
	for i, w := range want {
		if w == "*" || w == "…" {
			return true
		}
		if i >= len(got) || !matches(w, got[i].Label) {
			return false
		}
	}
	return len(want) == len(got)
}

// leftover holds that nothing has happened that must have been told.
func (p *play) leftover() *Failure {
	if p.failed != nil {
		return p.failed
	}
	for i := range p.sim.Events() {
		e := &p.sim.Events()[i]
		if p.told[i] {
			continue
		}
		switch {
		case e.Kind == simulate.EventMessage && e.Author == engine.AuthorBot:
			return p.differs("the bot says something that no line expects", "", says(*e.Content), e)
		case e.Kind == simulate.EventFault:
			return p.differs("the bot failed", "", e.Fault.Message, e)
		case e.Kind == simulate.EventHandoff:
			return p.differs("the bot hands over, and no line says so", "", show(*e), e)
		}
	}
	return nil
}

// untold is the first event of the kind that no line has told, -1 for none.
func (p *play) untold(fits func(simulate.Event) bool) int {
	return slices.IndexFunc(p.sim.Events(), func(e simulate.Event) bool { return !p.told[e.N] && fits(e) })
}

// expect holds that something has happened, once for each line.
func (p *play) expect(s Step) *Failure {
	switch s.Name {
	case "nothing":
		return p.nothing()
	case "owner", "value", "call":
		return p.holds(s)
	}
	at := -1
	f := p.wait(func() bool {
		at = p.untold(func(e simulate.Event) bool { return is(s, e) })
		return at >= 0
	})
	if f != nil {
		return f
	}
	if at < 0 {
		return p.differs("this has not happened", expected(s), p.alike(s), nil)
	}
	p.told[at] = true
	if all := p.sim.Events()[at:]; all[0].Kind == simulate.EventFault { // the handoff is part of it
		if i := slices.IndexFunc(all, func(e simulate.Event) bool { return e.Kind == simulate.EventHandoff }); i >= 0 {
			p.told[at+i] = true
		}
	}
	return nil
}

// nothing holds that nothing happened since the last line that let something
// happen, but for what lines have told.
func (p *play) nothing() *Failure {
	if p.acted != KindPass { // after ~ it is the line that says how much time passes
		if f := p.wait(func() bool { return false }); f != nil {
			return f
		}
	}
	for i := p.since; i < len(p.sim.Events()); i++ {
		e := &p.sim.Events()[i]
		silent := p.told[i]
		switch e.Kind {
		case simulate.EventMessage, simulate.EventNote:
			silent = silent || e.Author != engine.AuthorBot
		case simulate.EventCall, simulate.EventAnswer, simulate.EventTimer, simulate.EventQuery, simulate.EventAssigned, simulate.EventReturned, simulate.EventTyping, simulate.EventConsent:
			silent = true
		}
		if !silent {
			return p.differs("something happened that no line tells", "", show(*e), e)
		}
	}
	return nil
}

// holds checks what is so now, and no event.
func (p *play) holds(s Step) *Failure {
	got, ok := "", false
	f := p.wait(func() bool {
		switch s.Name {
		case "owner":
			got = string(p.sim.State().Owner)
			ok = matches(s.Text, got)
		case "value":
			got, ok = p.value(s.Args[0])
		default:
			got, ok = p.called(s.Text)
		}
		return ok
	})
	if f != nil || ok {
		return f
	}
	return p.differs("this is not so", expected(s), got, nil)
}

func (p *play) value(want Arg) (got string, ok bool) {
	v, found := p.sim.Value(want.Key)
	if !found {
		return "no such value", want.Value == ""
	}
	text := ""
	return string(v.Data), matches(want.Value, string(v.Data)) || json.Unmarshal(v.Data, &text) == nil && matches(want.Value, text)
}

// called looks for a host call "NAME pattern" in the journals.
func (p *play) called(want string) (got string, ok bool) {
	name, rest, _ := strings.Cut(want, " ")
	var calls []string
	for _, j := range p.sim.Journal() {
		for _, e := range j.Entries {
			if !matches(name, e.Call) {
				continue
			}
			call := fmt.Sprintf("%s → %s", e.Args, e.Answer)
			if rest == "" || matches(rest, call) {
				return call, true
			}
			calls = append(calls, short(call, 200))
		}
	}
	return cmp.Or(strings.Join(calls, "\n"), "nothing"), false
}
