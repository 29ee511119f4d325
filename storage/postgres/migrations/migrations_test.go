package migrations_test

import (
	"context"
	"database/sql"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
	_ "modernc.org/sqlite"

	"parley/storage/postgres/migrations"
	"parley/storage/postgres/postgrestest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return c
}

func exec(t testing.TB, c *pgx.Conn, q string, args ...any) {
	t.Helper()
	if _, err := c.Exec(t.Context(), q, args...); err != nil {
		t.Fatalf("%v in %s", err, q)
	}
}

func number(t testing.TB, c *pgx.Conn, q string, args ...any) (n int64) {
	t.Helper()
	if err := c.QueryRow(t.Context(), q, args...).Scan(&n); err != nil {
		t.Fatalf("%v in %s", err, q)
	}
	return n
}

func texts(t testing.TB, c *pgx.Conn, q string) []string {
	t.Helper()
	rows, err := c.Query(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestColumns: the tables have the columns of SQLite's in types that hold the same,
// but for what each database keeps in its own way.
func TestColumns(t *testing.T) {
	t.Parallel()
	own := map[string]string{ // what differs, and where it is
		"conversations.last_event": "SQLite", "conversations.last_entry": "SQLite", "conversations.waiting": "SQLite",
		"events.previous": "SQLite", "inbox.seq": "SQLite", "inbox.previous": "SQLite", "inbox_more": "SQLite",
		"sqlite_sequence": "SQLite",
		"open_changes":    "PostgreSQL", "event_base": "PostgreSQL",
		"search": "PostgreSQL", "search_brands": "PostgreSQL", "search_segments": "PostgreSQL", "search_state": "PostgreSQL", "search_pending": "PostgreSQL",
	}
	const postgres = `select c.table_name || '.' || c.column_name || ' ' || replace(c.data_type, 'integer', 'bigint') || case c.is_nullable when 'NO' then ' not null' else '' end
		from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
		where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.table_name !~ '^(events_[0-9]+|goose_db_version)$'`
	const views = `select c.table_name || '.' || c.column_name || ' ' || replace(c.data_type, 'integer', 'bigint') || ' not null'
		from information_schema.columns c join information_schema.views v using (table_schema, table_name) where c.table_schema = 'public'`
	const sqlite = `select t.name || '.' || c.name || ' ' || case lower(c.type) when 'integer' then 'bigint' when 'real' then 'double precision' else lower(c.type) end
			|| case when c."notnull" or c.pk then ' not null' else '' end
		from sqlite_master t join pragma_table_info(t.name) c where t.type = 'table'`
	got := shared(own, append(texts(t, connect(t, postgrestest.Open(t)), postgres), texts(t, connect(t, postgrestest.Open(t)), views)...))
	want := shared(own, sqliteTexts(t, sqlite))
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("PostgreSQL's columns (+) differ from SQLite's:\n%s", d)
	}
	if len(own) > 0 {
		t.Errorf("these differ no more: %v", slices.Sorted(maps.Keys(own)))
	}
}

// shared leaves out what only one database has, and strikes it off the list.
func shared(own map[string]string, columns []string) (out []string) {
	struck := map[string]bool{}
	for _, c := range columns {
		name, _, _ := strings.Cut(c, " ")
		table, _, _ := strings.Cut(name, ".")
		switch {
		case own[name] != "" || struck[name]:
			struck[name] = true
		case own[table] != "" || struck[table]:
			struck[table] = true
		default:
			out = append(out, c)
		}
	}
	for name := range struck {
		delete(own, name)
	}
	slices.Sort(out)
	return out
}

func sqliteTexts(t testing.TB, q string) (out []string) {
	t.Helper()
	file, err := os.ReadFile("../../sqlite/migrations/sqlite/00001_start.sql")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	up, _, _ := strings.Cut(string(file), "-- +goose Down")
	if _, err := db.ExecContext(t.Context(), up); err != nil {
		t.Fatal(err)
	}
	rows, err := db.QueryContext(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		out = append(out, s)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestBytewise: every text orders by its bytes, in a database that orders otherwise.
func TestBytewise(t *testing.T) {
	t.Parallel()
	c := connect(t, postgrestest.Open(t))
	if n := number(t, c, `select ('a' < 'B')::int`); n != 1 {
		t.Error("the database's own order is that of bytes, so that this proves nothing")
	}
	for _, column := range texts(t, c, `select table_name || '.' || column_name from information_schema.columns
		where table_schema = 'public' and data_type = 'text' and collation_name is distinct from 'C'`) {
		t.Errorf("%s orders by the database's locale", column)
	}
}

// TestApplyTogether: of many processes that begin at once one makes the tables, and
// later ones find them.
func TestApplyTogether(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.New(t, postgrestest.Settings{})
	to, err := pgx.ParseConfig(cluster.Empty(t))
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := migrations.Apply(context.Background(), to); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// TestApplyRefuses what it would spoil.
func TestApplyRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, says string }{
		"another beginning": {`comment on table store is '1'`, "before the first release"},
		"a newer version":   {`insert into goose_db_version (version_id, is_applied) values (99, true)`, "use a newer parley"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := postgrestest.Open(t)
			exec(t, connect(t, url), c.change)
			refused(t, url, c.says)
		})
	}
	t.Run("an encoding", func(t *testing.T) {
		t.Parallel()
		cluster := postgrestest.New(t, postgrestest.Settings{})
		exec(t, connect(t, cluster.URL("postgres")), `create database latin encoding 'LATIN1' locale 'C' template template0`)
		refused(t, cluster.URL("latin"), "UTF8")
	})
}

func refused(t *testing.T, url, says string) {
	t.Helper()
	to, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrations.Apply(t.Context(), to); err == nil || !strings.Contains(err.Error(), says) {
		t.Errorf("got %v, want %q", err, says)
	}
}

// TestDown: the way back leaves nothing.
func TestDown(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile("00001_start.sql")
	if err != nil {
		t.Fatal(err)
	}
	c := connect(t, postgrestest.Open(t))
	_, down, _ := strings.Cut(string(file), "-- +goose Down")
	exec(t, c, down)
	left := texts(t, c, `select relname from pg_class where relnamespace = 'public'::regnamespace and relname !~ '^goose'
		union all select proname from pg_proc where pronamespace = 'public'::regnamespace`)
	if len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
