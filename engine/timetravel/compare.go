package timetravel

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"parley/engine"
	"parley/engine/log/recording"
)

// Kind says what differs.
type Kind string

const (
	Reply   Kind = "reply"   // what the bot said
	Handoff Kind = "handoff" // to whom it handed over, or that it did
	Close   Kind = "close"   // how it ended the conversation
	Failure Kind = "fault"   // it failed, or no longer does
	Answer  Kind = "answer"  // what the FAQ found
	Intent  Kind = "intent"  // what a text was taken for
	Call    Kind = "call"    // an outside call that nobody recorded
)

// Difference is one thing that is not as it was. Was or Is is "" for something
// that is new or gone.
type Difference struct {
	Kind Kind   `json:"kind"`
	Turn int    `json:"turn"` // of the recording, from 0; -1 when it belongs to none
	On   string `json:"on,omitempty"`
	Was  string `json:"was,omitempty"`
	Is   string `json:"is,omitempty"`
	Line string `json:"line,omitempty"` // where the new version did it
}

// compare lists what differs between what was recorded and what was played.
func compare(rec recording.Recording, now played) []Difference {
	var out []Difference
	was, is := flatten(rec.Turns), flattenPlayed(rec.Turns, now.turns)
	for _, e := range align(was, is) {
		d := Difference{}
		switch {
		case e.was < 0:
			n := is[e.is]
			d = Difference{Kind: n.kind, Turn: n.turn, Is: n.text, Line: n.line}
		case e.is < 0:
			o := was[e.was]
			d = Difference{Kind: o.kind, Turn: o.turn, Was: o.text}
		default:
			o, n := was[e.was], is[e.is]
			d = Difference{Kind: o.kind, Turn: o.turn, Was: o.text, Is: n.text, Line: n.line}
		}
		if d.Turn >= 0 {
			d.On = heard(rec.Turns[d.Turn])
		}
		out = append(out, d)
	}
	out = append(out, understood(rec.Understood, now.understood)...)
	for _, call := range now.unrecorded {
		out = append(out, Difference{Kind: Call, Turn: -1, Is: call})
	}
	return out
}

// item is one act in a form that can be compared and shown.
type item struct {
	kind Kind
	turn int
	text string
	line string
}

func flatten(turns []recording.Turn) []item {
	var out []item
	for i, t := range turns {
		for _, a := range t.Did {
			out = append(out, itemOf(i, a))
		}
	}
	return out
}

func flattenPlayed(turns []recording.Turn, acts [][]recording.Act) []item {
	var out []item
	for i := range turns {
		if i < len(acts) {
			for _, a := range acts[i] {
				out = append(out, itemOf(i, a))
			}
		}
	}
	return out
}

func itemOf(turn int, a recording.Act) item {
	it := item{turn: turn, line: a.Line}
	switch {
	case a.Say != nil:
		it.kind, it.text = Reply, show(*a.Say)
	case a.Handoff != nil:
		it.kind, it.text = Handoff, a.Handoff.Skill
	case a.Close != nil:
		it.kind, it.text = Close, *a.Close
	case a.Fault != nil:
		it.kind, it.text = Failure, a.Fault.Kind+": "+a.Fault.Message
	}
	return it
}

func show(c engine.Content) string {
	parts := []string{}
	if c.Text != "" {
		parts = append(parts, c.Text)
	}
	for _, m := range c.Media {
		parts = append(parts, "("+m.Kind+" "+m.URL+")")
	}
	for _, k := range c.Cards {
		parts = append(parts, "("+k.Title+")")
	}
	if l := c.Location; l != nil {
		parts = append(parts, fmt.Sprintf("(%g, %g)", l.Lat, l.Lon))
	}
	for _, p := range c.Contacts {
		parts = append(parts, "("+p.Name+")")
	}
	if c.Template != nil {
		parts = append(parts, "(template "+c.Template.Name+")")
	}
	for _, k := range c.Choices {
		parts = append(parts, "["+k.Label+"]")
	}
	return strings.Join(parts, " ")
}

func heard(t recording.Turn) string {
	switch {
	case t.Message != nil:
		if t.Message.Text == "" && t.Message.Picked != nil {
			return "[" + t.Message.Picked.Label + "]"
		}
		return show(*t.Message)
	case t.Outcome != nil:
		return "(the agent " + t.Outcome.Kind + ")"
	}
	return "(follow-up)"
}

// edit is a pair of differing items, or one without a partner (-1).
type edit struct{ was, is int }

// align finds the longest common part and pairs what is left between its items,
// kind by kind, so that a changed reply is one difference and not two.
func align(was, is []item) []edit {
	same := func(i, j int) bool { return was[i].kind == is[j].kind && was[i].text == is[j].text }
	length := make([][]int, len(was)+1)
	for i := range length {
		length[i] = make([]int, len(is)+1)
	}
	for i := len(was) - 1; i >= 0; i-- {
		for j := len(is) - 1; j >= 0; j-- {
			if same(i, j) {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var out []edit
	var gone, come []int
	flush := func() {
		for _, i := range gone {
			j := slices.IndexFunc(come, func(j int) bool { return is[j].kind == was[i].kind })
			if j < 0 {
				out = append(out, edit{i, -1})
				continue
			}
			out = append(out, edit{i, come[j]})
			come = slices.Delete(come, j, j+1)
		}
		for _, j := range come {
			out = append(out, edit{-1, j})
		}
		gone, come = nil, nil
	}
	i, j := 0, 0
	for i < len(was) || j < len(is) {
		switch {
		case i < len(was) && j < len(is) && same(i, j):
			flush()
			i, j = i+1, j+1
		case j == len(is) || i < len(was) && length[i+1][j] >= length[i][j+1]:
			gone = append(gone, i)
			i++
		default:
			come = append(come, j)
			j++
		}
	}
	flush()
	return out
}

// understood compares what the same texts were taken for.
func understood(was, is []recording.Answer) []Difference {
	key := func(a recording.Answer) string { return a.Call + " " + a.Hash }
	then := map[string]string{}
	for _, a := range was {
		then[key(a)] = meaning(a)
	}
	var out []Difference
	for _, a := range is {
		before, known := then[key(a)]
		if now := meaning(a); known && now != before {
			d := Difference{Kind: Answer, Turn: -1, Was: before, Is: now}
			if a.Call == engine.CallIntent {
				d.Kind = Intent
			}
			args, _ := engine.ArgumentsOf(a.Args)
			d.On = args.Text
			out = append(out, d)
			delete(then, key(a))
		}
	}
	return out
}

func meaning(a recording.Answer) string {
	var intent engine.IntentAnswer
	var entry engine.FAQAnswer
	switch {
	case a.Call == engine.CallIntent && json.Unmarshal(a.Answer, &intent) == nil && intent.Name != "":
		return intent.Name
	case a.Call == engine.CallFAQ && json.Unmarshal(a.Answer, &entry) == nil && entry.Question != "":
		return entry.Question
	}
	return "nothing"
}
