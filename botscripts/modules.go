package botscripts

import (
	"maps"
	"slices"
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/engine/understanding/slots"
)

// hostModules are what require gives beside the bundle's own lib.x.
func hostModules() []string {
	return []string{
		"faq", "hours", "http", "i18n", "intent", "json", "language", "log", "queue", "schedule", "sentiment", "slots", "store", "text", "time",
	}
}

// firstModules are those that the error of a failed require names. A bot may
// catch it and say it, so that it is in journals: it can never change. The
// check of a folder names them all.
func firstModules() []string {
	return []string{"faq", "hours", "http", "i18n", "json", "log", "queue", "schedule", "store", "text", "time"}
}

// install puts the host's functions into the VM's globals.
func (r *Run) install() {
	L := r.VM.L()
	r.modules = map[string]lua.LValue{}
	r.proxies = map[*lua.LTable]*lua.LTable{}
	r.Find = lua.LNil
	if lib, ok := L.GetGlobal("string").(*lua.LTable); ok {
		r.Find = lib.RawGetString("find")
	}
	L.SetGlobal("pairs", L.NewFunction(r.pairs(L.GetGlobal("pairs"))))
	L.SetGlobal("require", L.NewFunction(r.require))
	if lib, ok := L.GetGlobal("math").(*lua.LTable); ok {
		lib.RawSetString("random", L.NewFunction(r.mathRandom))
	}
	lib := L.CreateTable(0, 2)
	lib.RawSetString("time", r.function(L, "os.time", r.osTime))
	lib.RawSetString("date", r.function(L, "os.date", r.osDate))
	L.SetGlobal("os", lib)
	r.chat = r.newChat(L)
}

// function is a host function that is not a method.
func (r *Run) function(L *lua.LState, name string, fn func(Args) int) *lua.LFunction {
	return L.NewFunction(func(L *lua.LState) int {
		r.enter(L)
		return fn(Args{Run: r, L: L, Fn: name})
	})
}

func (r *Run) require(L *lua.LState) int {
	a := Args{Run: r, L: L, Fn: "require"}
	name := a.Some(a.At(1), "name", 200)
	if v, ok := r.modules[name]; ok {
		if v == nil {
			a.Fail("module %q requires itself", name)
		}
		L.Push(v)
		return 1
	}
	v := r.hostModule(L, name)
	if v == lua.LNil {
		v = r.bundleModule(a, name)
	}
	r.modules[name] = v
	L.Push(v)
	return 1
}

func (r *Run) hostModule(L *lua.LState, name string) lua.LValue {
	if name == "log" {
		return r.function(L, "log", r.log)
	}
	functions := r.hostFunctions(name)
	if functions == nil {
		return lua.LNil
	}
	t := L.CreateTable(0, len(functions))
	for _, fn := range slices.Sorted(maps.Keys(functions)) {
		t.RawSetString(fn, r.function(L, name+"."+fn, functions[fn]))
	}
	return t
}

// hostFunctions are what a host module holds; nil for names that are none.
func (r *Run) hostFunctions(module string) map[string]func(Args) int {
	switch module {
	case "faq":
		return map[string]func(Args) int{"search": r.faqSearch, "feedback": r.faqFeedback}
	case "hours":
		return map[string]func(Args) int{"open": r.hoursOpen, "next": r.hoursNext, "describe": r.hoursDescribe}
	case "http":
		return map[string]func(Args) int{
			"get": r.httpMethod("GET"), "post": r.httpMethod("POST"), "put": r.httpMethod("PUT"),
			"patch": r.httpMethod("PATCH"), "delete": r.httpMethod("DELETE"), "request": r.httpRequest,
		}
	case "i18n":
		return map[string]func(Args) int{
			"t": r.i18nT, "has": r.i18nHas, "language": r.i18nLanguage, "format_date": r.i18nFormatDate,
			"format_number": r.i18nFormatNumber, "format_money": r.i18nFormatMoney,
		}
	case "intent":
		return map[string]func(Args) int{"classify": r.intentClassify}
	case "json":
		return map[string]func(Args) int{"encode": r.jsonEncode, "decode": r.jsonDecode}
	case "language":
		return map[string]func(Args) int{"detect": r.languageDetect}
	case "sentiment":
		return map[string]func(Args) int{"score": r.sentimentScore, "conversation": r.sentimentConversation}
	case "slots":
		return map[string]func(Args) int{
			"find": r.slotsFind, "date": r.slotsOne(slots.Date), "time": r.slotsOne(slots.Time), "moment": r.slotsOne(slots.Moment),
			"number": r.slotsOne(slots.Number), "money": r.slotsOne(slots.Money), "phone": r.slotsOne(slots.Phone),
			"email": r.slotsOne(slots.Email), "yes_no": r.slotsOne(slots.YesNo),
		}
	case "queue":
		return map[string]func(Args) int{"status": r.queueStatus}
	case "schedule":
		return map[string]func(Args) int{"after": r.scheduleAfter, "at": r.scheduleAt, "cancel": r.scheduleCancel}
	case "store":
		return map[string]func(Args) int{
			"get": r.storeGet, "set": r.storeSet, "remove": r.storeRemove, "increment": r.storeIncrement,
		}
	case "text":
		return map[string]func(Args) int{
			"trim": r.textChange(strings.TrimSpace), "lower": r.textChange(strings.ToLower),
			"upper": r.textChange(strings.ToUpper), "title": r.textChange(title),
			"length": r.textLength, "slice": r.textSlice, "contains": r.textContains, "starts_with": r.textStartsWith,
			"split": r.textSplit, "words": r.textWords, "truncate": r.textTruncate, "mask": r.textMask,
		}
	case "time":
		return map[string]func(Args) int{
			"now": r.timeNow, "parse": r.timeParse, "format": r.timeFormat, "add": r.timeAdd,
			"weekday": r.timeWeekday, "start_of_day": r.timeStartOfDay,
		}
	}
	return nil
}

// bundleModule runs lib/x.lua for require "lib.x", once in a step.
func (r *Run) bundleModule(a Args, name string) lua.LValue {
	chunk, ok := r.Bundle.Chunks[strings.ReplaceAll(name, ".", "/")+".lua"]
	if !ok || !strings.HasPrefix(name, "lib.") {
		a.Fail("there is no module %q (there are: %s)", name, strings.Join(append(firstModules(), r.Bundle.Libs()...), ", "))
	}
	r.modules[name] = nil // being loaded
	a.L.Push(r.VM.Load(chunk))
	a.L.Call(0, 1)
	v := a.L.Get(-1)
	a.L.Pop(1)
	if v == lua.LNil {
		v = lua.LTrue
	}
	return v
}
