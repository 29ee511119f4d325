package engine_test

import (
	"reflect"
	"testing"

	"parley/engine"
)

// TestPlain sets each field of a content alone: only the text leaves it plain.
func TestPlain(t *testing.T) {
	t.Parallel()
	for i := range reflect.TypeFor[engine.Content]().NumField() {
		var c engine.Content
		f := reflect.ValueOf(&c).Elem().Field(i)
		switch f.Kind() {
		case reflect.String:
			f.SetString("x")
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Slice:
			f.Set(reflect.MakeSlice(f.Type(), 1, 1))
		case reflect.Pointer:
			f.Set(reflect.New(f.Type().Elem()))
		default:
			t.Fatalf("a field of kind %s is new here", f.Kind())
		}
		name := reflect.TypeFor[engine.Content]().Field(i).Name
		if c.Plain() != (name == "Text") {
			t.Errorf("with %s it is plain: %t", name, c.Plain())
		}
	}
}
