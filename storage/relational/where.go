package relational

import (
	"strconv"
	"strings"
)

// Where builds a condition with numbered placeholders. The texts are ours, the
// values always travel as arguments.
type Where struct {
	strings.Builder
	Args []any
}

// NewWhere begins with a condition that ends where its value goes.
func NewWhere(condition string, v any) *Where {
	w := &Where{}
	w.WriteString(condition)
	return w.Arg(v)
}

// And adds a condition that ends where its value goes.
func (w *Where) And(condition string, v any) *Where {
	w.WriteString(" and ")
	w.WriteString(condition)
	return w.Arg(v)
}

// Raw adds text.
func (w *Where) Raw(text string) *Where {
	w.WriteString(text)
	return w
}

// Arg writes the placeholder of one more value.
func (w *Where) Arg(v any) *Where {
	w.Args = append(w.Args, v)
	w.WriteString("$" + strconv.Itoa(len(w.Args)))
	return w
}

// In adds that a column is one of some values, when there are some.
func In[S ~string](w *Where, column string, among []S) *Where {
	for i, v := range among {
		w.Raw([]string{" and " + column + " in (", ", "}[min(i, 1)]).Arg(string(v))
	}
	if len(among) > 0 {
		w.Raw(")")
	}
	return w
}
