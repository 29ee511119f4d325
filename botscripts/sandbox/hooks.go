package sandbox

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// hook is a function that rewritten code calls under a name that no Lua source can spell.
type hook int

const (
	hookConcat hook = iota
	hookSlot
	hookList
	hookCount
)

var hookNames = []string{hookConcat: "(concat)", hookSlot: "(slot)", hookList: "(list)"}

func (h hook) name() string { return hookNames[h] }

// concatOperands is `a .. b .. c`: from right to left, with metamethods, charged.
func concatOperands(l *lua.LState) int {
	s := stateOf(l)
	n := l.GetTop()
	size := 0
	for i := 1; i <= n; i++ {
		text, ok := plainText(l.Get(i))
		if !ok {
			return give(l, s.concatMeta(l, n))
		}
		size += len(text)
	}
	s.newString(int64(size))
	var b strings.Builder
	b.Grow(size)
	for i := 1; i <= n; i++ {
		text, _ := plainText(l.Get(i))
		b.WriteString(text)
	}
	return give(l, lua.LString(b.String()))
}

func (s *State) concatMeta(l *lua.LState, n int) lua.LValue {
	right := l.Get(n)
	for i := n - 1; i >= 1; i-- {
		left := l.Get(i)
		a, okA := plainText(left)
		b, okB := plainText(right)
		if okA && okB {
			s.newString(int64(len(a) + len(b)))
			right = lua.LString(a + b)
			continue
		}
		method := l.GetMetaField(left, "__concat")
		if method == lua.LNil {
			method = l.GetMetaField(right, "__concat")
		}
		if method == lua.LNil {
			bad := left
			if okA {
				bad = right
			}
			raise(l, "attempt to concatenate a %s value", bad.Type())
		}
		right = s.call(l, method, left, right)
	}
	return right
}

// denseIndex is the largest index that is stored without a look: what the VM allocates for it does not matter.
const denseIndex = 64

// slotIndex passes an index through, after charging for the nils that the VM fills in before it.
func slotIndex(l *lua.LState) int {
	key := l.Get(2)
	if n, ok := key.(lua.LNumber); ok && n > denseIndex && n < maxArrayIndex {
		stateOf(l).chargeSlot(l.Get(1), int(n))
	}
	return give(l, key)
}

const slotBytes = 16 // one value in a table's array

func (s *State) chargeSlot(target lua.LValue, index int) {
	t, ok := target.(*lua.LTable)
	if !ok {
		s.Charge(int64(index) * slotBytes)
		return
	}
	for range 8 {
		if t.RawGetInt(index) != lua.LNil || t.RawGetInt(index-1) != lua.LNil {
			return // inside the array, or appended to it
		}
		next := lua.LValue(lua.LNil)
		if mt, ok := t.Metatable.(*lua.LTable); ok {
			next = mt.RawGetString("__newindex")
		}
		behind, ok := next.(*lua.LTable)
		if !ok {
			break
		}
		t = behind
	}
	known := s.extents[t]
	if index <= known {
		return
	}
	s.Charge(int64(index-known) * slotBytes)
	s.extents[t] = index
}

// newString checks and charges a string that is about to be made.
func (s *State) newString(size int64) {
	if size > s.limits.StringBytes {
		s.meter.exceed(BudgetString, s.limits.StringBytes)
		panic(unwind{})
	}
	s.Charge(size + stringHeader)
}

const stringHeader = 16

// write adds a piece to a string in the making, which must not become too long meanwhile.
func (s *State) write(b *strings.Builder, piece string) {
	if size := int64(b.Len() + len(piece)); size > s.limits.StringBytes {
		s.newString(size)
	}
	s.Charge(int64(len(piece)))
	b.WriteString(piece)
}

// listItems adds the values of a call or of `...` to a list that has so many items.
func listItems(l *lua.LState) int {
	t, count := checkTable(l, 1, "list"), checkInt(l, 2, "list")
	for i := 3; i <= l.GetTop(); i++ {
		t.RawSetInt(count+i-2, l.Get(i))
	}
	stateOf(l).Work(int64(l.GetTop()) / workPerInstruction)
	return give(l, t)
}
