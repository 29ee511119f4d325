//go:build !race

package botscripts

// What a process that runs a hostile bot may take: memory, and processor time against the usual.
const (
	peakMegabytes = 300
	slowness      = 1
)
