package api

import (
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/engine"
)

// Operation is what the contract says of one operation beside its types.
type Operation struct {
	Public bool        // nobody needs to be signed in
	Role   engine.Role // the least; "" lets nobody in
	Person bool        // and no API token
	Work   string      // a kind of work that a brand does only so much of at a time; "" is not counted
	Body   int64       // the most bytes; 0 is the usual
	Bounds []Bound
}

// Of is the operation of a method and a path as echo writes it, below /api/v1.
func Of(method, path string) (Operation, bool) {
	op, ok := operations[method+" "+path]
	return op, ok
}

// Bound is what one part of a request has to keep.
type Bound struct {
	In          string // path, query or body
	Name        string
	Least, Most int64    // characters of a text, entries of a list, or the number itself
	Among       []string // the texts that there are
	Refusal     string   // instead of what is said of every bound
}

// Check holds a request object of the strict server against the bounds. Errors:
// NotFound for a part of the path, else Invalid with the field.
func (o Operation) Check(request any) error {
	v := reflect.ValueOf(request)
	for _, b := range o.Bounds {
		if err := b.check(b.find(v)); err != nil {
			return err
		}
	}
	return nil
}

// find gives the bounded part; the zero Value when the request does not have it.
func (b Bound) find(request reflect.Value) reflect.Value {
	from := request
	switch b.In {
	case "query":
		from = request.FieldByName("Params")
	case "body":
		from = request.FieldByName("Body").Elem()
	}
	for i := range from.NumField() {
		if name, _, _ := strings.Cut(from.Type().Field(i).Tag.Get("json"), ","); name == b.Name {
			v := from.Field(i)
			if v.Kind() == reflect.Pointer {
				return v.Elem()
			}
			return v
		}
	}
	panic("the contract's " + b.Name + " is not in " + request.Type().String())
}

func (b Bound) check(v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		if b.Among != nil {
			if !slices.Contains(b.Among, v.String()) {
				return b.refuse("is none of %v", b.Among)
			}
			return nil
		}
		switch n := int64(utf8.RuneCountInString(v.String())); {
		case n < b.Least && n == 0:
			return b.refuse("is empty")
		case n < b.Least:
			return b.refuse("has fewer than %d characters", b.Least)
		case n > b.Most:
			return b.refuse("has more than %d characters", b.Most)
		}
	case reflect.Int, reflect.Int64:
		if n := v.Int(); n < b.Least || n > b.Most {
			return b.refuse("is not between %d and %d", b.Least, b.Most)
		}
	case reflect.Slice, reflect.Map:
		switch n := int64(v.Len()); {
		case n > b.Most && b.Least == 0:
			return b.refuse("has more than %d entries", b.Most)
		case n < b.Least || n > b.Most:
			return b.refuse("has %d entries, not %d to %d", n, b.Least, b.Most)
		}
	}
	return nil
}

func (b Bound) refuse(format string, args ...any) error {
	switch {
	case b.In == "path":
		return engine.Errorf(engine.NotFound, "%s", b.Refusal)
	case b.Refusal != "":
		return engine.FieldError(b.Name, "%s", b.Refusal)
	}
	return engine.FieldError(b.Name, format, args...)
}
