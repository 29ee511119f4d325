package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// migrate brings the database to the version that this program knows.
func migrate(ctx context.Context, path string) error {
	from, err := sqlite.NewConnector(writerSource(path).dsn())
	if err != nil {
		return fmt.Errorf("storage: %w", err)
	}
	pool := sql.OpenDB(from)
	pool.SetMaxOpenConns(1)
	steps, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return errors.Join(fmt.Errorf("storage: %w", err), pool.Close())
	}
	return errors.Join(migrateWith(ctx, pool, steps, path), pool.Close())
}

func migrateWith(ctx context.Context, pool *sql.DB, steps fs.FS, path string) error {
	list, err := migrationsOf(steps)
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, nil, goose.WithGoMigrations(list...), goose.WithDisableGlobalRegistry(true))
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
	first, err := foundation(steps)
	if err != nil {
		return err
	}
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

// migrationsOf hands each file's way up to SQLite as one text, in one
// transaction. goose's own reader of files cuts them into statements, with
// buffers that cost more than the migration.
func migrationsOf(steps fs.FS) ([]*goose.Migration, error) {
	files, err := fs.Glob(steps, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("storage: migrations: %w", err)
	}
	var list []*goose.Migration
	for _, name := range files {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("storage: migrations: %w", err)
		}
		text, err := fs.ReadFile(steps, name)
		if err != nil {
			return nil, fmt.Errorf("storage: migrations: %w", err)
		}
		up := wayUp(string(text))
		list = append(list, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, up)
			return err
		}}, nil))
	}
	return list, nil
}

// wayUp is a file's part before the way back.
func wayUp(text string) string {
	up, _, _ := strings.Cut(text, "-- +goose Down")
	return up
}

func newestVersion() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("storage: no migrations: %w", err)
	}
	n, err := goose.NumericComponent(files[len(files)-1])
	if err != nil {
		return 0, fmt.Errorf("storage: migrations: %w", err)
	}
	return n, nil
}
