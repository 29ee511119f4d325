package sandbox

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// CompileError is a source file that [Compile] refused.
type CompileError struct {
	File    string // the chunk's name
	Line    int    // from 1; 0 when the whole file is meant
	Message string
}

func (e *CompileError) Error() string {
	return position(e.File, e.Line) + e.Message
}

// FaultKind says whose fault a [Fault] is.
type FaultKind = string

const (
	FaultError    FaultKind = "error"    // the script raised an error that nothing caught
	FaultBudget   FaultKind = "budget"   // a budget stopped the script
	FaultInternal FaultKind = "internal" // the VM or a host function panicked; the state is unusable afterwards
)

// Budgets that a [Fault] of kind [FaultBudget] names.
const (
	BudgetInstructions = "instructions"
	BudgetMemory       = "memory"
	BudgetObjects      = "objects"
	BudgetString       = "string"
	BudgetWall         = "wall"
	BudgetHeap         = "heap"
)

// Fault says why an activation failed.
type Fault struct {
	Kind      FaultKind
	Budget    string // which budget, for FaultBudget
	Message   string // without the position
	File      string // empty when no Lua code was running
	Line      int
	Traceback string // innermost call first, one a line; for people, not for programs
}

func (f *Fault) Error() string {
	return position(f.File, f.Line) + f.Message
}

// Transient reports whether the machine's load, and not the script alone, may have caused the fault. Such an activation may
// be run once more.
func (f *Fault) Transient() bool {
	return f.Budget == BudgetWall || f.Budget == BudgetHeap
}

func position(file string, line int) string {
	switch {
	case file == "":
		return ""
	case line <= 0:
		return file + ": "
	default:
		return file + ":" + strconv.Itoa(line) + ": "
	}
}

// crash is a Go panic other than a Lua error, with the Go stack of its origin. It leaves all nested protected calls.
type crash struct {
	value any
	stack []byte
}

// caught turns what a deferred function recovered into a *lua.ApiError, an unwind, or a *crash. It must be called in that
// function, while the origin is still on the stack.
func caught(recovered any, th *lua.LState) any {
	switch recovered.(type) {
	case nil, *lua.ApiError, unwind, *crash:
		return recovered
	}
	var stack []byte
	if recovered != callStackOverflow {
		stack = debug.Stack() // long work, for which an error in a loop pays
		stateOf(th).meter.work(stackWork)
	}
	if overflowed(recovered, stack) {
		return &lua.ApiError{Type: lua.ApiErrorRun, Object: lua.LString(where(th) + "stack overflow")}
	}
	return &crash{recovered, stack[:min(len(stack), 8192)]}
}

// callStackOverflow is what the VM's growing call stack panics with.
const callStackOverflow = "lua callstack overflow"

// overflowed recognises the two ways in which the VM panics where it should raise an overflow: its growing call stack panics
// with a text, and a value stack that overflows while a function is entered has no line yet for the message.
func overflowed(recovered any, stack []byte) bool {
	if recovered == callStackOverflow {
		return true
	}
	p, ok := recovered.(runtime.Error)
	return ok && p.Error() == "runtime error: index out of range [-1]" && bytes.Contains(stack, []byte("gopher-lua.(*LState).registryOverflow"))
}

// fault describes what stopped th, whose frames are still as they were when it stopped.
func (s *State) fault(recovered any, th *lua.LState) *Fault {
	f := &Fault{Kind: FaultInternal, Message: "unknown panic", Traceback: traceback(th)}
	switch p := recovered.(type) {
	case *lua.ApiError:
		f.Kind = FaultError
		f.File, f.Line, f.Message = s.splitPosition(describe(p.Object))
	case *crash:
		f.Message = fmt.Sprint(p.value)
		f.Traceback += "\n" + string(p.stack)
	}
	if f.File == "" {
		f.File, f.Line = top(th)
	}
	return f
}

// describe turns an uncaught error object into a message without running Lua again.
func describe(object lua.LValue) string {
	switch v := object.(type) {
	case lua.LString:
		return string(v)
	case lua.LNumber:
		return formatNumber(float64(v))
	case *lua.LTable:
		if text, ok := v.RawGetString("message").(lua.LString); ok {
			return string(text)
		}
	}
	return "error object is a " + object.Type().String() + " value"
}

// splitPosition takes "file:line: text" apart when file is a chunk of this state.
func (s *State) splitPosition(message string) (file string, line int, text string) {
	for _, name := range s.loaded {
		rest, ok := strings.CutPrefix(message, name+":")
		if !ok {
			continue
		}
		digits, text, ok := strings.Cut(rest, ": ")
		if !ok {
			continue
		}
		if line, err := strconv.Atoi(digits); err == nil {
			return name, line, text
		}
	}
	return "", 0, message
}

// where returns "file:line: " of the innermost Lua function that is running, or "".
func where(th *lua.LState) string { return position(locate(th)) }

func locate(th *lua.LState) (string, int) {
	for level := range 64 {
		frame, ok := th.GetStack(level)
		if !ok {
			return "", 0
		}
		if _, err := th.GetInfo("Sl", frame, lua.LNil); err == nil && frame.Source != "" {
			return frame.Source, frame.CurrentLine
		}
	}
	return "", 0
}

// top is locate for a thread that may be in any state.
func top(th *lua.LState) (file string, line int) {
	defer func() {
		if recover() != nil {
			file, line = "", 0
		}
	}()
	return locate(th)
}

const maxTraceback = 20

// traceback lists the Lua functions that were running. gopher-lua's own walks every tail call, a second's work after a deep
// tail recursion.
func traceback(th *lua.LState) (text string) {
	var b strings.Builder
	defer func() {
		if recover() != nil {
			text = b.String()
		}
	}()
	for level := range maxTraceback {
		frame, ok := th.GetStack(level)
		if !ok {
			break
		}
		if _, err := th.GetInfo("Sl", frame, lua.LNil); err != nil || frame.Source == "" {
			continue
		}
		fmt.Fprintf(&b, "%s:%d: in ", frame.Source, frame.CurrentLine)
		if frame.What == "main" {
			b.WriteString("the outermost function\n")
			break // what follows a tail call repeats this frame
		}
		fmt.Fprintf(&b, "function at line %d\n", frame.LineDefined)
	}
	return b.String()
}
