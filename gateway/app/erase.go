package app

import (
	"context"
	"errors"
	"time"

	"parley/engine/erasure"
	"parley/storage/sqlite"
)

// NewEraser forgets consumers of a store and its index.
func NewEraser(db *sqlite.DB, index *sqlite.Index) erasure.Eraser {
	return erasure.Eraser{
		Store: db, Clock: time.Now, Index: index,
		Scrub: func(ctx context.Context) error { return errors.Join(db.Scrub(ctx), index.Scrub(ctx)) },
	}
}
