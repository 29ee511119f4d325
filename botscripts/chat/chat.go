package chat

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/kernel"
	"parley/botscripts/suggest"
	"parley/engine"
)

//go:embed chat.yaml
var pageChat string

//go:embed questions.yaml
var pageQuestions string

//go:embed people.yaml
var pagePeople string

//go:embed flow.yaml
var pageFlow string

//go:embed conversation.yaml
var pageConversation string

// Module is the object chat, which a bot's function gets.
func Module() kernel.Module {
	m := kernel.Module{Name: "chat", Kind: kernel.Argument, Make: newChat, Pages: []string{pageChat, pageQuestions, pagePeople, pageFlow}}
	for _, f := range methods() {
		m.Exports = append(m.Exports, kernel.Export{Name: f.name, Traits: f.traits})
	}
	return m
}

// Conversation is the global object of this name. The kernel makes it, as it
// has no methods.
func Conversation() kernel.Module {
	return kernel.Module{Name: "conversation", Kind: kernel.Methods, Pages: []string{pageConversation}}
}

// Fields are the plain values of chat.
func Fields() []string { return []string{"followup", "opening", "state"} }

// method is a function of chat.
type method struct {
	name   string
	do     func(*talk, call) int
	traits engine.Traits
}

// methods are those of chat, by their names. They are never written.
var methods = sync.OnceValue(func() []method {
	const (
		does  = engine.TraitJournaled | engine.TraitStrict
		says  = does | engine.TraitSpeaks
		other = engine.TraitJournaled // what it names, or the session's end, decides
	)
	return []method{
		{"ask", (*talk).ask, says}, {"audio", media("audio"), says}, {"card", (*talk).card, says}, {"carousel", (*talk).carousel, says},
		{"choose", (*talk).choose, says}, {"close", (*talk).close, other}, {"confirm", (*talk).confirm, says}, {"file", media("file"), says},
		{"form", (*talk).form, says}, {"handoff", (*talk).handoff, does}, {"image", media("image"), says}, {"list", (*talk).list, says},
		{"location", (*talk).location, says}, {"note", (*talk).note, does}, {"quick_replies", (*talk).quickReplies, says},
		{"restart", (*talk).restart, other}, {"run", (*talk).run, other}, {"say", (*talk).say, says}, {"set", (*talk).set, does},
		{"survey", (*talk).survey, says}, {"tag", (*talk).tag, does}, {"transfer", (*talk).transfer, does}, {"typing", (*talk).typing, does},
		{"video", media("video"), says}, {"wait", (*talk).wait, does}, {"wait_until", (*talk).waitUntil, does},
	}
})

// talk is the chat object of one run.
type talk struct {
	*kernel.Run
	asked bool // some question has been put
}

// call is one call of a method.
type call struct {
	kernel.Args
	talk *talk
}

// newChat makes the chat object. Methods are made when first used.
func newChat(run *kernel.Run, L *lua.LState) *lua.LTable {
	r := &talk{Run: run}
	p := r.NewProxy(L, "chat")
	lookup := L.CreateTable(0, 1)
	lookup.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		name := L.Get(2).String()
		var v lua.LValue = lua.LNil
		switch name {
		case "state":
			v = r.state(L)
		case "followup":
			v = kernel.TextOrNil(r.Start.Followup)
		case "opening":
			if r.Start.Opening != nil {
				v = r.answerTable(L, *r.Start.Opening)
			}
		default:
			v = r.method(L, p.Table, name)
			p.Data.RawSetString(name, v)
		}
		L.Push(v)
		return 1
	}))
	p.Data.Metatable = lookup
	return p.Table
}

func (r *talk) method(L *lua.LState, chat *lua.LTable, name string) *lua.LFunction {
	all := methods()
	i, ok := slices.BinarySearchFunc(all, name, func(m method, name string) int { return strings.Compare(m.name, name) })
	if !ok {
		var names []string
		for _, m := range all {
			names = append(names, m.name)
		}
		L.RaiseError("chat has no method %q (it has: %s)%s", kernel.Quoted(name), strings.Join(names, ", "), suggest.Hint(name, names))
	}
	return r.Method(L, chat, "chat", name, func(a kernel.Args) int { return all[i].do(r, call{a, r}) })
}

// state is what chat:restart gave to this session.
func (r *talk) state(L *lua.LState) lua.LValue {
	if r.Turn.Session.Start == nil {
		return lua.LNil
	}
	v, err := r.ToLua(r.Turn.Session.Start)
	if err != nil {
		L.RaiseError("chat.state: %v", err)
	}
	return v
}

func (r *talk) note(a call) int {
	text := a.Some(a.At(1), "text", kernel.MaxText)
	r.Immediate(a.L, "note", kernel.Fields{"text": text}, r.Making(engine.Effect{Note: &text}))
	return 0
}

func (r *talk) tag(a call) int {
	name := a.Some(a.At(1), "name", 100)
	r.Immediate(a.L, "tag", kernel.Fields{"name": name}, r.Making(engine.Effect{Tag: &name}))
	if tags, ok := r.Conversation.Data.RawGetString("tags").(*lua.LTable); ok {
		for i := 1; i <= tags.Len(); i++ {
			if tags.RawGetInt(i) == lua.LString(name) {
				return 0
			}
		}
		tags.Append(lua.LString(name))
	}
	return 0
}

func (r *talk) set(a call) int {
	r.keep(a.L, a.Some(a.At(1), "name", 100), a.Value(a.At(2), "value", 4<<10))
	return 0
}

// keep sets an attribute of the conversation.
func (r *talk) keep(L *lua.LState, name, value string) {
	r.Immediate(L, "set", kernel.Fields{"name": name, "value": value},
		r.Making(engine.Effect{Set: &engine.SetEffect{Scope: "conversation", Name: name, Value: value}}))
	if value == "" {
		delete(r.Attributes, name)
	} else {
		r.Attributes[name] = value
	}
	r.Behind(r.Conversation.Data.RawGetString("attributes")).RawSetString(name, kernel.TextOrNil(value))
}

func (r *talk) wait(a call) int {
	seconds := a.Number(a.At(1), "seconds", 0, kernel.MaxWait)
	r.Suspending(a.L, "wait", kernel.Fields{"seconds": seconds}, func(step int) kernel.Pause {
		return r.pause(step, seconds)
	}, timeIsUp)
	return 0
}

// waitUntil waits until a time; one that has passed does not wait.
func (r *talk) waitUntil(a call) int {
	at := a.Number(a.At(1), "time", 0, kernel.Farthest)
	r.Suspending(a.L, "wait_until", kernel.Fields{"time": at}, func(step int) kernel.Pause {
		seconds := at - float64(r.Turn.Now.UnixMilli())/1000
		switch {
		case seconds <= 0:
			return kernel.Pause{Answer: true}
		case seconds > kernel.MaxWait:
			return kernel.Pause{Answer: engine.Raised{Raise: a.Fn + ": time is more than a year ahead"}}
		}
		return r.pause(step, seconds)
	}, timeIsUp)
	return 0
}

// pause waits so long for nothing else.
func (r *talk) pause(step int, seconds float64) kernel.Pause {
	return kernel.Pause{Wait: engine.Wait{Kind: engine.WaitTimer, Until: r.Timer(step, seconds)}}
}

// timeIsUp is the answer of a pause.
func timeIsUp(engine.InboxEntry) any { return true }

// Timer adds a timer that wakes the session at the step.
func (r *talk) Timer(step int, seconds float64) time.Time {
	at := r.Turn.Now.Add(time.Duration(seconds * float64(time.Second)))
	r.Effect(engine.Effect{Step: step, Timer: &at})
	return at
}

func (r *talk) close(a call) int {
	r.endSession(a.L, a.Optional(a.At(1), "outcome", kernel.MaxLabel), a.Optional(a.At(2), "summary", kernel.MaxText))
	return 0
}

func (r *talk) restart(a call) int {
	state, err := r.VM.ToGo(a.At(1))
	if err != nil {
		a.Fail("state: %v", err)
	}
	encoded := kernel.Encode(state)
	if len(encoded) > kernel.MaxState {
		a.Fail("state is %d bytes of JSON, at most %d are allowed", len(encoded), kernel.MaxState)
	}
	r.Restart(a.L, kernel.Fields{"state": state}, encoded)
	return 0
}

// run is chat:run(bot, argument).
func (r *talk) run(a call) int { return kernel.Nested(a.Args) }
