package knowledge

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/botscripts/brandfolder"
	"parley/botscripts/chattest"
	"parley/engine/learning"
	"parley/engine/simulate"
)

// What is played of a version: so many tests, by file and line, for so long.
const (
	maxTests = 1000
	maxTime  = time.Minute
)

// Tests plays the tests of files one after the other, so that others get on with
// their work: at most 1,000 for at most a minute. A file that cannot be read has
// no tests; the check of the folder tells it. Invalid when the files make no brand.
func (b Book) Tests(ctx context.Context, files map[string]string, play func(learning.Test) bool) (played []learning.Test, unplayed int, err error) {
	brand, problems := brandfolder.Reader{Kinds: b.Kinds, Env: b.env}.FromFiles(files)
	var tests []chattest.Test
	for _, file := range slices.Sorted(maps.Keys(brand.Tests)) {
		found, wrong := chattest.Parse(file, brand.Tests[file])
		if len(wrong) > 0 {
			continue
		}
		for _, t := range found {
			if play(learning.Test{File: t.File, Line: t.Line, Title: t.Title}) {
				tests = append(tests, t)
			}
		}
	}
	if len(tests) == 0 {
		return nil, 0, ctx.Err()
	}
	if err := first(problems); err != nil {
		return nil, 0, err
	}
	rt := chattest.NewRuntime(b.Kept) // how busy the machine is decides nothing
	if err := rt.Warm(brand.Bundle); err != nil {
		return nil, 0, err
	}
	inTime, end := context.WithTimeout(ctx, maxTime)
	defer end()
	for _, t := range tests[:min(len(tests), maxTests)] {
		r := chattest.Run(inTime, t, brand, simulate.Stage{Runtime: rt, Store: b.Store})
		if inTime.Err() != nil { // it may have been cut off
			break
		}
		played = append(played, outcome(r))
	}
	return played, len(tests) - len(played), ctx.Err()
}

// env is the environment as far as tests need it: no secret is sent anywhere.
func (b Book) env(name string) (string, bool) {
	if b.Env != nil {
		if v, ok := b.Env(name); ok && v != "" {
			return v, true
		}
	}
	return "test", true
}

const maxTold = 300 // bytes

func outcome(r chattest.Result) learning.Test {
	t := learning.Test{File: r.Test.File, Line: r.Test.Line, Title: r.Test.Title}
	if f := r.Failure; f != nil {
		t.FailedAt, t.Failure = f.Line, f.Message
		if f.Got != "" {
			t.Failure += "; got: " + f.Got
		}
		t.Failure = strings.Join(strings.Fields(t.Failure), " ")
		t.Failure = strings.ToValidUTF8(t.Failure[:min(len(t.Failure), maxTold)], "")
	}
	return t
}
