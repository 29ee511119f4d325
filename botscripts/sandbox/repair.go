package sandbox

import (
	"strconv"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// What follows rewrites statements that the VM's compiler would get wrong into equal ones that it gets right.

// assign guards stores to computed indices: `t[k] = v` becomes `t[slot(t, k)] = v`. Where t is more than a name it is first
// put into a hidden local, so that it is evaluated once. So is the value where the VM's compiler would store it too early.
func (r *rewriter) assign(s *ast.AssignStmt, depth int) ast.Stmt {
	for _, lhs := range s.Lhs {
		switch target := lhs.(type) {
		case *ast.AttrGetExpr:
			target.Object, target.Key = r.expr(target.Object, depth+1), r.expr(target.Key, depth+1)
		case *ast.IdentExpr:
			r.constant(target, target.Value)
		}
	}
	if len(s.Lhs) > 1 || len(s.Rhs) > 1 {
		return r.simultaneous(s)
	}
	value := s.Rhs[0]
	hoist := localsAt(s)
	if target, ok := s.Lhs[0].(*ast.AttrGetExpr); ok && mayBeSparse(target.Key) {
		if _, isName := target.Object.(*ast.IdentExpr); !isName {
			target.Object = r.hide(hoist, target.Object)
		}
		s.Lhs[0] = guarded(target)
	}
	switch e := value.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = false // one value is asked for anyway; `s = (f(s))` would put f into s before it passes s
	case *ast.Comma3Expr:
		e.AdjustRet = false // `s = (...)` would not be compiled right
	case *ast.LogicalOpExpr:
		// `x = f() and y` would leave x as it was where f returns nothing; `x = (f() or g()) and x` would read x too late.
		if _, isName := s.Lhs[0].(*ast.IdentExpr); isName {
			s.Rhs[0] = r.hide(hoist, value)
		}
	}
	if len(hoist.Names) == 0 {
		return s
	}
	return blockAt(s, hoist, s)
}

// simultaneous evaluates all of `a, t[k] = v, w` from left to right and then assigns from right to left, as Lua does. The VM's
// compiler turns `a, b = b, a` into `a = b; b = a` where they are locals, and confuses registers where a global stands before
// a field.
func (r *rewriter) simultaneous(s *ast.AssignStmt) ast.Stmt {
	if independent(s) {
		return s
	}
	hoist := localsAt(s)
	for _, lhs := range s.Lhs {
		if target, ok := lhs.(*ast.AttrGetExpr); ok {
			target.Object = r.hide(hoist, target.Object)
			if !isConstant(target.Key) {
				target.Key = r.hide(hoist, target.Key)
			}
		}
	}
	first := len(hoist.Names)
	for range s.Lhs {
		r.hidden(hoist, s)
	}
	hoist.Exprs = append(hoist.Exprs, s.Rhs...)
	stmts := []ast.Stmt{hoist}
	for i := len(s.Lhs) - 1; i >= 0; i-- {
		to := s.Lhs[i]
		if target, ok := to.(*ast.AttrGetExpr); ok && mayBeSparse(target.Key) {
			to = guarded(target)
		}
		one := &ast.AssignStmt{Lhs: []ast.Expr{to}, Rhs: []ast.Expr{ident(hoist.Names[first+i], s)}}
		stmts = append(stmts, placed(one, s))
	}
	return blockAt(s, stmts...)
}

// independent reports whether all targets are different names and all values constants: `a, b = 0, nil`.
func independent(s *ast.AssignStmt) bool {
	names := map[string]bool{}
	for _, target := range s.Lhs {
		name, isName := target.(*ast.IdentExpr)
		if !isName || names[name.Value] {
			return false
		}
		names[name.Value] = true
	}
	for _, value := range s.Rhs {
		if !isConstant(value) {
			return false
		}
	}
	return len(s.Lhs) == len(s.Rhs)
}

func isConstant(e ast.Expr) bool {
	switch e.(type) {
	case *ast.NilExpr, *ast.TrueExpr, *ast.FalseExpr, *ast.NumberExpr, *ast.StringExpr:
		return true
	}
	return false
}

func guarded(target *ast.AttrGetExpr) *ast.AttrGetExpr {
	object := target.Object.(*ast.IdentExpr)
	slot := hookCall(hookSlot, target, ident(object.Value, target), target.Key)
	return placed(&ast.AttrGetExpr{Object: object, Key: slot}, target)
}

func localsAt(at ast.PositionHolder) *ast.LocalAssignStmt {
	return placed(&ast.LocalAssignStmt{}, at)
}

func blockAt(at ast.PositionHolder, stmts ...ast.Stmt) ast.Stmt {
	return placed(&ast.DoBlockStmt{Stmts: stmts}, at)
}

// genericFor gives a loop the three values that it needs: the VM's compiler leaves those that the script did not write, and some
// of those that it did, as whatever was in their registers.
func (r *rewriter) genericFor(s *ast.GenericForStmt, depth int) ast.Stmt {
	r.exprs(s.Exprs, depth)
	s.Stmts = r.landing(r.block(s.Stmts, depth))
	if len(s.Exprs) == 1 && multiple(s.Exprs[0]) {
		return s
	}
	hoist := localsAt(s)
	hoist.Exprs = s.Exprs
	s.Exprs = []ast.Expr{r.hidden(hoist, s), r.hidden(hoist, s), r.hidden(hoist, s)}
	return blockAt(s, hoist, s)
}

// table reorders and completes a constructor where the VM's compiler loses count, which it does when the list has a multiple of
// 50 items: named fields that follow go before the last of them, and a call or `...` that follows is added by a hook.
func (r *rewriter) table(e *ast.TableExpr) ast.Expr {
	items := 0
	for i := 0; i < len(e.Fields); i++ {
		field := e.Fields[i]
		if field.Key != nil {
			continue
		}
		last := i == len(e.Fields)-1
		if items > 0 && items%lua.FieldsPerFlush == 0 && last && multiple(field.Value) {
			e.Fields = e.Fields[:i]
			count := &ast.NumberExpr{Value: strconv.Itoa(items)}
			count.SetLine(e.Line())
			return hookCall(hookList, e, e, count, field.Value)
		}
		if last && multiple(field.Value) {
			break
		}
		if items++; items%lua.FieldsPerFlush != 0 {
			continue
		}
		named := i + 1
		for named < len(e.Fields) && e.Fields[named].Key != nil {
			named++
		}
		copy(e.Fields[i:], e.Fields[i+1:named])
		e.Fields[named-1] = field
		i = named - 1
	}
	return e
}

// decided replaces a logical expression whose first operand is a constant: the VM's compiler can jump to the wrong place in
// `8 and 8 and (x and y)`.
func decided(e *ast.LogicalOpExpr) ast.Expr {
	if !isConstant(e.Lhs) {
		return e
	}
	if truthy(e.Lhs) == (e.Operator == "or") {
		return e.Lhs
	}
	return single(e.Rhs)
}

// negated replaces `not` of a constant.
func negated(e *ast.UnaryNotOpExpr) ast.Expr {
	switch {
	case !isConstant(e.Expr):
		return e
	case truthy(e.Expr):
		return placed(&ast.FalseExpr{}, e)
	}
	return placed(&ast.TrueExpr{}, e)
}

// truthy tells what a condition takes a constant for.
func truthy(constant ast.Expr) bool {
	switch constant.(type) {
	case *ast.NilExpr, *ast.FalseExpr:
		return false
	}
	return true
}

// landing puts an instruction that does nothing in front of statements to which a loop or a goto jumps back: the VM's compiler
// computes a wrong target for a jump back to a jump, as in `for _ in pairs(t) do break end`.
func (r *rewriter) landing(stmts []ast.Stmt) []ast.Stmt {
	if len(stmts) == 0 || !jumps(stmts) {
		return stmts
	}
	idle := localsAt(stmts[0])
	r.hidden(idle, stmts[0])
	return append([]ast.Stmt{blockAt(stmts[0], idle)}, stmts...) // in a block, so that a goto may pass it
}

// jumps reports whether the first instruction of a block may be a jump.
func jumps(stmts []ast.Stmt) bool {
	for _, stmt := range stmts {
		switch s := stmt.(type) {
		case *ast.LabelStmt:
			continue
		case *ast.BreakStmt, *ast.GotoStmt:
			return true
		case *ast.DoBlockStmt:
			if len(s.Stmts) > 0 {
				return jumps(s.Stmts)
			}
			continue
		case *ast.IfStmt:
			return isConstant(s.Condition)
		case *ast.WhileStmt:
			return isConstant(s.Condition)
		case *ast.RepeatStmt:
			return len(s.Stmts) == 0 && isConstant(s.Condition) || jumps(s.Stmts)
		default:
			return false
		}
	}
	return true
}

// landings does it behind the labels of a block.
func (r *rewriter) landings(stmts []ast.Stmt) []ast.Stmt {
	for i := 0; i < len(stmts)-1; i++ {
		if _, ok := stmts[i].(*ast.LabelStmt); !ok {
			continue
		}
		if _, ok := stmts[i+1].(*ast.LabelStmt); ok {
			continue
		}
		if rest := stmts[i+1:]; jumps(rest) {
			stmts = append(stmts[:i+1:i+1], r.landing(rest)...)
		}
	}
	return stmts
}

// multiple reports whether an expression in the last place of a list gives all its values.
func multiple(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		return !e.AdjustRet
	case *ast.Comma3Expr:
		return !e.AdjustRet
	}
	return false
}

// hidden adds a local that the script cannot name to a declaration.
func (r *rewriter) hidden(to *ast.LocalAssignStmt, at ast.PositionHolder) *ast.IdentExpr {
	r.temp++
	id := ident("(temp"+strconv.Itoa(r.temp)+")", at)
	to.Names = append(to.Names, id.Value)
	return id
}

// hide moves an expression into a hidden local.
func (r *rewriter) hide(to *ast.LocalAssignStmt, e ast.Expr) *ast.IdentExpr {
	id := r.hidden(to, e)
	to.Exprs = append(to.Exprs, single(e))
	return id
}

// single limits an expression to one value where a list of them could take more.
func single(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.FuncCallExpr:
		e.AdjustRet = true
	case *ast.Comma3Expr:
		e.AdjustRet = true
	}
	return e
}
