package engine

import "time"

// VersionChangeKind says what was done with a version.
type VersionChangeKind string

const (
	VersionPushed     VersionChangeKind = "pushed"    // stored, not active
	VersionActivated  VersionChangeKind = "activated" // new conversations run it
	VersionRolledBack VersionChangeKind = "rolled_back"
	VersionCanary     VersionChangeKind = "canary"   // Share percent of new conversations run it
	VersionStopped    VersionChangeKind = "stopped"  // the canary ended without being activated
	VersionTripped    VersionChangeKind = "tripped"  // the circuit breaker took it out
	VersionReleased   VersionChangeKind = "released" // a person allows it again
)

// VersionChange is one entry in the history of a brand's versions.
type VersionChange struct {
	Brand   string
	Version string
	Kind    VersionChangeKind
	Share   int    // percent, for VersionCanary
	Actor   string // "agent:<id>", "token:<name>", "system"
	Note    string
	At      time.Time
}

// VersionFigures is what became of the conversations that a version had since
// some time. A conversation with sessions of two versions counts for both.
type VersionFigures struct {
	Version       string
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
	ID            string // names kind, message, file, line and version
	Fault         Fault  // of the first; Message without what differs between conversations
	Conversations int
	Count         int
	First, Last   time.Time
	Sample        string // the latest conversation
}
