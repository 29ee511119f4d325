package sandbox

import (
	"reflect"
	"strings"
	"testing"
)

func TestLayout(t *testing.T) {
	t.Parallel()
	if err := checkLayout(); err != nil {
		t.Fatal(err)
	}
	type moved struct{ A, Array, Top int }
	type retyped struct {
		Array []string
		Top   string
	}
	type missing struct{ Array []string }
	type mirror struct {
		Array []string
		Top   int
	}
	for _, other := range []reflect.Type{reflect.TypeFor[moved](), reflect.TypeFor[retyped](), reflect.TypeFor[missing]()} {
		if err := sameFields(reflect.TypeFor[mirror](), other); err == nil || !strings.Contains(err.Error(), "another field") {
			t.Errorf("%v is taken for the mirror: %v", other, err)
		}
	}
	if err := sameFields(reflect.TypeFor[mirror](), reflect.TypeFor[mirror]()); err != nil {
		t.Error(err)
	}
}
