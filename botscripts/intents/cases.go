package intents

import (
	"strings"

	"parley/botscripts/yamlfile"
)

// CasesFile is where a brand's folder has its regression cases: intents, each
// with texts that must mean it whatever else is learnt.
//
//	order_status:
//	  - wheres my stuff
const CasesFile = "tests/intents.yaml"

const maxCases = 2000

// Case is a text that must mean an intent.
type Case struct {
	Text   string
	Intent string
	Line   int // from 1
}

// Cases reads the regression cases among a brand's files, in their order. With
// problems they are for looking at.
func Cases(files map[string]string) ([]Case, []Problem) {
	text, ok := files[CasesFile]
	if !ok {
		return nil, nil
	}
	r := yamlfile.Reader{File: CasesFile}
	root, ok := r.Parse([]byte(text))
	if !ok {
		return nil, r.Problems
	}
	known := map[string]bool{}
	found, _ := Parse(files[File]) // its problems are told by itself
	for _, in := range found {
		known[in.Name] = true
	}
	var out []Case
	seen := map[string]int{}
	for _, f := range r.Fields(root) {
		if !known[f.Key] {
			r.Problem(f.Line, "%s is not an intent of %s", f.Key, File)
		}
		for _, item := range r.List(f.Node) {
			key := strings.ToLower(strings.Join(strings.Fields(item.Key), " "))
			if line, twice := seen[key]; twice {
				r.Problem(item.Line, "%q is here twice, first on line %d", item.Key, line)
				continue
			}
			seen[key] = item.Line
			out = append(out, Case{Text: item.Key, Intent: f.Key, Line: item.Line})
		}
	}
	if len(out) > maxCases {
		r.Problem(out[maxCases].Line, "a brand has at most %d regression cases", maxCases)
	}
	return out, r.Problems
}
