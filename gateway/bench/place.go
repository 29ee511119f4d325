package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"parley/engine/versions"
	"parley/gateway/database"
	"parley/storage/postgres"
)

// place is where one phase has its data. It is gone when the phase is over.
type place struct {
	database.Config
	remove func() error
}

// place makes one: a folder, and on PostgreSQL a database.
func (b *run) place(ctx context.Context, name string) (place, error) {
	dir, err := os.MkdirTemp("", "parley-bench-"+name+"-")
	if err != nil {
		return place{}, err
	}
	p := place{database.Config{Dir: filepath.Join(dir, "data")}, func() error { return os.RemoveAll(dir) }}
	if b.DB == "" {
		return p, nil
	}
	at, drop, err := postgres.Scratch(ctx, b.DB)
	if err != nil {
		return place{}, errors.Join(err, p.remove())
	}
	p.URL = at
	p.remove = func() error { return errors.Join(drop(), os.RemoveAll(dir)) }
	return p, nil
}

// publishBrand puts the benchmark's brand into a place.
func publishBrand(ctx context.Context, at place, p *provider) error {
	b, err := loadBrand(p)
	if err != nil {
		return err
	}
	store, err := database.Open(ctx, at.Config)
	if err != nil {
		return err
	}
	shelf := versions.Versions{Store: store, Clock: time.Now}
	_, err = shelf.Publish(ctx, versions.Version{Brand: b.Brand, Channels: b.Channels, Skills: b.Skills, Bundle: b.Bundle}, versions.By{})
	return errors.Join(err, store.Close())
}
