package sandbox

import (
	"math"
	"slices"

	lua "github.com/yuin/gopher-lua"
)

// Status of a name of Lua 5.1's or gopher-lua's library in the sandbox.
const (
	StatusKept     = "kept"     // behaves as in Lua 5.1
	StatusReplaced = "replaced" // differs from gopher-lua or from Lua 5.1; Why says how
	StatusRemoved  = "removed"  // is nil
)

// Global tells what became of one name of the standard library. Names of library members are dotted.
type Global struct {
	Name   string
	Status string
	Why    string // for authors; empty where nothing needs saying
}

// entry is a Global with what it is bound to, nil when it is removed.
type entry struct {
	Global
	value lua.LValue
}

// Functions without upvalues are shared by all states: nothing can change them, and they find their state by the thread.
var (
	sharedIpairsStep = shared(ipairsStep)
	sharedPairsStep  = shared(pairsStep)
	sharedHooks      = [hookCount]*lua.LFunction{hookConcat: shared(concatOperands), hookSlot: shared(slotIndex), hookList: shared(listItems)}
	library          = makeLibrary()
	stringEvents     = makeStringEvents()
)

func shared(f lua.LGFunction) *lua.LFunction { return &lua.LFunction{IsG: true, GFunction: f} }

func kept(name string, f lua.LGFunction) entry {
	return constant(name, StatusKept, "", shared(f))
}

func replaced(name, why string, f lua.LGFunction) entry {
	return constant(name, StatusReplaced, why, shared(f))
}

func constant(name, status, why string, value lua.LValue) entry {
	return entry{Global: Global{Name: name, Status: status, Why: why}, value: value}
}

func removed(why string, names ...string) []entry {
	list := make([]entry, len(names))
	for i, name := range names {
		list[i].Global = Global{Name: name, Status: StatusRemoved, Why: why}
	}
	return list
}

// Globals lists the standard library: what is kept, what is replaced, what is removed and why. A host layer may add names, and
// those of them that it must journal (time, random numbers, require) are removed here.
func Globals() []Global {
	list := make([]Global, len(library))
	for i, e := range library {
		list[i] = e.Global
	}
	return list
}

func makeLibrary() []entry {
	return slices.Concat(baseLibrary(), stringLibrary(), tableLibrary(), mathLibrary(), removedNames())
}

func baseLibrary() []entry {
	return []entry{
		replaced("assert", "any error object may be its message, as in Lua 5.3", baseAssert),
		kept("error", baseError),
		replaced("getmetatable", "nil for all but tables", baseGetmetatable),
		kept("ipairs", baseIpairs),
		replaced("next", "raises on a key that the table does not have", baseNext),
		replaced("pairs", "the order is fixed: list part, then order of first insertion", basePairs),
		replaced("pcall", "keeps closures of the callers intact; at most 30 nested; budgets and suspension pass through", basePcall),
		kept("rawequal", baseRawequal),
		kept("rawget", baseRawget),
		replaced("rawset", "an index far behind the end of a list is charged to the memory budget", baseRawset),
		kept("select", baseSelect),
		replaced("setmetatable", "tables only", baseSetmetatable),
		replaced("tonumber", "reads what Lua 5.1 reads: no octal, underscores, inf or nan; exponents without a point", baseTonumber),
		replaced("tostring", "names of tables and functions are the same in every run; integers up to 2^53 keep all digits", baseTostring),
		kept("type", baseType),
		replaced("unpack", "at most 250 values", baseUnpack),
		replaced("xpcall", "as pcall; the handler runs after the call was unwound, may itself fail and may return several values; arguments may follow it", baseXpcall),
	}
}

func stringLibrary() []entry {
	const budgeted = "own pattern matcher: steps count as instructions, recursion at most 200 deep"
	return []entry{
		replaced("string.byte", "at most 250 values", stringByte),
		kept("string.char", stringChar),
		replaced("string.find", budgeted, stringFind),
		replaced("string.format", "%s %d %i %u %o %x %X %c %e %E %f %g %G %q only; %s takes any value; a number without an integer is refused by %d", stringFormat),
		replaced("string.gmatch", budgeted+"; the iterator works outside for loops", stringGmatch),
		replaced("string.gsub", budgeted+"; a % at the end of the replacement is an error", stringGsub),
		kept("string.len", stringLen),
		replaced("string.lower", "ASCII", mapped("lower", lower)),
		replaced("string.match", budgeted+"; no match is nil", stringMatch),
		replaced("string.rep", "the size is checked before the string is made", stringRep),
		kept("string.reverse", stringReverse),
		kept("string.sub", stringSub),
		replaced("string.upper", "ASCII", mapped("upper", upper)),
	}
}

func tableLibrary() []entry {
	return []entry{
		replaced("table.concat", "any number of elements, charged as a string", tableConcat),
		replaced("table.insert", "the position must be within the list", tableInsert),
		kept("table.maxn", tableMaxn),
		replaced("table.remove", "returns nil where there is nothing to remove", tableRemove),
		replaced("table.sort", "stable; the table changes only when the sort is done", tableSort),
	}
}

func mathLibrary() []entry {
	return []entry{
		kept("math.abs", unary("abs", math.Abs)),
		kept("math.acos", unary("acos", math.Acos)),
		kept("math.asin", unary("asin", math.Asin)),
		kept("math.atan", unary("atan", math.Atan)),
		kept("math.atan2", binary("atan2", math.Atan2)),
		kept("math.ceil", unary("ceil", math.Ceil)),
		kept("math.cos", unary("cos", math.Cos)),
		kept("math.cosh", unary("cosh", math.Cosh)),
		kept("math.deg", unary("deg", degrees)),
		kept("math.exp", unary("exp", math.Exp)),
		kept("math.floor", unary("floor", math.Floor)),
		kept("math.fmod", mathFmod("fmod")),
		kept("math.frexp", mathFrexp),
		constant("math.huge", StatusKept, "", lua.LNumber(math.Inf(1))),
		kept("math.ldexp", mathLdexp),
		replaced("math.log", "a second argument is the base, as in Lua 5.2", mathLog),
		kept("math.log10", unary("log10", math.Log10)),
		kept("math.max", extreme("max", func(a, b float64) bool { return a > b })),
		kept("math.min", extreme("min", func(a, b float64) bool { return a < b })),
		kept("math.mod", mathFmod("mod")),
		kept("math.modf", mathModf),
		constant("math.pi", StatusKept, "", lua.LNumber(math.Pi)),
		kept("math.pow", binary("pow", math.Pow)),
		kept("math.rad", unary("rad", radians)),
		kept("math.sin", unary("sin", math.Sin)),
		kept("math.sinh", unary("sinh", math.Sinh)),
		kept("math.sqrt", unary("sqrt", math.Sqrt)),
		kept("math.tan", unary("tan", math.Tan)),
		kept("math.tanh", unary("tanh", math.Tanh)),
	}
}

func removedNames() []entry {
	return slices.Concat(
		removed("reaches files, processes or the environment", "io", "os", "dofile", "loadfile", "package", "module"),
		removed("left to the host layer, which journals it", "require", "math.random", "math.randomseed"),
		removed("makes code that no one reviewed", "load", "loadstring", "string.dump"),
		removed("reaches into the machine or out of the sandbox", "debug", "getfenv", "setfenv", "newproxy", "_printregs", "_G"),
		removed("conversations wait by replay, not by coroutines", "coroutine", "channel"),
		removed("acts on the whole process", "collectgarbage", "print"),
		removed("tells nothing that a script may depend on", "_VERSION", "_GOPHER_LUA_VERSION", "string.gfind", "string.__index", "table.getn"),
	)
}

// makeStringEvents lists the metamethods of strings.
func makeStringEvents() []entry {
	return []entry{
		arithmetic("__add", func(_ *State, a, b float64) float64 { return a + b }),
		arithmetic("__div", func(_ *State, a, b float64) float64 { return a / b }),
		arithmetic("__mod", modulo),
		arithmetic("__mul", func(_ *State, a, b float64) float64 { return a * b }),
		arithmetic("__pow", func(_ *State, a, b float64) float64 { return math.Pow(a, b) }),
		arithmetic("__sub", func(_ *State, a, b float64) float64 { return a - b }),
		kept("__unm", arithUnm),
	}
}
