package kernel

import (
	"bytes"
	"errors"
	"fmt"

	lua "github.com/yuin/gopher-lua"

	"parley/engine"
)

// errStop unwinds the VM: the step is decided, whatever the bot does next.
var errStop = errors.New("botscripts: the step is over")

// call takes part in the journal: it checks the next entry, or makes one.
// pending says that the entry has no answer yet; fresh that it is new.
func (r *Run) call(L *lua.LState, name string, args Fields) (e *engine.JournalEntry, pending, fresh bool) {
	r.alive(L)
	if r.rehearsal && r.n > 0 {
		r.stop(L, engine.SessionWaiting)
	}
	r.scratch = appendCanonical(r.scratch[:0], args)
	encoded := r.scratch
	hash := hashOf(encoded)
	r.VM.Work(int64(len(encoded) / bytesPerWork))
	n := r.n
	if n < len(r.Turn.Journal) {
		e := &r.Turn.Journal[n]
		if e.Call != name || e.Hash != string(hash[:]) {
			r.park(L, "divergence", n, differs(e, describe(name, encoded)))
		}
		r.n++
		return e, e.Answer == nil, false
	}
	switch {
	case name == "restart": // the way out of these limits
	case n > r.limits.Calls:
		r.park(L, "budget", n, fmt.Sprintf(
			"the session has made %d host calls, which is the limit: call chat:restart(state) before, to go on in a new session", r.limits.Calls))
	case r.answered > r.limits.Answers:
		r.park(L, "budget", n, fmt.Sprintf(
			"the answers to the session's host calls take more than %d bytes: call chat:restart(state) before, to go on in a new session", r.limits.Answers))
	case name == "say" && r.said == r.limits.Messages:
		r.park(L, "budget", n, fmt.Sprintf("the bot has said %d things in one turn without waiting for the consumer", r.said))
	}
	if name == "say" {
		r.said++
	}
	r.catchUp()
	r.n++
	r.out.Journal = append(r.out.Journal, engine.JournalEntry{
		Session: r.Turn.Session.ID,
		N:       n,
		Call:    name,
		Hash:    string(hash[:]),
		Args:    bytes.ToValidUTF8(Cut(encoded, ArgsKept), []byte("\uFFFD")),
		Line:    Position(r.where(L)),
		At:      r.Turn.Now,
	})
	return &r.out.Journal[len(r.out.Journal)-1], true, true
}

// Immediate makes a host call that is answered at once. do is called for a
// new entry only; it gives the answer and may add effects for the step. A
// raised answer becomes a Lua error, now and on each replay.
func (r *Run) Immediate(L *lua.LState, name string, args Fields, do func(step int) any) []byte {
	e, _, fresh := r.call(L, name, args)
	if fresh {
		answer := do(e.N)
		e.Answer = Encode(answer)
		r.answered += len(e.Answer)
	}
	r.reraise(L, e.Answer)
	return e.Answer
}

// pause is what a new suspending call wants: to wait, or, with answer, to go
// on at once.
type Pause struct {
	Wait   engine.Wait // without Step
	Answer any
}

// Suspending makes a host call that waits. begin is called for a new entry
// only and adds its effects. take turns the input that the entry waited for
// into its answer.
func (r *Run) Suspending(L *lua.LState, name string, args Fields, begin func(step int) Pause, take func(engine.InboxEntry) any) []byte {
	e, pending, fresh := r.call(L, name, args)
	switch {
	case fresh:
		p := begin(e.N)
		if p.Answer == nil {
			p.Wait.Step = e.N
			r.out.Wait = p.Wait
			r.stop(L, engine.SessionWaiting)
		}
		e.Answer = Encode(p.Answer)
	case pending:
		in := r.Turn.Input
		wait := r.Turn.Session.Wait
		if in == nil || r.out.UsedInput || wait.Step != e.N || !wait.Takes(r.Turn.Session.ID, *in) {
			r.out.Wait = wait
			r.stop(L, engine.SessionWaiting)
		}
		r.catchUp()
		r.out.UsedInput = true
		answered := *e
		answered.Answer = Encode(take(*in))
		r.answered += len(answered.Answer)
		r.out.Journal = append(r.out.Journal, answered)
		e = &answered
	}
	r.reraise(L, e.Answer)
	return e.Answer
}

// Ending makes a host call after which the session is over.
func (r *Run) Ending(L *lua.LState, name string, args Fields, do func(step int) any) {
	r.Immediate(L, name, args, do)
	r.stop(L, engine.SessionDone)
}

func (r *Run) reraise(L *lua.LState, answer []byte) {
	if message := engine.RaisedBy(answer); message != "" {
		L.RaiseError("%s", message)
	}
}

// Effect adds an effect of a new entry.
func (r *Run) Effect(e engine.Effect) { r.out.Effects = append(r.out.Effects, e) }

// Making is the do of a call that has the effect, and no answer.
func (r *Run) Making(e engine.Effect) func(step int) any {
	return func(step int) any {
		e.Step = step
		r.Effect(e)
		return nil
	}
}

// catchUp gives the turn its own budget once replay has used up the journal.
func (r *Run) catchUp() {
	if !r.live {
		r.live = true
		r.VM.ResetBudget()
	}
}

// enter begins a host call: the script pays for it, and for what it passes, which is read, checked and hashed.
func (r *Run) enter(L *lua.LState) {
	r.alive(L)
	work := hostWork
	for i := 1; i <= L.GetTop(); i++ {
		if text, ok := L.Get(i).(lua.LString); ok {
			work += len(text) / bytesPerWork
		}
	}
	r.VM.Work(int64(work))
}

// What the host does for the price of an instruction.
const (
	hostWork     = 8   // the least that a call costs
	bytesPerWork = 128 // of a text that is read
)

// alive refuses host calls of Go code that still runs while the VM unwinds.
func (r *Run) alive(L *lua.LState) {
	if r.stopped {
		L.RaiseError("%s", errStop.Error())
	}
}

// stop ends the step in the given state. It does not return.
func (r *Run) stop(L *lua.LState, state engine.SessionState) {
	r.alive(L)
	r.stopped = true
	r.out.State = state
	r.VM.Suspend(errStop)
	L.RaiseError("%s", errStop.Error())
}

// park ends the step with a fault that the bot cannot see. It does not return.
func (r *Run) park(L *lua.LState, kind string, step int, message string) {
	file, line := r.where(L)
	r.out.Fault = &engine.Fault{Kind: kind, Message: message, File: file, Line: line, Step: step}
	r.stop(L, engine.SessionParked)
}

// where is the innermost Lua position, looking past Go functions and through
// the threads that pcall runs on.
func (r *Run) where(L *lua.LState) (string, int) {
	for th := L; th != nil; th = th.Parent {
		for level := 0; ; level++ {
			dbg, ok := th.GetStack(level)
			if !ok {
				break
			}
			if _, err := th.GetInfo("Sl", dbg, lua.LNil); err == nil && dbg.CurrentLine > 0 {
				return dbg.Source, dbg.CurrentLine
			}
		}
	}
	return BotFile(r.Turn.Session.Bot), 0
}

// differs is the message of a divergence.
func differs(expected *engine.JournalEntry, got string) string {
	return fmt.Sprintf("replay differs from the journal: expected %s, got %s", describe(expected.Call, expected.Args), got)
}

func describe(call string, args []byte) string {
	const shown = 200
	if len(args) > shown {
		args = append(append([]byte{}, Cut(args, shown)...), "…"...)
	}
	return call + " " + string(args)
}

// Restart ends the session; another begins with the state, which is JSON. It
// does not return.
func (r *Run) Restart(L *lua.LState, args Fields, state []byte) {
	r.Ending(L, "restart", args, func(int) any {
		r.out.Restart = state
		return nil
	})
}

// EndClosed ends the session because a person closed the conversation inside a
// question. What the bot has to say then is its closed function, which gets how
// it ended. It does not return.
func (r *Run) EndClosed(L *lua.LState, how func(*lua.LState) lua.LValue) {
	r.ended = how
	for i := len(r.epilogues) - 1; i >= 0 && r.epilogue == nil; i-- {
		if fn, ok := r.epilogues[i].(*lua.LFunction); ok {
			r.epilogue = fn
		}
	}
	r.stop(L, engine.SessionDone)
}
