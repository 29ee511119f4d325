//go:build !race

package sandbox

// peakMegabytes is how much memory a process that runs a hostile program may hold.
const peakMegabytes = 300
