package publish

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"

	"parley/engine"
	"parley/engine/catalog"
)

// Version is everything that a brand's folder says.
type Version struct {
	Brand    engine.Brand // Bundle is taken from Bundle.Hash
	Channels []engine.Channel
	Skills   []engine.Skill
	Bundle   engine.Bundle
}

// Apply stores the version in one transaction and says whether it changed anything.
func Apply(ctx context.Context, store engine.Store, clock engine.Clock, v Version) (bool, error) {
	v.Brand.Bundle = v.Bundle.Hash
	v.Bundle.Brand = v.Brand.ID
	v.Channels = slices.SortedFunc(slices.Values(v.Channels), func(a, b engine.Channel) int { return cmp.Compare(a.ID, b.ID) })
	v.Skills = slices.SortedFunc(slices.Values(v.Skills), func(a, b engine.Skill) int { return cmp.Compare(a.ID, b.ID) })
	err := store.Update(ctx, func(tx engine.Tx) error {
		now := clock()
		before, err := stored(tx, v.Brand.ID)
		if err != nil {
			return err
		}
		v.Bundle.CreatedAt = now
		if err := tx.Bundles().Add(v.Bundle); err != nil {
			return err
		}
		if err := tx.Brands().Save(v.Brand); err != nil {
			return err
		}
		if err := tx.Brands().SaveChannels(v.Brand.ID, v.Channels); err != nil {
			return err
		}
		if err := tx.Brands().SaveSkills(v.Brand.ID, v.Skills); err != nil {
			return err
		}
		// What storage makes of it decides: nil and empty may be alike there, or not.
		after, err := stored(tx, v.Brand.ID)
		if err != nil {
			return err
		}
		if reflect.DeepEqual(before, after) {
			return errSame
		}
		data, err := json.Marshal(engine.PublishData{Bundle: v.Bundle.Hash})
		if err != nil {
			return err
		}
		return tx.Events().Add(&engine.Event{At: now, Brand: v.Brand.ID, Kind: engine.EventPublished, Actor: "system", Data: data})
	})
	if errors.Is(err, errSame) {
		return false, nil
	}
	return err == nil, err
}

// errSame rolls back a version that is what the store has already.
var errSame = errors.New("the version is published already")

// stored reads what is published; the zero value when nothing is.
func stored(tx engine.Tx, brand string) (catalog.Entry, error) {
	e, err := catalog.Read(tx, brand)
	if engine.CodeOf(err) == engine.NotFound {
		return catalog.Entry{}, nil
	}
	return e, err
}
