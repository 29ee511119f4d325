package sqlite

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"parley/engine"
	"parley/storage/move"
	"parley/storage/relational"
)

// Notes are of the move that was begun.
func (p *Plain) Notes(ctx context.Context) (notes []move.Note, err error) {
	err = p.view(ctx, func(c *conn) error {
		if n, err := c.Number(moving); err != nil || n == 0 {
			return err
		}
		notes, err = relational.All(c.Query(`select name, at, rows, done from move order by name`),
			func(n *move.Note, to []any) []any { return append(to, &n.Name, &n.At, &n.Rows, &n.Done) })
		return err
	})
	return notes, err
}

// Empty says whether the database holds nothing that somebody would miss.
func (p *Plain) Empty(ctx context.Context) (empty bool, err error) {
	err = p.view(ctx, func(c *conn) error {
		n, err := c.Number(`select exists (select 1 from brands) + exists (select 1 from users) + exists (select 1 from consumers) + exists (select 1 from conversations)`)
		empty = n == 0
		return err
	})
	return empty, err
}

// Begin removes all that is in the tables, and notes what is moved.
func (p *Plain) Begin(ctx context.Context, tables []move.Table, first move.Note) error {
	return p.update(ctx, func(c *conn) error {
		clear(c.recent)
		gone := []string{"inbox_more", "open_counts", "queue_counts", "leases", "attendance"}
		for _, t := range tables {
			gone = append(gone, t.Name)
		}
		for _, table := range slices.Backward(gone) { // those that name others go first
			if err := c.Run("delete from " + table); err != nil {
				return err
			}
		}
		if err := c.Run(`create table if not exists move (name text not null primary key, at text not null, rows integer not null, done integer not null) strict`); err != nil {
			return err
		}
		if err := c.Run(`delete from move`); err != nil {
			return err
		}
		return putNote(c, first)
	})
}

func putNote(c *conn, n move.Note) error {
	return c.Run(`insert or replace into move (name, at, rows, done) values ($1, $2, $3, $4)`, n.Name, n.At, n.Rows, n.Done)
}

// Write adds rows and puts the note.
func (p *Plain) Write(ctx context.Context, t move.Table, rows [][]any, n move.Note) error {
	return p.update(ctx, func(c *conn) error {
		add := adder(c, t)
		for _, row := range rows {
			if err := add(row); err != nil {
				return err
			}
		}
		return putNote(c, n)
	})
}

// adder adds rows to a table, and to the chains what they hold.
func adder(c *conn, t move.Table) func(row []any) error {
	columns := quoted(t.Names())
	switch t.Name {
	case "conversations":
		q := insertion(t.Name, columns, len(t.Columns), "last_event", "0", "last_entry", "0", "waiting", "0")
		return func(row []any) error { return c.Run(q, row...) }
	case "consumers":
		q := insertion(t.Name, columns, len(t.Columns), "changed", "(select coalesce(max(changed), 0) + 1 from consumers)")
		return func(row []any) error { return c.Run(q, row...) }
	case "events":
		q := insertion(t.Name, columns, len(t.Columns), "previous", fmt.Sprint("$", len(t.Columns)+1))
		conversation, seq := t.At("conversation"), t.At("seq")
		return func(row []any) error {
			of := row[conversation].(string)
			last, err := c.chains.of(c, of)
			if engine.CodeOf(err) == engine.NotFound { // of none, or of one that is gone
				return c.Run(q, append(row, int64(0))...)
			}
			if err == nil {
				err = c.Run(q, append(row, last.event)...)
			}
			if err == nil {
				c.chains.moveEvent(of, row[seq].(int64))
			}
			return err
		}
	case "inbox":
		return func(row []any) error { return inbox{c}.Add(entryOf(t, row)) }
	}
	q := insertion(t.Name, columns, len(t.Columns))
	return func(row []any) error { return c.Run(q, row...) }
}

func entryOf(t move.Table, row []any) engine.InboxEntry {
	text := func(column string) string { return row[t.At(column)].(string) }
	whole := func(column string) int64 { return row[t.At(column)].(int64) }
	return engine.InboxEntry{
		Conversation: text("conversation"), N: whole("n"), Kind: engine.InboxKind(text("kind")), Message: text("message"),
		Session: text("session"), Step: int(whole("step")), Data: []byte(text("data")), At: relational.FromMS(whole("at")),
	}
}

// insertion is the insert of a row that nothing may be in the way of. What follows the
// columns are more of them, each with its value in SQL.
func insertion(table, columns string, n int, more ...string) string {
	var places []string
	for i := range n {
		places = append(places, fmt.Sprint("$", i+1))
	}
	for i := 0; i < len(more); i += 2 {
		columns, places = columns+", "+more[i], append(places, more[i+1])
	}
	return "insert into " + table + " (" + columns + ") values (" + strings.Join(places, ", ") + ")"
}

// Settle has nothing to do: SQLite gives out what is above the highest number, and
// triggers have counted.
func (p *Plain) Settle(context.Context) error { return nil }

// End takes the mark away.
func (p *Plain) End(ctx context.Context) error {
	return p.update(ctx, func(c *conn) error {
		if err := c.Run(`delete from move`); err != nil {
			return err
		}
		return c.Run(`drop table move`)
	})
}

// Held is the text: SQLite holds any.
func (*Plain) Held(text string) string { return text }
