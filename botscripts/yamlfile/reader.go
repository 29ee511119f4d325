package yamlfile

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"parley/botscripts/suggest"
)

// Problem is one thing wrong with a file.
type Problem struct {
	File    string // path in the folder
	Line    int    // from 1
	Message string // holds no secret
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message) }

// Reader walks one YAML file and notes problems as it goes, so that one look
// finds them all.
type Reader struct {
	File     string
	Problems []Problem
}

// Problem notes what is wrong in a line.
func (r *Reader) Problem(line int, format string, args ...any) {
	r.Problems = append(r.Problems, Problem{r.File, max(line, 1), fmt.Sprintf(format, args...)})
}

// Node is a value with its line and with what it is called in messages.
type Node struct {
	AST  ast.Node
	Line int
	Name string
}

// Field is one entry of a mapping.
type Field struct {
	Key string
	Node
}

// Parse gives the root of the one document in data, false when there is none.
func (r *Reader) Parse(data []byte) (root Node, ok bool) {
	defer func() {
		// The parser sees outside bytes; its own faults must not end the process.
		if recover() != nil {
			r.Problem(1, "this is not readable as YAML")
			root, ok = Node{}, false
		}
	}()
	if message := tooMuch(data); message != "" {
		r.Problem(1, "%s", message)
		return Node{}, false
	}
	// Keys that come twice are told by Fields, all of them at once.
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
		r.Problem(line, "this is not YAML: %s", message)
		return Node{}, false
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d != nil && d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		r.Problem(1, "this file is empty")
		return Node{}, false
	case 1:
		return Node{bodies[0], 1, "the file"}, true
	}
	r.Problem(lineOf(bodies[1], 1), "only one YAML document may be in the file")
	return Node{}, false
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

// Fields reads a mapping. An empty value is an empty mapping.
func (r *Reader) Fields(n Node) []Field {
	var values []*ast.MappingValueNode
	switch m := n.AST.(type) {
	case *ast.MappingNode:
		values = m.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{m}
	case *ast.NullNode, nil:
		return nil
	default:
		r.Problem(n.Line, "%s must be a mapping of keys to values%s", n.Name, special(n.AST))
		return nil
	}
	var out []Field
	seen := map[string]int{}
	for _, v := range values {
		line := lineOf(v.Key, n.Line)
		key, ok := scalar(v.Key)
		if !ok || key == "" {
			r.Problem(line, "a key of %s must be plain text", n.Name)
			continue
		}
		if first, twice := seen[key]; twice {
			r.Problem(line, "%s is given twice, first on line %d", key, first)
			continue
		}
		seen[key] = line
		name := key
		if n.Name != "the file" {
			name = n.Name + "." + key
		}
		out = append(out, Field{key, Node{v.Value, line, name}})
	}
	return out
}

// scalar is the text of a plain value. Numbers, dates and booleans are the
// Text that they were written as: "+49" is a phone number.
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

// Text reads one plain, non-empty value.
func (r *Reader) Text(n Node) (string, bool) {
	if _, null := n.AST.(*ast.NullNode); null || n.AST == nil {
		r.Problem(n.Line, "%s has no value", n.Name)
		return "", false
	}
	s, ok := scalar(n.AST)
	switch {
	case !ok:
		r.Problem(n.Line, "%s must be plain text%s", n.Name, special(n.AST))
	case strings.TrimSpace(s) == "":
		r.Problem(n.Line, "%s has no value", n.Name)
		return "", false
	}
	return s, ok
}

// List reads a list of plain values; a single one may stand alone.
func (r *Reader) List(n Node) []Field {
	seq, ok := n.AST.(*ast.SequenceNode)
	if !ok {
		if s, ok := r.Text(n); ok {
			return []Field{{s, n}}
		}
		return nil
	}
	var out []Field
	for _, v := range seq.Values {
		item := Node{v, lineOf(v, n.Line), "an entry of " + n.Name}
		if s, ok := r.Text(item); ok {
			out = append(out, Field{s, item})
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

// Unknown reports a key that means nothing, with those that do.
func (r *Reader) Unknown(f Field, known ...string) {
	r.Problem(f.Line, "%s is not known; known here: %s%s", f.Name, strings.Join(known, ", "), suggest.Hint(f.Key, known))
}

// IsMapping tells whether the value holds keys.
func IsMapping(n Node) bool {
	switch n.AST.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

// IsBraced tells a mapping of keys without values, as in {name}. It is what a
// text that begins with a brace turns out to be without quotes.
func IsBraced(n Node) bool {
	m, ok := n.AST.(*ast.MappingNode)
	if !ok || !m.IsFlowStyle || len(m.Values) == 0 {
		return false
	}
	for _, v := range m.Values {
		if _, null := v.Value.(*ast.NullNode); !null {
			return false
		}
	}
	return true
}
