package kernel

import (
	"errors"
	"fmt"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/sandbox"
	"parley/engine"
)

// Limits bound what a bot does, beside what its VM uses.
type Limits struct {
	Calls    int // host calls of a session
	Messages int // chat:say in one turn
	Answers  int // bytes of a session's answers, which each turn reads again
}

// Job is a step to be made.
type Job struct {
	Modules []Module
	Bundle  *Bundle
	Turn    engine.Turn
	Machine sandbox.Limits
	Session Limits
	// Trace, when set, is told each line that runs.
	Trace func(file string, line int)
}

// Run is one step: a VM and how far it has come in the journal.
type Run struct {
	Turn   engine.Turn
	Bundle *Bundle
	VM     *sandbox.State
	Start  engine.SessionStart

	Attributes   map[string]string // of the conversation, as the bot knows them
	Consumer     Proxy             // the global objects
	Conversation Proxy
	Find         lua.LValue // string.find, before the bot could replace it
	Tried        []engine.Attempt

	modules []Module
	limits  Limits
	out     engine.Outcome
	n       int  // next journal entry
	said    int  // messages in this turn
	live    bool // replay has caught up
	stopped bool
	// rehearsal stops at the first host call: nothing is decided, see Rehearse
	rehearsal bool

	location  *time.Location // see Zone
	argument  *lua.LTable    // chat
	proxies   map[*lua.LTable]*lua.LTable
	loaded    map[string]lua.LValue        // what require gave
	own       map[any]any                  // see Own
	scratch   []byte                       // of the call that is made
	answered  int                          // bytes of answers so far
	ended     func(*lua.LState) lua.LValue // a person closed the conversation inside a question: how
	epilogues []lua.LValue                 // closed functions of the bots that run, outermost first
	epilogue  lua.LValue                   // the one to call
}

// Step makes a step. A transient fault may not be the bot's: the machine was
// busy, or another bot filled the heap.
func Step(j Job) (out engine.Outcome, transient bool) {
	r := begin(j)
	for _, e := range j.Turn.Journal {
		r.answered += len(e.Answer)
	}
	defer func() {
		if p := recover(); p != nil {
			r.fault("internal", fmt.Sprint(p), BotFile(j.Turn.Session.Bot), 0, "")
			out = r.out
		}
	}()
	r.VM = sandbox.New(j.Machine)
	defer r.VM.Close()
	if j.Trace != nil {
		r.VM.Trace(j.Trace)
	}
	err := r.execute()
	r.finish(err)
	var fault *sandbox.Fault
	return r.out, errors.As(err, &fault) && fault.Transient()
}

func begin(j Job) *Run {
	return &Run{Turn: j.Turn, Bundle: j.Bundle, modules: j.Modules, limits: j.Session}
}

// execute runs the bot from line 1. It enters the VM once, as each entry costs
// a thread.
func (r *Run) execute() error {
	r.install()
	_, err := r.VM.Call(r.VM.L().NewFunction(func(L *lua.LState) int {
		main, closed := r.entryPoints(L)
		r.epilogues = append(r.epilogues, closed)
		L.Push(main)
		L.Push(r.argument)
		L.Call(1, 0)
		return 0
	}))
	if r.ended != nil && errors.Is(err, errStop) && r.epilogue != nil {
		ended, epilogue := r.ended, r.epilogue
		r.ended, r.epilogue, r.epilogues = nil, nil, nil
		r.stopped = false
		r.VM.Resume()
		_, err = r.VM.Call(epilogue, r.argument, ended(r.VM.L()))
	}
	return err
}

// entryPoints runs the bot's file, which gives its functions. The snapshot
// comes first, also for what the file does before its function runs.
func (r *Run) entryPoints(L *lua.LState) (main, closed lua.LValue) {
	r.takeSnapshot(L)
	return r.functions(L, r.Turn.Session.Bot)
}

// functions runs a bot's file, which gives its functions.
func (r *Run) functions(L *lua.LState, name string) (main, closed lua.LValue) {
	main, closed = Call(L, r.VM.Load(r.Bundle.Chunks[BotFile(name)])), lua.LNil
	if t, ok := main.(*lua.LTable); ok {
		main, closed = t.RawGetString("run"), t.RawGetString("closed")
	}
	if main.Type() != lua.LTFunction || (closed != lua.LNil && closed.Type() != lua.LTFunction) {
		L.Error(lua.LString(mustReturn), 0)
	}
	return main, closed
}

const mustReturn = "a bot file must return function(chat) … end, or { run = function(chat) … end, closed = function(chat, outcome) … end }"

// finish turns how the VM ended into the outcome.
func (r *Run) finish(err error) {
	var fault *sandbox.Fault
	switch {
	case errors.Is(err, errStop):
		if r.out.Fault != nil {
			r.fault(r.out.Fault.Kind, r.out.Fault.Message, r.out.Fault.File, r.out.Fault.Line, r.out.Fault.Traceback)
		}
	case errors.As(err, &fault):
		if fault.File == "" {
			fault.File = BotFile(r.Turn.Session.Bot)
		}
		kind, message := string(fault.Kind), fault.Message
		if r.n < len(r.Turn.Journal) && kind == "error" {
			kind, message = "divergence", differs(&r.Turn.Journal[r.n], "the error: "+message)
		}
		// Go's own stack, which internal faults bring, differs from run to run.
		trace, _, _ := strings.Cut(fault.Traceback, "\ngoroutine ")
		r.fault(kind, message, fault.File, fault.Line, trace)
	case err != nil:
		r.fault("internal", err.Error(), BotFile(r.Turn.Session.Bot), 0, "")
	case r.n < len(r.Turn.Journal):
		r.fault("divergence", differs(&r.Turn.Journal[r.n], "the bot's end"), BotFile(r.Turn.Session.Bot), 0, "")
	default:
		r.out.State = engine.SessionDone
	}
}

func (r *Run) fault(kind, message, file string, line int, traceback string) {
	step := r.n
	if r.out.Fault != nil {
		step = r.out.Fault.Step
	}
	r.out.State = engine.SessionParked
	r.out.Wait = engine.Wait{}
	r.out.Restart = nil
	r.out.Fault = &engine.Fault{
		Kind: kind, Message: Quoted(message), File: file, Line: line, Traceback: traceback,
		Bot: r.Turn.Session.Bot, Version: r.Bundle.Hash, Step: step,
	}
}
