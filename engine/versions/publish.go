package versions

import (
	"cmp"
	"context"
	"errors"
	"reflect"
	"slices"
	"time"

	"parley/engine"
	"parley/engine/catalog"
)

// Version is everything that a brand's folder says.
type Version struct {
	Brand    engine.Brand // Bundle is taken from Bundle.Hash; Canary and Held are the store's
	Channels []engine.Channel
	Skills   []engine.Skill
	Bundle   engine.Bundle
}

// Publish stores a version and makes it the active one, in one transaction, and
// says whether that changed anything. Nobody looks whether it can run: the bots of
// one that does not compile tell. Conflict when the version is held.
func (s *Versions) Publish(ctx context.Context, v Version, by By) (changed bool, err error) {
	err = s.Store.Update(ctx, func(tx engine.Tx) error {
		v.Bundle.Brand, v.Bundle.CreatedAt = v.Brand.ID, s.Clock()
		if err := tx.Bundles().Add(v.Bundle); err != nil {
			return err
		}
		changed, err = s.use(tx, v, engine.VersionActivated, by)
		if err == nil && !changed {
			err = errSame
		}
		return err
	})
	if errors.Is(err, errSame) {
		return false, nil
	}
	return changed && err == nil, err
}

// use makes a stored version the active one and notes it when that changed anything.
func (s *Versions) use(tx engine.Tx, v Version, kind engine.VersionChangeKind, by By) (bool, error) {
	changed, err := Write(tx, s.Clock(), v)
	if err != nil || !changed {
		return false, err
	}
	return true, s.record(tx, v.Brand.ID, v.Bundle.Hash, kind, 0, by)
}

// errSame rolls back a version that is what the store has already.
var errSame = errors.New("the version is published already")

// Write makes a stored version the active one, with its settings, and says
// whether that changed anything. A canary ends when another version becomes
// active: what it was compared with is gone. Conflict when the version is held.
func Write(tx engine.Tx, now time.Time, v Version) (bool, error) {
	if _, err := tx.Brands().Rev(v.Brand.ID); engine.UnlessGone(err) != nil {
		return false, err
	}
	before, err := published(tx, v.Brand.ID)
	if err != nil {
		return false, err
	}
	v.Brand.Version, v.Brand.Held, v.Brand.Canary = v.Bundle.Hash, before.Brand.Held, engine.Canary{}
	if why, held := v.Brand.Held[v.Bundle.Hash]; held {
		return false, Held(why)
	}
	if before.Brand.Version == v.Bundle.Hash {
		v.Brand.Canary = before.Brand.Canary
	}
	if ends := before.Brand.Canary.Version; ends != "" && ends != v.Bundle.Hash && v.Brand.Canary.Version == "" {
		err := Record(tx, engine.VersionChange{
			Brand: v.Brand.ID, Version: ends, Kind: engine.VersionStopped, Actor: "system", Note: "another version became active", At: now,
		})
		if err != nil {
			return false, err
		}
	}
	v.Channels = slices.SortedFunc(slices.Values(v.Channels), func(a, b engine.Channel) int { return cmp.Compare(a.ID, b.ID) })
	v.Skills = slices.SortedFunc(slices.Values(v.Skills), func(a, b engine.Skill) int { return cmp.Compare(a.ID, b.ID) })
	if err := tx.Brands().Save(v.Brand); err != nil {
		return false, err
	}
	if err := tx.Brands().SaveChannels(v.Brand.ID, v.Channels); err != nil {
		return false, err
	}
	if err := tx.Brands().SaveSkills(v.Brand.ID, v.Skills); err != nil {
		return false, err
	}
	// What storage makes of it decides: nil and empty may be alike there, or not.
	after, err := published(tx, v.Brand.ID)
	after.Brand.Rev = before.Brand.Rev // which counts that it was written
	return !reflect.DeepEqual(before, after), err
}

// Held is the refusal of a version that must not become active by itself.
func Held(why string) *engine.Error {
	return engine.Errorf(engine.Conflict, "This version is held: %s. Release it to use it again.", why)
}

// Record writes what was done with a version into the brand's history and into
// the event log.
func Record(tx engine.Tx, r engine.VersionChange) error {
	r.Note = clip(r.Note)
	if err := tx.VersionChanges().Add(r); err != nil {
		return err
	}
	return tx.Events().Add(&engine.Event{
		At: r.At, Brand: r.Brand, Kind: engine.EventPublished, Actor: r.Actor,
		Data: engine.JSON(engine.PublishData{Version: r.Version, Kind: r.Kind, Share: r.Share, Actor: r.Actor, Note: r.Note}),
	})
}

// published reads what is active; the zero value when nothing is.
func published(tx engine.Tx, brand string) (catalog.Entry, error) {
	e, err := catalog.Read(tx, brand)
	if engine.CodeOf(err) == engine.NotFound {
		return catalog.Entry{}, nil
	}
	return e, err
}
