package sandbox

import (
	"fmt"
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

// crash is a Go panic other than a Lua error on its way out of nested protected calls, with the stack of its origin.
type crash struct {
	value any
	stack []byte
}

func newCrash(recovered any) *crash {
	if c, ok := recovered.(*crash); ok {
		return c
	}
	stack := debug.Stack()
	return &crash{recovered, stack[:min(len(stack), 4096)]}
}

// vmStackOverflow is what the VM's growing call stack panics with instead of raising "stack overflow".
const vmStackOverflow = "lua callstack overflow"

// raised returns the Lua error object behind a recovered panic; false when the panic is not a Lua error.
func raised(recovered any, th *lua.LState) (lua.LValue, bool) {
	switch e := recovered.(type) {
	case *lua.ApiError:
		return e.Object, true
	case string:
		if e == vmStackOverflow {
			return lua.LString(where(th, 0) + "stack overflow"), true
		}
	}
	return lua.LNil, false
}

// fault describes what stopped th, whose frames are still as they were when it stopped.
func (s *State) fault(recovered any, th *lua.LState) *Fault {
	f := &Fault{Kind: FaultError}
	if object, ok := raised(recovered, th); ok {
		f.Message = describe(object)
		f.File, f.Line, f.Message = s.splitPosition(f.Message)
		f.Traceback = traceback(th)
	} else {
		c := newCrash(recovered)
		f.Kind, f.Message = FaultInternal, fmt.Sprint(c.value)
		f.Traceback = traceback(th) + "\n" + string(c.stack)
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

// where returns "file:line: " of the first Lua function at or above level (0 = the running function), or "".
func where(th *lua.LState, level int) string {
	file, line := locate(th, level)
	return position(file, line)
}

func locate(th *lua.LState, level int) (string, int) {
	for ; level < 64; level++ {
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
	return locate(th, 0)
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
