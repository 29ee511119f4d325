package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/storage/move"
)

// Notes are of the move that was begun.
func (p *Plain) Notes(ctx context.Context) (notes []move.Note, err error) {
	var moving bool
	if err := p.c.QueryRow(ctx, movingQuery).Scan(&moving); err != nil || !moving {
		return nil, failed("look for a move", err)
	}
	rows, err := p.c.Query(ctx, `select name, at, rows, done from move order by name`)
	if err == nil {
		notes, err = pgx.CollectRows(rows, func(r pgx.CollectableRow) (n move.Note, err error) {
			return n, r.Scan(&n.Name, &n.At, &n.Rows, &n.Done)
		})
	}
	return notes, failed("read how far the move came", err)
}

// Empty says whether the database holds nothing that somebody would miss.
func (p *Plain) Empty(ctx context.Context) (empty bool, err error) {
	err = p.c.QueryRow(ctx, `select not (exists (select 1 from brands) or exists (select 1 from users) or exists (select 1 from consumers) or exists (select 1 from conversations))`).Scan(&empty)
	return empty, failed("look whether the database is empty", err)
}

// atOnce runs statements in a transaction.
func (p *Plain) atOnce(ctx context.Context, what string, fn func(pgx.Tx) error) error {
	return failed(what, pgx.BeginFunc(ctx, p.c, fn))
}

func all(ctx context.Context, tx pgx.Tx, statements ...string) error {
	for _, q := range statements {
		if _, err := tx.Exec(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// searchAnew has the index made again, from the tables, when the database is served.
const searchAnew = `truncate search, search_brands, search_segments, search_pending`

// Begin removes all that is in the tables, and notes what is moved.
func (p *Plain) Begin(ctx context.Context, tables []move.Table, first move.Note) error {
	names := []string{"leases", "attendance", "open_changes"}
	for _, t := range tables {
		names = append(names, t.Name)
	}
	return p.atOnce(ctx, "begin the move", func(tx pgx.Tx) error {
		err := all(ctx, tx,
			"truncate "+strings.Join(names, ", "), searchAnew,
			`create table if not exists move (name text collate "C" not null primary key, at text collate "C" not null, rows bigint not null, done boolean not null)`,
			`truncate move`)
		if err != nil {
			return err
		}
		return putNote(ctx, tx, first)
	})
}

func putNote(ctx context.Context, tx pgx.Tx, n move.Note) error {
	_, err := tx.Exec(ctx, `insert into move (name, at, rows, done) values ($1, $2, $3, $4)
		on conflict (name) do update set at = excluded.at, rows = excluded.rows, done = excluded.done`, n.Name, n.At, n.Rows, n.Done)
	return err
}

// Write adds rows and puts the note.
func (p *Plain) Write(ctx context.Context, t move.Table, rows [][]any, n move.Note) error {
	if t.Name == "events" {
		if err := p.prepareParts(ctx, t, rows); err != nil {
			return err
		}
	}
	columns := t.Names()
	if t.Name == "consumers" { // 0 is no transaction's number, so that any change is one
		columns = append(columns, "changed")
		for i, row := range rows {
			rows[i] = append(row, int64(0))
		}
	}
	return p.atOnce(ctx, "write "+t.Name, func(tx pgx.Tx) error {
		if len(rows) > 0 {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.Name}, columns, pgx.CopyFromRows(rows)); err != nil {
				return err
			}
		}
		return putNote(ctx, tx, n)
	})
}

// partBits are those of an event's number within a part of the log (migrations,
// prepare_events).
const partBits = 40

// prepareParts makes the parts of the log that the events belong into. They keep their
// numbers: what others have read up to is where it was, and prepare_events has what comes
// go on above them.
func (p *Plain) prepareParts(ctx context.Context, t move.Table, rows [][]any) error {
	for _, row := range rows {
		part := row[t.At("seq")].(int64) >> partBits
		if p.parts[part] {
			continue
		}
		// Nobody else is here who could make it.
		q := fmt.Sprintf(`create table if not exists events_%d partition of events for values from (%d) to (%d) with (autovacuum_vacuum_insert_scale_factor = 0.05)`,
			part, part<<partBits, (part+1)<<partBits)
		if _, err := p.c.Exec(ctx, q); err != nil {
			return failed("make a part of the log", err)
		}
		p.parts[part] = true
	}
	return nil
}

// Settle has what comes numbered above what was moved, the counts added up, and the index
// made anew. Nobody is served before, so that all of it may be one transaction.
func (p *Plain) Settle(ctx context.Context) error {
	statements := []string{searchAnew, `update search_state set version = 0, reread = 0, until = 0`, `select prepare_events()`, `select fold_counts()`}
	for _, given := range []string{"consents n", "conversations n", "messages n", "outbox seq", "version_changes n"} {
		table, column, _ := strings.Cut(given, " ")
		statements = append(statements, fmt.Sprintf(
			`select setval(pg_get_serial_sequence('%[1]s', '%[2]s'), m) from (select max(%[2]s) as m from %[1]s) top where m is not null`, table, column))
	}
	return p.atOnce(ctx, "settle what was moved", func(tx pgx.Tx) error { return all(ctx, tx, append(statements, `analyze`)...) })
}

// End takes the mark away.
func (p *Plain) End(ctx context.Context) error {
	_, err := p.c.Exec(ctx, `drop table move`)
	return failed("end the move", err)
}

// Held has U+FFFD where PostgreSQL can hold no text.
func (*Plain) Held(s string) string { return held(s) }
