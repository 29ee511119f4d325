package sandbox

import (
	"fmt"
	"reflect"
	"sync"
	"unsafe"

	lua "github.com/yuin/gopher-lua"
)

// What the VM is about to do, and what it will cost, is in fields that gopher-lua does not export. These types name those
// that the meter reads; it never writes them. [checkLayout] compares them with the real ones before any state is made, so
// that another version of gopher-lua is refused instead of misread.

type vmThread struct {
	G            *lua.Global
	Parent       *lua.LState
	Env          *lua.LTable
	Panic        func(*lua.LState)
	Dead         bool
	Options      lua.Options
	stop         int32
	reg          *vmRegistry
	stack        [2]unsafe.Pointer // an interface
	alloc        unsafe.Pointer
	currentFrame *vmFrame
	wrapped      bool
	uvcache      *vmUpvalue // open upvalues of all frames, by register
}

type vmRegistry struct {
	array []lua.LValue
	top   int
}

type vmFrame struct {
	Idx        int
	Fn         *lua.LFunction
	Parent     *vmFrame
	Pc         int
	Base       int
	LocalBase  int
	ReturnBase int
	NArgs      int
	NRet       int
	TailCall   int
}

type vmUpvalue struct {
	next *vmUpvalue
}

type vmTable struct {
	Metatable lua.LValue
	array     []lua.LValue
	dict      map[lua.LValue]lua.LValue
	strdict   map[string]lua.LValue
	keys      []lua.LValue // in the order in which they were first set, removed ones too
	k2i       map[lua.LValue]int
}

func threadOf(l *lua.LState) *vmThread { return (*vmThread)(unsafe.Pointer(l)) } //nolint:gosec // see checkLayout

func tableOf(t *lua.LTable) *vmTable { return (*vmTable)(unsafe.Pointer(t)) } //nolint:gosec // see checkLayout

// checkLayout reports where a type of gopher-lua differs from what the meter reads.
var checkLayout = sync.OnceValue(func() error {
	thread := reflect.TypeFor[lua.LState]()
	field := func(name string) reflect.Type {
		f, ok := thread.FieldByName(name)
		if !ok || f.Type.Kind() != reflect.Pointer {
			return reflect.TypeFor[struct{}]()
		}
		return f.Type.Elem()
	}
	for _, pair := range [][2]reflect.Type{
		{reflect.TypeFor[vmThread](), thread},
		{reflect.TypeFor[vmRegistry](), field("reg")},
		{reflect.TypeFor[vmFrame](), field("currentFrame")},
		{reflect.TypeFor[vmUpvalue](), field("uvcache")},
		{reflect.TypeFor[vmTable](), reflect.TypeFor[lua.LTable]()},
	} {
		if err := sameFields(pair[0], pair[1]); err != nil {
			return err
		}
	}
	return nil
})

func sameFields(mine, real reflect.Type) error {
	for i := range mine.NumField() {
		m := mine.Field(i)
		r, ok := real.FieldByName(m.Name)
		if !ok || r.Offset != m.Offset || r.Type.Size() != m.Type.Size() || !alike(m.Type, r.Type) {
			return fmt.Errorf("sandbox: gopher-lua's %s has another field %s than the meter reads", real, m.Name)
		}
	}
	return nil
}

// alike compares kinds, and the element types of what the meter follows.
func alike(mine, real reflect.Type) bool {
	switch {
	case mine == real:
		return true
	case mine.Kind() == reflect.Array:
		return real.Kind() == reflect.Interface
	case mine.Kind() == reflect.UnsafePointer:
		return real.Kind() == reflect.Pointer
	}
	return mine.Kind() == reflect.Pointer && real.Kind() == reflect.Pointer // the pointed-to types are pairs of their own
}
