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
