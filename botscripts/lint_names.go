package botscripts

import (
	"maps"
	"slices"

	"github.com/yuin/gopher-lua/ast"

	"parley/botscripts/suggest"
)

// brandNames are what scripts name of the rest of the brand. A nil set is open.
type brandNames struct {
	skills, channels, bots, texts, intents map[string]bool
	noIntents                              bool // there is no intents.yaml
	settled                                bool // brand.yaml could be read
	hosts                                  []string
	secrets                                map[string][]string // the hosts of each
}

// functionMark begins what a scope knows of a local that holds a module's
// function: "=i18n.t".
const functionMark = "="

// textMark begins what a scope knows of a local that holds a text.
const textMark = `"`

// classified is what a scope knows of a local that holds what intent.classify gave.
const classified = functionMark + "intent.classify()"

// held is what a local is known to hold after local x = e: a module's name, a
// marked function of a module, or "".
func (l *linter) held(e ast.Expr) string {
	if text, whole := l.beginsWith(e); whole {
		return textMark + text
	}
	if module, ok := l.required(e); ok {
		return module
	}
	switch e := e.(type) {
	case *ast.AttrGetExpr:
		if name := l.functionName(e); name != "" {
			return functionMark + name
		}
	case *ast.FuncCallExpr:
		if e.Receiver == nil && l.functionName(e.Func) == "intent.classify" {
			return classified
		}
	}
	return ""
}

// comparison checks the name of an intent that a bot compares with.
func (l *linter) comparison(e *ast.RelationalOpExpr) {
	for _, sides := range [][2]ast.Expr{{e.Lhs, e.Rhs}, {e.Rhs, e.Lhs}} {
		name, ok := sides[0].(*ast.AttrGetExpr)
		if !ok {
			continue
		}
		key, ok := name.Key.(*ast.StringExpr)
		if ok && key.Value == "name" && (l.held(name.Object) == classified || l.moduleOf(name.Object) == classified) {
			l.literal(sides[1], "intent", l.brand.intents)
		}
	}
}

// moduleOf is the module that an expression gives, "" for others.
func (l *linter) moduleOf(e ast.Expr) string {
	if ident, ok := e.(*ast.IdentExpr); ok {
		module, _ := l.local(ident.Value)
		return module
	}
	module, _ := l.required(e)
	return module
}

// functionName is "i18n.t" for an expression that is that function, "" for others.
func (l *linter) functionName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.IdentExpr:
		if held, ok := l.local(e.Value); ok && len(held) > 1 && held[:1] == functionMark {
			return held[1:]
		}
	case *ast.AttrGetExpr:
		key, ok := e.Key.(*ast.StringExpr)
		if module := l.moduleOf(e.Object); ok && module != "" {
			return module + "." + key.Value
		}
	}
	return ""
}

// namesOfBrand checks what a call names of the brand.
func (l *linter) namesOfBrand(e *ast.FuncCallExpr) {
	if e.Receiver != nil {
		if !isName(e.Receiver, "chat") || !l.isObject("chat") {
			return
		}
		for _, arg := range e.Args {
			l.handoffsIn(arg)
		}
		switch e.Method {
		case "handoff", "transfer":
			l.fieldIn(e.Args, 0, "skill", "skill", l.brand.skills)
		case "run":
			l.argument(e.Args, 0, "bot", l.brand.bots)
		}
		return
	}
	switch l.functionName(e.Func) {
	case "intent.classify":
		if l.brand.noIntents {
			l.problem(e, "intent.classify: %s", noIntents)
		}
	case "i18n.t":
		l.argument(e.Args, 0, "text", l.brand.texts)
	case "queue.status", "hours.open", "hours.next", "hours.describe":
		l.argument(e.Args, 0, "skill", l.brand.skills)
	case "schedule.after", "schedule.at":
		l.fieldIn(e.Args, 1, "channel", "channel", l.brand.channels)
		l.fieldIn(e.Args, 1, "bot", "bot", l.brand.bots)
	}
}

// handoffsIn checks otherwise = { handoff = { skill = … } }, however deep.
func (l *linter) handoffsIn(e ast.Expr) {
	table, ok := e.(*ast.TableExpr)
	if !ok {
		return
	}
	for _, f := range table.Fields {
		if key, ok := f.Key.(*ast.StringExpr); ok && key.Value == "handoff" {
			l.fieldIn([]ast.Expr{f.Value}, 0, "skill", "skill", l.brand.skills)
		}
		l.handoffsIn(f.Value)
	}
}

// argument checks the literals that an argument may be.
func (l *linter) argument(list []ast.Expr, i int, what string, known map[string]bool) {
	if i < len(list) {
		l.literal(list[i], what, known)
	}
}

// fieldIn checks the literals of a field of a table that is an argument.
func (l *linter) fieldIn(list []ast.Expr, i int, name, what string, known map[string]bool) {
	if i >= len(list) {
		return
	}
	table, ok := list[i].(*ast.TableExpr)
	if !ok {
		return
	}
	for _, f := range table.Fields {
		if key, ok := f.Key.(*ast.StringExpr); ok && key.Value == name {
			l.literal(f.Value, what, known)
		}
	}
}

// literal looks also at both ends of a and "x" or "y".
func (l *linter) literal(e ast.Expr, what string, known map[string]bool) {
	switch e := e.(type) {
	case *ast.StringExpr:
		if known != nil && !known[e.Value] && e.Value != "" {
			l.problem(e, "there is no %s %q%s", what, e.Value, suggest.Hint(e.Value, slices.Sorted(maps.Keys(known))))
		}
	case *ast.LogicalOpExpr:
		if e.Operator == "or" {
			l.literal(e.Lhs, what, known)
		}
		l.literal(e.Rhs, what, known)
	}
}
