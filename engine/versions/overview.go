package versions

import (
	"context"
	"time"

	"parley/engine"
)

// Listed is one version of a brand with what became of its conversations.
type Listed struct {
	Hash      string
	Model     string // of its intents, see engine.Bundle; "" without any, and of versions older than this
	CreatedAt time.Time
	Active    bool
	Share     int    // percent of new conversations, when it is the canary
	Held      string // why it is held; "" when it is not
	Figures   []engine.VersionFigures
}

// Total sums the figures over the bots.
func (l Listed) Total() engine.VersionFigures {
	t := engine.VersionFigures{Version: l.Hash}
	for _, f := range l.Figures {
		t.Conversations += f.Conversations
		t.Waiting += f.Waiting
		t.Contained += f.Contained
		t.HandedOver += f.HandedOver
		t.Failed += f.Failed
	}
	return t
}

// Overview is what people see of a brand's versions.
type Overview struct {
	Brand    engine.Brand
	Versions []Listed               // newest first
	History  []engine.VersionChange // newest first
}

// Overview lists at most limit versions and changes, with the figures of
// sessions begun since.
func (s *Versions) Overview(ctx context.Context, brand string, since time.Time, limit int) (Overview, error) {
	var o Overview
	err := s.Store.View(ctx, func(tx engine.Tx) (err error) {
		o = Overview{}
		if o.Brand, err = tx.Brands().Get(brand); err != nil {
			return err
		}
		bundles, err := tx.Bundles().List(brand, limit)
		if err != nil {
			return err
		}
		if o.History, err = tx.VersionChanges().List(brand, limit); err != nil {
			return err
		}
		figures, err := tx.History().Figures(brand, since)
		if err != nil {
			return err
		}
		for _, b := range bundles {
			l := Listed{Hash: b.Hash, Model: b.Model, CreatedAt: b.CreatedAt, Active: b.Hash == o.Brand.Version, Held: o.Brand.Held[b.Hash]}
			if b.Hash == o.Brand.Canary.Version {
				l.Share = o.Brand.Canary.Share
			}
			for _, f := range figures {
				if f.Version == b.Hash {
					l.Figures = append(l.Figures, f)
				}
			}
			o.Versions = append(o.Versions, l)
		}
		return nil
	})
	return o, err
}

// Bundle gives the files of a stored version.
func (s *Versions) Bundle(ctx context.Context, brand, hash string) (b engine.Bundle, err error) {
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		b, err = tx.Bundles().Get(brand, hash)
		return err
	})
	return b, err
}

// Faults lists a brand's mistakes seen since, the latest first.
func (s *Versions) Faults(ctx context.Context, brand string, since time.Time, limit int) (list []engine.FaultGroup, err error) {
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		list, err = tx.Faults().List(brand, since, limit)
		return err
	})
	return list, err
}

// Fault gives one mistake with the conversations that met it, the latest first.
func (s *Versions) Fault(ctx context.Context, brand, id string, limit int) (g engine.FaultGroup, conversations []string, err error) {
	err = s.Store.View(ctx, func(tx engine.Tx) error {
		if g, err = tx.Faults().Get(brand, id); err != nil {
			return err
		}
		conversations, err = tx.Faults().Conversations(brand, id, limit)
		return err
	})
	return g, conversations, err
}
