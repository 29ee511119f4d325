package sandbox

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openLibrary binds the library in the order of its list, so that pairs over a library table has one order.
func (s *State) openLibrary() {
	globals := s.l.G.Global
	modules := map[string]*lua.LTable{}
	for i := range library {
		e := &library[i]
		if e.value == nil {
			continue
		}
		module, member, dotted := strings.Cut(e.Name, ".")
		if !dotted {
			globals.RawSetString(e.Name, e.value)
			continue
		}
		table, ok := modules[module]
		if !ok {
			table = s.l.CreateTable(0, 32)
			modules[module] = table
			globals.RawSetString(module, table)
		}
		table.RawSetString(member, e.value)
	}
	s.strings = modules["string"]
	events := s.l.CreateTable(0, len(stringEvents)+1)
	events.RawSetString("__index", s.strings)
	for i := range stringEvents {
		events.RawSetString(stringEvents[i].Name, stringEvents[i].value)
	}
	s.l.SetMetatable(lua.LString(""), events)
}
