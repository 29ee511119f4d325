package botscripts

import (
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// chatMethods are the methods of chat, for messages and lints.
func chatMethods() []string {
	return []string{
		"ask", "audio", "card", "carousel", "choose", "close", "confirm", "file", "form", "handoff", "image", "list", "location", "note",
		"quick_replies", "restart", "run", "say", "set", "survey", "tag", "transfer", "typing", "video", "wait", "wait_until",
	}
}

// chatFields are the plain values of chat.
func chatFields() []string { return []string{"followup", "opening", "state"} }

func (r *run) chatMethod(name string) func(args) int {
	switch name {
	case "ask":
		return r.chatAsk
	case "audio", "file", "image", "video":
		return r.chatMedia(name)
	case "card":
		return r.chatCard
	case "carousel":
		return r.chatCarousel
	case "choose":
		return r.chatChoose
	case "close":
		return r.chatClose
	case "confirm":
		return r.chatConfirm
	case "form":
		return r.chatForm
	case "handoff":
		return r.chatHandoff
	case "list":
		return r.chatList
	case "location":
		return r.chatLocation
	case "note":
		return r.chatNote
	case "quick_replies":
		return r.chatQuickReplies
	case "restart":
		return r.chatRestart
	case "run":
		return r.chatRun
	case "say":
		return r.chatSay
	case "set":
		return r.chatSet
	case "survey":
		return r.chatSurvey
	case "tag":
		return r.chatTag
	case "transfer":
		return r.chatTransfer
	case "typing":
		return r.chatTyping
	case "wait":
		return r.chatWait
	case "wait_until":
		return r.chatWaitUntil
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
		case "followup":
			L.Push(textOrNil(r.start.Followup))
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
			L.RaiseError("chat has no method %q (it has: %s)%s", quoted(name), strings.Join(chatMethods(), ", "), nearest(name, chatMethods()))
		}
		fn := L.NewFunction(func(L *lua.LState) int {
			r.enter(L)
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
	r.keep(a.L, a.some(a.at(1), "name", 100), a.value(a.at(2), "value", 4<<10))
	return 0
}

// keep sets an attribute of the conversation.
func (r *run) keep(L *lua.LState, name, value string) {
	r.immediate(L, "set", fields{"name": name, "value": value}, func(step int) any {
		r.effect(engine.Effect{Step: step, Set: &engine.SetEffect{Scope: "conversation", Name: name, Value: value}})
		return nil
	})
	if value == "" {
		delete(r.attributes, name)
	} else {
		r.attributes[name] = value
	}
	r.behind(r.conv.data.RawGetString("attributes")).RawSetString(name, textOrNil(value))
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

// chatWaitUntil waits until a time; one that has passed does not wait.
func (r *run) chatWaitUntil(a args) int {
	const farthest = 1 << 40
	at := a.number(a.at(1), "time", 0, farthest)
	r.suspending(a.L, "wait_until", fields{"time": at}, func(step int) pause {
		seconds := at - float64(r.turn.Now.UnixMilli())/1000
		switch {
		case seconds <= 0:
			return pause{answer: true}
		case seconds > maxWait:
			return pause{answer: engine.Raised{Raise: a.fn + ": time is more than a year ahead"}}
		}
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
	r.endSession(a.L, a.optional(a.at(1), "outcome", maxLabel), a.optional(a.at(2), "summary", maxText))
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
