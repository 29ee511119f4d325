package kernel

import (
	"errors"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/sandbox"
)

// rehearsal makes a run that stops at the first host call after its start.
func rehearsal(j Job) *Run {
	r := begin(j)
	r.rehearsal, r.VM = true, sandbox.New(j.Machine)
	r.install()
	return r
}

// Rehearse runs the file of the turn's bot, but not its function, until the
// first host call. It gives what is wrong with it, nil when nothing is.
func Rehearse(j Job) *sandbox.Fault {
	r := rehearsal(j)
	defer r.VM.Close()
	_, err := r.VM.Call(r.VM.L().NewFunction(func(L *lua.LState) int {
		r.entryPoints(L)
		return 0
	}))
	var fault *sandbox.Fault
	errors.As(err, &fault)
	return fault
}

// Names are what scripts may name. They are taken from a real VM, so that they
// cannot differ from what scripts will find. A nil set of members is open.
type Names struct {
	Globals map[string]map[string]bool
	Modules map[string]map[string]bool // what require takes
}

// NamesIn lists the names that the scripts of a bundle find.
func NamesIn(j Job) Names {
	v := Names{Globals: map[string]map[string]bool{}, Modules: map[string]map[string]bool{}}
	r := rehearsal(j)
	defer r.VM.Close()
	L := r.VM.L()
	globals := L.G.Global
	for key, value := globals.Next(lua.LNil); key != lua.LNil; key, value = globals.Next(key) {
		v.Globals[key.String()] = members(value)
	}
	v.Globals["consumer"], v.Globals["conversation"] = nil, nil
	for _, m := range j.Modules {
		if m.Kind == Required {
			v.Modules[m.Name] = members(r.required(L, m.Name))
		}
	}
	for _, name := range j.Bundle.Libs() {
		v.Modules[name] = nil
	}
	return v
}

// members are the names in a library table; nil when v is none.
func members(v lua.LValue) map[string]bool {
	t, ok := v.(*lua.LTable)
	if !ok {
		return nil
	}
	names := map[string]bool{}
	for key, _ := t.Next(lua.LNil); key != lua.LNil; key, _ = t.Next(key) {
		names[key.String()] = true
	}
	return names
}
