package natsbus

import "sync/atomic"

// result is what became of a signal between processes.
type result int

const (
	taken    result = iota // it waits to be sent; not counted
	sent                   // given to NATS
	merged                 // the same wake-up was waiting already
	full                   // dropped: too many were waiting
	tooLarge               // dropped: larger than a signal may be
	offline                // dropped: there was no connection
	received               // from another process
	ignored                // from another process, and not understood
	results
)

// names are what metrics call the results.
var names = [results]string{
	sent: "sent", merged: "merged", full: "dropped_full", tooLarge: "dropped_large", offline: "dropped_offline",
	received: "received", ignored: "ignored",
}

// missed is what NATS brought faster than it was taken.
const missed = "dropped_slow"

type counts [results]atomic.Uint64

func (c *counts) add(r result) { c[r].Add(1) }

func (c *counts) all() map[string]uint64 {
	out := map[string]uint64{}
	for r, name := range names {
		if name != "" {
			out[name] = c[r].Load()
		}
	}
	return out
}
