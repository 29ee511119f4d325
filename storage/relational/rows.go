package relational

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"parley/engine"
)

// The fields of a row are pointers to where its columns' values lie, in the order of
// the columns. Statements take their arguments from them, and results are read into
// them: *string, *int64, *int, *bool, *float64, *time.Time, a *[]byte of JSON, or a
// column. A function for each kind of row appends them to a list.

// column is a value that is stored in a form of its own.
type column interface {
	write() (any, error)
	read(r *Rows, i int) // in the place of what was there
}

// Own is a column, or several side by side, that a database alone keeps: they are read
// with the row, and written by the database's own statements.
type Own func(r *Rows, i int)

func (o Own) write() (any, error) { return nil, nil }

func (o Own) read(r *Rows, i int) { o(r, i) }

// stored gives arguments the form in which they are stored.
func stored(args []any) (err error) {
	for i, a := range args {
		switch a := a.(type) {
		case time.Time:
			args[i] = MS(a)
		case *time.Time:
			args[i] = MS(*a)
		case *[]byte:
			args[i] = string(*a)
		case column:
			if args[i], err = a.write(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Rows is the result of a select. Only one of each query may be open on a
// connection at a time. The first error sticks.
type Rows struct {
	c      *Conn
	q      string
	cursor Cursor
	stop   func() // nil when no context interrupts it
	err    error

	change bool // each row is one that was changed
}

// Next goes to the next row.
func (r *Rows) Next() bool {
	if r.err != nil || r.cursor == nil {
		return false
	}
	row, err := r.cursor.Step()
	if row {
		r.c.Wrote = r.c.Wrote || r.change
		return true
	}
	if err != nil {
		r.err = r.c.Failed(r.q, err)
	}
	r.done()
	return false
}

func (r *Rows) done() {
	if r.cursor == nil {
		return
	}
	r.cursor.Reset()
	r.cursor = nil
	if r.stop != nil {
		r.stop()
	}
}

// Close ends the result early or late and gives the first error.
func (r *Rows) Close() error {
	r.done()
	return r.err
}

// Int is the number in a column of the row.
func (r *Rows) Int(i int) int64 { return r.cursor.Int(i) }

// Scan reads the row into fields.
func (r *Rows) Scan(fields ...any) {
	for i, f := range fields {
		switch f := f.(type) {
		case *string:
			if text := r.cursor.View(i); *f != string(text) {
				*f = string(text)
			}
		case *int64:
			*f = r.cursor.Int(i)
		case *int:
			*f = int(r.cursor.Int(i))
		case *bool:
			*f = r.cursor.Int(i) != 0
		case *float64:
			*f = r.cursor.Float(i)
		case *time.Time:
			*f = FromMS(r.cursor.Int(i))
		case *[]byte:
			*f = r.cursor.Bytes(i)
		case column:
			f.read(r, i)
		default:
			panic(fmt.Sprintf("storage: no column is read into a %T", f))
		}
	}
}

// First reads the first row of a result, if there is one.
func First[T any](r *Rows, fields func(*T, []any) []any) (v T, found bool, err error) {
	if found = r.Next(); found {
		r.Scan(fields(&v, r.c.list)...)
	}
	return v, found, r.Close()
}

// One reads the only row of a result, or says that the thing is missing.
func One[T any](r *Rows, what string, fields func(*T, []any) []any) (T, error) {
	v, found, err := First(r, fields)
	if err == nil && !found {
		err = NotFound(what)
	}
	return v, err
}

// All reads every row of a result.
func All[T any](r *Rows, fields func(*T, []any) []any) ([]T, error) {
	var out []T
	for r.Next() {
		if n := len(out); n == 0 {
			out = make([]T, 1)
		} else {
			out = append(out, out[n-1]) // texts that come again, such as the brand's, are not copied
		}
		r.Scan(fields(&out[len(out)-1], r.c.list)...)
	}
	if err := r.Close(); err != nil {
		return nil, err
	}
	return out, nil
}

// ByName reads rows of a name and a number.
func ByName[N any](r *Rows) (map[string]N, error) {
	out := map[string]N{}
	for r.Next() {
		var name string
		var n N
		r.Scan(&name, &n)
		out[name] = n
	}
	return out, r.Close()
}

// Itself is the one field of a row with one column.
func Itself[T any](v *T, to []any) []any { return append(to, v) }

// asJSON stores a value as JSON, and nothing for nothing.
type asJSON[T any] struct{ v *T }

func inJSON[T any](v *T) column { return asJSON[T]{v} }

func (j asJSON[T]) write() (any, error) {
	v := reflect.ValueOf(j.v).Elem()
	if v.IsZero() || (v.Kind() == reflect.Map || v.Kind() == reflect.Slice) && v.Len() == 0 {
		return "", nil
	}
	b, err := json.Marshal(j.v)
	if err != nil {
		return nil, engine.Errorf(engine.Invalid, "a value is not JSON").Because(err)
	}
	return string(b), nil
}

func (j asJSON[T]) read(r *Rows, i int) {
	var none T
	*j.v = none
	s := r.cursor.View(i) // nothing of it outlives the reading
	if len(s) == 0 || r.err != nil {
		return
	}
	if err := json.Unmarshal(s, j.v); err != nil {
		r.err = engine.Errorf(engine.Internal, "stored JSON is broken").Because(fmt.Errorf("%w in %q", err, r.q))
	}
}

// FromMS is the time of ms; zero for 0.
func FromMS(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// MS is a time as it is stored.
func MS(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
