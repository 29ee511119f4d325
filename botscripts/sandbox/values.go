package sandbox

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// crossing counts what one conversion has taken so far.
type crossing struct {
	state   *State
	entries int
	lists   int // made for Lua, which are remembered
	bytes   int64
	path    map[*lua.LTable]bool // tables being converted, to find cycles
}

// ToGo converts a Lua value for the host: nil, bool, float64, string, []any for tables with the keys 1 to n, and
// map[string]any for tables with string keys. An empty table is an empty map, or an empty slice when FromGo made it of one.
// Functions, cycles, holes, mixed keys, numbers that are not finite, and values beyond the limits are refused.
func (s *State) ToGo(v lua.LValue) (any, error) {
	c := &crossing{state: s, path: map[*lua.LTable]bool{}}
	return c.toGo(v, 1)
}

func (c *crossing) toGo(v lua.LValue, depth int) (any, error) {
	switch v := v.(type) {
	case *lua.LNilType:
		return nil, nil
	case lua.LBool:
		return bool(v), nil
	case lua.LNumber:
		if n := float64(v); !math.IsNaN(n) && !math.IsInf(n, 0) {
			return n, nil
		}
		return nil, fmt.Errorf("the number %s cannot be passed on", formatNumber(float64(v)))
	case lua.LString:
		return string(v), c.text(string(v))
	case *lua.LTable:
		return c.tableToGo(v, depth)
	}
	return nil, fmt.Errorf("a %s cannot be passed on", v.Type())
}

func (c *crossing) tableToGo(t *lua.LTable, depth int) (any, error) {
	if c.path[t] {
		return nil, errors.New("a table that contains itself cannot be passed on")
	}
	if err := c.enter(depth); err != nil {
		return nil, err
	}
	c.path[t] = true
	defer delete(c.path, t)
	var list []any
	fields := map[string]any{}
	for key, value := c.state.Next(t, lua.LNil); key != lua.LNil; key, value = c.state.Next(t, key) {
		if err := c.entry(); err != nil {
			return nil, err
		}
		converted, err := c.toGo(value, depth+1)
		if err != nil {
			return nil, err
		}
		switch k := key.(type) {
		case lua.LNumber:
			if int(k) != len(list)+1 || k != lua.LNumber(len(list)+1) {
				return nil, errors.New("a list with holes cannot be passed on")
			}
			list = append(list, converted)
		case lua.LString:
			if err := c.text(string(k)); err != nil {
				return nil, err
			}
			fields[string(k)] = converted
		default:
			return nil, fmt.Errorf("a table with a %s as key cannot be passed on", key.Type())
		}
	}
	if list != nil && len(fields) > 0 {
		return nil, errors.New("a table with both a list and named fields cannot be passed on")
	}
	if list != nil {
		return list, nil
	}
	if len(fields) == 0 && c.state.lists[t] {
		return []any{}, nil
	}
	return fields, nil
}

// FromGo converts a host value for Lua, charging it to the script: nil, bool, numbers, string, lua.LValue as it is, and slices
// and maps of them with string keys, in sorted order. An empty slice or map is an empty table, and ToGo knows which it was. Over
// the memory budget it returns the stop as an error.
func (s *State) FromGo(v any) (lua.LValue, error) {
	c := &crossing{state: s}
	value, err := c.fromGo(v, 1)
	if err != nil {
		return lua.LNil, err
	}
	if !s.meter.charge(c.bytes + int64(c.entries+c.lists)*fieldBytes) {
		return lua.LNil, s.meter.stop
	}
	return value, nil
}

// entryWork is what an entry takes to be converted and written down.
const entryWork = 2

// crossedBytes are those of a text that cross for the price of one instruction.
const crossedBytes = 128

// fieldBytes is what a field of a table costs, roughly.
const fieldBytes = 96

func (c *crossing) fromGo(v any, depth int) (lua.LValue, error) {
	switch v := v.(type) {
	case nil:
		return lua.LNil, nil
	case lua.LValue:
		return v, nil
	case bool:
		return lua.LBool(v), nil
	case string:
		return lua.LString(v), c.text(v)
	case float64:
		return lua.LNumber(v), nil
	case int:
		return lua.LNumber(v), nil
	case int64:
		return lua.LNumber(v), nil
	case []any:
		return sliceFromGo(c, v, depth)
	case []string:
		return sliceFromGo(c, v, depth)
	case map[string]any:
		return mapFromGo(c, v, depth)
	case map[string]string:
		return mapFromGo(c, v, depth)
	}
	return lua.LNil, fmt.Errorf("a Go %T cannot be passed to Lua", v)
}

func sliceFromGo[T any](c *crossing, list []T, depth int) (lua.LValue, error) {
	if err := c.enter(depth); err != nil {
		return lua.LNil, err
	}
	t := c.state.l.CreateTable(min(len(list), c.state.limits.ValueEntries), 0)
	c.lists++
	c.state.lists[t] = true
	for i, item := range list {
		if err := c.entry(); err != nil {
			return lua.LNil, err
		}
		value, err := c.fromGo(item, depth+1)
		if err != nil {
			return lua.LNil, err
		}
		t.RawSetInt(i+1, value)
	}
	return t, nil
}

func mapFromGo[T any](c *crossing, fields map[string]T, depth int) (lua.LValue, error) {
	if err := c.enter(depth); err != nil {
		return lua.LNil, err
	}
	if len(fields) > c.state.limits.ValueEntries {
		return lua.LNil, c.tooMany()
	}
	t := c.state.l.CreateTable(0, len(fields))
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		if err := errors.Join(c.entry(), c.text(key)); err != nil {
			return lua.LNil, err
		}
		value, err := c.fromGo(fields[key], depth+1)
		if err != nil {
			return lua.LNil, err
		}
		t.RawSetString(key, value)
	}
	return t, nil
}

func (c *crossing) enter(depth int) error {
	if depth > c.state.limits.ValueDepth {
		return fmt.Errorf("the value is nested more than %d tables deep", c.state.limits.ValueDepth)
	}
	return nil
}

func (c *crossing) entry() error {
	if c.entries++; c.entries > c.state.limits.ValueEntries {
		return c.tooMany()
	}
	c.state.Work(entryWork)
	return nil
}

func (c *crossing) tooMany() error {
	return fmt.Errorf("the value has more than %d entries", c.state.limits.ValueEntries)
}

func (c *crossing) text(s string) error {
	c.state.Work(int64(len(s)) / crossedBytes)
	if c.bytes += int64(len(s)); c.bytes > c.state.limits.ValueBytes {
		return fmt.Errorf("the value has more than %d bytes of text", c.state.limits.ValueBytes)
	}
	return nil
}
