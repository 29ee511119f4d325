package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	lua "github.com/yuin/gopher-lua"
)

// errClosed stops a state that was closed, errBroken one whose VM panicked.
var (
	errClosed = errors.New("sandbox: the state is closed")
	errBroken = errors.New("sandbox: the state is unusable after an internal fault")
)

// State is one Lua machine for one activation. It belongs to the goroutine that uses it and is never reused.
type State struct {
	l       *lua.LState // holds the globals; Lua code runs on threads of it
	meter   *meter
	limits  Limits
	loaded  []string      // names of loaded chunks
	nesting int           // protected calls in progress
	running *lua.LState   // the innermost one's thread
	waiting []*lua.LState // threads of the calls around it, outermost first
	broken  bool          // the VM panicked
	strings *lua.LTable   // where methods of strings are found

	ids     map[lua.LValue]int         // stable names of tables and functions, for tostring
	extents map[*lua.LTable]int        // longest sparse store charged, by table
	cursors map[*lua.LTable]lua.LValue // last key that next returned, by table
	lists   map[*lua.LTable]bool       // that are lists also when they are empty
}

// lowerMaxArrayIndex sets gopher-lua's process-wide bound once, before any state exists.
var lowerMaxArrayIndex = sync.OnceFunc(func() { lua.MaxArrayIndex = maxArrayIndex })

// New makes a fresh state with the allow-listed library. Its budgets start now.
func New(limits Limits) *State {
	lowerMaxArrayIndex()
	if err := checkLayout(); err != nil {
		panic(err) // another gopher-lua was built in: no script may run unmetered
	}
	s := &State{
		limits:  limits,
		ids:     map[lua.LValue]int{},
		extents: map[*lua.LTable]int{},
		cursors: map[*lua.LTable]lua.LValue{},
		lists:   map[*lua.LTable]bool{},
	}
	s.l = lua.NewState(lua.Options{
		CallStackSize:       limits.CallDepth,
		RegistrySize:        256,
		RegistryMaxSize:     16384,
		RegistryGrowStep:    512,
		MinimizeStackMemory: true,
		SkipOpenLibs:        true,
	})
	s.l.G.MainThread, s.l.G.CurrentThread = s.l, s.l
	s.meter = newMeter(s, limits)
	s.openLibrary()
	return s
}

// L returns the machine, to register host functions and tables as globals. A host function receives the running thread as its
// argument and must use that one, not L.
func (s *State) L() *lua.LState { return s.l }

// Close ends the state. It must not be running.
func (s *State) Close() {
	if !s.l.IsClosed() {
		s.meter.halt(errClosed)
		s.l.Close()
	}
}

// Load makes a function of a chunk in this state. Each call makes a new one with its own upvalues.
func (s *State) Load(c *Chunk) *lua.LFunction {
	fn := s.l.NewFunctionFromProto(c.proto)
	for i, name := range c.proto.DbgUpvalues {
		up := &lua.Upvalue{}
		up.Close()
		up.SetValue(lua.LNil)
		if h := slices.Index(hookNames, name); h >= 0 {
			up.SetValue(sharedHooks[h])
		}
		fn.Upvalues[i] = up
	}
	s.loaded = append(s.loaded, c.name)
	return fn
}

// Call runs fn and returns what it returns. The error is a *Fault, or the reason given to Suspend. Call may be nested: a host
// function may call Lua back with it.
func (s *State) Call(fn lua.LValue, args ...lua.LValue) ([]lua.LValue, error) {
	if s.broken {
		return nil, errBroken
	}
	if s.l.IsClosed() {
		return nil, errClosed
	}
	if s.meter.stop != nil {
		return nil, s.stopped(nil)
	}
	if s.nesting >= s.limits.PcallDepth {
		return nil, &Fault{Kind: FaultError, Message: "too many nested protected calls"}
	}
	out := s.protect(fn, args)
	switch {
	case s.meter.stop != nil:
		return nil, s.stopped(out.thread)
	case out.panicked == nil:
		return out.results, nil
	}
	f := s.fault(out.panicked, out.thread)
	s.broken = s.broken || f.Kind == FaultInternal
	if raised, ok := out.panicked.(*lua.ApiError); ok && s.nesting == 0 {
		if s.describeObject(f, raised.Object); s.meter.stop != nil {
			return nil, s.stopped(nil)
		}
	}
	return nil, f
}

// describeObject asks an uncaught error object for its text.
func (s *State) describeObject(f *Fault, object lua.LValue) {
	if object.Type() != lua.LTTable {
		return
	}
	method := s.l.GetMetaField(object, "__tostring")
	if method == lua.LNil {
		return
	}
	out := s.protect(method, []lua.LValue{object})
	if crashed, ok := out.panicked.(*crash); ok {
		s.broken, f.Kind, f.Message = true, FaultInternal, fmt.Sprint(crashed.value)
		return
	}
	if out.panicked == nil && len(out.results) > 0 {
		if text, ok := plainText(out.results[0]); ok {
			f.Message = text
		}
	}
}

// stopped returns the reason of the stop, with the position where a budget ended.
func (s *State) stopped(th *lua.LState) error {
	var f *Fault
	if th == nil || !errors.As(s.meter.stop, &f) || f.File != "" {
		return s.meter.stop
	}
	f.File, f.Line = top(th)
	f.Traceback = traceback(th)
	return s.meter.stop
}

// Suspend stops the VM before its next instruction: no pcall in the script survives it, and Call returns an error for which
// errors.Is(err, reason). A host function calls it and returns. An earlier stop keeps its reason.
func (s *State) Suspend(reason error) { s.meter.halt(reason) }

// Resume lifts the stop after Call returned, so that Call may be used again on the same state. Budgets stay as they are.
func (s *State) Resume() {
	if !s.l.IsClosed() {
		s.meter.resume()
	}
}

// ResetBudget starts the instruction, memory, wall and heap budgets anew.
func (s *State) ResetBudget() { s.meter.reset() }

// Instructions returns how many instructions the state has executed since New.
func (s *State) Instructions() int64 { return s.meter.count }

// Charge books bytes that a host function is about to allocate for the script. Over the budget it stops the state, and inside
// a running Call it does not return.
func (s *State) Charge(bytes int64) {
	if !s.meter.charge(bytes) && s.nesting > 0 {
		panic(unwind{})
	}
}

// Work books n instructions for work that a host function does for the script, as Charge books memory.
func (s *State) Work(n int64) {
	if !s.meter.work(n) && s.nesting > 0 {
		panic(unwind{})
	}
}

// stateOf returns the state that a thread belongs to.
func stateOf(th *lua.LState) *State {
	return th.Context().(*meter).state
}
