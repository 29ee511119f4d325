package database

import (
	"context"
	"errors"

	"parley/engine"
	"parley/storage/move"
	"parley/storage/postgres"
	"parley/storage/sqlite"
)

// Move takes everything from a data folder into a PostgreSQL, or back. Errors: Invalid for
// two of a kind, Unavailable for what somebody uses, Conflict for a target that is not
// empty and for what differs at the end.
func Move(ctx context.Context, from, to Config, opt move.Options) (s move.Summary, err error) {
	switch {
	case from.URL == "" && to.URL == "":
		return s, engine.Errorf(engine.Invalid, "both are data folders: stop parley and copy the folder, or use parley backup")
	case from.URL != "" && to.URL != "":
		return s, engine.Errorf(engine.Invalid, "both are PostgreSQL: stop parley and use pg_dump and pg_restore")
	}
	source, err := plain(ctx, from, sqlite.OpenSource, postgres.OpenSource)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, source.Close()) }()
	target, err := plain(ctx, to, sqlite.OpenPlain, postgres.OpenPlain)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	return move.Move(ctx, source, target, opt)
}

// end is one of a move.
type end interface {
	move.Target
	Close() error
}

func plain(ctx context.Context, at Config, folder func(context.Context, string) (*sqlite.Plain, error), server func(context.Context, string) (*postgres.Plain, error)) (end, error) {
	if at.URL != "" {
		return server(ctx, at.URL)
	}
	return folder(ctx, at.Dir)
}
