package check

import (
	"maps"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"parley/botscripts/modules/http"
	"parley/botscripts/suggest"
	"parley/engine/egress"
)

// checkCall holds a call against the reference of the bots' API, the brand's hosts and its secrets.
func (l *linter) checkCall(e *ast.FuncCallExpr) {
	name, ok := l.hostFunction(e)
	if !ok {
		return
	}
	l.namesOfBrand(name, e)
	found := l.api.Call(name, e.Line(), e.Args, suggest.Hint)
	for _, f := range found {
		l.problems = append(l.problems, Problem{File: l.file, Line: f.Line, Message: f.Message})
	}
	for _, arg := range e.Args {
		if strings.HasPrefix(name, "chat:") {
			l.patternsIn(arg)
		}
	}
	if len(found) == 0 {
		l.calls = append(l.calls, literalCall{name: name, strict: l.api.Strict(name), text: l.api.SaysText(name), line: e.Line(), args: e.Args})
	}
}

// hostFunction is the name of the host's function that a call names: "chat:ask", "http.get". A method that is
// called with a dot, or a function with a colon, is a problem of its own.
func (l *linter) hostFunction(e *ast.FuncCallExpr) (string, bool) {
	if e.Receiver != nil {
		object, ok := e.Receiver.(*ast.IdentExpr)
		if !ok {
			if module, ok := l.required(e.Receiver); ok && l.api.Known(module+"."+e.Method) {
				l.problem(e, "%s.%s is no method; write .%s(…) with a dot", module, e.Method, e.Method)
			}
			return "", false
		}
		if l.isObject(object.Value) {
			name := object.Value + ":" + e.Method
			if l.api.Value(object.Value + "." + e.Method) {
				l.problem(e, "%s.%s is a value and no method; write %s.%s", object.Value, e.Method, object.Value, e.Method)
			}
			return name, l.api.Known(name)
		}
		if module := l.moduleOf(object); l.api.Known(module + "." + e.Method) {
			l.problem(e, "%s.%s is no method; write %s.%s(…) with a dot", object.Value, e.Method, object.Value, e.Method)
		} else if set := l.names.Globals[object.Value]; set[e.Method] && !l.isLocal(object.Value) {
			l.problem(e, "%s.%s is no method; write %s.%s(…) with a dot", object.Value, e.Method, object.Value, e.Method)
		}
		return "", false
	}
	if attr, ok := e.Func.(*ast.AttrGetExpr); ok {
		object, isIdent := attr.Object.(*ast.IdentExpr)
		key, isName := attr.Key.(*ast.StringExpr)
		if isIdent && isName && l.isObject(object.Value) && l.api.Known(object.Value+":"+key.Value) {
			if len(e.Args) > 0 {
				if self, ok := e.Args[0].(*ast.IdentExpr); ok && self.Value == object.Value {
					return "", false // chat.say(chat, "hi") is right, if odd
				}
			}
			l.problem(e, "%s.%s is a method; write %s:%s(…) with a colon", object.Value, key.Value, object.Value, key.Value)
			return "", false
		}
	}
	name := l.functionName(e.Func)
	return name, name != "" && l.api.Known(name)
}

// isObject tells of the objects that the host gives: chat is a parameter, the others are globals.
func (l *linter) isObject(name string) bool {
	held, isLocal := l.local(name)
	switch name {
	case "chat":
		return isLocal && held == ""
	case "consumer", "conversation":
		return !isLocal && !l.assigned[name]
	}
	return false
}

func (l *linter) isLocal(name string) bool {
	_, ok := l.local(name)
	return ok
}

// outsideCall checks where a call goes and what secrets it carries, as far as the script says it in so many words.
func (l *linter) outsideCall(name string, address, options ast.Expr) {
	target, ok := l.beginning(address)
	if ok && l.brand.settled {
		switch egress.CheckTarget(l.brand.hosts, target) {
		case egress.ErrHost:
			l.problem(address, "%s: the brand's http.hosts do not list %s", name, hostOf(target))
		case egress.ErrScheme:
			l.problem(address, "%s: %s is not encrypted; only https:// is allowed", name, target)
		case egress.ErrURL:
			l.problem(address, "%s: %q is no address; it begins with https:// and a host", name, target)
		}
	}
	if !l.brand.settled {
		return
	}
	known := slices.Sorted(maps.Keys(l.brand.secrets))
	namesIn(fieldOf(options, "secrets"), func(at ast.Expr, secret string) {
		hosts, declared := l.brand.secrets[secret]
		switch {
		case !declared:
			l.problem(at, "%s: brand.yaml has no secret %q under http.secrets%s", name, secret, suggest.Hint(secret, known))
		case ok && egress.CheckTarget(hosts, target) == egress.ErrHost:
			l.problem(at, "%s: the hosts of the secret %q do not list %s", name, secret, hostOf(target))
		}
	})
	namesIn(fieldOf(options, "headers"), func(at ast.Expr, secret string) {
		if _, declared := l.brand.secrets[secret]; declared || secret == strings.ToUpper(secret) {
			l.problem(at, "%s: headers go out as they are written, {%s} too; a header with a secret belongs in secrets", name, secret)
		}
	})
}

// namesIn finds the names in braces in the texts of a table that stands in the script.
func namesIn(e ast.Expr, tell func(at ast.Expr, name string)) {
	for _, f := range fieldsOf(e) {
		if text, ok := f.Value.(*ast.StringExpr); ok {
			for _, name := range http.SecretsIn(text.Value) {
				tell(text, name)
			}
		}
	}
}

// beginning is the text with which an address begins, when its host is all in it.
func (l *linter) beginning(e ast.Expr) (string, bool) {
	text, whole := l.beginsWith(e)
	if !whole {
		_, rest, found := strings.Cut(text, "://")
		whole = found && strings.ContainsAny(rest, "/?#") // else the host goes on in what the script computes
	}
	return text, whole
}

// beginsWith is the text with which an expression begins as far as it is known, and whether that is all of it: it
// follows .., string.format and locals that keep their first value.
func (l *linter) beginsWith(e ast.Expr) (text string, whole bool) {
	switch e := e.(type) {
	case *ast.StringExpr:
		return e.Value, true
	case *ast.IdentExpr:
		held, _ := l.local(e.Value)
		return strings.CutPrefix(held, textMark)
	case *ast.StringConcatOpExpr:
		text, whole = l.beginsWith(e.Lhs)
		if !whole {
			return text, false
		}
		more, whole := l.beginsWith(e.Rhs)
		return text + more, whole
	case *ast.FuncCallExpr:
		format := e.Receiver
		if attr, ok := e.Func.(*ast.AttrGetExpr); ok && len(e.Args) > 0 && isName(attr.Object, "string") && !l.isLocal("string") && isKey(attr.Key, "format") {
			format = e.Args[0]
		} else if e.Method != "format" {
			return "", false
		}
		if text, whole = l.beginsWith(format); whole {
			text, _, _ = strings.Cut(text, "%")
			return text, false
		}
	}
	return "", false
}

func isName(e ast.Expr, name string) bool {
	ident, ok := e.(*ast.IdentExpr)
	return ok && ident.Value == name
}

func isKey(e ast.Expr, name string) bool {
	key, ok := e.(*ast.StringExpr)
	return ok && key.Value == name
}

func hostOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// fieldsOf are those of a table that stands in the script; none for anything else.
func fieldsOf(e ast.Expr) []*ast.Field {
	if table, ok := e.(*ast.TableExpr); ok {
		return table.Fields
	}
	return nil
}

// fieldOf is the value of a named field of a table that stands in the script; nil when there is none.
func fieldOf(e ast.Expr, name string) ast.Expr {
	for _, f := range fieldsOf(e) {
		if isKey(f.Key, name) {
			return f.Value
		}
	}
	return nil
}
