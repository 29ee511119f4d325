package botscripts

import (
	"encoding/json"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// scheduleAfter is schedule.after(seconds, options): when it will be, or nil and why nothing was planned.
func (r *Run) scheduleAfter(a Args) int {
	seconds := a.Number(a.At(1), "seconds", 0, MaxWait)
	return r.schedule(a, Fields{"seconds": seconds}, func() (time.Time, string) {
		return r.Turn.Now.Add(time.Duration(seconds * float64(time.Second))), ""
	})
}

// scheduleAt is schedule.at(time, options). A time that has passed is now.
func (r *Run) scheduleAt(a Args) int {
	seconds := a.Number(a.At(1), "time", 0, Farthest)
	return r.schedule(a, Fields{"time": seconds}, func() (time.Time, string) {
		now := r.Turn.Now
		at := time.UnixMilli(int64(seconds * 1000)).UTC()
		switch {
		case at.Before(now):
			return now, ""
		case at.After(now.Add(MaxWait * time.Second)):
			return at, "time is more than a year ahead"
		}
		return at, ""
	})
}

// schedule plans the follow-up that the options describe. due is asked for a
// new call only; it gives the time, or what is wrong with it.
func (r *Run) schedule(a Args, f Fields, due func() (time.Time, string)) int {
	t := a.Options(a.At(2), "options", "name", "channel", "bot", "state")
	e := engine.FollowupEffect{
		Name: a.Some(t.RawGetString("name"), "name", 100),
		Bot:  a.Optional(t.RawGetString("bot"), "bot", 100),
	}
	channel := a.Optional(t.RawGetString("channel"), "channel", MaxLabel)
	f["name"], f["channel"], f["bot"] = e.Name, channel, e.Bot
	if _, ok := r.Bundle.Chunks[botFile(e.Bot)]; e.Bot != "" && !ok {
		a.Fail("there is no bot %q (there are: %s)", e.Bot, ListOr(r.Bundle.Bots(), "none"))
	}
	if v := t.RawGetString("state"); v != lua.LNil {
		f["state"], e.State = r.Plain(a, "state", v, MaxState)
	}
	answer := Decode[planned](r.Suspending(a.L, a.Fn, f, func(step int) Pause {
		var wrong string
		if e.At, wrong = due(); wrong != "" {
			return Pause{Answer: engine.Raised{Raise: a.Fn + ": " + wrong}}
		}
		if channel != "" {
			id, ok := r.channel(channel)
			if !ok {
				return Pause{Answer: engine.Raised{Raise: a.Fn + ": there is no channel \"" + channel + "\" (there are: " + ListOr(r.Turn.Channels, "none") + ")"}}
			}
			e.Channel = id
		}
		r.Effect(engine.Effect{Step: step, Query: &engine.Query{Schedule: &e}})
		return Pause{Wait: engine.Wait{Kind: engine.WaitResult}}
	}, func(in engine.InboxEntry) any {
		return planned(Decode[engine.FollowupAnswer](in.Data))
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
func (r *Run) channel(name string) (string, bool) {
	for _, id := range r.Turn.Channels {
		if _, short, _ := strings.Cut(id, "."); id == name || short == name {
			return id, true
		}
	}
	return "", false
}

// scheduleCancel is schedule.cancel(name). Nothing happens when there is none.
func (r *Run) scheduleCancel(a Args) int {
	name := a.Some(a.At(1), "name", 100)
	r.Immediate(a.L, a.Fn, Fields{"name": name}, func(step int) any {
		r.Effect(engine.Effect{Step: step, Cancel: &name})
		return nil
	})
	return 0
}
