package memory

import (
	"reflect"
	"slices"
	"sync"
)

// clone copies a row with all that it refers to: neither who gave it to the
// store nor who got it shares anything with what is stored.
func clone[V any](v *V) V {
	c := *v
	deepen(reflect.ValueOf(&c).Elem())
	return c
}

// deepen gives v copies of its own of what it refers to. v can be set.
func deepen(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for _, i := range sharing(v.Type()) {
			deepen(v.Field(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			v.Set(fresh(v.Elem()).Addr())
		}
	case reflect.Interface:
		if !v.IsNil() {
			v.Set(fresh(v.Elem()))
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		list := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(list, v)
		for i := 0; shares(v.Type().Elem()) && i < v.Len(); i++ {
			deepen(list.Index(i))
		}
		v.Set(list)
	case reflect.Map:
		if v.IsNil() {
			return
		}
		m := reflect.MakeMapWithSize(v.Type(), v.Len())
		for i := v.MapRange(); i.Next(); {
			m.SetMapIndex(i.Key(), fresh(i.Value()))
		}
		v.Set(m)
	}
}

// fresh is a copy of v that can be set.
func fresh(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	deepen(c)
	return c
}

// known holds sharing's answers: they are the same in every process.
var known sync.Map

// sharing gives the fields of a struct through which a copy of it shares
// something. Those of other packages' own making, such as a time's, are theirs.
func sharing(t reflect.Type) []int {
	if fields, ok := known.Load(t); ok {
		return fields.([]int)
	}
	var fields []int
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && shares(f.Type) {
			fields = append(fields, i)
		}
	}
	known.Store(t, slices.Clip(fields))
	return fields
}

func shares(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		return len(sharing(t)) > 0
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return true
	}
	return false
}
