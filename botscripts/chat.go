package botscripts

import (
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// chatMethods are the methods of chat, for messages and lints.
func chatMethods() []string {
	return []string{"ask", "choose", "close", "confirm", "handoff", "note", "restart", "say", "set", "tag", "transfer", "typing", "wait"}
}

// chatFields are the plain values of chat.
func chatFields() []string { return []string{"opening", "state"} }

func (r *run) chatMethod(name string) func(args) int {
	switch name {
	case "ask":
		return r.chatAsk
	case "choose":
		return r.chatChoose
	case "close":
		return r.chatClose
	case "confirm":
		return r.chatConfirm
	case "handoff":
		return r.chatHandoff
	case "note":
		return r.chatNote
	case "restart":
		return r.chatRestart
	case "say":
		return r.chatSay
	case "set":
		return r.chatSet
	case "tag":
		return r.chatTag
	case "transfer":
		return r.chatTransfer
	case "typing":
		return r.chatTyping
	case "wait":
		return r.chatWait
	}
	return nil
}

// newChat makes the chat object. Methods are made when first used.
func (r *run) newChat(L *lua.LState) *lua.LTable {
	p := r.newProxy(L, "chat")
	lookup := L.CreateTable(0, 1)
	lookup.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		name := L.Get(2).String()
		switch name {
		case "state":
			L.Push(r.chatState(L))
			return 1
		case "opening":
			if r.start.Opening == nil {
				L.Push(lua.LNil)
			} else {
				L.Push(r.answerTable(L, *r.start.Opening))
			}
			return 1
		}
		method := r.chatMethod(name)
		if method == nil {
			L.RaiseError("chat has no method %q (it has: %s)", name, strings.Join(chatMethods(), ", "))
		}
		fn := L.NewFunction(func(L *lua.LState) int {
			r.alive(L)
			if L.Get(1) != r.chat {
				L.RaiseError("chat:%s: call it with a colon: chat:%s(…)", name, name)
			}
			return method(args{run: r, L: L, fn: "chat:" + name, offset: 1})
		})
		p.data.RawSetString(name, fn)
		L.Push(fn)
		return 1
	}))
	p.data.Metatable = lookup
	return p.table
}

// chatState is what chat:restart gave to this session.
func (r *run) chatState(L *lua.LState) lua.LValue {
	if r.turn.Session.Start == nil {
		return lua.LNil
	}
	v, err := r.toLua(r.turn.Session.Start)
	if err != nil {
		L.RaiseError("chat.state: %v", err)
	}
	return v
}

func (r *run) chatSay(a args) int {
	c := a.content(a.at(1), "message")
	r.immediate(a.L, "say", contentFields(c), func(step int) any {
		r.effect(engine.Effect{Step: step, Say: &c})
		return nil
	})
	return 0
}

func (r *run) chatTyping(a args) int {
	on := true
	if a.at(1) != lua.LNil {
		on = a.boolean(a.at(1), "on")
	}
	r.immediate(a.L, "typing", fields{"on": on}, func(step int) any {
		r.effect(engine.Effect{Step: step, Typing: &on})
		return nil
	})
	return 0
}

func (r *run) chatNote(a args) int {
	text := a.some(a.at(1), "text", maxText)
	r.immediate(a.L, "note", fields{"text": text}, func(step int) any {
		r.effect(engine.Effect{Step: step, Note: &text})
		return nil
	})
	return 0
}

func (r *run) chatTag(a args) int {
	name := a.some(a.at(1), "name", 100)
	r.immediate(a.L, "tag", fields{"name": name}, func(step int) any {
		r.effect(engine.Effect{Step: step, Tag: &name})
		return nil
	})
	if tags, ok := r.conv.data.RawGetString("tags").(*lua.LTable); ok {
		for i := 1; i <= tags.Len(); i++ {
			if tags.RawGetInt(i) == lua.LString(name) {
				return 0
			}
		}
		tags.Append(lua.LString(name))
	}
	return 0
}

func (r *run) chatSet(a args) int {
	name := a.some(a.at(1), "name", 100)
	value := a.value(a.at(2), "value", 4<<10)
	r.immediate(a.L, "set", fields{"name": name, "value": value}, func(step int) any {
		r.effect(engine.Effect{Step: step, Set: &engine.SetEffect{Scope: "conversation", Name: name, Value: value}})
		return nil
	})
	if value == "" {
		delete(r.attributes, name)
	} else {
		r.attributes[name] = value
	}
	r.behind(r.conv.data.RawGetString("attributes")).RawSetString(name, textOrNil(value))
	return 0
}

// maxWait bounds waits and timeouts: a year.
const maxWait = 366 * 24 * 3600

func (r *run) chatWait(a args) int {
	seconds := a.number(a.at(1), "seconds", 0, maxWait)
	r.suspending(a.L, "wait", fields{"seconds": seconds}, func(step int) pause {
		return pause{wait: engine.Wait{Kind: engine.WaitTimer, Until: r.timer(step, seconds)}}
	}, func(engine.InboxEntry) any { return true })
	return 0
}

// timer adds a timer that wakes the session at the step.
func (r *run) timer(step int, seconds float64) time.Time {
	at := r.turn.Now.Add(time.Duration(seconds * float64(time.Second)))
	r.effect(engine.Effect{Step: step, Timer: &at})
	return at
}

func (r *run) chatClose(a args) int {
	outcome := a.optional(a.at(1), "outcome", maxLabel)
	summary := a.optional(a.at(2), "summary", maxText)
	r.ending(a.L, "close", fields{"outcome": outcome, "summary": summary}, func(step int) any {
		r.effect(engine.Effect{Step: step, Close: &engine.CloseEffect{Outcome: outcome, Summary: summary}})
		return nil
	})
	return 0
}

// maxState bounds what one session hands to the next.
const maxState = 64 << 10

func (r *run) chatRestart(a args) int {
	state, err := r.vm.ToGo(a.at(1))
	if err != nil {
		a.fail("state: %v", err)
	}
	encoded := encode(state)
	if len(encoded) > maxState {
		a.fail("state is %d bytes of JSON, at most %d are allowed", len(encoded), maxState)
	}
	r.ending(a.L, "restart", fields{"state": state}, func(int) any {
		r.out.Restart = encoded
		return nil
	})
	return 0
}
