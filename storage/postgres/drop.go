package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/engine"
	"parley/storage/relational"
)

// oldestPart is the first part of the log, the number that the next one begins with, and
// about how many events it has: to count them would read it all.
const oldestPart = `select c.relname, (substr(c.relname, 8)::bigint + 1) << 40, greatest(c.reltuples, 1)::bigint
	from pg_inherits i join pg_class c on c.oid = i.inhrelid
	where i.inhparent = 'events'::regclass and c.relname ~ '^events_[0-9]+$' order by 2 limit 1`

// passed says whether nobody writes before the number $1 any more, and something was
// written behind it.
const passed = `select exists (select 1 from events where seq >= $1) and event_end(base) >= $1 - 1 from event_base`

// allRead says whether all projections have read up to $1.
const allRead = `select not exists (select 1 from projections where at < $1)`

// dropTime is how long a part waits for its readers, while others wait behind it.
const dropTime = `set local lock_timeout = '1s'`

// Drop removes the oldest part of the log when all of it may go. It does so in a
// transaction of its own, which is over at once: whoever reads the log waits for it.
func (f events) Drop(before time.Time, _ int) (int, error) {
	if err := f.c.facets.MayWrite(); err != nil {
		return 0, err
	}
	ctx := f.c.facets.Ctx
	pg, err := f.c.db.connection(ctx)
	if err != nil {
		return 0, err
	}
	defer pg.Release()
	for {
		var n int
		gone := false
		err := pgx.BeginFunc(ctx, pg, func(tx pgx.Tx) (err error) {
			n, gone, err = dropPart(ctx, tx, before)
			return err
		})
		switch s := state(err); {
		case s == lockTimeout || s == deadlock: // somebody reads it
			return 0, nil
		case err != nil:
			return 0, failed("drop a part of the log", err)
		case n > 0 || !gone:
			return n, nil
		}
	}
}

// dropPart drops the oldest part, and says about how many events it had.
func dropPart(ctx context.Context, tx pgx.Tx, before time.Time) (n int, gone bool, err error) {
	// Only one prepares or drops parts at a time (prepare_events).
	if err := all(ctx, tx, dropTime, `select pg_advisory_xact_lock(hashtextextended('parley events', 0))`); err != nil {
		return 0, false, err
	}
	var part string
	var next, last, at int64
	if err := tx.QueryRow(ctx, oldestPart).Scan(&part, &next, &n); err != nil {
		if errors.Is(err, pgx.ErrNoRows) {
			err = nil
		}
		return 0, false, err
	}
	// Only then is its last event the last.
	if err := tx.QueryRow(ctx, passed, next).Scan(&gone); err != nil || !gone {
		return 0, false, err
	}
	name := pgx.Identifier{part}.Sanitize()
	err = tx.QueryRow(ctx, fmt.Sprintf(`select seq, at from %s order by seq desc limit 1`, name)).Scan(&last, &at)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		n = 0
	case err != nil || at >= relational.MS(before):
		return 0, false, err
	}
	if err := tx.QueryRow(ctx, allRead, last).Scan(&gone); err != nil || !gone {
		return 0, false, err
	}
	if err := all(ctx, tx, `drop table `+name); err != nil || last == 0 {
		return n, err == nil, err
	}
	_, err = tx.Exec(ctx, `insert into retention (brand, kind, at, n) values ('', 'events', $1, $2)
		on conflict (brand, kind) do update set at = excluded.at, n = excluded.n`, at, last)
	return n, err == nil, err
}

func (f events) Gone() (engine.RetentionMark, error) { return relational.Gone(f.c.facets) }
