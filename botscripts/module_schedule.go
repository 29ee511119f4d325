package botscripts

import (
	"encoding/json"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// scheduleAfter is schedule.after(seconds, options): when it will be, or nil and why nothing was planned.
func (r *run) scheduleAfter(a args) int {
	seconds := a.number(a.at(1), "seconds", 0, maxWait)
	return r.schedule(a, fields{"seconds": seconds}, func() (time.Time, string) {
		return r.turn.Now.Add(time.Duration(seconds * float64(time.Second))), ""
	})
}

// scheduleAt is schedule.at(time, options). A time that has passed is now.
func (r *run) scheduleAt(a args) int {
	seconds := a.number(a.at(1), "time", 0, farthest)
	return r.schedule(a, fields{"time": seconds}, func() (time.Time, string) {
		now := r.turn.Now
		at := time.UnixMilli(int64(seconds * 1000)).UTC()
		switch {
		case at.Before(now):
			return now, ""
		case at.After(now.Add(maxWait * time.Second)):
			return at, "time is more than a year ahead"
		}
		return at, ""
	})
}

// schedule plans the follow-up that the options describe. due is asked for a
// new call only; it gives the time, or what is wrong with it.
func (r *run) schedule(a args, f fields, due func() (time.Time, string)) int {
	t := a.options(a.at(2), "options", "name", "channel", "bot", "state")
	e := engine.FollowupEffect{
		Name: a.some(t.RawGetString("name"), "name", 100),
		Bot:  a.optional(t.RawGetString("bot"), "bot", 100),
	}
	channel := a.optional(t.RawGetString("channel"), "channel", maxLabel)
	f["name"], f["channel"], f["bot"] = e.Name, channel, e.Bot
	if _, ok := r.bundle.chunks[botFile(e.Bot)]; e.Bot != "" && !ok {
		a.fail("there is no bot %q (there are: %s)", e.Bot, listOr(r.bundle.bots(), "none"))
	}
	if v := t.RawGetString("state"); v != lua.LNil {
		f["state"], e.State = r.plain(a, "state", v, maxState)
	}
	answer := decode[planned](r.suspending(a.L, a.fn, f, func(step int) pause {
		var wrong string
		if e.At, wrong = due(); wrong != "" {
			return pause{answer: engine.Raised{Raise: a.fn + ": " + wrong}}
		}
		if channel != "" {
			id, ok := r.channel(channel)
			if !ok {
				return pause{answer: engine.Raised{Raise: a.fn + ": there is no channel \"" + channel + "\" (there are: " + listOr(r.turn.Channels, "none") + ")"}}
			}
			e.Channel = id
		}
		r.effect(engine.Effect{Step: step, Query: &engine.Query{Schedule: &e}})
		return pause{wait: engine.Wait{Kind: engine.WaitResult}}
	}, func(in engine.InboxEntry) any {
		return planned(decode[engine.FollowupAnswer](in.Data))
	}))
	if answer.Why != "" {
		a.L.Push(lua.LNil)
		a.L.Push(lua.LString(answer.Why))
		return 2
	}
	a.L.Push(lua.LNumber(answer.At))
	return 1
}

// planned is the answer of schedule.after and schedule.at in the journal: the time alone when it is planned, as it was
// before bots were told why not.
type planned engine.FollowupAnswer

func (p planned) MarshalJSON() ([]byte, error) {
	if p.Why == "" {
		return json.Marshal(p.At)
	}
	return json.Marshal(engine.FollowupAnswer(p))
}

func (p *planned) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &p.At) == nil {
		return nil
	}
	return json.Unmarshal(data, (*engine.FollowupAnswer)(p))
}

// channel finds the id of the brand's channel by its short name or its id.
func (r *run) channel(name string) (string, bool) {
	for _, id := range r.turn.Channels {
		if _, short, _ := strings.Cut(id, "."); id == name || short == name {
			return id, true
		}
	}
	return "", false
}

// scheduleCancel is schedule.cancel(name). Nothing happens when there is none.
func (r *run) scheduleCancel(a args) int {
	name := a.some(a.at(1), "name", 100)
	r.immediate(a.L, a.fn, fields{"name": name}, func(step int) any {
		r.effect(engine.Effect{Step: step, Cancel: &name})
		return nil
	})
	return 0
}
