package kernel

import (
	"strings"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// Module is what bots find under one name. It is a value: nothing of it changes.
type Module struct {
	Name    string
	Kind    Kind
	Exports []Export
	// Pages are its part of the reference, YAML as package luaapi reads it.
	Pages []string
	// Make makes the object of an Argument.
	Make func(*Run, *lua.LState) *lua.LTable
}

// Kind says where bots find a module.
type Kind int

// The kinds of modules.
const (
	Required Kind = iota // require(Name) gives a table of the exports, or the one export that has no name
	Library              // they are in the global table Name, beside what the sandbox has there
	Methods              // they are methods of the object Name that comes with each session
	Argument             // the bot's function gets the object that Make makes
)

// Export is one function of a module.
type Export struct {
	Name   string
	Do     func(Args) int
	Traits engine.Traits
}

// Separator stands between the names of the module and an export, as a script writes it.
func (m Module) Separator() string {
	if m.Kind == Methods || m.Kind == Argument {
		return ":"
	}
	return "."
}

// Entry is the name that the journal has for calls of the export.
func (m Module) Entry(e Export) string {
	switch {
	case m.Kind == Argument:
		return e.Name
	case e.Name == "":
		return m.Name
	}
	return m.Name + "." + e.Name
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
	r.loaded = map[string]lua.LValue{}
	r.proxies = map[*lua.LTable]*lua.LTable{}
	r.Find = lua.LNil
	if lib, ok := L.GetGlobal("string").(*lua.LTable); ok {
		r.Find = lib.RawGetString("find")
	}
	L.SetGlobal("pairs", L.NewFunction(r.pairs(L.GetGlobal("pairs"))))
	L.SetGlobal("require", L.NewFunction(r.require))
	for i := range r.modules {
		switch m := &r.modules[i]; m.Kind {
		case Library:
			lib, ok := L.GetGlobal(m.Name).(*lua.LTable)
			if !ok {
				lib = L.CreateTable(0, len(m.Exports))
				L.SetGlobal(m.Name, lib)
			}
			r.fill(L, lib, m)
		case Argument:
			r.argument = m.Make(r, L)
		}
	}
}

func (r *Run) fill(L *lua.LState, t *lua.LTable, m *Module) {
	for i := range m.Exports {
		t.RawSetString(m.Exports[i].Name, r.function(L, m.Name+"."+m.Exports[i].Name, m.Exports[i].Do))
	}
}

// function is a host function that is not a method.
func (r *Run) function(L *lua.LState, name string, fn func(Args) int) *lua.LFunction {
	return L.NewFunction(func(L *lua.LState) int {
		r.enter(L)
		return fn(Args{Run: r, L: L, Fn: name})
	})
}

// Method is a host function that is called with a colon on the object.
func (r *Run) Method(L *lua.LState, object *lua.LTable, module, name string, fn func(Args) int) *lua.LFunction {
	return L.NewFunction(func(L *lua.LState) int {
		r.enter(L)
		a := Args{Run: r, L: L, Fn: module + ":" + name, offset: 1}
		if L.Get(1) != object {
			a.Fail("call it with a colon: %s:%s(…)", module, name)
		}
		return fn(a)
	})
}

func (r *Run) require(L *lua.LState) int {
	a := Args{Run: r, L: L, Fn: "require"}
	name := a.Some(a.At(1), "name", 200)
	if v, ok := r.loaded[name]; ok {
		if v == nil {
			a.Fail("module %q requires itself", name)
		}
		return a.Return(v)
	}
	v := r.required(L, name)
	if v == lua.LNil {
		v = r.bundleModule(a, name)
	}
	r.loaded[name] = v
	return a.Return(v)
}

// required is the host's module of a name, nil when there is none.
func (r *Run) required(L *lua.LState, name string) lua.LValue {
	for i := range r.modules {
		m := &r.modules[i]
		switch {
		case m.Kind != Required || m.Name != name:
		case len(m.Exports) == 1 && m.Exports[0].Name == "":
			return r.function(L, name, m.Exports[0].Do)
		default:
			t := L.CreateTable(0, len(m.Exports))
			r.fill(L, t, m)
			return t
		}
	}
	return lua.LNil
}

// bundleModule runs lib/x.lua for require "lib.x", once in a step.
func (r *Run) bundleModule(a Args, name string) lua.LValue {
	chunk, ok := r.Bundle.Chunks[strings.ReplaceAll(name, ".", "/")+".lua"]
	if !ok || !strings.HasPrefix(name, "lib.") {
		a.Fail("there is no module %q (there are: %s)", name, strings.Join(append(firstModules(), r.Bundle.Libs()...), ", "))
	}
	r.loaded[name] = nil // being loaded
	if v := Call(a.L, r.VM.Load(chunk)); v != lua.LNil {
		return v
	}
	return lua.LTrue
}

// Call calls a function and gives the first thing that it returns.
func Call(L *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	L.Push(fn)
	for _, v := range args {
		L.Push(v)
	}
	L.Call(len(args), 1)
	v := L.Get(-1)
	L.Pop(1)
	return v
}

// Own is what a module keeps of its own in one run: a T, made when it is first
// asked for.
func Own[T any](r *Run) *T {
	key := any((*T)(nil))
	if v, ok := r.own[key].(*T); ok {
		return v
	}
	if r.own == nil {
		r.own = map[any]any{}
	}
	v := new(T)
	r.own[key] = v
	return v
}
