// Package log reads the event log for everybody who follows it: one tail a
// process, fanned out to any number of subscribers, each by its own cursor.
package log
