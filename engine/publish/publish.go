package publish

import (
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"parley/engine"
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
	changed := false
	err := store.Update(ctx, func(tx engine.Tx) error {
		now := clock()
		old, err := tx.Brands().Get(v.Brand.ID)
		if err != nil && engine.CodeOf(err) != engine.NotFound {
			return err
		}
		channels, err := tx.Brands().Channels(v.Brand.ID)
		if err != nil {
			return err
		}
		skills, err := tx.Brands().Skills(v.Brand.ID)
		if err != nil {
			return err
		}
		changed = !same(old, v.Brand) || !same(channels, v.Channels) || !same(skills, v.Skills)
		if !changed {
			return nil
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
		data, err := json.Marshal(engine.PublishData{Bundle: v.Bundle.Hash})
		if err != nil {
			return err
		}
		return tx.Events().Add(&engine.Event{At: now, Brand: v.Brand.ID, Kind: engine.EventPublished, Actor: "system", Data: data})
	})
	return changed, err
}

// same compares as storage keeps things: a missing part and an empty one are alike.
func same(a, b any) bool {
	return reflect.DeepEqual(plain(a), plain(b))
}

func plain(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var out any
	if err := json.Unmarshal(raw, &out); err != nil {
		return err
	}
	return prune(out)
}

// prune drops what is empty.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if v[k] = prune(x); v[k] == nil {
				delete(v, k)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = prune(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	}
	return v
}
