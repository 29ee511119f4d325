package sandbox

import (
	"errors"
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
	"github.com/yuin/gopher-lua/parse"
)

// Chunk is one compiled source file. It is immutable and may be shared by any number of states.
type Chunk struct {
	name  string
	proto *lua.FunctionProto
	lines []int
}

// Name returns the name given to [Compile].
func (c *Chunk) Name() string { return c.name }

// Compile checks and compiles a source file. Name is the chunk's name in positions ("bots/concierge.lua"). The error is a
// *CompileError.
func Compile(name, source string) (chunk *Chunk, err error) {
	lowerMaxArrayIndex()
	if len(source) > MaxSourceBytes {
		return nil, &CompileError{File: name, Message: fmt.Sprintf("the file has %d bytes, the limit is %d", len(source), MaxSourceBytes)}
	}
	defer func() {
		if p := recover(); p != nil {
			chunk, err = nil, &CompileError{File: name, Message: fmt.Sprintf("cannot be compiled: %v", p)}
		}
	}()
	source = strings.TrimPrefix(source, "\ufeff")
	stmts, err := parse.Parse(strings.NewReader(source), name)
	if err != nil {
		return nil, compileError(name, source, err)
	}
	r := &rewriter{file: name, lines: map[int]bool{}, names: map[string]bool{}}
	stmts = r.block(stmts, 0)
	if r.err != nil {
		return nil, r.err
	}
	proto, err := lua.Compile(wrap(stmts), name)
	if err != nil {
		return nil, compileError(name, source, err)
	}
	if len(proto.FunctionPrototypes) != 1 {
		return nil, &CompileError{File: name, Message: "cannot be compiled"}
	}
	main := proto.FunctionPrototypes[0]
	if err := checkProto(name, main); err != nil {
		return nil, err
	}
	// The chunk's function takes `...`; without this it would also get Lua 5.0's local "arg".
	main.IsVarArg &^= lua.VarArgNeedsArg
	return &Chunk{name: name, proto: main, lines: executable(r.lines, main)}, nil
}

// wrap puts the file into a function below the hooks' locals, so that the file reaches them as upvalues and nothing written in
// Lua can name them.
func wrap(stmts []ast.Stmt) []ast.Stmt {
	last := 1
	if n := len(stmts); n > 0 {
		last = max(stmts[n-1].Line(), stmts[n-1].LastLine())
	}
	hooks := &ast.LocalAssignStmt{}
	for h := range hookCount {
		hooks.Names = append(hooks.Names, h.name())
	}
	fn := &ast.FunctionExpr{ParList: &ast.ParList{HasVargs: true}, Stmts: stmts}
	fn.SetLine(1)
	fn.SetLastLine(last)
	ret := &ast.ReturnStmt{Exprs: []ast.Expr{fn}}
	hooks.SetLine(1)
	ret.SetLine(1)
	return []ast.Stmt{hooks, ret}
}

func checkProto(file string, p *lua.FunctionProto) error {
	if len(p.DbgUpvalues) > MaxUpvalues {
		return &CompileError{File: file, Line: p.LineDefined, Message: fmt.Sprintf("a function uses %d outer locals, the limit is %d", len(p.DbgUpvalues), MaxUpvalues)}
	}
	for _, inner := range p.FunctionPrototypes {
		if err := checkProto(file, inner); err != nil {
			return err
		}
	}
	return nil
}

func compileError(file, source string, err error) *CompileError {
	var syntax *parse.Error
	if errors.As(err, &syntax) {
		e := &CompileError{File: file, Line: syntax.Pos.Line, Message: strings.TrimSpace(syntax.Message)}
		if e.Line == parse.EOF {
			e.Line = strings.Count(strings.TrimRight(source, "\n"), "\n") + 1
			e.Message += " near the end of the file"
		} else if syntax.Token != "" {
			e.Message += fmt.Sprintf(" near %q", syntax.Token)
		}
		return e
	}
	var compile *lua.CompileError
	if errors.As(err, &compile) {
		return &CompileError{File: file, Line: compile.Line, Message: compile.Message}
	}
	return &CompileError{File: file, Message: err.Error()}
}
