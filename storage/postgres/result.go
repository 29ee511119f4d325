package postgres

import (
	"strconv"

	"github.com/jackc/pgx/v5/pgconn"
)

// result is all rows of an answer, as texts. It is read whole, so that other statements
// may run while somebody goes through it.
type result struct {
	text   []byte
	ends   []int // of each value in text, row after row; negative for null
	fields int
	row    int // 1 for the first, once Step has got there
}

// read takes the rows of one statement.
func (r *result) read(from *pgconn.ResultReader) error {
	r.fields = len(from.FieldDescriptions())
	for from.NextRow() {
		for _, v := range from.Values() {
			r.text = append(r.text, v...)
			end := len(r.text)
			if v == nil {
				end = -end - 1
			}
			r.ends = append(r.ends, end)
		}
	}
	_, err := from.Close()
	return err
}

func (r *result) Step() (bool, error) {
	r.row++
	return r.fields > 0 && r.row*r.fields <= len(r.ends), nil
}

func (r *result) Reset() { r.row = len(r.ends) }

// View gives the text of a column of the row, nil for null.
func (r *result) View(i int) []byte {
	i += (r.row - 1) * r.fields
	begin, end := 0, r.ends[i]
	if end < 0 {
		return nil
	}
	if i > 0 {
		if begin = r.ends[i-1]; begin < 0 {
			begin = -begin - 1
		}
	}
	return r.text[begin:end:end]
}

// Int reads whole numbers, and PostgreSQL's t and f. Null is 0.
func (r *result) Int(i int) int64 {
	text := string(r.View(i))
	switch text {
	case "t":
		return 1
	case "", "f":
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil { // a number with a fraction
		return int64(r.Float(i))
	}
	return n
}

// Float reads a number. Null is 0.
func (r *result) Float(i int) float64 {
	text := string(r.View(i))
	if text == "" {
		return 0
	}
	f, _ := strconv.ParseFloat(text, 64) // PostgreSQL wrote it
	return f
}

// Bytes copies a text; one without anything is nil.
func (r *result) Bytes(i int) []byte {
	v := r.View(i)
	if len(v) == 0 {
		return nil
	}
	return append(make([]byte, 0, len(v)), v...)
}
