package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"

	"parley/botscripts/callcheck"
	"parley/botscripts/kernel"
	"parley/botscripts/suggest"
)

// linter walks one script and keeps track of scopes.
type linter struct {
	file     string
	names    kernel.Names
	brand    brandNames
	problems []Problem
	scopes   []map[string]string // local name → what it is known to hold, see held
	assigned map[string]bool     // globals that the script assigns, each told once
	changed  map[string]bool     // names of locals that the script assigns again somewhere
	api      callcheck.API
	calls    []literalCall // that could be tried
	said     []said        // texts for consumers
}

// lint finds names that nothing defines and calls that the host would refuse. source must compile. It also gives
// the calls that could be tried.
func lint(file, source string, names kernel.Names, brand brandNames, api callcheck.API) ([]Problem, []literalCall) {
	l := linted(file, source, names, brand, api)
	return l.problems, l.calls
}

func linted(file, source string, names kernel.Names, brand brandNames, api callcheck.API) *linter {
	stmts, err := parse.Parse(strings.NewReader(source), file)
	if err != nil {
		return &linter{} // compiled a moment ago, so this cannot be
	}
	changed := map[string]bool{}
	for { // the second time it is known which locals keep what they hold
		l := &linter{file: file, names: names, brand: brand, assigned: map[string]bool{}, changed: changed, api: api}
		known := len(changed)
		if l.block(stmts); len(changed) == known {
			return l
		}
	}
}

func (l *linter) problem(at ast.PositionHolder, format string, values ...any) {
	l.problems = append(l.problems, Problem{File: l.file, Line: at.Line(), Message: fmt.Sprintf(format, values...)})
}

func (l *linter) block(stmts []ast.Stmt, locals ...string) {
	l.scopes = append(l.scopes, map[string]string{})
	for _, name := range locals {
		l.declare(name, "")
	}
	for _, s := range stmts {
		l.stmt(s)
	}
	l.scopes = l.scopes[:len(l.scopes)-1]
}

func (l *linter) declare(name, module string) { l.scopes[len(l.scopes)-1][name] = module }

// local gives the module that a local name holds.
func (l *linter) local(name string) (module string, ok bool) {
	for i := len(l.scopes) - 1; i >= 0; i-- {
		if module, ok := l.scopes[i][name]; ok {
			return module, true
		}
	}
	return "", false
}

func (l *linter) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.LocalAssignStmt:
		l.localAssign(s)
	case *ast.AssignStmt:
		l.exprs(s.Rhs)
		for _, target := range s.Lhs {
			l.target(target)
		}
	case *ast.FuncCallStmt:
		l.expr(s.Expr)
	case *ast.DoBlockStmt:
		l.block(s.Stmts)
	case *ast.WhileStmt:
		l.expr(s.Condition)
		l.block(s.Stmts)
	case *ast.RepeatStmt:
		// The condition sees the block's locals.
		l.scopes = append(l.scopes, map[string]string{})
		for _, inner := range s.Stmts {
			l.stmt(inner)
		}
		l.expr(s.Condition)
		l.scopes = l.scopes[:len(l.scopes)-1]
	case *ast.IfStmt:
		l.expr(s.Condition)
		l.block(s.Then)
		l.block(s.Else)
	case *ast.NumberForStmt:
		l.exprs([]ast.Expr{s.Init, s.Limit, s.Step})
		l.block(s.Stmts, s.Name)
	case *ast.GenericForStmt:
		l.exprs(s.Exprs)
		l.block(s.Stmts, s.Names...)
	case *ast.FuncDefStmt:
		if s.Name.Func != nil {
			l.target(s.Name.Func)
		} else {
			l.expr(s.Name.Receiver)
		}
		l.function(s.Func, s.Name.Method != "")
	case *ast.ReturnStmt:
		l.exprs(s.Exprs)
	}
}

func (l *linter) localAssign(s *ast.LocalAssignStmt) {
	// "local function f" is parsed as "local f = function", but sees itself.
	if len(s.Names) == 1 && len(s.Exprs) == 1 {
		if fn, ok := s.Exprs[0].(*ast.FunctionExpr); ok {
			l.declare(s.Names[0], "")
			l.function(fn, false)
			return
		}
	}
	l.exprs(s.Exprs)
	for i, name := range s.Names {
		held := ""
		if i < len(s.Exprs) {
			held = l.held(s.Exprs[i])
		}
		if strings.HasPrefix(held, textMark) && l.changed[name] {
			held = "" // a function that stands before the assignment may run after it
		}
		if name == "chat" && held == "" && !(i < len(s.Exprs) && isName(s.Exprs[i], "chat")) {
			held = functionMark // something of the author's own
		}
		l.declare(name, held)
	}
}

// target checks the left side of an assignment.
func (l *linter) target(e ast.Expr) {
	ident, ok := e.(*ast.IdentExpr)
	if !ok {
		if attr, ok := e.(*ast.AttrGetExpr); ok {
			l.expr(attr.Object)
			l.expr(attr.Key)
		}
		return
	}
	for i := len(l.scopes) - 1; i >= 0; i-- {
		if held, ok := l.scopes[i][ident.Value]; ok {
			l.changed[ident.Value] = true
			if held != "" && ident.Value != "chat" {
				l.scopes[i][ident.Value] = "" // no longer that module
			}
			return
		}
	}
	if !l.assigned[ident.Value] {
		l.assigned[ident.Value] = true
		l.problem(e, "assigns the global %q; write: local %s", ident.Value, ident.Value)
	}
}

func (l *linter) function(fn *ast.FunctionExpr, method bool) {
	names := fn.ParList.Names
	if method {
		names = append([]string{"self"}, names...)
	}
	if fn.ParList.HasVargs {
		names = append(names[:len(names):len(names)], "arg")
	}
	l.block(fn.Stmts, names...)
}

func (l *linter) exprs(list []ast.Expr) {
	for _, e := range list {
		l.expr(e)
	}
}

func (l *linter) expr(e ast.Expr) {
	switch e := e.(type) {
	case *ast.IdentExpr:
		l.global(e)
	case *ast.AttrGetExpr:
		l.expr(e.Object)
		if key, ok := e.Key.(*ast.StringExpr); ok {
			l.member(e, e.Object, key.Value)
		} else {
			l.expr(e.Key)
		}
	case *ast.FuncCallExpr:
		l.call(e)
	case *ast.FunctionExpr:
		l.function(e, false)
	case *ast.TableExpr:
		for _, f := range e.Fields {
			if f.Key != nil {
				l.expr(f.Key)
			}
			l.expr(f.Value)
		}
	case *ast.LogicalOpExpr:
		l.exprs([]ast.Expr{e.Lhs, e.Rhs})
	case *ast.RelationalOpExpr:
		l.exprs([]ast.Expr{e.Lhs, e.Rhs})
		l.comparison(e)
	case *ast.StringConcatOpExpr:
		l.exprs([]ast.Expr{e.Lhs, e.Rhs})
	case *ast.ArithmeticOpExpr:
		l.exprs([]ast.Expr{e.Lhs, e.Rhs})
	case *ast.UnaryMinusOpExpr:
		l.expr(e.Expr)
	case *ast.UnaryNotOpExpr:
		l.expr(e.Expr)
	case *ast.UnaryLenOpExpr:
		l.expr(e.Expr)
	}
}

func (l *linter) global(e *ast.IdentExpr) {
	if _, ok := l.local(e.Value); ok || l.assigned[e.Value] {
		return
	}
	if _, ok := l.names.Globals[e.Value]; ok {
		return
	}
	if _, ok := l.names.Modules[e.Value]; ok {
		l.problem(e, "%q is not defined; write: local %s = require %q", e.Value, e.Value, e.Value)
		return
	}
	l.problem(e, "%q is not defined%s", e.Value, suggest.Hint(e.Value, slices.Sorted(maps.Keys(l.names.Globals))))
}

func (l *linter) call(e *ast.FuncCallExpr) {
	if e.Receiver != nil {
		l.expr(e.Receiver)
		l.member(e, e.Receiver, e.Method)
	} else {
		l.expr(e.Func)
		if name, ok := l.required(e); ok {
			if _, known := l.names.Modules[name]; !known {
				known := slices.Sorted(maps.Keys(l.names.Modules))
				hint := suggest.Hint(name, known)
				if lib := "lib." + strings.TrimPrefix(strings.ReplaceAll(name, "/", "."), "lib."); slices.Contains(known, lib) {
					hint = fmt.Sprintf("; did you mean %q?", lib)
				}
				l.problem(e, "there is no module %q (there are: %s)%s", name, strings.Join(known, ", "), hint)
			}
		}
	}
	l.exprs(e.Args)
	if isName(e.Receiver, "chat") {
		l.says(e.Args)
	}
	l.checkCall(e)
	if call, ok := patternCall(e, func(o ast.Expr) bool { return isName(o, "string") && !l.isLocal("string") }); ok {
		l.unclosed(call.args[1])
		l.calls = append(l.calls, call)
	}
}

// required is the module that e requires by a constant name.
func (l *linter) required(e ast.Expr) (string, bool) {
	call, ok := e.(*ast.FuncCallExpr)
	if !ok || call.Receiver != nil || len(call.Args) != 1 || !isName(call.Func, "require") || l.isLocal("require") {
		return "", false
	}
	name, ok := call.Args[0].(*ast.StringExpr)
	if !ok {
		return "", false
	}
	return name.Value, true
}

// member checks object.name and object:name where the object is known.
func (l *linter) member(at, object ast.Expr, name string) {
	ident, ok := object.(*ast.IdentExpr)
	if !ok {
		if module, ok := l.required(object); ok {
			l.moduleMember(at, module, name)
		}
		return
	}
	module, isLocal := l.local(ident.Value)
	switch {
	case isLocal && ident.Value == "chat" && module == "":
		known := l.api.Members("chat")
		if !slices.Contains(known, name) {
			l.problem(at, "chat has no method %q%s", name, suggest.Hint(name, known))
		}
	case isLocal:
		l.moduleMember(at, module, name)
	case !l.assigned[ident.Value]:
		if set := l.names.Globals[ident.Value]; set != nil && !set[name] {
			l.problem(at, "%s has no %q%s", ident.Value, name, suggest.Hint(name, slices.Sorted(maps.Keys(set))))
		}
	}
}

func (l *linter) moduleMember(at ast.PositionHolder, module, name string) {
	if set := l.names.Modules[module]; set != nil && !set[name] {
		l.problem(at, "module %q has no %q%s", module, name, suggest.Hint(name, slices.Sorted(maps.Keys(set))))
	}
}
