//go:build race

package botscripts

// The race detector takes about four bytes for each byte of heap, and many times the time.
const (
	peakMegabytes = 1500
	slowness      = 10
)
