package brandfolder

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// reader walks one YAML file and notes problems as it goes, so that one look
// finds them all.
type reader struct {
	file     string
	problems []Problem
}

func (r *reader) problem(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.file, max(line, 1), fmt.Sprintf(format, args...)})
}

// node is a value with its line and with what it is called in messages.
type node struct {
	ast  ast.Node
	line int
	name string
}

// field is one entry of a mapping.
type field struct {
	key string
	node
}

// parse gives the root of the one document in data, false when there is none.
func (r *reader) parse(data []byte) (root node, ok bool) {
	defer func() {
		// The parser sees outside bytes; its own faults must not end the process.
		if recover() != nil {
			r.problem(1, "this is not readable as YAML")
			root, ok = node{}, false
		}
	}()
	if message := tooMuch(data); message != "" {
		r.problem(1, "%s", message)
		return node{}, false
	}
	// Keys that come twice are told by fields, all of them at once.
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		line, message := 1, err.Error()
		if e, is := err.(yaml.Error); is {
			message = e.GetMessage()
			if t := e.GetToken(); t != nil && t.Position != nil {
				line = t.Position.Line
			}
		}
		message, _, _ = strings.Cut(message, "\n")
		r.problem(line, "this is not YAML: %s", message)
		return node{}, false
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d != nil && d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		r.problem(1, "this file is empty")
		return node{}, false
	case 1:
		return node{bodies[0], 1, "the file"}, true
	}
	r.problem(lineOf(bodies[1], 1), "only one YAML document may be in the file")
	return node{}, false
}

// The parser takes time in the square of a file's keys and nests as deep as the
// file says, so both are bounded before it sees the file.
const (
	maxKeys     = 4000
	maxIndent   = 256
	maxBrackets = 1000
	maxMarks    = 500 // words that begin with *, &, ! or ?
)

func tooMuch(data []byte) (problem string) {
	open, indent, keys, marks := 0, 0, 0, 0
	lineStart := true
	for i, b := range data {
		if strings.IndexByte("*&!?", b) >= 0 && (i == 0 || data[i-1] <= ' ') {
			if marks++; marks > maxMarks {
				return "this has too many words that begin with *, &, ! or ?"
			}
		}
		switch b {
		case '\n', '\r':
			lineStart, indent = true, 0
			continue
		case ' ', '-', '?': // "- - - -" nests a level a dash
			if lineStart {
				if indent++; indent > maxIndent {
					return "this is nested too deep"
				}
				continue
			}
		case '[', '{':
			open++
		case ']', '}':
			open = max(open-1, 0)
		case ':':
			if i+1 == len(data) || data[i+1] <= ' ' {
				keys++
			}
		}
		lineStart = false
		if keys > maxKeys {
			return fmt.Sprintf("this has more than %d keys", maxKeys)
		}
		if open > maxBrackets {
			return "this is nested too deep"
		}
	}
	return ""
}

func lineOf(n ast.Node, otherwise int) int {
	if n == nil {
		return otherwise
	}
	if t := n.GetToken(); t != nil && t.Position != nil && t.Position.Line > 0 {
		return t.Position.Line
	}
	return otherwise
}

// fields reads a mapping. An empty value is an empty mapping.
func (r *reader) fields(n node) []field {
	var values []*ast.MappingValueNode
	switch m := n.ast.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	case *ast.NullNode, nil:
		return nil
	default:
		r.problem(n.line, "%s must be a mapping of keys to values%s", n.name, special(n.ast))
		return nil
	}
	var out []field
	seen := map[string]int{}
	for _, v := range values {
		line := lineOf(v.Key, n.line)
		key, ok := scalar(v.Key)
		if !ok || key == "" {
			r.problem(line, "a key of %s must be plain text", n.name)
			continue
		}
		if first, twice := seen[key]; twice {
			r.problem(line, "%s is given twice, first on line %d", key, first)
			continue
		}
		seen[key] = line
		name := key
		if n.name != "the file" {
			name = n.name + "." + key
		}
		out = append(out, field{key, node{v.Value, line, name}})
	}
	return out
}

// scalar is the text of a plain value. Numbers, dates and booleans are the
// text that they were written as: "+49" is a phone number.
func scalar(n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		if v.Value == nil {
			return "", true
		}
		return v.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		if t := n.GetToken(); t != nil {
			return t.Value, true
		}
	}
	return "", false
}

// text reads one plain, non-empty value.
func (r *reader) text(n node) (string, bool) {
	if _, null := n.ast.(*ast.NullNode); null || n.ast == nil {
		r.problem(n.line, "%s has no value", n.name)
		return "", false
	}
	s, ok := scalar(n.ast)
	switch {
	case !ok:
		r.problem(n.line, "%s must be plain text%s", n.name, special(n.ast))
	case strings.TrimSpace(s) == "":
		r.problem(n.line, "%s has no value", n.name)
		return "", false
	}
	return s, ok
}

// list reads a list of plain values; a single one may stand alone.
func (r *reader) list(n node) []field {
	seq, ok := n.ast.(*ast.SequenceNode)
	if !ok {
		if s, ok := r.text(n); ok {
			return []field{{s, n}}
		}
		return nil
	}
	var out []field
	for _, v := range seq.Values {
		item := node{v, lineOf(v, n.line), "an entry of " + n.name}
		if s, ok := r.text(item); ok {
			out = append(out, field{s, item})
		}
	}
	return out
}

func special(n ast.Node) string {
	switch n.(type) {
	case *ast.AnchorNode, *ast.AliasNode, *ast.TagNode, *ast.MergeKeyNode:
		return "; anchors, aliases and tags are not known here"
	}
	return ""
}

// unknown reports a key that means nothing, with the nearest that does.
func (r *reader) unknown(f field, known ...string) {
	r.problem(f.line, "%s is not known; known here: %s", f.name, strings.Join(known, ", "))
}
