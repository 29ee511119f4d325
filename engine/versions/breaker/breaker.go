package breaker

import (
	"fmt"
	"time"

	"parley/engine"
	"parley/engine/catalog"
	"parley/engine/versions"
)

// Policy is when a version has failed too often.
type Policy struct {
	MinSessions int           // fewer tell nothing
	MaxRate     float64       // share of failed sessions that is still borne, 0 … 1
	Window      time.Duration // sessions begun since count
}

// DefaultPolicy bears one failed conversation of five, in an hour with twenty
// or more.
func DefaultPolicy() Policy { return Policy{MinSessions: 20, MaxRate: 0.2, Window: time.Hour} }

// Trips says whether so many failed sessions are too many.
func (p Policy) Trips(all, failed int) bool {
	return all > 0 && all >= p.MinSessions && float64(failed) > p.MaxRate*float64(all)
}

// Breaker takes versions that fail too often out of new conversations.
type Breaker struct {
	Policy
	Read versions.Reader
}

// Failed is told of each session that failed, after it was saved, inside the
// transaction. It stops a canary that fails above the rate, and goes back from
// an active version to the last good one before it; without one the failing
// version stays, and only an event tells.
func (k Breaker) Failed(tx engine.Tx, brand, version string, now time.Time) error {
	b, err := tx.Brands().Get(brand)
	if err != nil {
		return err
	}
	if found, err := k.judge(tx, b, version, now); err != nil || found.kind == nothing {
		return err
	}
	// Only who does something about it has the brand alone, and looks again.
	if b, err = versions.Keep(tx, brand); err != nil {
		return err
	}
	plan, err := k.judge(tx, b, version, now)
	if err != nil || plan.kind == nothing {
		return err
	}
	why := plan.why
	note := why
	switch plan.kind {
	case goBack:
		if note, err = k.goBack(tx, now, b, plan.back, why, plan.history); err != nil {
			return err
		}
	case stopCanary:
		b.Canary = engine.Canary{}
		versions.Hold(&b, version, why, plan.history)
		if err := tx.Brands().Save(b); err != nil {
			return err
		}
	default:
		note += "; it stays, because there is no earlier version to go back to"
	}
	return versions.Record(tx, engine.VersionChange{
		Brand: brand, Version: version, Kind: engine.VersionTripped, Actor: "system", Note: note, At: now,
	})
}

// judged is what is to be done about a version, and why.
type judged struct {
	tripPlan
	why     string
	history []engine.VersionChange
}

// judge says what to do about a version that has failed; nothing when it is borne, or
// serves no new conversations.
func (k Breaker) judge(tx engine.Tx, b engine.Brand, version string, now time.Time) (judged, error) {
	if b.Version != version && b.Canary.Version != version {
		return judged{}, nil
	}
	history, err := versions.History(tx, b.ID)
	if err != nil {
		return judged{}, err
	}
	plan := decide(b, version, history, now.Add(-k.Window))
	if plan.kind == nothing {
		return judged{}, nil
	}
	all, failed, err := tx.History().Begun(b.ID, version, plan.since)
	if err != nil || !k.Trips(all, failed) {
		return judged{}, err
	}
	why := fmt.Sprintf("%d of %d conversations failed in %v", failed, all, now.Sub(plan.since).Round(time.Second))
	return judged{plan, why, history}, nil
}

// goBack makes an earlier version active again and says what it did.
func (k Breaker) goBack(tx engine.Tx, now time.Time, b engine.Brand, back, why string, history []engine.VersionChange) (string, error) {
	canary := b.Canary
	b.Canary = engine.Canary{} // it goes on, see below
	versions.Hold(&b, b.Version, why, history)
	if err := tx.Brands().Save(b); err != nil {
		return "", err
	}
	note := why + "; back to " + versions.Short(back)
	v, err := versions.Stored(tx, k.Read, b.ID, back)
	if engine.CodeOf(err) == engine.Invalid {
		// Its settings cannot be read here, as when the environment has changed.
		// Bots that work on newer settings are better than bots that fail.
		note += " with the settings of the newer one: " + engine.MessageOf(err)
		e, cerr := catalog.Read(tx, b.ID)
		if cerr != nil {
			return "", cerr
		}
		v = versions.Version{Brand: e.Brand, Channels: e.Channels, Skills: e.Skills}
		v.Bundle, err = tx.Bundles().Get(b.ID, back)
	}
	if err != nil {
		return "", err
	}
	if _, err := versions.Write(tx, now, v); err != nil {
		return "", err
	}
	if canary.Version == "" || canary.Version == back {
		return note, nil
	}
	after, err := tx.Brands().Get(b.ID)
	if err != nil {
		return "", err
	}
	after.Canary = canary // it may be the cure
	return note, tx.Brands().Save(after)
}

type planKind int

const (
	nothing    planKind = iota // the version serves no new conversations, or was judged already
	stopCanary                 // it is the canary
	goBack                     // it is active
	keep                       // it is active, and there is nothing else
)

type tripPlan struct {
	kind  planKind
	back  string    // for goBack
	since time.Time // sessions begun since count
}

// decide says what to do if the version fails too often. It is judged by what
// it did since `since`, or since it last began to serve: one that was released,
// or activated again, begins anew.
func decide(b engine.Brand, version string, history []engine.VersionChange, since time.Time) tripPlan {
	if b.Version != version && b.Canary.Version != version {
		return tripPlan{}
	}
	if r, ok := lastTurn(version, history); ok && r.At.After(since) {
		if r.Kind == engine.VersionTripped {
			return tripPlan{} // told already; nothing was better
		}
		since = r.At
	}
	if b.Version != version {
		return tripPlan{kind: stopCanary, since: since}
	}
	if back := versions.LastGood(b, history); back != "" {
		return tripPlan{goBack, back, since}
	}
	return tripPlan{kind: keep, since: since}
}

// lastTurn is the last change of whether new conversations run the version.
func lastTurn(version string, history []engine.VersionChange) (engine.VersionChange, bool) {
	for _, r := range history { // newest first
		if r.Version != version {
			continue
		}
		switch r.Kind {
		case engine.VersionActivated, engine.VersionRolledBack, engine.VersionCanary, engine.VersionReleased, engine.VersionTripped:
			return r, true
		}
	}
	return engine.VersionChange{}, false
}
