// Package log reads the event log for everybody who follows it: one tail a
// process, in whose memory any number of followers read, each by its own cursor
// and at its own pace.
package log
