package sandbox

import (
	"slices"

	lua "github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/ast"
)

// Trace has visit called with the chunk's name and the line before Lua code of another line runs, for coverage. The lines of a
// report are those that [Chunk.Lines] also has; visit may see others, such as that of an `end`. Call it before [State.Call];
// nil ends it. A state that is not traced pays nothing for it.
func (s *State) Trace(visit func(file string, line int)) {
	s.meter.trace = nil
	if visit != nil {
		s.meter.trace = &tracer{visit: visit}
	}
	s.meter.next = 0
}

// tracer tells lines to a visitor. It costs the meter nothing when there is none: while there is one, the meter's slow path is
// taken for each instruction.
type tracer struct {
	visit func(file string, line int)
	proto *lua.FunctionProto // of the last visit
	line  int
}

// look runs before an instruction of th.
func (t *tracer) look(th *lua.LState) {
	if th == nil {
		return
	}
	frame, ok := th.GetStack(0)
	if !ok {
		return
	}
	fn, err := th.GetInfo("fl", frame, lua.LNil)
	if err != nil {
		return
	}
	f, ok := fn.(*lua.LFunction)
	if !ok || f.Proto == nil || frame.CurrentLine <= 0 || f.Proto == t.proto && frame.CurrentLine == t.line {
		return
	}
	t.proto, t.line = f.Proto, frame.CurrentLine
	t.visit(f.Proto.SourceName, frame.CurrentLine)
}

// Lines returns the lines of the source on which a statement begins that runs, and those of `elseif` and `until` conditions, in
// order. A line without code of its own, such as `else` or `end`, is not among them.
func (c *Chunk) Lines() []int { return slices.Clone(c.lines) }

// executable keeps those lines for which there is an instruction: a label has none.
func executable(lines map[int]bool, p *lua.FunctionProto) []int {
	found := map[int]bool{}
	collectLines(p, found)
	var list []int
	for line := range lines {
		if found[line] {
			list = append(list, line)
		}
	}
	slices.Sort(list)
	return list
}

func collectLines(p *lua.FunctionProto, into map[int]bool) {
	positions := p.DbgSourcePositions
	for _, line := range positions[:max(0, len(positions)-1)] { // the last is the return that every function ends with
		into[line] = true
	}
	for _, inner := range p.FunctionPrototypes {
		collectLines(inner, into)
	}
}

// mark notes that code of interest begins here.
func (r *rewriter) mark(node ast.PositionHolder) { r.lines[node.Line()] = true }
