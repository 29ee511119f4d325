package check

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/yuin/gopher-lua/ast"

	"parley/engine"
)

// literalCall is a call of a host function whose arguments may all stand in the script.
type literalCall struct {
	name   string // "chat:ask", "http.get", or "string.find" for a pattern
	strict bool   // its arguments alone decide whether it is refused
	text   bool   // the first argument is a text that does not decide
	line   int
	args   []ast.Expr
}

// mostTried bounds how many calls of a folder are tried.
const mostTried = 2000

// tryCalls makes the calls that a script spells out, each in a bot of its own that ends with it, so that what the
// runtime refuses is known before a consumer meets it: a malformed pattern, options that do not go together, a
// number out of its bounds.
func (c *checker) tryCalls(file string, calls []literalCall, brand engine.Brand, skills []engine.Skill) {
	told := map[int]bool{}
	for _, p := range c.problems {
		if p.File == file {
			told[p.Line] = true
		}
	}
	for _, call := range calls {
		script, ok := call.script()
		if !ok || told[call.line] || c.tried >= mostTried {
			continue
		}
		c.tried++
		// What the brand has is checked by its name already.
		if message, ok := c.attempt(script, brand, skills); ok && !strings.Contains(message, ": there is no ") {
			c.problem(file, call.line, "%s", message)
			told[call.line] = true
		}
	}
}

// attempt runs a bot's first turn and gives the error that ended it.
func (c *checker) attempt(script string, brand engine.Brand, skills []engine.Skill) (message string, failed bool) {
	files := map[string]string{"bots/try.lua": script}
	bot, err := c.cfg.Bot("try:"+script, "try", func() (engine.Bundle, error) { return engine.Bundle{Files: files}, nil })
	if err != nil {
		return "", false
	}
	out, err := bot.Step(engine.Turn{
		Session: engine.Session{Bot: "try"}, First: &engine.Content{Text: "hi"}, Brand: brand, Skills: skills,
		Now: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC),
	})
	if err != nil || out.Fault == nil || out.Fault.Kind != "error" {
		return "", false
	}
	return out.Fault.Message, true
}

// script is a bot that makes the call alone; ok is false when the arguments are not all known.
func (call literalCall) script() (text string, ok bool) {
	if !call.strict {
		return "", false
	}
	var b strings.Builder
	object, _, found := strings.Cut(call.name, ".")
	if found && object != "string" {
		fmt.Fprintf(&b, "local %s = require %q\n", object, object)
	}
	b.WriteString("return function(chat) " + call.name + "(")
	for i, arg := range call.args {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == 0 && isComputed(arg) && call.text { // what is said, asked or called does not decide
			b.WriteString(`"https://x.example"`)
			continue
		}
		if !writeLiteral(&b, arg) {
			return "", false
		}
	}
	b.WriteString(") end")
	return b.String(), true
}

// isComputed tells of what the script computes.
func isComputed(e ast.Expr) bool {
	switch e.(type) {
	case *ast.IdentExpr, *ast.FuncCallExpr, *ast.AttrGetExpr, *ast.StringConcatOpExpr, *ast.LogicalOpExpr:
		return true
	}
	return false
}

// writeLiteral writes an expression that holds nothing but constants. Texts that the script computes become "x"
// where any text is as good: under a name that is only shown.
func writeLiteral(b *strings.Builder, e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.StringExpr:
		b.WriteString(quoteLua(e.Value))
	case *ast.NumberExpr:
		b.WriteString(e.Value)
	case *ast.UnaryMinusOpExpr:
		b.WriteString("-")
		return writeLiteral(b, e.Expr)
	case *ast.TrueExpr:
		b.WriteString("true")
	case *ast.FalseExpr:
		b.WriteString("false")
	case *ast.NilExpr:
		b.WriteString("nil")
	case *ast.TableExpr:
		return writeTable(b, e)
	default:
		return false
	}
	return true
}

func writeTable(b *strings.Builder, t *ast.TableExpr) bool {
	b.WriteString("{ ")
	for _, f := range t.Fields {
		name := ""
		if f.Key != nil {
			key, ok := f.Key.(*ast.StringExpr)
			if !ok {
				return false
			}
			name = key.Value
			b.WriteString("[" + quoteLua(name) + "] = ")
		}
		switch {
		case isComputed(f.Value) && isShown(name):
			b.WriteString(`"x"`)
		case isFunction(f.Value) && name == "otherwise":
			b.WriteString(`"continue"`)
		case !writeLiteral(b, f.Value):
			return false
		}
		b.WriteString(", ")
	}
	b.WriteString("}")
	return true
}

func isFunction(e ast.Expr) bool { _, ok := e.(*ast.FunctionExpr); return ok }

// isShown tells of fields whose text is only shown to people.
func isShown(name string) bool {
	return slices.Contains([]string{"text", "hint", "prompt", "question", "reason", "summary", "title", "subtitle", "caption", "description", "comment", "confirm"}, name)
}

// quoteLua writes a text as a Lua 5.1 literal.
func quoteLua(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch ch := s[i]; {
		case ch == '"' || ch == '\\':
			b.WriteByte('\\')
			b.WriteByte(ch)
		case ch < ' ' || ch >= 0x7f:
			fmt.Fprintf(&b, "\\%03d", ch)
		default:
			b.WriteByte(ch)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// patternCall is the call string.find("", pattern) for a call of a string function with a pattern that stands in
// the script: string.match(s, "…"), s:gsub("…", "").
func patternCall(e *ast.FuncCallExpr, isString func(ast.Expr) bool) (literalCall, bool) {
	name, at := e.Method, 0
	if e.Receiver == nil {
		attr, ok := e.Func.(*ast.AttrGetExpr)
		if !ok {
			return literalCall{}, false
		}
		key, ok := attr.Key.(*ast.StringExpr)
		if !ok || !isString(attr.Object) {
			return literalCall{}, false
		}
		name, at = key.Value, 1
	}
	switch name {
	case "find", "match", "gmatch", "gsub":
	default:
		return literalCall{}, false
	}
	if at >= len(e.Args) || name == "find" && len(e.Args) > at+2 { // find with plain = true
		return literalCall{}, false
	}
	if _, ok := e.Args[at].(*ast.StringExpr); !ok {
		return literalCall{}, false
	}
	empty := &ast.StringExpr{}
	return literalCall{name: "string.find", strict: true, line: e.Line(), args: []ast.Expr{empty, e.Args[at]}}, true
}

// patternsIn looks for patterns in the options of a question, however deep. Only a text that fits so far would show
// that a capture is not closed.
func (l *linter) patternsIn(e ast.Expr) {
	for _, f := range fieldsOf(e) {
		if isKey(f.Key, "match") || isKey(f.Key, "pattern") {
			l.unclosed(f.Value)
		}
		l.patternsIn(f.Value)
	}
}

func (l *linter) unclosed(e ast.Expr) {
	pattern, ok := e.(*ast.StringExpr)
	if !ok {
		return
	}
	open, set := 0, -1
	for i := 0; i < len(pattern.Value); i++ {
		switch ch := pattern.Value[i]; {
		case ch == '%' && set < 0 && strings.HasPrefix(pattern.Value[i:], "%b"):
			i += 3
		case ch == '%':
			i++
		case set >= 0:
			if ch == ']' && i > set {
				set = -1
			}
		case ch == '[':
			set = i + 1 // a ] here stands for itself
			if strings.HasPrefix(pattern.Value[set:], "^") {
				set++
			}
		case ch == '(':
			open++
		case ch == ')':
			open--
		}
	}
	if open > 0 && set < 0 {
		l.problem(e, "malformed pattern: a ( in %q is not closed", pattern.Value)
	}
}
