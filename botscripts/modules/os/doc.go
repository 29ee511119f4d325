// Package os is the global library os: the time of the turn.
package os
