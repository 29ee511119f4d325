package botscripts

import (
	"errors"
	"fmt"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"

	"parley/botscripts/sandbox"
	"parley/engine"
)

// bot is one bot of a compiled bundle.
type bot struct {
	runtime *Runtime
	bundle  *Bundle
	name    string
}

// run is one step: a VM and how far it has come in the journal.
type Run struct {
	Turn    engine.Turn
	Bundle  *Bundle
	limits  sessionLimits
	VM      *sandbox.State
	out     engine.Outcome
	n       int  // next journal entry
	said    int  // messages in this turn
	live    bool // replay has caught up
	stopped bool
	// rehearsal stops at the first host call: nothing is decided, see Check
	rehearsal bool

	Start      engine.SessionStart
	location   *time.Location    // see zone
	Attributes map[string]string // of the conversation, as the bot knows them
	consumer   Proxy
	conv       Proxy
	chat       *lua.LTable
	proxies    map[*lua.LTable]*lua.LTable
	Find       lua.LValue // string.find, before the bot could replace it
	modules    map[string]lua.LValue
	answered   int    // bytes of answers so far
	random     uint64 // numbers drawn
	asked      bool   // some ask has been made
	Tried      []engine.Attempt
	searched   map[string]string      // the last text for which the FAQ gave a question, by its key
	closed     *engine.HandoffOutcome // a handoff from inside an ask was closed
	epilogues  []lua.LValue           // closed functions of the bots that run, outermost first
	epilogue   lua.LValue             // the one to call
}

// Step decides what the bot does next. See engine.Bot.
func (b *bot) Step(turn engine.Turn) (engine.Outcome, error) {
	if s := turn.Session.State; s == engine.SessionDone || s == engine.SessionParked {
		return engine.Outcome{}, engine.Errorf(engine.Conflict, "session %s is %s", turn.Session.ID, s)
	}
	for i, e := range turn.Journal {
		if e.N != i || (e.Answer == nil && i != len(turn.Journal)-1) {
			return engine.Outcome{}, engine.Errorf(engine.Internal, "the journal of session %s is damaged at entry %d", turn.Session.ID, i)
		}
	}
	turn.Session.Bot = b.name
	limits := b.runtime.limits
	out, transient := b.step(turn, limits)
	if transient && !b.runtime.once {
		// The machine was busy, or another bot filled the heap. A step is
		// pure, so it may run again, one such bot at a time and with more time.
		b.runtime.again.Lock()
		defer b.runtime.again.Unlock()
		limits.Wall *= 4
		out, _ = b.step(turn, limits)
	}
	return out, nil
}

func (b *bot) step(turn engine.Turn, limits sandbox.Limits) (out engine.Outcome, transient bool) {
	b.runtime.gate <- struct{}{}
	defer func() { <-b.runtime.gate }()
	r := &Run{Turn: turn, Bundle: b.bundle, limits: b.runtime.session}
	for _, e := range turn.Journal {
		r.answered += len(e.Answer)
	}
	defer func() {
		if p := recover(); p != nil {
			r.fault("internal", fmt.Sprint(p), botFile(b.name), 0, "")
			out = r.out
		}
	}()
	r.VM = sandbox.New(limits)
	defer r.VM.Close()
	if trace := b.runtime.trace; trace != nil {
		r.VM.Trace(trace)
	}
	err := r.execute()
	r.finish(err)
	var fault *sandbox.Fault
	return r.out, errors.As(err, &fault) && fault.Transient()
}

// execute runs the bot from line 1. It enters the VM once, as each entry costs
// a thread.
func (r *Run) execute() error {
	r.install()
	_, err := r.VM.Call(r.VM.L().NewFunction(func(L *lua.LState) int {
		main, closed := r.entryPoints(L)
		r.epilogues = append(r.epilogues, closed)
		L.Push(main)
		L.Push(r.chat)
		L.Call(1, 0)
		return 0
	}))
	if r.closed != nil && errors.Is(err, errStop) && r.epilogue != nil {
		outcome, epilogue := r.closed, r.epilogue
		r.closed, r.epilogue, r.epilogues = nil, nil, nil
		r.stopped = false
		r.VM.Resume()
		_, err = r.VM.Call(epilogue, r.chat, r.outcomeTable(r.VM.L(), *outcome))
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
	L.Push(r.VM.Load(r.Bundle.Chunks[botFile(name)]))
	L.Call(0, 1)
	main, closed = L.Get(-1), lua.LNil
	L.Pop(1)
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
			fault.File = botFile(r.Turn.Session.Bot)
		}
		kind := string(fault.Kind)
		message := fault.Message
		if r.n < len(r.Turn.Journal) && kind == "error" {
			next := r.Turn.Journal[r.n]
			kind = "divergence"
			message = fmt.Sprintf("replay differs from the journal: expected %s, got the error: %s", describe(next.Call, next.Args), message)
		}
		// Go's own stack, which internal faults bring, differs from run to run.
		trace, _, _ := strings.Cut(fault.Traceback, "\ngoroutine ")
		r.fault(kind, message, fault.File, fault.Line, trace)
	case err != nil:
		r.fault("internal", err.Error(), botFile(r.Turn.Session.Bot), 0, "")
	case r.n < len(r.Turn.Journal):
		next := r.Turn.Journal[r.n]
		r.fault("divergence", fmt.Sprintf("replay differs from the journal: expected %s, got the bot's end",
			describe(next.Call, next.Args)), botFile(r.Turn.Session.Bot), 0, "")
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
		Bot: r.Turn.Session.Bot, Bundle: r.Bundle.Hash, Step: step,
	}
}
