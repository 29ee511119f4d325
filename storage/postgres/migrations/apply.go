package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"parley/engine"
)

//go:embed *.sql
var files embed.FS

// oldest is the first PostgreSQL whose statements are all that are used.
const oldest = 150000

// Apply brings the database to the version that this program knows. Of several
// processes that begin at once, one does it and the others wait.
func Apply(ctx context.Context, to *pgx.ConnConfig) (err error) {
	steps, err := own()
	if err != nil {
		return err
	}
	pool := stdlib.OpenDB(*to)
	defer func() { err = errors.Join(err, pool.Close()) }()
	guard, err := pool.Conn(ctx)
	if err != nil {
		return Unreached(err)
	}
	defer func() { err = errors.Join(err, guard.Close()) }()
	if err := suits(ctx, guard, to.Database); err != nil {
		return err
	}
	// It ends with the connection, so that nothing stays locked.
	if _, err := guard.ExecContext(ctx, `select pg_advisory_lock(hashtextextended('parley migrations', 0))`); err != nil {
		return fmt.Errorf("storage: wait for other processes' migrations: %w", err)
	}
	return apply(ctx, pool, steps, to.Database)
}

// ErrUnreached is in the error of a database that could not be connected to, and may be
// later.
var ErrUnreached = errors.New("no connection")

// Unreached is the error of a connection that failed: the server did not answer, or it
// refuses this one, as for a wrong password, and says why.
func Unreached(err error) error {
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) && !strings.HasPrefix(refusal.Code, "57P") && !strings.HasPrefix(refusal.Code, "53") {
		return engine.Errorf(engine.Unavailable, "PostgreSQL refuses the connection: %s", refusal.Message).Because(err)
	}
	return engine.Errorf(engine.Unavailable, "The database cannot be reached.").Because(errors.Join(ErrUnreached, err))
}

// Check refuses a database whose version is not the one that this program knows.
func Check(ctx context.Context, to *pgx.ConnConfig) (err error) {
	steps, err := own()
	if err != nil {
		return err
	}
	pool := stdlib.OpenDB(*to)
	defer func() { err = errors.Join(err, pool.Close()) }()
	if err := pool.PingContext(ctx); err != nil {
		return Unreached(err)
	}
	var have int64
	if err := pool.QueryRowContext(ctx, `select coalesce(max(version_id), 0) from goose_db_version where is_applied`).Scan(&have); err != nil {
		return engine.Errorf(engine.Unavailable, "%s is not a database of parley", to.Database).Because(err)
	}
	if want := steps[len(steps)-1].version; have != want {
		return engine.Errorf(engine.Unavailable, "the database %s has version %d, this parley reads version %d", to.Database, have, want)
	}
	return checkFoundation(ctx, pool, steps, to.Database)
}

// suits refuses a database that cannot hold what parley writes.
func suits(ctx context.Context, c *sql.Conn, name string) error {
	var version int
	var shown, encoding string
	err := c.QueryRowContext(ctx, `select current_setting('server_version_num')::int, current_setting('server_version'), current_setting('server_encoding')`).
		Scan(&version, &shown, &encoding)
	switch {
	case err != nil:
		return fmt.Errorf("storage: read the version of PostgreSQL: %w", err)
	case version < oldest:
		return engine.Errorf(engine.Unavailable, "PostgreSQL %s is too old: 15 or later is needed", shown)
	case encoding != "UTF8":
		return engine.Errorf(engine.Unavailable, "the database %s has the encoding %s: make one with the encoding UTF8", name, encoding)
	}
	return nil
}

func apply(ctx context.Context, pool *sql.DB, steps []step, name string) error {
	p, err := goose.NewProvider(goose.DialectPostgres, pool, nil, goose.WithGoMigrations(handed(steps)...), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("storage: migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("storage: read the version of %s: %w", name, err)
	case have > want:
		return fmt.Errorf("storage: %s has version %d, this parley knows versions up to %d: use a newer parley", name, have, want)
	case have > 0:
		if err := checkFoundation(ctx, pool, steps, name); err != nil {
			return err
		}
	}
	if have == want {
		return nil
	}
	for try := 1; ; try++ {
		_, err := p.Up(ctx)
		switch {
		case err == nil:
			return nil
		case !inTheWay(err):
			return fmt.Errorf("storage: migrate %s from version %d to %d: %w", name, have, want, err)
		case try == maxTries:
			return engine.Errorf(engine.Unavailable, "tables of the database %s are held by a long transaction, such as a dump: start again when it has ended", name).Because(err)
		}
		if !engine.Sleep(ctx, tryPause) {
			return ctx.Err()
		}
	}
}

// A change of a table waits until nobody reads it, and whoever comes meanwhile waits behind
// it. So it waits for a moment only, lets the others through, and tries again.
const (
	lockTime = "1s"
	tryPause = 2 * time.Second
	maxTries = 20
)

// inTheWay says whether a migration gave way to another transaction.
func inTheWay(err error) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && (e.Code == lockNotAvailable || e.Code == deadlock)
}

// PostgreSQL's codes.
const (
	lockNotAvailable = "55P03"
	deadlock         = "40P01"
)

// step is one migration.
type step struct {
	version  int64
	text, up string
}

// own reads the migrations, in their order.
func own() (steps []step, err error) {
	list, err := files.ReadDir(".")
	for _, f := range list {
		version, verr := goose.NumericComponent(f.Name())
		text, terr := files.ReadFile(f.Name())
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		steps, err = append(steps, step{version, string(text), up}), errors.Join(err, verr, terr)
	}
	if err != nil {
		return nil, fmt.Errorf("storage: migrations: %w", err)
	}
	return steps, nil
}

// handed hands each file's way up to PostgreSQL as one text, in one transaction. The
// first one notes its fingerprint with the tables that it makes.
func handed(steps []step) (list []*goose.Migration) {
	for i, s := range steps {
		up := s.up
		if i == 0 {
			up += fmt.Sprintf("\ncomment on table store is '%d';", foundation(steps))
		}
		list = append(list, goose.NewGoMigration(s.version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, "set local lock_timeout = '"+lockTime+"';\n"+up)
			return err
		}}, nil))
	}
	return list
}

// foundation is the first migration's fingerprint. Until the first release it changes
// in place, and a database that another one made has other tables under the same version.
func foundation(steps []step) uint32 { return crc32.ChecksumIEEE([]byte(steps[0].text)) }

// checkFoundation refuses a database that another first migration made.
func checkFoundation(ctx context.Context, pool *sql.DB, steps []step, name string) error {
	var made sql.NullString
	if err := pool.QueryRowContext(ctx, `select obj_description(to_regclass('store'), 'pg_class')`).Scan(&made); err != nil {
		return fmt.Errorf("storage: read the version of %s: %w", name, err)
	}
	if made.String == fmt.Sprint(foundation(steps)) {
		return nil
	}
	return engine.Errorf(engine.Unavailable,
		"the database %s was made by a parley from before the first release, and its tables are others: make a new one", name)
}
