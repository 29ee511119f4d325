package choice

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// FuzzRead: any text is read; what a text refuses it does not choose.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"the last", "not the cafe", "a bike or jobs", "both", "option 3", "\xff", "keins", "repairs & service"} {
		f.Add(text, "Light blue")
	}
	f.Fuzz(func(t *testing.T, text, label string) {
		options := append(bikes(), Option{ID: "last", Label: label})
		a := Read(options, text, true)
		if !slices.IsSorted(a.Options) || a.None && len(a.Options) > 0 {
			t.Fatalf("%q: %+v", text, a)
		}
		for _, n := range a.Options {
			if n < 0 || n >= len(options) || slices.Contains(a.Refused, n) {
				t.Fatalf("%q: %+v", text, a)
			}
		}
	})
}

// TestReadLong: many options and a long text are read in a moment.
func TestReadLong(t *testing.T) {
	t.Parallel()
	var options []Option
	for n := range 50 {
		options = append(options, Option{ID: string(rune('a' + n)), Label: strings.Repeat("word ", n%20+1) + string(rune('a'+n%26))})
	}
	for _, part := range []string{"word ", "not ", "a, ", "first ", "w-"} {
		began := time.Now()
		Read(options, strings.Repeat(part, longestAnswer/len(part)), true)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%q takes %v", part, took)
		}
	}
}
