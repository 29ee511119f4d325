package schedule

import (
	_ "embed"
	"encoding/json"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/engine"
)

//go:embed schedule.yaml
var page string

// Module is require "schedule".
func Module() kernel.Module {
	return kernel.Module{Name: "schedule", Pages: []string{page}, Exports: []kernel.Export{
		{Name: "after", Do: after, Traits: engine.TraitJournaled | engine.TraitStrict},
		{Name: "at", Do: at, Traits: engine.TraitJournaled | engine.TraitStrict},
		{Name: "cancel", Do: cancel, Traits: engine.TraitJournaled | engine.TraitStrict},
	}}
}

// after is schedule.after(seconds, options): when it will be, or nil and why nothing was planned.
func after(a kernel.Args) int {
	seconds := a.Number(a.At(1), "seconds", 0, kernel.MaxWait)
	return plan(a, kernel.Fields{"seconds": seconds}, func() (time.Time, string) {
		return a.Run.Turn.Now.Add(time.Duration(seconds * float64(time.Second))), ""
	})
}

// at is schedule.at(time, options). A time that has passed is now.
func at(a kernel.Args) int {
	seconds := a.Number(a.At(1), "time", 0, kernel.Farthest)
	return plan(a, kernel.Fields{"time": seconds}, func() (time.Time, string) {
		now := a.Run.Turn.Now
		at := time.UnixMilli(int64(seconds * 1000)).UTC()
		switch {
		case at.Before(now):
			return now, ""
		case at.After(now.Add(kernel.MaxWait * time.Second)):
			return at, "time is more than a year ahead"
		}
		return at, ""
	})
}

// plan plans the follow-up that the options describe. due is asked for a
// new call only; it gives the time, or what is wrong with it.
func plan(a kernel.Args, f kernel.Fields, due func() (time.Time, string)) int {
	r := a.Run
	t := a.Options(a.At(2), "options", "name", "channel", "bot", "state")
	e := engine.FollowupEffect{
		Name: a.Some(t.RawGetString("name"), "name", 100),
		Bot:  a.Optional(t.RawGetString("bot"), "bot", 100),
	}
	channel := a.Optional(t.RawGetString("channel"), "channel", kernel.MaxLabel)
	f["name"], f["channel"], f["bot"] = e.Name, channel, e.Bot
	if _, ok := r.Bundle.Chunks[kernel.BotFile(e.Bot)]; e.Bot != "" && !ok {
		a.Fail("there is no bot %q (there are: %s)", e.Bot, kernel.ListOr(r.Bundle.Bots(), "none"))
	}
	if v := t.RawGetString("state"); v != lua.LNil {
		f["state"], e.State = a.Plain("state", v, kernel.MaxState)
	}
	answer := kernel.Decode[planned](r.Suspending(a.L, a.Fn, f, func(step int) kernel.Pause {
		var wrong string
		if e.At, wrong = due(); wrong != "" {
			return kernel.Pause{Answer: engine.Raised{Raise: a.Fn + ": " + wrong}}
		}
		if channel != "" {
			id, ok := channelOf(r, channel)
			if !ok {
				return kernel.Pause{Answer: engine.Raised{Raise: a.Fn + ": there is no channel \"" + channel + "\" (there are: " + kernel.ListOr(r.Turn.Channels, "none") + ")"}}
			}
			e.Channel = id
		}
		r.Effect(engine.Effect{Step: step, Query: &engine.Query{Schedule: &e}})
		return kernel.Pause{Wait: engine.Wait{Kind: engine.WaitResult}}
	}, func(in engine.InboxEntry) any {
		return planned(kernel.Decode[engine.FollowupAnswer](in.Data))
	}))
	if answer.Why != "" {
		return a.Return(lua.LNil, lua.LString(answer.Why))
	}
	return a.Return(lua.LNumber(answer.At))
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

// channelOf finds the id of the brand's channel by its short name or its id.
func channelOf(r *kernel.Run, name string) (string, bool) {
	for _, id := range r.Turn.Channels {
		if _, short, _ := strings.Cut(id, "."); id == name || short == name {
			return id, true
		}
	}
	return "", false
}

// cancel is schedule.cancel(name). Nothing happens when there is none.
func cancel(a kernel.Args) int {
	name := a.Some(a.At(1), "name", 100)
	a.Run.Immediate(a.L, a.Fn, kernel.Fields{"name": name}, a.Run.Making(engine.Effect{Cancel: &name}))
	return 0
}
