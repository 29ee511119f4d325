package slots

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/engine"
)

const (
	mostPatterns   = 32
	longestPattern = 200
	mostRepeats    = 64   // of one part of a regular expression
	mostSteps      = 1000 // of all together
)

// Patterns are compiled patterns. The zero value has none.
type Patterns struct{ list []compiled }

type compiled struct {
	name  string
	re    *regexp.Regexp
	steps int
}

// Steps is the most work that matching takes, for each byte of a text; a step
// takes about 40 ns. Few texts and patterns come near it.
func (p Patterns) Steps() int {
	sum := 0
	for _, c := range p.list {
		sum += c.steps
	}
	return sum
}

// Compile checks patterns. The error is an engine.Error that names the field.
func Compile(patterns []engine.Pattern) (Patterns, error) {
	refuse := func(field, message string) (Patterns, error) {
		return Patterns{}, &engine.Error{Code: engine.Invalid, Message: message, Field: field}
	}
	if len(patterns) > mostPatterns {
		return refuse("patterns", "There may be at most 32 patterns.")
	}
	var out Patterns
	steps := 0
	for _, p := range patterns {
		expr := p.Regexp
		switch {
		case p.Name == "":
			return refuse("name", "A pattern needs a name.")
		case (p.Shape == "") == (p.Regexp == ""):
			return refuse(p.Name, "A pattern needs either a shape or a regexp.")
		case len(p.Shape)+len(p.Regexp) > longestPattern:
			return refuse(p.Name, "A pattern may have at most 200 bytes.")
		case p.Shape != "" && !strings.ContainsAny(p.Shape, "#@*"):
			return refuse(p.Name, "A shape needs at least one of #, @ and *.")
		case p.Shape != "":
			expr = shape(p.Shape)
		}
		tree, err := syntax.Parse(expr, syntax.Perl)
		if err != nil || repeats(tree) > mostRepeats {
			return refuse(p.Name, "The regexp cannot be read or repeats more than 64 times.")
		}
		prog, err := syntax.Compile(tree.Simplify())
		if err != nil {
			return refuse(p.Name, "The regexp cannot be read.")
		}
		if steps += len(prog.Inst); steps > mostSteps {
			return refuse(p.Name, "The patterns are too large: with their repetitions they make more than 1,000 steps.")
		}
		re, err := regexp.Compile(`(?i)(?:` + expr + `)`)
		if err != nil {
			return refuse(p.Name, "The regexp cannot be read.")
		}
		if re.MatchString("") {
			return refuse(p.Name, "The pattern fits an empty text.")
		}
		out.list = append(out.list, compiled{p.Name, re, len(prog.Inst)})
	}
	return out, nil
}

// With gives these patterns and others, of which those with the same name take the
// place of these, and which are looked for first.
func (p Patterns) With(others Patterns) Patterns {
	if len(p.list) == 0 || len(others.list) == 0 {
		return Patterns{slices.Concat(others.list, p.list)}
	}
	named := make(map[string]bool, len(others.list))
	for _, o := range others.list {
		named[o.name] = true
	}
	list := slices.Clone(others.list)
	for _, c := range p.list {
		if !named[c.name] {
			list = append(list, c)
		}
	}
	return Patterns{list}
}

// repeats is the highest count in a regular expression, nested ones multiplied.
func repeats(re *syntax.Regexp) int {
	most := 1
	for _, sub := range re.Sub {
		most = max(most, repeats(sub))
	}
	if re.Op == syntax.OpRepeat {
		most *= max(re.Min, re.Max, 1)
	}
	return most
}

func shape(text string) string {
	var b strings.Builder
	for _, c := range text {
		switch c {
		case '#':
			b.WriteString(`[0-9]`)
		case '@':
			b.WriteString(`[A-Za-z]`)
		case '*':
			b.WriteString(`[0-9A-Za-z]`)
		case '-', ' ', '–':
			b.WriteString(`[ –-]?`)
		default:
			b.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	return b.String()
}

// references finds what fits the brand's patterns, between word boundaries.
func (s *scan) references() {
	if !s.wants(Reference) {
		return
	}
	for _, p := range s.Patterns.list {
		for _, at := range p.re.FindAllStringIndex(s.text, maxSlots) {
			before, _ := utf8.DecodeLastRuneInString(s.text[:at[0]])
			after, _ := utf8.DecodeRuneInString(s.text[at[1]:])
			first, _ := utf8.DecodeRuneInString(s.text[at[0]:])
			if at[0] == at[1] || joins(after) || joins(before) && joins(first) {
				continue
			}
			value := strings.ToUpper(strings.TrimSpace(strings.ToValidUTF8(s.text[at[0]:at[1]], "")))
			s.span(Slot{Kind: Reference, Name: p.name, Start: at[0], End: at[1], Value: value})
		}
	}
}

func joins(c rune) bool {
	return c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsDigit(c))
}
