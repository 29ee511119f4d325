package move

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"

	"parley/engine"
)

// Source is a database that nobody writes while it is open.
type Source interface {
	// Store is the id that the database has of itself.
	Store(ctx context.Context) (string, error)
	// Columns are those of a table that other databases have, too.
	Columns(ctx context.Context, table string) ([]Column, error)
	Count(ctx context.Context, t Table) (int64, error)
	// Rows gives the rows behind a key, in the order of keys; nil is in front of all. What
	// each gets is its own.
	Rows(ctx context.Context, t Table, after []any, each func(row []any) error) error
}

// Target is a database that takes rows in. What begins a move marks it, so that nobody
// else opens it before the move has ended.
type Target interface {
	Source
	// Notes are of the move that was begun; nil for none.
	Notes(ctx context.Context) ([]Note, error)
	// Empty says whether the database holds nothing that somebody would miss.
	Empty(ctx context.Context) (bool, error)
	// Begin removes all that is in the tables, and notes what is moved.
	Begin(ctx context.Context, tables []Table, first Note) error
	// Write adds rows and puts the note, together or not at all.
	Write(ctx context.Context, t Table, rows [][]any, n Note) error
	// Settle makes ready for use what goes by the rows: numbers that are given out next,
	// counts. It may be called again.
	Settle(ctx context.Context) error
	// End takes the mark away.
	End(ctx context.Context) error
	// Held is what becomes of a text that the database cannot hold.
	Held(text string) string
}

// Note tells how far a move has come.
type Note struct {
	Name string // the table; "" for the move itself
	At   string // the key of the last row; for the move itself the source's id
	Rows int64  // that were moved
	Done bool
}

// Progress is told after each batch.
type Progress struct {
	Table    string
	Rows, Of int64
	Compared bool // they are read again and compared
}

// Options of a move. The zero value goes on with one that was cut off.
type Options struct {
	Restart bool           // one that was cut off begins anew
	Batch   int            // rows of a batch; 0 takes 2,000
	Told    func(Progress) // one at a time; nil for nobody
}

// A batch has so many rows, or bytes of texts.
const (
	batchRows  = 2000
	batchBytes = 4 << 20
)

// Summary tells what was moved.
type Summary struct {
	Tables []Compared
	Went   int64 // rows that this call has moved
}

// Move moves everything. An error leaves what was moved where it is, for the next call.
// Where both differ at the end, the summary is there with the error.
func Move(ctx context.Context, from Source, to Target, opt Options) (s Summary, err error) {
	tables, err := shared(ctx, from, to)
	if err != nil {
		return s, err
	}
	notes, err := begun(ctx, from, to, tables, opt.Restart)
	if err != nil {
		return s, err
	}
	m := mover{from, to, cmp.Or(opt.Batch, batchRows), opt.Told}
	if m.told == nil {
		m.told = func(Progress) {}
	}
	for _, t := range tables {
		n := notes[t.Name]
		already := n.Rows
		if n, err = m.table(ctx, t, n); err != nil {
			return s, fmt.Errorf("storage: move %s: %w", t.Name, err)
		}
		s.Went += n.Rows - already
	}
	if err := to.Settle(ctx); err != nil {
		return s, err
	}
	for _, t := range tables {
		c, err := m.compare(ctx, t)
		if err != nil {
			return s, fmt.Errorf("storage: compare %s: %w", t.Name, err)
		}
		s.Tables = append(s.Tables, c)
	}
	for _, c := range s.Tables {
		if c.From != c.To {
			return s, engine.Errorf(engine.Conflict, "the table %s differs: was the source used after the move had begun? Begin anew with --restart", c.Table)
		}
	}
	return s, to.End(ctx)
}

// begun looks how far a move has come, or begins one.
func begun(ctx context.Context, from Source, to Target, tables []Table, restart bool) (map[string]Note, error) {
	id, err := from.Store(ctx)
	if err != nil {
		return nil, err
	}
	list, err := to.Notes(ctx)
	if err != nil {
		return nil, err
	}
	notes := map[string]Note{}
	for _, n := range list {
		notes[n.Name] = n
	}
	if len(notes) > 0 && !restart {
		if notes[""].At != id {
			return nil, engine.Errorf(engine.Conflict, "the target holds a move from another database that was cut off: begin anew with --restart")
		}
		return notes, nil
	}
	if len(notes) == 0 {
		empty, err := to.Empty(ctx)
		if err != nil {
			return nil, err
		}
		if !empty {
			return nil, engine.Errorf(engine.Conflict, "the target holds data already: name an empty one")
		}
	}
	return nil, to.Begin(ctx, tables, Note{At: id})
}

// mover moves table after table.
type mover struct {
	from Source
	to   Target
	rows int // of a batch
	told func(Progress)
}

// table moves what is left of a table.
func (m mover) table(ctx context.Context, t Table, n Note) (Note, error) {
	if n.Done {
		return n, nil
	}
	n.Name = t.Name
	of, err := m.from.Count(ctx, t)
	if err != nil {
		return n, err
	}
	after, err := decodeKey(t, n.At)
	if err != nil {
		return n, err
	}
	var rows [][]any
	var last []any
	size := 0
	write := func() error {
		next := n
		if next.Rows += int64(len(rows)); last != nil {
			if next.At, err = encodeKey(last); err != nil {
				return err
			}
		}
		if err := m.to.Write(ctx, t, rows, next); err != nil {
			return err
		}
		n, rows, size = next, nil, 0
		m.told(Progress{Table: t.Name, Rows: n.Rows, Of: of})
		return nil
	}
	err = m.from.Rows(ctx, t, after, func(row []any) error {
		last = t.keyOf(row)
		size += m.held(row)
		if rows = append(rows, row); len(rows) < m.rows && size < batchBytes {
			return nil
		}
		return write()
	})
	if err != nil {
		return n, err
	}
	n.Done = true
	return n, write()
}

// held makes a row one that the target can hold, and says how long its texts are.
func (m mover) held(row []any) (size int) {
	for i, v := range row {
		if text, ok := v.(string); ok {
			text = m.to.Held(text)
			row[i] = text
			size += len(text)
		}
	}
	return size
}

// encodeKey writes a key with whatever bytes its texts have.
func encodeKey(key []any) (string, error) {
	var parts [][]byte
	for _, v := range key {
		switch v := v.(type) {
		case string:
			parts = append(parts, []byte(v))
		case int64:
			parts = append(parts, strconv.AppendInt(nil, v, 10))
		default:
			return "", fmt.Errorf("no key is a %T", v)
		}
	}
	text, err := json.Marshal(parts)
	return string(text), err
}

func decodeKey(t Table, text string) (key []any, err error) {
	if text == "" {
		return nil, nil
	}
	var parts [][]byte
	if err := json.Unmarshal([]byte(text), &parts); err != nil {
		return nil, fmt.Errorf("the note of how far it came: %w", err)
	}
	if len(parts) != len(t.Key) {
		return nil, fmt.Errorf("the note of how far it came has %d parts", len(parts))
	}
	for i, part := range parts {
		if t.Columns[t.At(t.Key[i])].Kind == Text {
			key = append(key, string(part))
			continue
		}
		n, err := strconv.ParseInt(string(part), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("the note of how far it came: %w", err)
		}
		key = append(key, n)
	}
	return key, nil
}
