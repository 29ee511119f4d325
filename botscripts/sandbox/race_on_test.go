//go:build race

package sandbox

// peakMegabytes allows for the race detector's shadow memory, about four bytes for each byte of heap.
const peakMegabytes = 1500
