package check

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/yuin/gopher-lua/ast"

	"parley/botscripts/callcheck"
	"parley/botscripts/faq"
	"parley/botscripts/kernel"
	"parley/engine"
	"parley/engine/smstext"
)

// said is a text for consumers that stands in a script.
type said struct {
	line  int
	text  string
	piece bool // of a longer text, which the script puts together
}

// manySegments is how many segments of SMS one text may cost before it is told.
const manySegments = 3

// Costs tells where a text costs more segments of SMS than it need, or many: texts
// that stand in calls of chat, and the FAQ's answers. They are hints and no problems,
// sorted by file and line. files must compile.
func Costs(files engine.Bundle) (hints []Problem) {
	for _, path := range slices.Sorted(maps.Keys(files.Files)) {
		add := func(line int, s said) {
			if message := s.cost(); message != "" {
				hints = append(hints, Problem{File: path, Line: line, Message: message})
			}
		}
		switch {
		case kernel.IsScript(path):
			for _, s := range linted(path, files.Files[path], kernel.Names{}, brandNames{}, callcheck.API{}).said {
				add(s.line, s)
			}
		case kernel.IsFAQ(path):
			entries, err := faq.Parse(path, files.Files[path])
			if err != nil {
				continue
			}
			for _, e := range entries {
				add(e.Line, said{text: e.Answer})
			}
		}
	}
	return hints
}

// cost is what is to be told of a text, "" for nothing.
func (s said) cost() string {
	narrow, replaced := smstext.Narrow(s.text)
	is, could := smstext.SegmentsOf(s.text), smstext.SegmentsOf(narrow)
	switch {
	case is.Wide && !could.Wide && s.piece:
		return fmt.Sprintf("%s makes an SMS with this text more than twice as long; %s would not", signs(replaced), plainly(replaced))
	case is.Wide && !could.Wide && could.Count < is.Count:
		return fmt.Sprintf("costs %d SMS segments instead of %d because of %s; %s would do", is.Count, could.Count, signs(replaced), plainly(replaced))
	case !s.piece && is.Count > manySegments:
		return fmt.Sprintf("costs %d SMS segments", is.Count)
	}
	return ""
}

func signs(all []rune) string {
	words := make([]string, len(all))
	for i, r := range all {
		words[i] = fmt.Sprintf("%q (U+%04X)", r, r)
	}
	return strings.Join(words, " and ")
}

func plainly(all []rune) string {
	var words []string
	for _, r := range all {
		narrow, _ := smstext.Narrow(string(r))
		if w := fmt.Sprintf("%q", narrow); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, " and ")
}

// says notes the texts among a call's arguments.
func (l *linter) says(args []ast.Expr) {
	for _, arg := range args {
		l.sayTexts(arg, false)
	}
}

func (l *linter) sayTexts(e ast.Expr, piece bool) {
	switch e := e.(type) {
	case *ast.StringExpr:
		l.said = append(l.said, said{line: e.Line(), text: e.Value, piece: piece})
	case *ast.StringConcatOpExpr:
		l.sayTexts(e.Lhs, true)
		l.sayTexts(e.Rhs, true)
	case *ast.LogicalOpExpr:
		l.sayTexts(e.Lhs, piece)
		l.sayTexts(e.Rhs, piece)
	case *ast.TableExpr:
		for _, name := range []string{"text", "hint", "caption"} {
			if field := fieldOf(e, name); field != nil {
				l.sayTexts(field, piece)
			}
		}
	}
}
