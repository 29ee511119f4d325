package draw

import (
	"time"
)

func MS(t time.Time) int64 { return t.UnixMilli() }

// msOr is nil for the zero time.
func MSOr(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	v := t.UnixMilli()
	return &v
}

// or is nil for the zero value.
func Or[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// list is never nil, so that JSON has [] and not null.
func List[T any](v []T) []T {
	if v == nil {
		return []T{}
	}
	return v
}

// Sized is a list like the one that it gets, for types that the contract does not name.
func Sized[T any](_ []T, n int) []T { return make([]T, n) }

// Each draws a list, which is never nil either.
func Each[A, B any](list []A, draw func(A) B) []B {
	out := make([]B, len(list))
	for i, v := range list {
		out[i] = draw(v)
	}
	return out
}

func Text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// given is the zero value for nil.
func Given[T any](v *T) T {
	if v == nil {
		var zero T
		return zero
	}
	return *v
}

func UpTo(given *int, usual int) int {
	if given == nil {
		return usual
	}
	return *given
}
