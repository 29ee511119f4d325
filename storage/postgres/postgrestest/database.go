package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/storage/postgres/migrations"
)

// URL is the address of a database of the cluster.
func (c *Cluster) URL(database string) string {
	q := url.Values{"host": {c.folder}, "user": {"parley"}}
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: q.Encode()}).String()
}

// Open gives the URL of a new database with all tables and no rows. It is gone when the
// test ends.
func (c *Cluster) Open(t testing.TB) string {
	t.Helper()
	if err := c.template(); err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprint("test_", c.databases.Add(1))
	if err := c.run("create database " + name + " template parley_template strategy file_copy"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.run("drop database if exists " + name + " with (force)"); err != nil {
			t.Error(err)
		}
	})
	return c.URL(name)
}

// Empty gives the URL of a new database without tables.
func (c *Cluster) Empty(t testing.TB) string {
	t.Helper()
	name := fmt.Sprint("test_", c.databases.Add(1))
	if err := c.run("create database " + name + " template template0"); err != nil {
		t.Fatal(err)
	}
	return c.URL(name)
}

// makeTemplate makes the database that the others are copies of. Its locale orders as
// people do, which nothing may depend on.
func (c *Cluster) makeTemplate() error {
	if err := c.run("create database parley_template template template0 locale_provider icu icu_locale 'en-US'"); err != nil {
		return err
	}
	to, err := pgx.ParseConfig(c.URL("parley_template"))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return migrations.Apply(ctx, to)
}

// run runs a statement of who governs the databases.
func (c *Cluster) run(statement string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, c.URL("postgres"))
	if err != nil {
		return fmt.Errorf("PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if _, err = conn.Exec(ctx, statement); err != nil {
		err = fmt.Errorf("PostgreSQL: %s: %w", statement, err)
	}
	return err
}

// Deadlocks counts those in a database, of connections that have ended.
func Deadlocks(t testing.TB, url string) (n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	c, err := pgx.Connect(ctx, url)
	if err == nil {
		err = c.QueryRow(ctx, `select deadlocks from pg_stat_database where datname = current_database()`).Scan(&n)
		err = errors.Join(err, c.Close(ctx))
	}
	if err != nil {
		t.Error(err)
	}
	return n
}
