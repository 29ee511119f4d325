package sandbox

import "time"

// What a source file may be. Compiling is the only work that no budget interrupts, so its input is bounded instead.
const (
	// MaxSourceBytes is the largest source text that [Compile] accepts.
	MaxSourceBytes = 64 << 10
	// MaxSyntaxDepth is the deepest nesting of expressions and blocks; folding constants is quadratic in it.
	MaxSyntaxDepth = 100
	// MaxConcatOperands is the longest chain of `..`; every operand takes a register.
	MaxConcatOperands = 60
	// MaxConstants is how many different constants and names one function may use: compiling is quadratic in them.
	MaxConstants = 4096
	// MaxUpvalues is how many outer locals one function may use. The VM counts them in eight bits.
	MaxUpvalues = 200
)

// maxArrayIndex bounds the part of a table that is a Go slice. It must stay above half of the instruction budget: a table
// that outgrows it has a wrong length.
const maxArrayIndex = 1 << 18

// maxResults is the most values that one library call pushes on the VM's stack.
const maxResults = 250

// Limits of one activation. The zero value of a field means none of it, not "unlimited".
type Limits struct {
	Instructions int64         // VM instructions; pattern matching and bulk library work count too
	MemoryBytes  int64         // sum of what the script's strings and sparse tables allocated, freed or not
	ObjectBytes  int64         // sum of what tables and functions took, freed or not, roughly
	StringBytes  int64         // one string
	Wall         time.Duration // time since New or ResetBudget, without standstills of the process
	HeapBytes    int64         // growth of the whole process's heap meanwhile; a backstop, not an account
	CallDepth    int           // nested Lua calls in one protected call
	PcallDepth   int           // nested pcall, xpcall and State.Call
	MatchDepth   int           // recursion of the pattern matcher
	ValueDepth   int           // nesting of a value that crosses ToGo or FromGo
	ValueEntries int           // table entries of such a value
	ValueBytes   int64         // string bytes of such a value, keys included
}

// DefaultLimits returns the limits that bots run under.
func DefaultLimits() Limits {
	return Limits{
		Instructions: 500_000,
		MemoryBytes:  16 << 20,
		ObjectBytes:  48 << 20,
		StringBytes:  1 << 20,
		Wall:         250 * time.Millisecond,
		HeapBytes:    64 << 20,
		CallDepth:    180,
		PcallDepth:   30,
		MatchDepth:   200,
		ValueDepth:   16,
		ValueEntries: 4096,
		ValueBytes:   64 << 10,
	}
}
