package memory

import (
	"bytes"
	"reflect"
	"sync"
)

// clone copies a row with all that it refers to: neither who gave it to the
// store nor who got it shares anything with what is stored.
func clone[V any](v *V) V {
	c := *v
	deepen(&c)
	return c
}

// deepen gives what v points to copies of its own of all that it refers to.
func deepen[V any](v *V) { own(reflect.ValueOf(v).Elem()) }

// own does it for a value that can be set.
func own(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for _, i := range sharing(v.Type()) {
			own(v.Field(i))
		}
		return
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		if v.IsNil() {
			return
		}
	default:
		return
	}
	switch t := v.Type(); {
	case v.Kind() == reflect.Pointer:
		v.Set(fresh(v.Elem()).Addr())
	case v.Kind() == reflect.Interface:
		v.Set(fresh(v.Elem()))
	case v.Kind() == reflect.Map:
		m := reflect.MakeMapWithSize(t, v.Len())
		for i := v.MapRange(); i.Next(); {
			m.SetMapIndex(i.Key(), fresh(i.Value()))
		}
		v.Set(m)
	case t.Elem().Kind() == reflect.Uint8:
		v.SetBytes(bytes.Clone(v.Bytes()))
	default:
		list := reflect.MakeSlice(t, v.Len(), v.Len())
		reflect.Copy(list, v)
		for i := 0; shares(t.Elem()) && i < v.Len(); i++ {
			own(list.Index(i))
		}
		v.Set(list)
	}
}

// fresh is a copy of v that can be set.
func fresh(v reflect.Value) reflect.Value {
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	own(c)
	return c
}

// fields holds sharing's answers: they are the same in every process.
var fields sync.Map

// sharing gives the fields of a struct through which a copy of it shares
// something. What a struct hides, as a time does, is never changed in place.
func sharing(t reflect.Type) []int {
	if known, ok := fields.Load(t); ok {
		return known.([]int)
	}
	var list []int
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && shares(f.Type) {
			list = append(list, i)
		}
	}
	fields.Store(t, list)
	return list
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
