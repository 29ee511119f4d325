// Package timers does what is due: it puts timers into the inbox of their
// conversation, and its Agenda serves whatever else the store plans for a time.
package timers
