package move_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"parley/engine"
	"parley/engine/enginetest"
	"parley/storage/move"
	"parley/storage/postgres"
	"parley/storage/postgres/postgrestest"
	"parley/storage/sqlite"
)

func TestMain(m *testing.M) {
	// The cluster that the tests share ends with the process.
	goleak.VerifyTestMain(m, goleak.IgnoreCurrent())
}

// side is a database that can be opened as either end.
type side interface {
	move.Target
	Close() error
}

func open[P side](t testing.TB, with func(context.Context, string) (P, error), at string) P {
	t.Helper()
	p, err := with(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() }) // nearly always the second time
	return p
}

func shut(t testing.TB, all ...interface{ Close() error }) {
	t.Helper()
	for _, c := range all {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

// moved moves everything and gives the summary.
func moved(t testing.TB, from, to side, opt move.Options) move.Summary {
	t.Helper()
	s, err := move.Move(t.Context(), from, to, opt)
	if err != nil {
		t.Fatalf("%v\n%v", err, s.Tables)
	}
	shut(t, from, to)
	return s
}

// seen is what a store gives, which is closed then.
func seen(t testing.TB, s engine.Store) []any {
	t.Helper()
	defer shut(t, s)
	return picture(t, s)
}

func equal(t testing.TB, want, got []any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("it reads differently (-before +after):\n%s", d)
	}
}

// mended is the picture with texts as PostgreSQL holds them.
func mended(all []any) []any {
	for i, v := range all {
		switch v := v.(type) {
		case engine.Consumer:
			if v.Name == broken {
				v.Name = whole
			}
			all[i] = v
		case engine.Value:
			v.Data = []byte(strings.ReplaceAll(string(v.Data), broken, whole))
			all[i] = v
		}
	}
	return all
}

// TestThereAndBack moves a folder into PostgreSQL and that into another folder. All reads
// are the same, and the engine goes on in both.
func TestThereAndBack(t *testing.T) {
	t.Parallel()
	dir, url, back := world(t), postgrestest.Open(t), t.TempDir()
	before := mended(seen(t, openSQLite(t, dir)))
	told := map[string]bool{}
	there := moved(t, open(t, sqlite.OpenSource, dir), open(t, postgres.OpenPlain, url), move.Options{Told: func(p move.Progress) { told[p.Table] = true }})
	changed := int64(0)
	for _, c := range there.Tables {
		if c.From.Rows == 0 {
			t.Errorf("nothing was in %s, so that nothing is proved of it", c.Table)
		}
		if !told[c.Table] {
			t.Errorf("%s was not told", c.Table)
		}
		changed += c.Changed
	}
	if changed != 2 {
		t.Errorf("%d texts were changed", changed)
	}
	equal(t, before, seen(t, openPostgres(t, url)))

	here := moved(t, open(t, postgres.OpenSource, url), open(t, sqlite.OpenPlain, back), move.Options{})
	if here.Went != there.Went {
		t.Errorf("%d rows went, and %d came", there.Went, here.Went)
	}
	equal(t, before, seen(t, openSQLite(t, back)))
	for _, open := range []func() (engine.Store, index){
		func() (engine.Store, index) {
			db := openPostgres(t, url)
			x, err := postgres.OpenIndex(t.Context(), db.(*postgres.DB))
			return db, must(t, x, err)
		},
		func() (engine.Store, index) {
			db := openSQLite(t, back)
			x, err := sqlite.OpenIndex(t.Context(), db.(*sqlite.DB))
			return db, must(t, x, err)
		},
	} {
		db, x := open()
		isFound(t, db, x)
		shut(t, x, db)
	}
	for _, s := range []engine.Store{openPostgres(t, url), openSQLite(t, back)} {
		goesOn(t, s)
		shut(t, s)
	}

	// What was numbered by PostgreSQL lies far above what it would give next.
	again := postgrestest.Open(t)
	before = seen(t, openSQLite(t, back))
	moved(t, open(t, sqlite.OpenSource, back), open(t, postgres.OpenPlain, again), move.Options{})
	equal(t, before, seen(t, openPostgres(t, again)))
}

// index finds conversations.
type index interface {
	engine.Searcher
	Fill(context.Context) error
	Close() error
}

func must(t testing.TB, x index, err error) index {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// isFound: what was moved is found, and so is a name that is changed then.
func isFound(t testing.TB, db engine.Store, x index) {
	t.Helper()
	finds := func(text string) int {
		if err := x.Fill(t.Context()); err != nil {
			t.Fatal(err)
		}
		page, err := x.Search(t.Context(), engine.SearchQuery{Brand: "acme", Text: text, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		return len(page.Conversations)
	}
	if n := finds("Zoe"); n != 1 {
		t.Errorf("a name is found %d times", n)
	}
	if n := finds("me again"); n != 1 {
		t.Errorf("a text is found %d times", n)
	}
	if err := db.Update(t.Context(), func(tx engine.Tx) error {
		c, err := tx.Conversations().OpenByAddress(enginetest.Phone, enginetest.Address)
		if err != nil {
			return err
		}
		who, err := tx.Consumers().Get(c.Brand, c.Consumer)
		if err != nil {
			return err
		}
		who.Name = "Yvonne"
		return tx.Consumers().Save(who)
	}); err != nil {
		t.Fatal(err)
	}
	if n := finds("Yvonne"); n != 1 {
		t.Errorf("a changed name is found %d times", n)
	}
}

// cut is a target that is lost at a batch, before or behind its commit.
type cut struct {
	side
	left   int
	behind bool
}

var errCut = errors.New("cut off")

func (c *cut) Write(ctx context.Context, t move.Table, rows [][]any, n move.Note) error {
	if c.left--; c.left >= 0 {
		return c.side.Write(ctx, t, rows, n)
	}
	if c.behind {
		if err := c.side.Write(ctx, t, rows, n); err != nil {
			return err
		}
	}
	return errCut
}

// TestCutOff cuts a move at every batch. It goes on each time, and until its end nobody
// opens what it has left.
func TestCutOff(t *testing.T) {
	t.Parallel()
	dir, url, back := world(t), postgrestest.Open(t), t.TempDir()
	before := mended(seen(t, openSQLite(t, dir)))
	for _, way := range []struct {
		name     string
		from, to func() side
		open     func() error
		opened   func() engine.Store
	}{
		{"to PostgreSQL", func() side { return open(t, sqlite.OpenSource, dir) }, func() side { return open(t, postgres.OpenPlain, url) },
			func() error { _, err := postgres.Open(t.Context(), url); return err }, func() engine.Store { return openPostgres(t, url) }},
		{"to SQLite", func() side { return open(t, postgres.OpenSource, url) }, func() side { return open(t, sqlite.OpenPlain, back) },
			func() error { _, err := sqlite.Open(t.Context(), sqlite.Config{Dir: back}); return err }, func() engine.Store { return openSQLite(t, back) }},
	} {
		from, to := way.from(), way.to()
		cuts := 0
		for {
			_, err := move.Move(t.Context(), from, &cut{to, 1 + cuts%2, cuts%3 == 0}, move.Options{Batch: 7})
			if err == nil {
				break
			}
			if !errors.Is(err, errCut) {
				t.Fatalf("%s, after %d cuts: %v", way.name, cuts, err)
			}
			if cuts++; cuts%40 == 1 {
				shut(t, from, to)
				if err := way.open(); engine.CodeOf(err) != engine.Unavailable || !strings.Contains(err.Error(), "cut off") {
					t.Errorf("%s: it was opened: %v", way.name, err)
				}
				from, to = way.from(), way.to()
			}
		}
		shut(t, from, to)
		if cuts < 40 {
			t.Errorf("%s was cut %d times", way.name, cuts)
		}
		equal(t, before, seen(t, way.opened()))
	}
}

// TestRefuses what would spoil something.
func TestRefuses(t *testing.T) {
	t.Parallel()
	dir, other, url := world(t), world(t), postgrestest.Open(t)
	refused := func(err error, code engine.Code, words string) {
		t.Helper()
		if engine.CodeOf(err) != code || !strings.Contains(err.Error(), words) {
			t.Errorf("it gave %v, want %s with %q", err, code, words)
		}
	}
	from, to := open(t, sqlite.OpenSource, dir), open(t, postgres.OpenPlain, url)
	_, err := sqlite.OpenSource(t.Context(), dir)
	refused(err, engine.Unavailable, "uses the data folder")
	_, err = postgres.OpenPlain(t.Context(), url)
	refused(err, engine.Unavailable, "another move")
	if _, err := move.Move(t.Context(), from, &cut{to, 20, true}, move.Options{}); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	foreign := open(t, sqlite.OpenSource, other)
	_, err = move.Move(t.Context(), foreign, to, move.Options{})
	refused(err, engine.Conflict, "from another database")
	if _, err := move.Move(t.Context(), foreign, to, move.Options{Restart: true}); err != nil {
		t.Fatal(err)
	}
	_, err = move.Move(t.Context(), from, to, move.Options{Restart: true})
	refused(err, engine.Conflict, "holds data already")
	shut(t, from, foreign, to)

	used := openPostgres(t, url)
	if err := used.View(t.Context(), func(tx engine.Tx) error { _, err := tx.Brands().List(); return err }); err != nil {
		t.Fatal(err)
	}
	_, err = postgres.OpenSource(t.Context(), url)
	refused(err, engine.Unavailable, "stop every parley")
	shut(t, used)
	rests := open(t, postgres.OpenSource, url)
	late := openPostgres(t, url+"&lock_timeout=50")
	err = late.Update(t.Context(), func(tx engine.Tx) error { return tx.Marks().Set("late", time.Now()) })
	if err == nil || !strings.Contains(err.Error(), "lock timeout") {
		t.Errorf("who came late wrote: %v", err)
	}
	shut(t, late, rests)
	_, err = sqlite.OpenSource(t.Context(), t.TempDir())
	refused(err, engine.NotFound, "holds no data")
}

// TestUsedMeanwhile: a source that was used between the parts of a move is told.
func TestUsedMeanwhile(t *testing.T) {
	t.Parallel()
	dir, url := world(t), postgrestest.Open(t)
	from, to := open(t, sqlite.OpenSource, dir), open(t, postgres.OpenPlain, url)
	if _, err := move.Move(t.Context(), from, &cut{to, 20, true}, move.Options{}); !errors.Is(err, errCut) {
		t.Fatal(err)
	}
	shut(t, from)
	db := openSQLite(t, dir)
	if err := db.Update(t.Context(), func(tx engine.Tx) error {
		b, err := tx.Brands().Get("acme")
		if err != nil {
			return err
		}
		return tx.Brands().Save(b) // its rev grows
	}); err != nil {
		t.Fatal(err)
	}
	shut(t, db)
	from = open(t, sqlite.OpenSource, dir)
	s, err := move.Move(t.Context(), from, to, move.Options{})
	if engine.CodeOf(err) != engine.Conflict || !strings.Contains(err.Error(), "brands differs") || len(s.Tables) != len(move.Tables()) {
		t.Errorf("it gave %v", err)
	}
	if _, err := move.Move(t.Context(), from, to, move.Options{Restart: true}); err != nil {
		t.Error(err)
	}
}
