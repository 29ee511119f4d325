package sandbox

import (
	"math"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// An instruction of the VM may take any time: `#t` walks a tail of nils, `a == b` reads a megabyte, `{ ... }` copies the
// whole stack. Before such an instruction runs, the meter looks at its operands and books what it will do beyond the usual, so
// that the budgets, and not the clock, end a script that lives on it.

// What is handled for the price of one instruction, which takes some fifty nanoseconds.
const (
	hashedBytes   = 512 // of a string that is hashed, or compared for equality
	comparedBytes = 32  // of strings that are put in order, byte by byte
	parsedBytes   = 32  // of a string that is read as a number
	scannedSlots  = 32  // of a list that is searched for its end
)

// What numbers cost as text, in instructions.
const (
	floatWork      = 4   // one that is written
	plainDigits    = 20  // up to so many digits it is quick
	manyDigitsWork = 400 // beyond, it takes arithmetic of any length
)

// protectedWork is what a protected call takes: a thread with a stack of its own.
const protectedWork = 60

// stackWork is what Go takes to write down its stack.
const stackWork = 5000

// What objects cost in bytes, roughly.
const (
	tableBytes    = 96
	firstKeyBytes = 512  // the order of keys, from the first key on
	smallMapBytes = 320  // a map of up to eight keys
	usualMapBytes = 2240 // the one that the VM makes for the first name in `{}`
	keyBytes      = 160  // one more key, with what growing costs
	firstSlots    = 32   // slots of the VM's first list
	functionBytes = 112
	upvalueBytes  = 72
)

// pricedOps are the instructions that [meter.price] looks at.
var pricedOps = [64]bool{
	lua.OP_GETGLOBAL: true, lua.OP_GETTABLE: true, lua.OP_GETTABLEKS: true, lua.OP_SELF: true,
	lua.OP_SETGLOBAL: true, lua.OP_SETTABLE: true, lua.OP_SETTABLEKS: true, lua.OP_NEWTABLE: true, lua.OP_SETLIST: true,
	lua.OP_LEN: true, lua.OP_EQ: true, lua.OP_LT: true, lua.OP_LE: true, lua.OP_MOD: true,
	lua.OP_CALL: true, lua.OP_TAILCALL: true, lua.OP_RETURN: true, lua.OP_VARARG: true,
	lua.OP_CLOSE: true, lua.OP_CLOSURE: true,
}

// price books what the instruction that runs next costs beyond one.
func (m *meter) price(th *vmThread, f *vmFrame, inst uint32) {
	a, b, c := int(inst>>18)&0xff, int(inst&0x1ff), int(inst>>9)&0x1ff
	registers := th.reg.array[f.LocalBase:]
	switch int(inst >> 26) {
	case lua.OP_GETGLOBAL:
		m.priceKey(f.Fn.Proto.Constants[inst&0x3ffff], 1)
	case lua.OP_GETTABLE, lua.OP_GETTABLEKS, lua.OP_SELF:
		m.priceGet(registers[b], constantOr(f, registers, c), "__index")
	case lua.OP_SETGLOBAL:
		m.priceSet(f.Fn.Env, f.Fn.Proto.Constants[inst&0x3ffff], registers[a])
	case lua.OP_SETTABLE, lua.OP_SETTABLEKS:
		m.priceSet(registers[a], constantOr(f, registers, b), constantOr(f, registers, c))
	case lua.OP_NEWTABLE:
		m.make(tableBytes + slotBytes*int64(b) + mapBytes(c))
	case lua.OP_SETLIST:
		if b == 0 {
			b = th.reg.top - (f.LocalBase + a) - 1
			m.work(int64(b) / workPerInstruction)
		}
		m.make(slotBytes * int64(b))
	case lua.OP_LEN:
		if t, ok := constantOr(f, registers, b).(*lua.LTable); ok {
			m.work(nilTail(t) / scannedSlots)
		}
	case lua.OP_EQ:
		m.priceEqual(constantOr(f, registers, b), constantOr(f, registers, c))
	case lua.OP_LT, lua.OP_LE:
		m.priceOrder(constantOr(f, registers, b), constantOr(f, registers, c))
	case lua.OP_MOD:
		x, okX := constantOr(f, registers, b).(lua.LNumber)
		y, okY := constantOr(f, registers, c).(lua.LNumber)
		if okX && okY {
			m.work(remainderWork(float64(x), float64(y)))
		}
	case lua.OP_CALL:
		if b == 0 {
			m.work(int64(th.reg.top-(f.LocalBase+a)) / workPerInstruction)
		}
	case lua.OP_TAILCALL, lua.OP_RETURN:
		if b == 0 {
			m.work(int64(th.reg.top-(f.LocalBase+a)) / workPerInstruction)
		}
		m.work(openUpvalues(th) / workPerInstruction)
	case lua.OP_VARARG:
		if b == 0 {
			m.work(int64(f.NArgs-int(f.Fn.Proto.NumParameters)) / workPerInstruction)
		}
	case lua.OP_CLOSE:
		m.work(openUpvalues(th) / workPerInstruction)
	case lua.OP_CLOSURE:
		// Each of its outer locals is looked for among all that are open.
		n := int64(f.Fn.Proto.FunctionPrototypes[inst&0x3ffff].NumUpvalues)
		m.make(functionBytes + 8*n)
		if open := openUpvalues(th); n > 0 {
			m.make(upvalueBytes * n)
			m.work(n * (open + n) / workPerInstruction)
		}
	}
}

// constantOr is the VM's operand: a register or, with its high bit, a constant.
func constantOr(f *vmFrame, registers []lua.LValue, operand int) lua.LValue {
	if operand&0x100 != 0 {
		return f.Fn.Proto.Constants[operand&0xff]
	}
	return registers[operand]
}

// priceKey books the hashing of a key, several times.
func (m *meter) priceKey(key lua.LValue, times int) {
	if text, ok := key.(lua.LString); ok && len(text) >= hashedBytes {
		m.work(int64(times) * int64(len(text)) / hashedBytes)
	}
}

// priceGet books what a look-up takes that goes on from table to table.
func (m *meter) priceGet(object, key lua.LValue, event string) {
	levels := 1
	t, ok := object.(*lua.LTable)
	if !ok {
		if text, ok := key.(lua.LString); ok && object.Type() != lua.LTString {
			m.charge(int64(len(text))) // it is an error whose message tells the key
		}
		t = m.state.strings
	}
	for ; t != nil && levels < lua.MaxTableGetLoop; levels++ {
		mt, ok := t.Metatable.(*lua.LTable)
		if !ok || levels > 2 && t.RawGet(key) != lua.LNil {
			break
		}
		if t, ok = mt.RawGetString(event).(*lua.LTable); !ok {
			break
		}
	}
	m.priceKey(key, levels)
	if levels > 2 {
		m.work(int64(levels))
	}
}

// priceSet books a store: the search for a table that takes it, four look-ups of the key, and what the table grows by.
func (m *meter) priceSet(object, key, value lua.LValue) {
	t, ok := object.(*lua.LTable)
	if !ok || t.Metatable != lua.LNil {
		m.priceGet(object, key, "__newindex")
	}
	m.priceKey(key, 4)
	if ok && value != lua.LNil {
		m.grow(t, key)
	}
}

// grow books what a table needs for a key that it may not have yet.
func (m *meter) grow(table *lua.LTable, key lua.LValue) {
	t := tableOf(table)
	if k, ok := key.(lua.LNumber); ok {
		if n := int(k); lua.LNumber(n) == k && n > 0 && n < maxArrayIndex {
			switch {
			case t.array == nil:
				m.make(slotBytes * firstSlots)
			case n > cap(t.array):
				m.make(slotBytes * int64(max(n, len(t.array)*5/4)))
			}
			return
		}
	}
	_, named := key.(lua.LString)
	switch {
	case named && t.strdict == nil:
		m.make(usualMapBytes)
	case !named && t.dict == nil:
		m.make(mapBytes(max(1, len(t.strdict))))
	}
	n := len(t.keys)
	if n == 0 {
		m.make(firstKeyBytes)
	}
	// Maps double, so only then it matters whether the key is new.
	if n >= 8 && n&(n-1) == 0 {
		if _, known := t.k2i[key]; !known {
			m.make(keyBytes * int64(n))
		}
	}
}

// payKey is priceKey for the library.
func (s *State) payKey(key lua.LValue, times int) {
	s.meter.priceKey(key, times)
	s.Work(0)
}

// store is priceSet for the library, which takes no metamethods.
func (s *State) store(t *lua.LTable, key, value lua.LValue) {
	s.meter.priceKey(key, 4)
	if value != lua.LNil {
		s.meter.grow(t, key)
	}
	s.Work(0)
}

// length is the length of a list, as `#` without metamethods.
func (s *State) length(t *lua.LTable) int {
	s.Work(nilTail(t) / scannedSlots)
	return t.Len()
}

// Next gives the key and the value that follow a key, nil for the first; the script pays for what lies between.
func (s *State) Next(t *lua.LTable, key lua.LValue) (after, value lua.LValue) {
	vt := tableOf(t)
	s.payKey(key, 1)
	at := 0 // in the list, then in the keys
	if n, ok := key.(lua.LNumber); ok && n == lua.LNumber(int(n)) && n > 0 && n < maxArrayIndex {
		at = int(n)
	} else if key != lua.LNil {
		i, ok := vt.k2i[key]
		if !ok {
			return lua.LNil, lua.LNil
		}
		return s.nextKey(t, i+1)
	}
	for from := at; at < len(vt.array); at++ {
		if v := vt.array[at]; v != lua.LNil {
			s.Work(int64(at-from) / scannedSlots)
			return lua.LNumber(at + 1), v
		}
	}
	s.Work(int64(len(vt.array)) / scannedSlots)
	return s.nextKey(t, 0)
}

func (s *State) nextKey(t *lua.LTable, from int) (after, value lua.LValue) {
	keys := tableOf(t).keys
	for i := from; i < len(keys); i++ {
		s.payKey(keys[i], 1)
		if v := t.RawGetH(keys[i]); v != lua.LNil {
			s.Work(int64(i-from) / 2)
			return keys[i], v
		}
	}
	s.Work(int64(len(keys)-from) / 2)
	return lua.LNil, lua.LNil
}

func mapBytes(keys int) int64 {
	if keys == 0 {
		return 0
	}
	return smallMapBytes * int64(1+keys/7)
}

// nilTail is how many slots of a list lie behind its last value.
func nilTail(t *lua.LTable) int64 {
	array := tableOf(t).array
	n := len(array)
	for n > 0 && array[n-1] == lua.LNil {
		n--
	}
	return int64(len(array) - n)
}

func (m *meter) priceEqual(a, b lua.LValue) {
	x, ok := a.(lua.LString)
	if !ok || len(x) < hashedBytes {
		return
	}
	if y, ok := b.(lua.LString); ok && len(x) == len(y) && unsafe.StringData(string(x)) != unsafe.StringData(string(y)) {
		m.work(int64(len(x)) / hashedBytes)
	}
}

func (m *meter) priceOrder(a, b lua.LValue) {
	x, ok := a.(lua.LString)
	if !ok || len(x) < comparedBytes {
		return
	}
	if y, ok := b.(lua.LString); ok {
		m.work(int64(min(len(x), len(y))) / comparedBytes)
	}
}

// remainderWork is what math.Mod takes: it subtracts bit by bit.
func remainderWork(x, y float64) int64 {
	if math.Abs(x) < math.Abs(y)*(1<<32) || y == 0 || math.IsInf(x, 0) || math.IsNaN(x) || math.IsNaN(y) {
		return 0
	}
	_, high := math.Frexp(x)
	_, low := math.Frexp(y)
	return int64(high-low) / 4
}

// openUpvalues counts the locals of running functions that closures share. The VM walks this list, too.
func openUpvalues(th *vmThread) (n int64) {
	for up := th.uvcache; up != nil; up = up.next {
		n++
	}
	return n
}
