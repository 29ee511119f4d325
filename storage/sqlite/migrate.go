package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"parley/engine"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// migrate brings the database to the version that this program knows.
func migrate(ctx context.Context, path string) error {
	steps, err := ownSteps()
	if err != nil {
		return err
	}
	from, err := sqlite.NewConnector(writerSource(path).dsn())
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	pool := sql.OpenDB(from)
	pool.SetMaxOpenConns(1)
	return errors.Join(migrateWith(ctx, pool, steps, path), pool.Close())
}

func migrateWith(ctx context.Context, pool *sql.DB, steps []step, path string) error {
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, nil, goose.WithGoMigrations(handed(steps)...), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("storage: migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("storage: read the version of %s: %w", path, err)
	}
	if have > want {
		return fmt.Errorf("storage: %s has version %d, this parley knows versions up to %d: use a newer parley", path, have, want)
	}
	first := foundation(steps)
	if have == 0 { // before its tables: a start that is cut off here is a start
		if _, err := pool.ExecContext(ctx, fmt.Sprintf("pragma user_version = %d", first)); err != nil {
			return fmt.Errorf("storage: begin %s: %w", path, err)
		}
	}
	var made int64
	if err := pool.QueryRowContext(ctx, "pragma user_version").Scan(&made); err != nil {
		return fmt.Errorf("storage: read the version of %s: %w", path, err)
	}
	if err := checkFoundation(path, made, first); err != nil {
		return err
	}
	if have == want {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("storage: migrate %s from version %d to %d: %w", path, have, want, err)
	}
	return nil
}

// step is one migration.
type step struct {
	version  int64
	text, up string
}

// ownSteps reads the migrations, in their order.
func ownSteps() (steps []step, err error) {
	const dir = "migrations/sqlite"
	files, err := migrations.ReadDir(dir)
	for _, f := range files {
		version, verr := goose.NumericComponent(f.Name())
		text, terr := migrations.ReadFile(dir + "/" + f.Name())
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		steps, err = append(steps, step{version, string(text), up}), errors.Join(err, verr, terr)
	}
	if err != nil {
		return nil, fmt.Errorf("storage: migrations: %w", err)
	}
	return steps, nil
}

// handed hands each file's way up to SQLite as one text, in one transaction.
// goose's own reader of files cuts them into statements, with buffers that cost
// more than the migration.
func handed(steps []step) (list []*goose.Migration) {
	for _, s := range steps {
		list = append(list, goose.NewGoMigration(s.version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, s.up)
			return err
		}}, nil))
	}
	return list
}

// foundation is the first migration's fingerprint. Until the first release it
// changes in place, and a database that another one made has other tables under
// the same version. Each database has its own in SQLite's user_version.
func foundation(steps []step) int64 {
	return int64(crc32.ChecksumIEEE([]byte(steps[0].text)) >> 1) // 31 bits: user_version has a sign
}

// checkFoundation refuses a database that another first migration made.
func checkFoundation(path string, have, want int64) error {
	if have == want {
		return nil
	}
	return engine.Errorf(engine.Unavailable,
		"%s was made by a parley from before the first release, and its tables are others: move the folder away and start anew", path)
}
