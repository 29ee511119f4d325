package postgres

import (
	"context"
	"errors"
	"time"

	"parley/engine"
	"parley/storage/postgres/migrations"
)

// Ready says, in words that are safe to show, why the store cannot do its work: the
// server cannot be reached, or does not write. It writes, and waits for the disk.
func (db *DB) Ready(ctx context.Context) error {
	err := db.Update(ctx, func(t engine.Tx) error {
		return t.(tx).C.Run(`insert into probe (id, at) values (1, $1) on conflict (id) do update set at = excluded.at`, time.Now())
	})
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return engine.Errorf(engine.Unavailable, "The database does not answer in time.").Because(err)
	case state(err) == readOnly:
		return engine.Errorf(engine.Unavailable, "The database takes no changes: it is a standby, or set to be read only.").Because(err)
	case state(err) == diskFull:
		return engine.Errorf(engine.Unavailable, "The database's disk is full.").Because(err)
	case engine.CodeOf(err) == engine.Unavailable:
		return err
	}
	return engine.Errorf(engine.Unavailable, "The database cannot be written.").Because(err)
}

// OpenReadOnly reads a database that servers may work on meanwhile, and changes nothing.
// Errors: Unavailable when the server cannot be reached, and when the database's version
// is not the one that this program knows.
func OpenReadOnly(ctx context.Context, url string) (*DB, error) {
	db, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	db.readOnly = true
	err = migrations.Check(ctx, db.pool.Config().ConnConfig)
	if err == nil {
		err = whole(ctx, db.pool)
	}
	if err == nil {
		err = db.readBase(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
