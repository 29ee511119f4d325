package engine

import "time"

// ReleaseKind says what was done with a version.
type ReleaseKind string

const (
	ReleasePushed    ReleaseKind = "pushed"    // stored, not active
	ReleaseActivated ReleaseKind = "activated" // new conversations run it
	ReleaseRolled    ReleaseKind = "rolled_back"
	ReleaseCanary    ReleaseKind = "canary"   // Share percent of new conversations run it
	ReleaseStopped   ReleaseKind = "stopped"  // the canary ended without being activated
	ReleaseTripped   ReleaseKind = "tripped"  // the circuit breaker took it out
	ReleaseReleased  ReleaseKind = "released" // a person allows it again
)

// Release is one entry in the history of a brand's versions.
type Release struct {
	Brand  string
	Bundle string
	Kind   ReleaseKind
	Share  int    // percent, for ReleaseCanary
	Actor  string // "agent:<id>", "token:<name>", "system"
	Note   string
	At     time.Time
}

// VersionFigures is what became of the conversations that a version had since
// some time. A conversation with sessions of two versions counts for both.
type VersionFigures struct {
	Bundle        string
	Bot           string
	Conversations int // with a session of it
	Waiting       int // its session waits now
	Contained     int // closed, and no person had it
	HandedOver    int // a person got it
	Failed        int // its session was parked
}

// FaultGroup is one mistake of a version, however many conversations met it.
type FaultGroup struct {
	Brand         string
	ID            string // names kind, message, file, line and bundle
	Fault         Fault  // of the first; Message without what differs between conversations
	Conversations int
	Count         int
	First, Last   time.Time
	Sample        string // the latest conversation
}
