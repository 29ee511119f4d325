package sqlite

import (
	"strconv"
	"strings"
)

// where builds a condition with numbered placeholders. The texts are ours, the
// values always travel as arguments.
type where struct {
	strings.Builder
	args []any
}

func newWhere(condition string, v any) *where {
	w := &where{}
	w.WriteString(condition)
	return w.arg(v)
}

// and adds a condition that ends where its value goes.
func (w *where) and(condition string, v any) *where {
	w.WriteString(" and ")
	w.WriteString(condition)
	return w.arg(v)
}

func (w *where) raw(text string) *where {
	w.WriteString(text)
	return w
}

// arg writes the placeholder of one more value.
func (w *where) arg(v any) *where {
	w.args = append(w.args, v)
	w.WriteString("$" + strconv.Itoa(len(w.args)))
	return w
}
