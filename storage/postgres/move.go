package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/engine"
	"parley/storage/move"
	"parley/storage/postgres/migrations"
)

// Plain is the database as plain rows, for who moves it, on one connection. One goroutine
// at a time uses it.
type Plain struct {
	c     *pgx.Conn
	parts map[int64]bool // of the log, that are known to be there
}

var _ move.Target = (*Plain)(nil)

// OpenPlain opens a database that something is moved into; it may hold a move that was cut
// off. Its tables are made when they are missing.
func OpenPlain(ctx context.Context, url string) (*Plain, error) {
	p, err := openPlain(ctx, url, migrations.Apply)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(p.first(ctx), p.alone(ctx)); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

// OpenSource opens a database that is moved. Until it is closed nobody writes, and what
// is read is what was there.
func OpenSource(ctx context.Context, url string) (*Plain, error) {
	p, err := openPlain(ctx, url, migrations.Check)
	if err != nil {
		return nil, err
	}
	if err := p.rest(ctx); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	return p, nil
}

func openPlain(ctx context.Context, url string, prepare func(context.Context, *pgx.ConnConfig) error) (*Plain, error) {
	db, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	to := db.pool.Config().ConnConfig
	if err := db.Close(); err != nil {
		return nil, err
	}
	to.RuntimeParams["application_name"] = "parley move"
	if err := prepare(ctx, to); err != nil {
		return nil, err
	}
	c, err := pgx.ConnectConfig(ctx, to)
	if err != nil {
		return nil, unreached(err)
	}
	p := &Plain{c: c, parts: map[int64]bool{}}
	// A batch may wait for the other database, and reading all takes its time.
	limits := map[string]string{"idle_in_transaction_session_timeout": "0", "statement_timeout": "0"}
	if err := settle(to.RuntimeParams, limits)(ctx, c); err != nil {
		return nil, errors.Join(unreached(err), p.Close())
	}
	return p, nil
}

// Close ends the connection.
func (p *Plain) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), cancelTime)
	defer cancel()
	return p.c.Close(ctx)
}

// restTime is how long processes that were stopped have to be gone.
const (
	restTime  = 5 * time.Second
	restPause = 100 * time.Millisecond
)

// first takes the place of who moves into the database. The server notices late that one
// who was killed is gone.
func (p *Plain) first(ctx context.Context) error {
	mine, err := p.until(ctx, `select pg_try_advisory_lock(hashtextextended('parley move', 0))`)
	if err == nil && !mine {
		err = engine.Errorf(engine.Unavailable, "another move into the database %s is running", p.c.Config().Database)
	}
	return err
}

// alone waits until no process of parley is connected.
func (p *Plain) alone(ctx context.Context) error {
	alone, err := p.until(ctx, `select not exists (select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name like 'parley%')`)
	if err == nil && !alone {
		err = engine.Errorf(engine.Unavailable, "parley is connected to the database %s: stop every parley that uses it, and try again", p.c.Config().Database)
	}
	return err
}

// until asks until the answer is yes, or it has taken too long.
func (p *Plain) until(ctx context.Context, q string) (yes bool, err error) {
	for end := time.Now().Add(restTime); ; {
		switch err := p.c.QueryRow(ctx, q).Scan(&yes); {
		case err != nil:
			return false, unreached(err)
		case yes || time.Now().After(end):
			return yes, nil
		}
		if !engine.Sleep(ctx, restPause) {
			return false, ctx.Err()
		}
	}
}

// rest keeps everybody from writing, who may have connected just now too.
func (p *Plain) rest(ctx context.Context) error {
	if err := p.alone(ctx); err != nil {
		return err
	}
	if err := whole(ctx, p.c); err != nil {
		return err
	}
	if _, err := p.c.Exec(ctx, `begin isolation level repeatable read`); err != nil {
		return unreached(err)
	}
	_, err := p.c.Exec(ctx, "lock table "+strings.Join(moved(), ", ")+" in share mode")
	if state(err) == lockTimeout {
		return engine.Errorf(engine.Unavailable, "somebody changes the database %s: stop who uses it, and try again", p.c.Config().Database).Because(err)
	}
	return failed("keep others from writing", err)
}

func failed(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("storage: %s: %w", what, err)
}

// moved are the names of the tables that are moved.
func moved() (names []string) {
	for _, t := range move.Tables() {
		names = append(names, t.Name)
	}
	return names
}

// querier is a connection, or a pool of them.
type querier interface {
	QueryRow(ctx context.Context, q string, args ...any) pgx.Row
}

// whole refuses a database that a move has not finished.
func whole(ctx context.Context, c querier) error {
	var moving bool
	if err := c.QueryRow(ctx, movingQuery).Scan(&moving); err != nil {
		return unreached(err)
	}
	if moving {
		return engine.Errorf(engine.Unavailable, "the database holds a move that was cut off: run the same parley move again, it goes on")
	}
	return nil
}

// movingQuery asks for the table that marks a database as one that is being moved into.
const movingQuery = `select to_regclass('move') is not null`

// Store is the id that the database has of itself.
func (p *Plain) Store(ctx context.Context) (id string, err error) {
	err = p.c.QueryRow(ctx, `select id from store`).Scan(&id)
	return id, failed("read the store's id", err)
}

// Columns are those that SQLite's table has, too, and that mean the same: what a consumer
// was changed by is a transaction's number here.
func (p *Plain) Columns(ctx context.Context, table string) ([]move.Column, error) {
	kinds := map[string]move.Kind{"text": move.Text, "bigint": move.Whole, "double precision": move.Real}
	rows, err := p.c.Query(ctx, `select attname, format_type(atttypid, null) from pg_attribute
		where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`, table)
	if err != nil {
		return nil, failed("read the columns of "+table, err)
	}
	all, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (c move.Column, err error) {
		var kind string
		if err := r.Scan(&c.Name, &kind); err != nil {
			return c, err
		}
		known := false
		if c.Kind, known = kinds[kind]; !known {
			err = fmt.Errorf("%s.%s is a %s", table, c.Name, kind)
		}
		return c, err
	})
	all = slices.DeleteFunc(all, func(c move.Column) bool { return table == "consumers" && c.Name == "changed" })
	return all, failed("read the columns of "+table, err)
}

// Count counts the rows.
func (p *Plain) Count(ctx context.Context, t move.Table) (n int64, err error) {
	err = p.c.QueryRow(ctx, "select count(*) from "+t.Name).Scan(&n)
	return n, failed("count "+t.Name, err)
}

func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

// Rows gives the rows behind a key.
func (p *Plain) Rows(ctx context.Context, t move.Table, after []any, each func([]any) error) error {
	key := quoted(t.Key)
	q := "select " + quoted(t.Names()) + " from " + t.Name
	if after != nil {
		var places []string
		for i := range after {
			places = append(places, fmt.Sprint("$", i+1))
		}
		q += " where (" + key + ") > (" + strings.Join(places, ", ") + ")"
	}
	rows, err := p.c.Query(ctx, q+" order by "+key, after...)
	if err != nil {
		return failed("read "+t.Name, err)
	}
	defer rows.Close()
	for rows.Next() {
		row, err := rows.Values()
		if err != nil {
			return failed("read "+t.Name, err)
		}
		if err := each(row); err != nil {
			return err
		}
	}
	return failed("read "+t.Name, rows.Err())
}
