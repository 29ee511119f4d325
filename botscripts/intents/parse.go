package intents

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"parley/botscripts/yamlfile"
)

// File is where a brand's folder has its intents.
const File = "intents.yaml"

// Intent is one thing that consumers want.
type Intent struct {
	Name        string
	Description string // for people; "" for none
	Examples    []string
	Line        int // of the name, from 1
}

// Problem is one thing wrong with the file.
type Problem = yamlfile.Problem

// Limits of the file. Two intents are needed to tell anything apart, and fewer
// than three sentences say little more than the name does.
const (
	minIntents     = 2
	maxIntents     = 300
	minExamples    = 3
	maxExample     = 500 // bytes
	maxDescription = 500
)

// It is never written.
var namePattern = regexp.MustCompile(`^[a-z][a-z0-9_.]{0,79}$`)

// Parse reads the file, in its order. With problems the intents are for looking
// at and not for training.
func Parse(text string) ([]Intent, []Problem) {
	p := parser{Reader: yamlfile.Reader{File: File}, seen: map[string]place{}}
	root, ok := p.Parse([]byte(text))
	if !ok {
		return nil, p.Problems
	}
	var out []Intent
	for _, f := range p.Fields(root) {
		out = append(out, p.intent(f))
	}
	switch {
	case len(p.Problems) > 0:
	case len(out) < minIntents:
		p.Problem(1, "a brand needs at least %d intents, to tell them apart", minIntents)
	case len(out) > maxIntents:
		p.Problem(out[maxIntents].Line, "a brand has at most %d intents", maxIntents)
	}
	return out, p.Problems
}

// place is where an example was seen first.
type place struct {
	intent string
	line   int
}

type parser struct {
	yamlfile.Reader
	seen map[string]place
}

func (p *parser) intent(f yamlfile.Field) Intent {
	in := Intent{Name: f.Key, Line: f.Line}
	if !namePattern.MatchString(f.Key) {
		p.Problem(f.Line, "%q is not the name of an intent; use a-z, 0-9 and _", f.Key)
	}
	before := len(p.Problems)
	if !yamlfile.IsMapping(f.Node) {
		in.Examples = p.examples(f.Key, f.Node)
	} else {
		for _, g := range p.Fields(f.Node) {
			switch g.Key {
			case "examples":
				in.Examples = p.examples(f.Key, g.Node)
			case "description":
				if in.Description, _ = p.Text(g.Node); len(in.Description) > maxDescription {
					p.Problem(g.Line, "%s is longer than %d bytes", g.Name, maxDescription)
				}
			default:
				p.Unknown(g, "examples", "description")
			}
		}
	}
	if n := len(in.Examples); n < minExamples && len(p.Problems) == before {
		p.Problem(f.Line, "%s has %d examples and needs at least %d; ten or more make it reliable", f.Key, n, minExamples)
	}
	return in
}

// examples reads the sentences of an intent. One that two intents have would
// teach neither.
func (p *parser) examples(intent string, n yamlfile.Node) (out []string) {
	for _, item := range p.List(n) {
		key := strings.ToLower(strings.Join(strings.Fields(item.Key), " "))
		first, twice := p.seen[key]
		switch {
		case twice && first.intent == intent:
			p.Problem(item.Line, "%s has the example %q twice", intent, item.Key)
		case twice:
			p.Problem(item.Line, "%s has the example %q, which %s has on line %d", intent, item.Key, first.intent, first.line)
		case len(item.Key) > maxExample:
			p.Problem(item.Line, "an example of %s is longer than %d bytes", intent, maxExample)
		case !utf8.ValidString(item.Key):
			p.Problem(item.Line, "an example of %s is not valid UTF-8", intent)
		default:
			out = append(out, item.Key)
		}
		if !twice {
			p.seen[key] = place{intent, item.Line}
		}
	}
	return out
}
