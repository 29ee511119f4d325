package sandbox

import (
	"fmt"
	"strconv"

	"github.com/yuin/gopher-lua/ast"
)

// rewriter walks a syntax tree once. It refuses what is nested too deeply, and turns what the VM would do without an account
// into calls of hooks that keep one: `..`, and stores to computed indices.
type rewriter struct {
	file  string
	err   *CompileError // the first problem
	temp  int           // hidden locals made so far
	lines map[int]bool  // where statements begin, for coverage
}

func (r *rewriter) fail(line int, format string, args ...any) {
	if r.err == nil {
		r.err = &CompileError{File: r.file, Line: line, Message: fmt.Sprintf(format, args...)}
	}
}

// deeper returns whether a node at this depth may be entered.
func (r *rewriter) deeper(node ast.PositionHolder, depth int) bool {
	if depth > MaxSyntaxDepth {
		r.fail(node.Line(), "nested too deeply, the limit is %d levels", MaxSyntaxDepth)
	}
	return r.err == nil
}

func (r *rewriter) block(stmts []ast.Stmt, depth int) {
	for i := range stmts {
		if r.err != nil {
			return
		}
		stmts[i] = r.stmt(stmts[i], depth+1)
	}
}

func (r *rewriter) exprs(list []ast.Expr, depth int) {
	for i := range list {
		list[i] = r.expr(list[i], depth)
	}
}

func (r *rewriter) stmt(stmt ast.Stmt, depth int) ast.Stmt {
	if !r.deeper(stmt, depth) {
		return stmt
	}
	r.mark(stmt)
	switch s := stmt.(type) {
	case *ast.AssignStmt:
		r.exprs(s.Rhs, depth)
		return r.assign(s, depth)
	case *ast.LocalAssignStmt:
		r.exprs(s.Exprs, depth)
	case *ast.FuncCallStmt:
		s.Expr = r.expr(s.Expr, depth)
	case *ast.DoBlockStmt:
		r.block(s.Stmts, depth)
	case *ast.WhileStmt:
		s.Condition = r.expr(s.Condition, depth)
		r.block(s.Stmts, depth)
	case *ast.RepeatStmt:
		r.block(s.Stmts, depth)
		r.mark(s.Condition)
		s.Condition = r.expr(s.Condition, depth)
	case *ast.IfStmt:
		r.ifStmt(s, depth)
	case *ast.NumberForStmt:
		s.Init, s.Limit = r.expr(s.Init, depth), r.expr(s.Limit, depth)
		if s.Step != nil {
			s.Step = r.expr(s.Step, depth)
		}
		r.block(s.Stmts, depth)
	case *ast.GenericForStmt:
		r.exprs(s.Exprs, depth)
		r.block(s.Stmts, depth)
	case *ast.FuncDefStmt:
		if s.Name.Func != nil {
			s.Name.Func = r.expr(s.Name.Func, depth)
		}
		if s.Name.Receiver != nil {
			s.Name.Receiver = r.expr(s.Name.Receiver, depth)
		}
		r.block(s.Func.Stmts, depth)
	case *ast.ReturnStmt:
		r.exprs(s.Exprs, depth)
	}
	return stmt
}

// ifStmt takes an elseif chain as one level, although the tree nests it.
func (r *rewriter) ifStmt(s *ast.IfStmt, depth int) {
	for {
		r.mark(s.Condition)
		s.Condition = r.expr(s.Condition, depth)
		r.block(s.Then, depth)
		if len(s.Else) == 1 {
			if chained, ok := s.Else[0].(*ast.IfStmt); ok {
				s = chained
				continue
			}
		}
		r.block(s.Else, depth)
		return
	}
}

func (r *rewriter) expr(expr ast.Expr, depth int) ast.Expr {
	if !r.deeper(expr, depth) {
		return expr
	}
	depth++
	switch e := expr.(type) {
	case *ast.NumberExpr:
		// The VM's compiler reads 010 as eight.
		if n, ok := parseNumber(e.Value); ok {
			e.Value = strconv.FormatFloat(n, 'g', -1, 64)
		} else {
			r.fail(e.Line(), "malformed number %q", e.Value)
		}
	case *ast.AttrGetExpr:
		e.Object, e.Key = r.expr(e.Object, depth), r.expr(e.Key, depth)
	case *ast.TableExpr:
		for _, f := range e.Fields {
			if f.Key != nil {
				f.Key = r.expr(f.Key, depth)
				if mayBeSparse(f.Key) {
					f.Key = hookCall(hookSlot, e, &ast.NilExpr{}, f.Key)
				}
			}
			f.Value = r.expr(f.Value, depth)
		}
	case *ast.FuncCallExpr:
		if e.Func != nil {
			e.Func = r.expr(e.Func, depth)
		}
		if e.Receiver != nil {
			e.Receiver = r.expr(e.Receiver, depth)
		}
		r.exprs(e.Args, depth)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs, depth), r.expr(e.Rhs, depth)
	case *ast.RelationalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs, depth), r.expr(e.Rhs, depth)
	case *ast.ArithmeticOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs, depth), r.expr(e.Rhs, depth)
	case *ast.StringConcatOpExpr:
		return r.concat(e, depth)
	case *ast.UnaryMinusOpExpr:
		e.Expr = r.expr(e.Expr, depth)
	case *ast.UnaryNotOpExpr:
		e.Expr = r.expr(e.Expr, depth)
	case *ast.UnaryLenOpExpr:
		e.Expr = r.expr(e.Expr, depth)
	case *ast.FunctionExpr:
		r.block(e.Stmts, depth)
	}
	return expr
}

// concat flattens a chain, which the parser nests to the right, into one call.
func (r *rewriter) concat(e *ast.StringConcatOpExpr, depth int) ast.Expr {
	var operands []ast.Expr
	for rest := ast.Expr(e); ; {
		pair, ok := rest.(*ast.StringConcatOpExpr)
		if !ok {
			operands = append(operands, r.expr(rest, depth))
			break
		}
		if len(operands) >= MaxConcatOperands {
			r.fail(e.Line(), "more than %d operands of `..` in a row; use table.concat", MaxConcatOperands)
			return e
		}
		operands = append(operands, r.expr(pair.Lhs, depth))
		rest = pair.Rhs
	}
	// The last argument of a call would pass on all its values.
	switch last := operands[len(operands)-1].(type) {
	case *ast.FuncCallExpr:
		last.AdjustRet = true
	case *ast.Comma3Expr:
		last.AdjustRet = true
	}
	return hookCall(hookConcat, e, operands...)
}

// assign guards stores to computed indices: `t[k] = v` becomes `t[slot(t, k)] = v`. Where t is more than a name it is first
// put into a hidden local, so that it is evaluated once. Values go through hidden locals where the VM's compiler needs it.
func (r *rewriter) assign(s *ast.AssignStmt, depth int) ast.Stmt {
	hoist := &ast.LocalAssignStmt{}
	hoist.SetLine(s.Line())
	for i, lhs := range s.Lhs {
		target, ok := lhs.(*ast.AttrGetExpr)
		if !ok {
			continue
		}
		target.Object, target.Key = r.expr(target.Object, depth+1), r.expr(target.Key, depth+1)
		if !mayBeSparse(target.Key) {
			continue
		}
		object, isName := target.Object.(*ast.IdentExpr)
		if !isName {
			object = r.hidden(hoist, target)
			hoist.Exprs = append(hoist.Exprs, single(target.Object))
		}
		guarded := &ast.AttrGetExpr{Object: object, Key: hookCall(hookSlot, target, ident(object.Value, target), target.Key)}
		guarded.SetLine(target.Line())
		guarded.SetLastLine(target.LastLine())
		s.Lhs[i] = guarded
	}
	if overwritesArgument(s) {
		values := make([]ast.Expr, len(s.Lhs))
		for i := range values {
			values[i] = r.hidden(hoist, s)
		}
		hoist.Exprs = append(hoist.Exprs, s.Rhs...)
		s.Rhs = values
	}
	if len(hoist.Names) == 0 {
		return s
	}
	block := &ast.DoBlockStmt{Stmts: []ast.Stmt{hoist, s}}
	block.SetLine(s.Line())
	block.SetLastLine(s.LastLine())
	return block
}

// hidden adds a local that the script cannot name to a declaration.
func (r *rewriter) hidden(to *ast.LocalAssignStmt, at ast.PositionHolder) *ast.IdentExpr {
	r.temp++
	id := ident("(temp"+strconv.Itoa(r.temp)+")", at)
	to.Names = append(to.Names, id.Value)
	return id
}

// overwritesArgument reports whether the VM's compiler would load a called function into the variable that it assigns to
// before it has passed that variable as an argument: `s = (f(s))` and `s, n = f(s), 1` where s is the last parameter.
func overwritesArgument(s *ast.AssignStmt) bool {
	last := len(s.Rhs) - 1
	if call, ok := s.Rhs[last].(*ast.FuncCallExpr); ok && len(s.Lhs) == len(s.Rhs) {
		call.AdjustRet = false // one value is asked for anyway, and this form is compiled right
	}
	for i, value := range s.Rhs {
		call, ok := value.(*ast.FuncCallExpr)
		if !ok || i >= len(s.Lhs) {
			continue
		}
		if _, isName := s.Lhs[i].(*ast.IdentExpr); isName && (i < last || call.AdjustRet) {
			return true
		}
	}
	return false
}

// single limits an expression to one value where a list of them could take more.
func single(e ast.Expr) ast.Expr {
	if call, ok := e.(*ast.FuncCallExpr); ok {
		call.AdjustRet = true
	}
	return e
}

// mayBeSparse reports whether a store under this key could make the VM fill a large slice.
func mayBeSparse(key ast.Expr) bool {
	switch k := key.(type) {
	case *ast.StringExpr, *ast.TrueExpr, *ast.FalseExpr, *ast.NilExpr, *ast.TableExpr, *ast.FunctionExpr:
		return false
	case *ast.NumberExpr:
		n, ok := parseNumber(k.Value)
		return !ok || n > denseIndex
	case *ast.FuncCallExpr:
		id, ok := k.Func.(*ast.IdentExpr)
		return !ok || id.Value != hookConcat.name()
	}
	return true
}

func ident(name string, at ast.PositionHolder) *ast.IdentExpr {
	id := &ast.IdentExpr{Value: name}
	id.SetLine(at.Line())
	id.SetLastLine(at.LastLine())
	return id
}

func hookCall(h hook, at ast.PositionHolder, args ...ast.Expr) *ast.FuncCallExpr {
	call := &ast.FuncCallExpr{Func: ident(h.name(), at), Args: args, AdjustRet: true}
	call.SetLine(at.Line())
	call.SetLastLine(at.LastLine())
	return call
}
