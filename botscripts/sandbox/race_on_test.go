//go:build race

package sandbox

// peakMegabytes allows for the race detector's shadow memory, about four bytes for each byte of heap.
const peakMegabytes = 1500

// slowness allows for what the race detector costs between two looks at the clock.
const slowness = 4
