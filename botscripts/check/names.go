package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"parley/botscripts/modules/intent"
	"parley/botscripts/suggest"
	"parley/engine"
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
const classified = functionMark + engine.CallIntent + "()"

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
		if e.Receiver == nil && l.functionName(e.Func) == engine.CallIntent {
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

// namesOfBrand checks what a call names of the brand, and where it goes.
func (l *linter) namesOfBrand(name string, e *ast.FuncCallExpr) {
	if strings.HasPrefix(name, "chat:") {
		for _, arg := range e.Args {
			l.handoffsIn(arg)
		}
	}
	if name == engine.CallIntent && l.brand.noIntents {
		l.problem(e, "%s: %s", name, intent.None)
	}
	at := func(i int) ast.Expr {
		if i < len(e.Args) {
			return e.Args[i]
		}
		return nil
	}
	for _, n := range l.api.Naming(name) {
		named, beside := at(n.Param), at(n.Param+1)
		if n.Field != "" {
			named, beside = fieldOf(named, n.Field), named
		}
		if n.What == "address" {
			l.outsideCall(name, named, beside)
		} else {
			l.literal(named, n.What, l.brand.names(n.What))
		}
	}
}

// names are the brand's names of a sort.
func (b brandNames) names(what string) map[string]bool {
	switch what {
	case "skill":
		return b.skills
	case "channel":
		return b.channels
	case "bot":
		return b.bots
	case "text":
		return b.texts
	}
	return nil
}

// handoffsIn checks otherwise = { handoff = { skill = … } }, however deep.
func (l *linter) handoffsIn(e ast.Expr) {
	for _, f := range fieldsOf(e) {
		if isKey(f.Key, "handoff") {
			l.literal(fieldOf(f.Value, "skill"), "skill", l.brand.skills)
		}
		l.handoffsIn(f.Value)
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
