package rest_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"parley/engine"
	"parley/engine/versions"
)

// The parts of openapi.yaml that the tests read.
type (
	contract struct {
		Paths      map[string]map[string]any
		Components struct {
			Schemas       map[string]schema
			RequestBodies map[string]body `yaml:"requestBodies"`
			Responses     map[string]struct {
				Content map[string]struct{ Schema schema }
			}
		}
	}
	operation struct {
		Parameters []struct {
			Name   string
			In     string
			Schema schema
		}
		RequestBody *body `yaml:"requestBody"`
	}
	body struct {
		Ref     string `yaml:"$ref"`
		Content map[string]struct{ Schema schema }
	}
	schema struct {
		Ref        string `yaml:"$ref"`
		Type       string
		Enum       []string
		Required   []string
		Properties map[string]schema
		Items      *schema
		Min        *int   `yaml:"minLength"`
		Max        *int   `yaml:"maxLength"`
		Minimum    *int64 `yaml:"minimum"`
		Maximum    *int64 `yaml:"maximum"`

		MinItems      int  `yaml:"minItems"`
		MaxItems      *int `yaml:"maxItems"`
		MaxProperties *int `yaml:"maxProperties"`
	}
)

func readContract(t *testing.T) contract {
	t.Helper()
	raw, err := os.ReadFile("../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var c contract
	if err := yaml.Unmarshal(raw, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c contract) resolve(s schema) schema {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		return c.Components.Schemas[name]
	}
	return s
}

func (c contract) operation(t *testing.T, path, method string) (op operation, fields schema) {
	t.Helper()
	raw, err := yaml.Marshal(c.Paths[path][method])
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(raw, &op); err != nil {
		t.Fatal(err)
	}
	if op.RequestBody != nil {
		b := *op.RequestBody
		if name, ok := strings.CutPrefix(b.Ref, "#/components/requestBodies/"); ok {
			b = c.Components.RequestBodies[name]
		}
		fields = c.resolve(b.Content["application/json"].Schema)
	}
	return op, fields
}

// good is a value that a schema allows, and bad those that it does not.
func (c contract) values(s schema) (good any, bad map[string]any) {
	s = c.resolve(s)
	bad = map[string]any{}
	switch s.Type {
	case "integer":
		good, bad["wrong type"] = 1, "x"
		if s.Minimum != nil {
			bad["too low"] = *s.Minimum - 1
		}
		if s.Maximum != nil {
			bad["too high"] = *s.Maximum + 1
		}
		bad["a fraction"] = 1.5
	case "string":
		good, bad["wrong type"] = strings.Repeat("x", 8), 7
		if s.Min != nil {
			good = strings.Repeat("x", *s.Min)
			bad["too short"] = strings.Repeat("x", *s.Min-1)
		}
		if s.Max != nil {
			bad["too long"] = strings.Repeat("é", *s.Max+1)
		}
		if s.Enum != nil {
			good, bad["not in the list"] = s.Enum[0], "nonsense"
		}
	case "object":
		good, bad["wrong type"] = map[string]any{}, "x"
		if s.MaxProperties != nil {
			many := map[string]any{}
			for i := range *s.MaxProperties + 1 {
				many[fmt.Sprint(i)] = i
			}
			bad["too many"] = many
		}
	case "array":
		good, bad["wrong type"] = make([]any, s.MinItems), "x"
		if s.MaxItems != nil {
			bad["too many"] = make([]any, *s.MaxItems+1)
		}
		if s.MinItems > 0 {
			bad["too few"] = make([]any, s.MinItems-1)
		}
	case "number":
		good, bad["wrong type"] = 1.5, "x"
	case "boolean":
		good, bad["wrong type"] = true, "x"
	}
	return good, bad
}

// TestRequestsKeepTheContract breaks each limit of the contract once.
func TestRequestsKeepTheContract(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := readContract(t)
	w.mine("acme", "c1", "acme-ana")
	ada, tried := w.as("acme-ada"), 0
	for path, methods := range c.Paths {
		for method := range methods {
			if method == "parameters" {
				continue
			}
			op, fields := c.operation(t, path, method)
			where := strings.NewReplacer("{id}", "c1", "{version}", "abcdef", "{message}", "m1").Replace(path)
			send := func(what, field string, body map[string]any) {
				t.Helper()
				tried++
				a := ada.send(strings.ToUpper(method), where, body)
				if a.StatusCode != 400 || !strings.Contains(string(a.raw), `"field":"`+field+`"`) {
					t.Errorf("%s %s, %s %s: got %d %s", method, path, field, what, a.StatusCode, a.raw)
				}
			}
			for _, p := range op.Parameters {
				_, bad := c.values(p.Schema)
				if c.resolve(p.Schema).Type == "string" {
					delete(bad, "wrong type")
				}
				for what, v := range bad {
					tried++
					a := ada.send(strings.ToUpper(method), where+"?"+p.Name+"="+fmt.Sprint(v), nil)
					if a.StatusCode != 400 || !strings.Contains(string(a.raw), `"field":"`+p.Name+`"`) {
						t.Errorf("%s %s?%s %s: got %d %s", method, path, p.Name, what, a.StatusCode, a.raw)
					}
				}
			}
			whole := map[string]any{}
			for name, s := range fields.Properties {
				if slices.Contains(fields.Required, name) {
					whole[name], _ = c.values(s)
				}
			}
			for name, s := range fields.Properties {
				_, bad := c.values(s)
				if slices.Contains(fields.Required, name) {
					less := maps.Clone(whole)
					delete(less, name)
					send("missing", name, less)
					bad["null"] = nil
				}
				for what, v := range bad {
					more := maps.Clone(whole)
					more[name] = v
					send(what, name, more)
				}
			}
			if len(fields.Properties) > 0 {
				more := maps.Clone(whole)
				more["surprise"] = 1
				send("unknown", "surprise", more)
				refused(t, ada.send(strings.ToUpper(method), where, nil), 400, engine.Invalid, "")
			}
		}
	}
	if tried < 80 {
		t.Errorf("only %d requests were tried", tried)
	}
	if n := w.rev("c1"); n != 3 {
		t.Errorf("a refused request changed the conversation: rev %d", n)
	}
}

// TestQueries: what is not understood in a query is told, and not left out.
func TestQueries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ana := w.as("acme-ana")
	for query, field := range map[string]string{
		"nope=1": "nope", "VIEW=all": "VIEW", "view=all&limits=5": "limits", "view=all&view[]=mine": "view[]", "limit=5;x": "", "view=%zz": "",
	} {
		refused(t, ana.send("GET", "/conversations?"+query, nil), 400, engine.Invalid, field)
	}
	refused(t, ana.send("GET", "/skills?limit=5", nil), 400, engine.Invalid, "limit") // which takes none
	if a := ana.send("GET", "/conversations?view=all&limit=5", nil); a.StatusCode != 200 {
		t.Errorf("got %d %s", a.StatusCode, a.raw)
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.mine("acme", "c1", "acme-ana")
	ana := w.as("acme-ana")
	const path = "/conversations/c1/notes"
	for name, body := range map[string]string{
		"no JSON": `{"client_id"`, "a list": `[1]`, "null": `null`, "two values": `{"client_id":"12345678","text":"x"}{}`,
		"an end too many": `{"client_id":"12345678","text":"x"}}`, "a text": `"x"`, "spaces": `   `,
	} {
		a := ana.send("POST", path, body)
		if a.StatusCode != 400 {
			t.Errorf("%s: got %d %s", name, a.StatusCode, a.raw)
		}
	}
	refused(t, ana.send("POST", path, `{"client_id":"12345678","text":"`+strings.Repeat("x", 70<<10)+`"}`), 413, engine.TooLarge, "")
	for _, kind := range []string{"text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} {
		ana.header.Set("Content-Type", kind)
		refused(t, ana.send("POST", path, `{"client_id":"12345678","text":"x"}`), 400, engine.Invalid, "")
	}
	ana.header.Set("Content-Type", "application/json; charset=utf-8")
	// The longest text that the contract allows fits, however it is escaped.
	text := strings.Repeat(`\ud83d\ude00`, 5000)
	must[any](t, ana.send("POST", path, `{"client_id":"12345678","text":"`+text+`"}`), 201)
}

// required checks that a value has what its schema requires, all the way down.
func (c contract) required(t *testing.T, at string, s schema, v any) {
	t.Helper()
	s = c.resolve(s)
	switch v := v.(type) {
	case map[string]any:
		for _, name := range s.Required {
			if _, ok := v[name]; !ok {
				t.Errorf("%s has no %s", at, name)
			}
		}
		for name, part := range v {
			p, ok := s.Properties[name]
			if !ok && s.Properties != nil {
				t.Errorf("%s has %s, which the contract does not know", at, name)
			}
			c.required(t, at+"."+name, p, part)
		}
	case []any:
		for i, part := range v {
			if s.Items != nil {
				c.required(t, fmt.Sprintf("%s[%d]", at, i), *s.Items, part)
			}
		}
	case string:
		if s.Enum != nil && !slices.Contains(s.Enum, v) {
			t.Errorf("%s is %q, none of %v", at, v, s.Enum)
		}
	case nil:
		if s.Type != "" || s.Properties != nil { // else it is any JSON
			t.Errorf("%s is null", at)
		}
	}
}

func TestAnswersKeepTheContract(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := readContract(t)
	w.mine("acme", "c1", "acme-ana")
	w.open("acme", "c2", "hello")
	w.queue("acme", "c2", "care")
	w.offer("acme", "c2", "acme-ana")
	w.open("acme", "c3", "hello")
	ada := w.as("acme-ada")
	must[any](t, ada.send("POST", "/tokens", fields{"name": "n", "role": "agent"}), 201)
	w.push("acme", "one")
	w.activate("acme", "one")
	w.talk("acme", "c4", "hello")
	w.push("acme", "two")
	w.use(w.shelf.Canary(t.Context(), "acme", hashOf("acme", "two"), 5, versions.By{Note: "try"}))
	w.fault("acme", "f1")
	w.said("acme", "How late are you?", true)
	w.miss("acme", "c1", "what about it")
	judged := "/conversations/c1/messages/" + w.firstMessage("acme", "c1") + "/tone"
	c.answer(t, "POST", "/conversations/{id}/messages/{message}/tone", w.as("acme-ana").send("POST", judged, fields{"tone": "negative"}))
	w.miss("acme", "c2", "my cat is grey")
	for _, path := range []string{
		"/session", "/agents", "/skills", "/conversations", "/conversations/{id}", "/conversations/{id}/messages", "/events", "/tokens",
		"/versions", "/versions/log", "/versions/{version}", "/versions/{version}/diff", "/faults", "/faults/{id}", "/bots/reference",
		"/conversations/{id}/journal", "/conversations/{id}/test", "/intents", "/utterances", "/faq",
	} {
		id := "c1"
		switch path {
		case "/faults/{id}":
			id = "f1"
		case "/conversations/{id}/journal", "/conversations/{id}/test":
			id = "c4"
		}
		where := strings.NewReplacer("{id}", id, "{version}", "canary").Replace(path)
		if path == "/conversations" {
			where += "?view=all"
		}
		c.answer(t, "GET", path, ada.send("GET", where, nil))
	}
	for path, body := range map[string]fields{
		"/versions":                    {"files": folder("acme", "three")},
		"/versions/{version}/activate": {},
		"/versions/{version}/blast":    {},
		"/versions/{version}/try":      {},
		"/bots/check":                  {"files": folder("acme", "broken(")},
		"/utterances/accept":           {"ids": []int64{1}, "question": "What about it?", "answer": "This."},
		"/bots/test":                   {"files": folder("acme", "four"), "cover": true},
		"/bots/replay":                 {"files": folder("acme", "five")},
		"/bots/blast":                  {"files": folder("acme", "five")},
		"/bots/simulate": {"version": "active", "inputs": []fields{
			{"kind": "message", "text": "hello"}, {"kind": "message", "text": "Call"}, {"kind": "message", "text": "agent"}, {"kind": "say", "text": "Hi"},
		}},
	} {
		c.answer(t, "POST", path, ada.send("POST", strings.Replace(path, "{version}", "active", 1), body))
	}
}

// answer checks that an answer has what the contract says.
func (c contract) answer(t *testing.T, method, path string, a answer) {
	t.Helper()
	type response struct {
		Ref     string `yaml:"$ref"`
		Content map[string]struct{ Schema schema }
	}
	raw, err := yaml.Marshal(c.Paths[path][strings.ToLower(method)])
	if err != nil {
		t.Fatal(err)
	}
	var op struct{ Responses map[string]response }
	if err := yaml.Unmarshal(raw, &op); err != nil {
		t.Fatal(err)
	}
	r := op.Responses["200"]
	if name, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
		r.Content = c.Components.Responses[name].Content
	}
	s := r.Content["application/json"].Schema
	if c.resolve(s).Properties == nil {
		t.Fatalf("%s has no schema", path)
	}
	c.required(t, path, s, must[any](t, a, 200))
}
