package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"parley/engine"
	"parley/storage/move"
	"parley/storage/relational"
	"parley/storage/sqlite/lite"
)

// Plain is the database as plain rows, for who moves it. It has the folder alone.
type Plain struct{ db *DB }

var _ move.Target = (*Plain)(nil)

// OpenPlain opens a data folder that something is moved into; it may hold a move that was
// cut off. The folder is made when it is missing.
func OpenPlain(ctx context.Context, dir string) (*Plain, error) {
	db, err := open(ctx, Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	return &Plain{db}, nil
}

// OpenSource opens a data folder that is moved.
func OpenSource(ctx context.Context, dir string) (*Plain, error) {
	beside, err := OpenReadOnly(ctx, dir) // which makes nothing
	if err == nil {
		err = beside.Close()
	}
	if err != nil {
		return nil, err
	}
	db, err := Open(ctx, Config{Dir: dir})
	if err != nil {
		return nil, err
	}
	return &Plain{db}, nil
}

// Close frees the folder.
func (p *Plain) Close() error { return p.db.Close() }

// ofOurs are the columns that only this database has: it chains events and inboxes, and
// counts changes of consumers.
func ofOurs(table string) []string {
	switch table {
	case "conversations":
		return []string{"last_event", "last_entry", "waiting"}
	case "events":
		return []string{"previous"}
	case "inbox":
		return []string{"seq", "previous"}
	case "consumers":
		return []string{"changed"}
	}
	return nil
}

// moving is the table that marks a database as one that is being moved into.
const moving = `select count(*) from sqlite_master where type = 'table' and name = 'move'`

// whole refuses a database that a move has not finished.
func (db *DB) whole(ctx context.Context) error {
	n, err := engine.View(ctx, db, func(t engine.Tx) (int64, error) { return t.(tx).c.Number(moving) })
	if err == nil && n > 0 {
		err = engine.Errorf(engine.Unavailable, "%s holds a move that was cut off: run the same parley move again, it goes on", filepath.Dir(db.path))
	}
	return err
}

// view runs fn on a connection that reads.
func (p *Plain) view(ctx context.Context, fn func(*conn) error) error {
	return p.db.View(ctx, func(t engine.Tx) error { return fn(t.(tx).c) })
}

func (p *Plain) update(ctx context.Context, fn func(*conn) error) error {
	return p.db.Update(ctx, func(t engine.Tx) error { return fn(t.(tx).c) })
}

// Store is the id that the database has of itself.
func (p *Plain) Store(ctx context.Context) (id string, err error) {
	err = p.view(ctx, func(c *conn) error {
		id, err = relational.One(c.Query(`select id from store`), "store", relational.Itself[string])
		return err
	})
	return id, err
}

// Columns are those that PostgreSQL's table has, too.
func (p *Plain) Columns(ctx context.Context, table string) (all []move.Column, err error) {
	kinds := map[string]move.Kind{"text": move.Text, "integer": move.Whole, "real": move.Real}
	own := ofOurs(table)
	err = p.view(ctx, func(c *conn) error {
		type column struct{ name, kind string }
		found, err := relational.All(c.Query(`select name, lower(type) from pragma_table_info($1)`, table),
			func(v *column, to []any) []any { return append(to, &v.name, &v.kind) })
		for _, v := range found {
			kind, ok := kinds[v.kind]
			if !ok {
				return fmt.Errorf("storage: %s.%s is a %s", table, v.name, v.kind)
			}
			if !slices.Contains(own, v.name) {
				all = append(all, move.Column{Name: v.name, Kind: kind})
			}
		}
		return err
	})
	return all, err
}

// of is where a table's rows are: an inbox is in two.
func of(t move.Table) string {
	if t.Name == "inbox" {
		columns := quoted(t.Names())
		return "(select " + columns + " from inbox union all select " + columns + " from inbox_more)"
	}
	return t.Name
}

func quoted(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

// Count counts the rows.
func (p *Plain) Count(ctx context.Context, t move.Table) (n int64, err error) {
	err = p.view(ctx, func(c *conn) error {
		n, err = c.Number("select count(*) from " + of(t))
		return err
	})
	return n, err
}

// Rows gives the rows behind a key.
func (p *Plain) Rows(ctx context.Context, t move.Table, after []any, each func([]any) error) error {
	key := quoted(t.Key)
	q := "select " + quoted(t.Names()) + " from " + of(t)
	if after != nil {
		var places []string
		for i := range after {
			places = append(places, fmt.Sprint("$", i+1))
		}
		q += " where (" + key + ") > (" + strings.Join(places, ", ") + ")"
	}
	q += " order by " + key
	return p.view(ctx, func(c *conn) error {
		d := database{c}
		s, err := d.start(q, after)
		if err != nil {
			return err
		}
		defer s.Reset()
		defer c.raw.Watch(ctx)()
		for {
			row, err := s.Step()
			if err != nil {
				return d.Failed(q, err)
			}
			if !row {
				return nil
			}
			if err := each(values(s, t.Columns)); err != nil {
				return err
			}
		}
	})
}

func values(s *lite.Stmt, columns []move.Column) []any {
	row := make([]any, len(columns))
	for i, c := range columns {
		switch {
		case s.Null(i):
		case c.Kind == move.Text:
			row[i] = s.Text(i)
		case c.Kind == move.Whole:
			row[i] = s.Int(i)
		default:
			row[i] = s.Float(i)
		}
	}
	return row
}
