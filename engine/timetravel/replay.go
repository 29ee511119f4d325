package timetravel

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"parley/engine/log/recording"
)

// Result is one conversation with what differs in it.
type Result struct {
	Conversation string       `json:"conversation"`
	Version      string       `json:"bundle"` // that it was recorded with
	Differences  []Difference `json:"differences"`
	Error        string       `json:"error,omitempty"` // why it could not be run
}

// Summary counts what a replay found.
type Summary struct {
	Conversations int          `json:"conversations"`
	Same          int          `json:"same"`
	Different     int          `json:"different"`
	Skipped       int          `json:"skipped"` // could not be run
	Kinds         map[Kind]int `json:"kinds"`   // conversations with a difference of the kind
}

// Replay runs the version over every recording that source gives, on all
// processors, and tells each result in the order of the recordings.
func Replay(ctx context.Context, v Version, source func(func(recording.Recording) error) error, tell func(Result) error) (Summary, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type job struct {
		rec  recording.Recording
		done chan Result
	}
	jobs := make(chan job)
	ordered := make(chan chan Result, 4*runtime.GOMAXPROCS(0))
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for j := range jobs {
				j.done <- One(v, j.rec)
			}
		})
	}
	var read error
	go func() {
		defer close(ordered)
		defer close(jobs)
		read = source(func(rec recording.Recording) error {
			j := job{rec, make(chan Result, 1)}
			select {
			case ordered <- j.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case jobs <- j:
			case <-ctx.Done():
				j.done <- Result{}
				return ctx.Err()
			}
			return nil
		})
	}()
	sum := Summary{Kinds: map[Kind]int{}}
	var told error
	for done := range ordered {
		r := <-done
		if told != nil || ctx.Err() != nil {
			continue
		}
		sum.add(r)
		if told = tell(r); told != nil {
			cancel()
		}
	}
	workers.Wait()
	if told != nil {
		return sum, told
	}
	return sum, errors.Join(read, ctx.Err())
}

func (s *Summary) add(r Result) {
	s.Conversations++
	switch {
	case r.Error != "":
		s.Skipped++
	case len(r.Differences) == 0:
		s.Same++
	default:
		s.Different++
	}
	seen := map[Kind]bool{}
	for _, d := range r.Differences {
		if !seen[d.Kind] {
			seen[d.Kind] = true
			s.Kinds[d.Kind]++
		}
	}
}

// One runs the version over one recording.
func One(v Version, rec recording.Recording) Result {
	r := Result{Conversation: rec.Conversation, Version: rec.Version}
	if len(rec.Turns) == 0 || rec.Turns[0].Message == nil {
		r.Error = "it did not begin with a message of the consumer"
		return r
	}
	now, err := play(v, rec)
	if err != nil {
		r.Error = err.Error()
		return r
	}
	r.Differences = compare(rec, now)
	return r
}
