package migrations_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/storage/postgres/migrations"
	"parley/storage/postgres/postgrestest"
)

// TestGivesWay: a migration that a dump is in the way of holds nobody up for longer than a
// moment, and is made when the dump has ended.
func TestGivesWay(t *testing.T) {
	t.Parallel()
	url := postgrestest.Open(t)
	dump, reader := connect(t, url), connect(t, url)
	exec(t, dump, `begin isolation level repeatable read read only`)
	exec(t, dump, `select 1 from conversations`)
	to, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	migrated := make(chan error, 1)
	go func() {
		migrated <- migrations.ApplyOneMore(t.Context(), to, `alter table conversations add column later text not null default ''`)
	}()
	for began := time.Now(); number(t, reader, `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`) == 0; runtime.Gosched() {
		if time.Since(began) > 20*time.Second {
			t.Fatal("nobody waits")
		}
	}
	exec(t, reader, `set statement_timeout = '5s'`)
	exec(t, reader, `select 1 from conversations`)
	select {
	case err := <-migrated:
		t.Fatalf("it is through beside the dump: %v", err)
	default:
	}
	exec(t, dump, `commit`)
	if err := <-migrated; err != nil {
		t.Error(err)
	}
	exec(t, reader, `select later from conversations`)
}
