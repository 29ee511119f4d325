package callcheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"parley/botscripts/kernel"
	"parley/botscripts/luaapi"
	"parley/engine"
)

// API is what scripts may call, as the reference describes it.
type API struct {
	members map[string]luaapi.Member
	types   map[string]luaapi.Type
	strict  map[string]bool
}

// New reads the pages of the reference, and what the functions of modules are.
func New(pages []luaapi.Page, modules []kernel.Module) API {
	a := API{members: map[string]luaapi.Member{}, types: map[string]luaapi.Type{}, strict: map[string]bool{}}
	for _, m := range modules {
		for _, e := range m.Exports {
			a.strict[m.Name+m.Separator()+e.Name] = e.Traits.Has(engine.TraitStrict)
		}
	}
	for _, p := range pages {
		for _, m := range p.Members {
			a.members[m.Name] = m
		}
		for _, t := range p.Types {
			a.types[t.Name] = t
		}
	}
	return a
}

// Finding is something that is wrong with a call.
type Finding struct {
	Line    int
	Message string
}

// Known tells whether the reference describes a function of this name, as "chat:ask" or "http.get".
func (a API) Known(name string) bool {
	m, ok := a.members[name]
	return ok && m.Field == ""
}

// Value tells whether the reference describes a value of this name, as "consumer.name".
func (a API) Value(name string) bool {
	m, ok := a.members[name]
	return ok && m.Field != ""
}

// Members are the names that an object has, in the order of the reference.
func (a API) Members(object string) (names []string) {
	for name := range a.members {
		if i := strings.IndexAny(name, ":."); i >= 0 && name[:i] == object {
			names = append(names, name[i+1:])
		}
	}
	slices.Sort(names)
	return names
}

// Strict tells of a function whose arguments alone decide whether it is refused.
func (a API) Strict(name string) bool { return a.strict[name] }

// SaysText tells of a function whose first argument is what it says, asks or
// calls, which does not decide whether it is refused.
func (a API) SaysText(name string) bool {
	m := a.members[name]
	return len(m.Params) > 0 && (m.Params[0].Name == "text" || m.Params[0].Name == "prompt" || m.Params[0].Names == "address")
}

// Naming is where a call names something of the brand: in a parameter, or in a
// field of the table that the parameter is.
type Naming struct {
	Param int
	Field string
	What  string // as luaapi.Value has it
}

// Naming tells what the arguments of a function name.
func (a API) Naming(name string) (found []Naming) {
	for i, p := range a.members[name].Params {
		if p.Names != "" {
			found = append(found, Naming{Param: i, What: p.Names})
		}
		for t, ok := a.types[strings.TrimSuffix(p.Type, "?")]; ok; t, ok = a.types[t.Extends] {
			for _, f := range t.Fields {
				if f.Names != "" {
					found = append(found, Naming{Param: i, Field: f.Name, What: f.Names})
				}
			}
		}
	}
	return found
}

// Call checks the arguments of a call that stands at line. suggest gives "; did you mean …?" for a name that is not
// among the known ones.
func (a API) Call(name string, line int, args []ast.Expr, suggest func(name string, known []string) string) []Finding {
	m, ok := a.members[name]
	if !ok || m.Field != "" {
		return nil
	}
	c := check{api: a, fn: name, suggest: suggest}
	for i, p := range m.Params {
		if p.Name == "..." {
			break
		}
		if i < len(args) {
			c.value(args[i], a.parse(p.Type), p.Name)
			continue
		}
		if !p.Optional() && p.Type != "any" && !spreads(args) {
			c.report(line, "%s is missing", p.Name)
		}
		break
	}
	return c.found
}

// spreads tells whether the last argument may be several values.
func spreads(args []ast.Expr) bool {
	if len(args) == 0 {
		return false
	}
	switch args[len(args)-1].(type) {
	case *ast.FuncCallExpr, *ast.Comma3Expr:
		return true
	}
	return false
}

type check struct {
	api     API
	fn      string
	suggest func(name string, known []string) string
	found   []Finding
}

func (c *check) report(line int, format string, values ...any) {
	c.found = append(c.found, Finding{Line: line, Message: c.fn + ": " + fmt.Sprintf(format, values...)})
}

// value checks an expression against what may stand in its place.
func (c *check) value(e ast.Expr, s shape, path string) {
	if l, ok := e.(*ast.LogicalOpExpr); ok { // a and x or y
		if l.Operator == "or" {
			c.value(l.Lhs, s, path)
		}
		if _, literal := l.Rhs.(*ast.NilExpr); !literal {
			c.value(l.Rhs, s, path)
		}
		return
	}
	typ := typeOf(e)
	switch {
	case typ == "" || s.any:
	case typ == "nil":
		if !slices.Contains(s.words, "nil") {
			c.report(e.Line(), "%s must be %s, got nil", path, s)
		}
	case typ == "table":
		c.table(e.(*ast.TableExpr), s, path)
	case typ == "string" && slices.Contains(s.words, "string"):
	case typ == "string" && len(s.values) > 0:
		c.enumerated(e, s, path)
	case typ == "number" && slices.Contains(s.words, "string"): // as everywhere in Lua
	case !slices.Contains(s.words, typ):
		c.report(e.Line(), "%s must be %s, got a %s", path, s, typ)
	}
}

func (c *check) enumerated(e ast.Expr, s shape, path string) {
	text, ok := e.(*ast.StringExpr)
	if !ok || slices.Contains(s.values, text.Value) {
		return
	}
	c.report(e.Line(), "%s must be one of %s, got %q%s", path, strings.Join(s.values, ", "), text.Value, c.suggest(text.Value, s.values))
}

// table checks a table in the place of one of several shapes: it must fit one.
func (c *check) table(t *ast.TableExpr, s shape, path string) {
	if slices.Contains(s.words, "table") {
		return
	}
	var best []Finding
	tried := false
	try := func(fn func(c *check)) {
		inner := check{api: c.api, fn: c.fn, suggest: c.suggest}
		fn(&inner)
		if !tried || len(inner.found) < len(best) {
			tried, best = true, inner.found
		}
	}
	for _, item := range s.lists {
		try(func(c *check) { c.list(t, item, path) })
	}
	for _, value := range s.maps {
		try(func(c *check) { c.names(t, value, path) })
	}
	for _, name := range s.named {
		try(func(c *check) { c.named(t, c.api.fields(name), path) })
	}
	if !tried {
		c.report(t.Line(), "%s must be %s, got a table", path, s)
		return
	}
	c.found = append(c.found, best...)
}

func (c *check) list(t *ast.TableExpr, item shape, path string) {
	for _, f := range t.Fields {
		if f.Key == nil {
			c.value(f.Value, item, "an item of "+path)
			continue
		}
		if key, ok := f.Key.(*ast.StringExpr); ok {
			c.report(f.Key.Line(), "%s must be a list { … , … }, but it has a field %q", path, key.Value)
		}
	}
}

func (c *check) names(t *ast.TableExpr, value shape, path string) {
	for _, f := range t.Fields {
		key, ok := f.Key.(*ast.StringExpr)
		switch {
		case f.Key == nil:
			c.report(f.Value.Line(), "%s takes named fields only", path)
		case ok:
			c.value(f.Value, value, path+"."+key.Value)
		}
	}
}

func (c *check) named(t *ast.TableExpr, fields []luaapi.Value, path string) {
	known := make([]string, len(fields))
	for i, f := range fields {
		known[i] = f.Name
	}
	given, open := map[string]bool{}, false
	for _, f := range t.Fields {
		if f.Key == nil {
			c.report(f.Value.Line(), "%s takes named fields only (%s)", path, strings.Join(known, ", "))
			continue
		}
		key, ok := f.Key.(*ast.StringExpr)
		if !ok {
			open = true
			continue
		}
		given[key.Value] = true
		i := slices.Index(known, key.Value)
		if i < 0 {
			open = true // probably one that it needs
			c.report(f.Key.Line(), "%s has no field %q (it has: %s)%s", path, key.Value, strings.Join(known, ", "), c.suggest(key.Value, known))
			continue
		}
		c.value(f.Value, c.api.parse(fields[i].Type), inside(path, key.Value))
	}
	for _, f := range fields {
		if !f.Optional() && f.Type != "any" && !given[f.Name] && !open {
			c.report(t.Line(), "%s needs %s", path, f.Name)
		}
	}
}

// inside names a field of a table: of the options by itself, as the runtime does.
func inside(path, name string) string {
	if path == "options" || path == "request" {
		return name
	}
	return path + "." + name
}

// typeOf is the type of what an expression gives; "" when it may be any.
func typeOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StringExpr, *ast.StringConcatOpExpr:
		return "string"
	case *ast.NumberExpr, *ast.UnaryLenOpExpr, *ast.ArithmeticOpExpr:
		return "number"
	case *ast.UnaryMinusOpExpr:
		return typeOf(e.Expr)
	case *ast.TrueExpr, *ast.FalseExpr, *ast.RelationalOpExpr, *ast.UnaryNotOpExpr:
		return "boolean"
	case *ast.NilExpr:
		return "nil"
	case *ast.TableExpr:
		return "table"
	case *ast.FunctionExpr:
		return "function"
	}
	return ""
}

// String says in words what a shape takes.
func (s shape) String() string {
	var words []string
	for _, w := range s.words {
		if w != "nil" {
			words = append(words, "a "+w)
		}
	}
	if len(s.values) > 0 {
		words = append(words, "one of "+strings.Join(s.values, ", "))
	}
	if len(s.lists) > 0 {
		words = append(words, "a list")
	}
	if len(s.named)+len(s.maps) > 0 {
		words = append(words, "a table with named fields")
	}
	if len(words) == 0 {
		return "left out"
	}
	return strings.Join(words, " or ")
}
