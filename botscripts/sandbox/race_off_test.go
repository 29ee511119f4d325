//go:build !race

package sandbox

// peakMegabytes is how much memory a process that runs a hostile program may hold.
const peakMegabytes = 300

// slowness is how much slower than usual programs run.
const slowness = 1
