package sandbox

import (
	lua "github.com/yuin/gopher-lua"
)

// unwind is the panic that leaves Go code after a stop. The reason is in the meter.
type unwind struct{}

// outcome of a protected call.
type outcome struct {
	results  []lua.LValue
	panicked any         // nil when the call returned; else what caught made of the panic
	thread   *lua.LState // where it ran, frames intact after a panic
}

// thread makes a thread with its own stack of values and frames, metered like every other.
func (s *State) thread() *lua.LState {
	th, _ := s.l.NewThread() // s.l has no context, so there is nothing to cancel
	th.SetContext(s.meter)
	th.Panic = func(l *lua.LState) {
		panic(&lua.ApiError{Type: lua.ApiErrorRun, Object: l.Get(-1)})
	}
	return th
}

// protect runs fn on a fresh thread and recovers whatever comes out of it. The thread is what keeps closures right: gopher-lua
// closes the upvalues of every frame of a thread when an error is raised on it, so an error must not be raised on a thread
// whose frames go on afterwards.
func (s *State) protect(fn lua.LValue, args []lua.LValue) (out outcome) {
	if s.nesting > 0 {
		s.Work(protectedWork + int64(len(args))/4)
	}
	s.nesting++
	outer := s.running
	if outer != nil {
		s.waiting = append(s.waiting, outer)
	}
	out.thread = s.thread()
	s.run(out.thread)
	defer func() {
		s.nesting--
		if s.run(outer); outer != nil {
			s.waiting = s.waiting[:len(s.waiting)-1]
		}
		out.panicked = caught(recover(), out.thread)
	}()
	th := out.thread
	if _, ok := fn.(*lua.LFunction); !ok && th.GetMetaField(fn, "__call").Type() != lua.LTFunction {
		th.Error(lua.LString("attempt to call a "+fn.Type().String()+" value"), 0)
	}
	th.Push(fn)
	th.Call(give(th, args...), lua.MultRet)
	out.results = make([]lua.LValue, th.GetTop())
	for i := range out.results {
		out.results[i] = th.Get(i + 1)
	}
	return out
}

// run makes a thread the one that runs; nil for none.
func (s *State) run(th *lua.LState) {
	s.running, s.meter.thread = th, nil
	if th != nil {
		s.meter.thread = threadOf(th)
	}
}

// try is protect for the script's own pcall: it returns the error object, and does not return at all after a stop or a crash.
func (s *State) try(l *lua.LState, fn lua.LValue, args []lua.LValue) (results []lua.LValue, object lua.LValue, ok bool) {
	if s.nesting >= s.limits.PcallDepth {
		return nil, lua.LString(where(l) + "too many nested protected calls"), false
	}
	out := s.protect(fn, args)
	if s.meter.stop != nil {
		_ = s.stopped(out.thread) // notes the position, which is deepest here
		panic(unwind{})
	}
	if out.panicked == nil {
		return out.results, lua.LNil, true
	}
	raised, isError := out.panicked.(*lua.ApiError)
	if !isError {
		panic(out.panicked)
	}
	return nil, raised.Object, false
}

// call runs fn inside the running thread for a library function that calls back, and returns its first result. A host function
// that stopped the state does not run an instruction before it returns here, hence the check.
func (s *State) call(l *lua.LState, fn lua.LValue, args ...lua.LValue) lua.LValue {
	l.Push(fn)
	l.Call(give(l, args...), 1)
	if s.meter.stop != nil {
		panic(unwind{})
	}
	result := l.Get(-1)
	l.Pop(1)
	return result
}

func basePcall(l *lua.LState) int {
	checkAny(l, 1, "pcall")
	s := stateOf(l)
	results, object, ok := s.try(l, l.Get(1), arguments(l, 2))
	if !ok {
		return give(l, lua.LFalse, object)
	}
	return pushAll(l, lua.LTrue, results)
}

// baseXpcall runs the handler after the failed call was unwound: there is no traceback function that could tell.
func baseXpcall(l *lua.LState) int {
	checkAny(l, 2, "xpcall")
	s := stateOf(l)
	handler := l.Get(2)
	results, object, ok := s.try(l, l.Get(1), arguments(l, 3))
	if ok {
		return pushAll(l, lua.LTrue, results)
	}
	handled, object, ok := s.try(l, handler, []lua.LValue{object})
	if !ok {
		return give(l, lua.LFalse, object)
	}
	return pushAll(l, lua.LFalse, handled)
}

func arguments(l *lua.LState, from int) []lua.LValue {
	args := make([]lua.LValue, 0, max(0, l.GetTop()-from+1))
	for i := from; i <= l.GetTop(); i++ {
		args = append(args, l.Get(i))
	}
	return args
}

func pushAll(l *lua.LState, first lua.LValue, rest []lua.LValue) int {
	stateOf(l).Work(int64(len(rest)) / workPerInstruction)
	return give(l, first) + give(l, rest...)
}
