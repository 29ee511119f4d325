package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/labstack/echo/v4"

	"parley/engine"
)

// strictJSON reads the bodies of the API: every required field must be there
// and no unknown one may be, and an error says which. Other routes of the same
// server keep echo's way.
type strictJSON struct{ echo.DefaultJSONSerializer }

func (d strictJSON) Deserialize(c echo.Context, to any) error {
	if !strings.HasPrefix(c.Path(), base+"/") {
		return d.DefaultJSONSerializer.Deserialize(c, to)
	}
	raw, err := io.ReadAll(c.Request().Body)
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return engine.Errorf(engine.TooLarge, "The request is larger than %d bytes.", large.Limit)
	case err != nil:
		return engine.Errorf(engine.Invalid, "The body did not come in whole.").Because(err)
	}
	return decode(raw, to)
}

// decode reads one JSON object into a struct of the generated contract, whose
// optional fields are those with omitempty.
func decode(raw []byte, to any) error {
	if len(bytes.TrimSpace(raw)) == 0 {
		return empty()
	}
	var given map[string]json.RawMessage
	var kind *json.UnmarshalTypeError
	if err := json.Unmarshal(raw, &given); errors.As(err, &kind) {
		return engine.Errorf(engine.Invalid, "The body must be a JSON object.").Because(err)
	} else if err != nil {
		return engine.Errorf(engine.Invalid, "The body is not valid JSON.").Because(err)
	}
	known := map[string]bool{} // field → whether it is required
	for t, i := reflect.TypeOf(to).Elem(), 0; i < t.NumField(); i++ {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		known[name] = !strings.Contains(options, "omitempty")
		if v, ok := given[name]; known[name] && (!ok || string(v) == "null") {
			return engine.FieldError(name, "is missing")
		}
	}
	for name := range given {
		if _, ok := known[name]; !ok {
			return engine.FieldError(name, "is not a field of this request")
		}
	}
	if err := json.Unmarshal(raw, to); errors.As(err, &kind) {
		return engine.FieldError(kind.Field, "must be %s", inWords(kind.Type.Kind())).Because(err)
	} else if err != nil {
		return engine.Errorf(engine.Invalid, "The body is not valid JSON.").Because(err)
	}
	return nil
}

func empty() error { return engine.Errorf(engine.Invalid, "The body is empty.") }

func inWords(k reflect.Kind) string {
	switch k {
	case reflect.String:
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		return "a list"
	case reflect.Map, reflect.Struct:
		return "an object"
	}
	return "something else"
}
