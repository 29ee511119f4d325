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
	err   *CompileError   // the first problem
	temp  int             // hidden locals made so far
	lines map[int]bool    // where statements begin, for coverage
	names map[string]bool // constants and names of the function that is being walked
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

// constant counts what the VM's compiler looks up among all constants of a function, one after the other.
func (r *rewriter) constant(at ast.PositionHolder, text string) {
	if r.names[text] {
		return
	}
	if len(r.names) >= MaxConstants {
		r.fail(at.Line(), "a function uses more than %d different constants and names", MaxConstants)
		return
	}
	r.names[text] = true
}

// function walks the body of a function, which has constants of its own.
func (r *rewriter) function(f *ast.FunctionExpr, depth int) {
	outer := r.names
	r.names = map[string]bool{}
	f.Stmts = r.block(f.Stmts, depth)
	r.names = outer
}

func (r *rewriter) block(stmts []ast.Stmt, depth int) []ast.Stmt {
	for i := range stmts {
		if r.err != nil {
			return stmts
		}
		stmts[i] = r.stmt(stmts[i], depth+1)
	}
	return r.landings(stmts)
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
		s.Stmts = r.block(s.Stmts, depth)
	case *ast.WhileStmt:
		s.Condition = r.expr(s.Condition, depth)
		s.Stmts = r.landing(r.block(s.Stmts, depth))
	case *ast.RepeatStmt:
		s.Stmts = r.landing(r.block(s.Stmts, depth))
		r.mark(s.Condition)
		s.Condition = r.expr(s.Condition, depth)
	case *ast.IfStmt:
		r.ifStmt(s, depth)
	case *ast.NumberForStmt:
		s.Init, s.Limit = r.expr(s.Init, depth), r.expr(s.Limit, depth)
		s.Step = r.expr(s.Step, depth)
		s.Stmts = r.block(s.Stmts, depth)
	case *ast.GenericForStmt:
		return r.genericFor(s, depth)
	case *ast.FuncDefStmt:
		s.Name.Func, s.Name.Receiver = r.expr(s.Name.Func, depth), r.expr(s.Name.Receiver, depth)
		r.function(s.Func, depth)
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
		s.Then = r.block(s.Then, depth)
		if len(s.Else) == 1 {
			if chained, ok := s.Else[0].(*ast.IfStmt); ok {
				s = chained
				continue
			}
		}
		s.Else = r.block(s.Else, depth)
		return
	}
}

// expr walks an expression; one that is absent, such as the step of a loop, stays so.
func (r *rewriter) expr(expr ast.Expr, depth int) ast.Expr {
	if expr == nil || !r.deeper(expr, depth) {
		return expr
	}
	depth++
	switch e := expr.(type) {
	case *ast.StringExpr:
		r.constant(e, e.Value)
	case *ast.IdentExpr:
		r.constant(e, e.Value)
	case *ast.NumberExpr:
		r.constant(e, e.Value)
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
			if f.Value = r.expr(f.Value, depth); f.Key != nil {
				f.Value = single(f.Value) // the VM's compiler would take the list to be open
			}
		}
		return r.table(e)
	case *ast.FuncCallExpr:
		e.Func = r.expr(e.Func, depth)
		if e.Receiver != nil {
			r.constant(e, e.Method)
			e.Receiver = r.expr(e.Receiver, depth)
		}
		r.exprs(e.Args, depth)
	case *ast.LogicalOpExpr:
		e.Lhs, e.Rhs = r.expr(e.Lhs, depth), r.expr(e.Rhs, depth)
		return decided(e)
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
		return negated(e)
	case *ast.UnaryLenOpExpr:
		e.Expr = r.expr(e.Expr, depth)
	case *ast.FunctionExpr:
		r.function(e, depth)
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
	single(operands[len(operands)-1]) // the last argument of a call would pass on all its values
	return hookCall(hookConcat, e, operands...)
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
	return placed(&ast.IdentExpr{Value: name}, at)
}

func hookCall(h hook, at ast.PositionHolder, args ...ast.Expr) *ast.FuncCallExpr {
	return placed(&ast.FuncCallExpr{Func: ident(h.name(), at), Args: args, AdjustRet: true}, at)
}

// placed gives a node that the script does not have the position of one that it has.
func placed[T ast.PositionHolder](node T, at ast.PositionHolder) T {
	node.SetLine(at.Line())
	node.SetLastLine(at.LastLine())
	return node
}
