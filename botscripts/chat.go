package botscripts

import (
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/suggest"
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

func (r *Run) chatMethod(name string) func(Args) int {
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
func (r *Run) newChat(L *lua.LState) *lua.LTable {
	p := r.NewProxy(L, "chat")
	lookup := L.CreateTable(0, 1)
	lookup.RawSetString("__index", L.NewFunction(func(L *lua.LState) int {
		name := L.Get(2).String()
		switch name {
		case "state":
			L.Push(r.chatState(L))
			return 1
		case "followup":
			L.Push(TextOrNil(r.Start.Followup))
			return 1
		case "opening":
			if r.Start.Opening == nil {
				L.Push(lua.LNil)
			} else {
				L.Push(r.answerTable(L, *r.Start.Opening))
			}
			return 1
		}
		method := r.chatMethod(name)
		if method == nil {
			L.RaiseError("chat has no method %q (it has: %s)%s", Quoted(name), strings.Join(chatMethods(), ", "), suggest.Hint(name, chatMethods()))
		}
		fn := L.NewFunction(func(L *lua.LState) int {
			r.enter(L)
			if L.Get(1) != r.chat {
				L.RaiseError("chat:%s: call it with a colon: chat:%s(…)", name, name)
			}
			return method(Args{Run: r, L: L, Fn: "chat:" + name, offset: 1})
		})
		p.Data.RawSetString(name, fn)
		L.Push(fn)
		return 1
	}))
	p.Data.Metatable = lookup
	return p.Table
}

// chatState is what chat:restart gave to this session.
func (r *Run) chatState(L *lua.LState) lua.LValue {
	if r.Turn.Session.Start == nil {
		return lua.LNil
	}
	v, err := r.ToLua(r.Turn.Session.Start)
	if err != nil {
		L.RaiseError("chat.state: %v", err)
	}
	return v
}

func (r *Run) chatNote(a Args) int {
	text := a.Some(a.At(1), "text", MaxText)
	r.Immediate(a.L, "note", Fields{"text": text}, func(step int) any {
		r.Effect(engine.Effect{Step: step, Note: &text})
		return nil
	})
	return 0
}

func (r *Run) chatTag(a Args) int {
	name := a.Some(a.At(1), "name", 100)
	r.Immediate(a.L, "tag", Fields{"name": name}, func(step int) any {
		r.Effect(engine.Effect{Step: step, Tag: &name})
		return nil
	})
	if tags, ok := r.conv.Data.RawGetString("tags").(*lua.LTable); ok {
		for i := 1; i <= tags.Len(); i++ {
			if tags.RawGetInt(i) == lua.LString(name) {
				return 0
			}
		}
		tags.Append(lua.LString(name))
	}
	return 0
}

func (r *Run) chatSet(a Args) int {
	r.keep(a.L, a.Some(a.At(1), "name", 100), a.Value(a.At(2), "value", 4<<10))
	return 0
}

// keep sets an attribute of the conversation.
func (r *Run) keep(L *lua.LState, name, value string) {
	r.Immediate(L, "set", Fields{"name": name, "value": value}, func(step int) any {
		r.Effect(engine.Effect{Step: step, Set: &engine.SetEffect{Scope: "conversation", Name: name, Value: value}})
		return nil
	})
	if value == "" {
		delete(r.Attributes, name)
	} else {
		r.Attributes[name] = value
	}
	r.Behind(r.conv.Data.RawGetString("attributes")).RawSetString(name, TextOrNil(value))
}

// MaxWait bounds waits and timeouts: a year.
const MaxWait = 366 * 24 * 3600

func (r *Run) chatWait(a Args) int {
	seconds := a.Number(a.At(1), "seconds", 0, MaxWait)
	r.Suspending(a.L, "wait", Fields{"seconds": seconds}, func(step int) Pause {
		return Pause{Wait: engine.Wait{Kind: engine.WaitTimer, Until: r.Timer(step, seconds)}}
	}, func(engine.InboxEntry) any { return true })
	return 0
}

// chatWaitUntil waits until a time; one that has passed does not wait.
func (r *Run) chatWaitUntil(a Args) int {
	const Farthest = 1 << 40
	at := a.Number(a.At(1), "time", 0, Farthest)
	r.Suspending(a.L, "wait_until", Fields{"time": at}, func(step int) Pause {
		seconds := at - float64(r.Turn.Now.UnixMilli())/1000
		switch {
		case seconds <= 0:
			return Pause{Answer: true}
		case seconds > MaxWait:
			return Pause{Answer: engine.Raised{Raise: a.Fn + ": time is more than a year ahead"}}
		}
		return Pause{Wait: engine.Wait{Kind: engine.WaitTimer, Until: r.Timer(step, seconds)}}
	}, func(engine.InboxEntry) any { return true })
	return 0
}

// Timer adds a timer that wakes the session at the step.
func (r *Run) Timer(step int, seconds float64) time.Time {
	at := r.Turn.Now.Add(time.Duration(seconds * float64(time.Second)))
	r.Effect(engine.Effect{Step: step, Timer: &at})
	return at
}

func (r *Run) chatClose(a Args) int {
	r.endSession(a.L, a.Optional(a.At(1), "outcome", MaxLabel), a.Optional(a.At(2), "summary", MaxText))
	return 0
}

// MaxState bounds what one session hands to the next.
const MaxState = 64 << 10

func (r *Run) chatRestart(a Args) int {
	state, err := r.VM.ToGo(a.At(1))
	if err != nil {
		a.Fail("state: %v", err)
	}
	encoded := Encode(state)
	if len(encoded) > MaxState {
		a.Fail("state is %d bytes of JSON, at most %d are allowed", len(encoded), MaxState)
	}
	r.Ending(a.L, "restart", Fields{"state": state}, func(int) any {
		r.out.Restart = encoded
		return nil
	})
	return 0
}
