package chattest

import (
	"context"
	"maps"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"parley/botscripts"
	"parley/botscripts/brandfolder"
	"parley/botscripts/sandbox"
	"parley/engine"
	"parley/engine/simulate"
)

// Suite is all tests of a brand.
type Suite struct {
	Brand   brandfolder.Brand   // with its Tests
	Store   func() engine.Store // see simulate.Stage
	Match   *regexp.Regexp      // tests whose "file: title" fits; nil for all
	Cover   bool
	Workers int // 0: GOMAXPROCS
	// Limits of one turn; the zero value takes NewRuntime's.
	Limits sandbox.Limits
	Kept   botscripts.Kept   // what was learned earlier; nil for nothing
	Note   func(text string) // is told of work that takes a while; nil is fine
	// Progress is told after each test how many are done, in turn; nil is fine.
	Progress func(done, total int, r Result)
}

// Report is how a suite came out.
type Report struct {
	Results  []Result // by file and line
	Problems []Problem
	Cover    []FileCover // by file, with Suite.Cover
	Took     time.Duration
}

// Failed counts the tests that did not pass.
func (r Report) Failed() (n int) {
	for _, t := range r.Results {
		if t.Failure != nil {
			n++
		}
	}
	return n
}

// turnTime ends a turn of a test that no other budget ends. None that production lets pass takes nearly as long, so that
// how fast the machine is decides nothing.
const turnTime = 3 * time.Second

// NewRuntime is a runtime for tests. A turn that is stopped is a failure at once.
func NewRuntime(kept botscripts.Kept) *botscripts.Runtime {
	return Suite{Kept: kept}.runtime(nil)
}

// Limits are those of a turn of a test in a process that also does other things.
func Limits() sandbox.Limits {
	limits := sandbox.DefaultLimits()
	limits.Wall = turnTime
	return limits
}

func (s Suite) runtime(trace func(file string, line int)) *botscripts.Runtime {
	limits := s.Limits
	if limits == (sandbox.Limits{}) {
		limits = Limits()
		limits.HeapBytes = 1 << 40 // the heap is also other tests'
	}
	return botscripts.New(botscripts.Config{Limits: limits, Trace: trace, Once: true, Kept: s.Kept, Note: s.Note})
}

// Run plays the tests, several at a time, each by itself. What one does depends
// on nothing but its file and the brand. The error is the context's, or says that
// the bundle does not compile.
func (s Suite) Run(ctx context.Context) (Report, error) {
	began := time.Now()
	var r Report
	var tests []Test
	for _, file := range slices.Sorted(maps.Keys(s.Brand.Tests)) {
		found, problems := Parse(file, s.Brand.Tests[file])
		r.Problems = append(r.Problems, problems...)
		for _, t := range found {
			if s.Match == nil || s.Match.MatchString(t.File+": "+t.Title) {
				tests = append(tests, t)
			}
		}
	}
	if len(r.Problems) > 0 {
		return r, nil
	}
	rt := s.runtime(nil)
	lines, err := rt.Lines(s.Brand.Bundle)
	if err != nil {
		return r, err
	}
	var ran coverage
	if s.Cover {
		ran = newCoverage(lines)
		rt = s.runtime(ran.visit)
	}
	r.Results = make([]Result, len(tests))
	workers := s.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var group sync.WaitGroup
	var next atomic.Int64
	var mu sync.Mutex
	done := 0
	for range min(workers, len(tests)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(tests) && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				r.Results[i] = Run(ctx, tests[i], s.Brand, simulate.Stage{Runtime: rt, Store: s.Store})
				r.Results[i].Simulation = nil // a thousand of them are large
				if s.Progress == nil {
					continue
				}
				mu.Lock()
				done++
				s.Progress(done, len(tests), r.Results[i])
				mu.Unlock()
			}
		})
	}
	group.Wait()
	if s.Cover {
		r.Cover = ran.report(lines)
	}
	r.Took = time.Since(began)
	return r, ctx.Err()
}

// FileCover is how much of a script ran.
type FileCover struct {
	File   string
	Lines  int   // that could run
	Ran    int   // that did
	Missed []int // the others
	all    []int
}

// Percent is the share of lines that ran; 100 of a file without any.
func (f FileCover) Percent() float64 {
	if f.Lines == 0 {
		return 100
	}
	return 100 * float64(f.Ran) / float64(f.Lines)
}

// Ranges shows the missed lines: "12-14, 20". Lines without code of their own
// between two missed ones belong to the range.
func (f FileCover) Ranges() string {
	missed := map[int]bool{}
	for _, n := range f.Missed {
		missed[n] = true
	}
	var out []string
	first, last := 0, 0
	end := func() {
		switch {
		case first == 0:
		case first == last:
			out = append(out, strconv.Itoa(first))
		default:
			out = append(out, strconv.Itoa(first)+"-"+strconv.Itoa(last))
		}
		first = 0
	}
	for _, n := range f.all {
		if !missed[n] {
			end()
			continue
		}
		if first == 0 {
			first = n
		}
		last = n
	}
	end()
	return strings.Join(out, ", ")
}

// coverage holds which lines ran. Its map is never written after it was made.
type coverage map[string][]atomic.Bool

func newCoverage(lines map[string][]int) coverage {
	c := coverage{}
	for file, list := range lines {
		last := 0
		if len(list) > 0 {
			last = list[len(list)-1]
		}
		c[file] = make([]atomic.Bool, last+1)
	}
	return c
}

func (c coverage) visit(file string, line int) {
	if lines := c[file]; line < len(lines) && !lines[line].Load() {
		lines[line].Store(true)
	}
}

func (c coverage) report(lines map[string][]int) []FileCover {
	var out []FileCover
	for _, file := range slices.Sorted(maps.Keys(lines)) {
		f := FileCover{File: file, Lines: len(lines[file]), all: lines[file]}
		for _, n := range lines[file] {
			if c[file][n].Load() {
				f.Ran++
			} else {
				f.Missed = append(f.Missed, n)
			}
		}
		out = append(out, f)
	}
	return out
}

// Total is the cover of all scripts together.
func Total(files []FileCover) FileCover {
	t := FileCover{File: "all"}
	for _, f := range files {
		t.Lines, t.Ran = t.Lines+f.Lines, t.Ran+f.Ran
	}
	return t
}
