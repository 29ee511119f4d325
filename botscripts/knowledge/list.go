package knowledge

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"parley/botscripts/yamlfile"
)

// plainScalar is a text that YAML reads as itself without quotes. It is never
// written.
var plainScalar = regexp.MustCompile(`^\pL[\pL\pN ,.'’?!()-]*$`)

// scalar writes a text as a YAML value.
func scalar(text string, inFlow bool) string {
	switch strings.ToLower(text) {
	case "true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf":
	default:
		if !inFlow && plainScalar.MatchString(text) && strings.TrimSpace(text) == text {
			return text
		}
	}
	var b strings.Builder
	enc := json.NewEncoder(&b) // a JSON string is a YAML one
	enc.SetEscapeHTML(false)
	_ = enc.Encode(text) // a string always can be
	return strings.TrimSpace(b.String())
}

// listOf finds the list of a key at the top of a YAML file: the value itself or
// its "examples".
func listOf(text, key string) (yamlfile.Node, bool) {
	r := yamlfile.Reader{}
	root, ok := r.Parse([]byte(text))
	if !ok {
		return yamlfile.Node{}, false
	}
	for _, f := range r.Fields(root) {
		if f.Key != key {
			continue
		}
		if !yamlfile.IsMapping(f.Node) {
			return f.Node, true
		}
		for _, g := range r.Fields(f.Node) {
			if g.Key == "examples" {
				return g.Node, true
			}
		}
	}
	return yamlfile.Node{}, false
}

// lengthen adds items to the list of a key, or the key with a list at the end
// of the file. right tells whether a result is what was meant: the place is
// found in the text, and YAML has more ways to write a list than are known here.
func lengthen(text, key string, items []string, right func(string) bool) (string, bool) {
	if n := strings.Count(text, "\r\n"); n == 0 || n != strings.Count(text, "\n") {
		return lengthenLines(text, key, items, right)
	}
	// The parser counts lines of folded texts twice that end like this.
	crlf := func(text string) string { return strings.ReplaceAll(text, "\n", "\r\n") }
	out, ok := lengthenLines(strings.ReplaceAll(text, "\r\n", "\n"), key, items, func(text string) bool { return right(crlf(text)) })
	return crlf(out), ok
}

func lengthenLines(text, key string, items []string, right func(string) bool) (string, bool) {
	list, found := listOf(text, key)
	if !found {
		out := ended(text)
		if strings.TrimSpace(out) != "" && !strings.HasSuffix(out, "\n\n") && strings.Contains(out, "\n\n") {
			out += "\n"
		}
		out += key + ":\n" + rows("  ", items)
		return out, right(out)
	}
	seq, ok := list.AST.(*ast.SequenceNode)
	if !ok || len(seq.Values) == 0 {
		return "", false
	}
	lines := strings.SplitAfter(text, "\n")
	if seq.IsFlowStyle {
		if seq.End == nil || seq.End.Position == nil {
			return "", false
		}
		return lengthenFlow(lines, seq.End.Position.Line-1, items, right)
	}
	at := seq.Values[len(seq.Values)-1].GetToken().Position.Line - 1
	for at >= 0 && at < len(lines) && !strings.HasPrefix(strings.TrimLeft(lines[at], " "), "-") {
		at-- // the value of a dash may be below it
	}
	if at < 0 || at >= len(lines) {
		return "", false
	}
	indent := lines[at][:strings.IndexByte(lines[at], '-')]
	end := at + 1 // behind the item, which goes on in lines that are indented deeper
	for i := end; i < len(lines); i++ {
		if strings.TrimSpace(lines[i]) == "" {
			continue
		}
		if !strings.HasPrefix(lines[i], indent+" ") {
			break
		}
		end = i + 1
	}
	head := ended(strings.Join(lines[:end], ""))
	out := head + rows(indent, items) + strings.Join(lines[end:], "")
	return out, right(out)
}

// lengthenFlow tries every closing bracket of the line in which the list ends.
func lengthenFlow(lines []string, at int, items []string, right func(string) bool) (string, bool) {
	if at < 0 || at >= len(lines) {
		return "", false
	}
	before, line, after := strings.Join(lines[:at], ""), lines[at], strings.Join(lines[at+1:], "")
	var quoted []string
	for _, item := range items {
		quoted = append(quoted, scalar(item, true))
	}
	for i := range line {
		if line[i] != ']' {
			continue
		}
		head := strings.TrimRight(line[:i], " ")
		comma := ", "
		if strings.HasSuffix(head, ",") {
			comma = " "
		} else if head == "" { // the bracket has a line of its own
			continue
		}
		if out := before + head + comma + strings.Join(quoted, ", ") + line[i:] + after; right(out) {
			return out, true
		}
	}
	return "", false
}

func rows(indent string, items []string) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(indent + "- " + scalar(item, false) + "\n")
	}
	return b.String()
}

// newline is how the lines of a text end.
func newline(text string) string {
	if strings.Contains(text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// ended is a text whose last line has an end.
func ended(text string) string {
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += newline(text)
	}
	return text
}
