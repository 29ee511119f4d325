package faq

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Entry is one question with its answer.
type Entry struct {
	Question string
	Answer   string   // Markdown, outer blank lines gone; never empty
	Wordings []string // other ways to ask it
	Language string   // BCP 47; "" for all
	Channels []string // names, ids or kinds; none for all
	Links    []Link
	Cards    []Card
	SeeAlso  []string // questions of the FAQ
	Path     string   // the file
	Line     int      // of the heading, from 1
}

// Error is one thing wrong with a file.
type Error struct {
	Path    string
	Line    int // from 1
	Message string
}

func (e *Error) Error() string { return fmt.Sprintf("%s:%d: %s", e.Path, e.Line, e.Message) }

// Problems are what an error of Parse or Check joins.
func Problems(err error) (all []*Error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, err := range joined.Unwrap() {
			var p *Error
			if errors.As(err, &p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// Limits on one file.
const (
	maxEntries  = 2000
	maxWordings = 100
	maxQuestion = 500       // bytes of a question or wording
	maxAnswer   = 16 * 1024 // bytes
)

// Parse reads one file. A line "## …" starts a question. Lines right below it
// may say more about it, as the package comment shows. The list that follows,
// blank lines aside, holds other wordings and ends with a blank line; all
// else up to the next question is the answer. "# …" is a title: it and what
// stands below it, up to a question, are for the editor alone. Headings in
// fenced code are text; comments (<!-- … -->) that begin a line are left out.
//
// The entries are those without fault. The error joins one *Error for each
// fault; each names its line.
func Parse(path, markdown string) ([]Entry, error) { return parse(parser{path: path}, markdown) }

// Check reads one file as Parse does and also tells of what Parse leaves out without a word, because it is probably
// a slip: headings that are no question, keys that are nearly one, a file without any question.
func Check(path, markdown string) ([]Entry, error) {
	return parse(parser{path: path, strict: true}, markdown)
}

func parse(p parser, markdown string) ([]Entry, error) {
	for i, line := range strings.Split(strings.TrimPrefix(markdown, "\uFEFF"), "\n") {
		p.line(i+1, strings.TrimRight(line, " \t\r"))
	}
	p.finish()
	if p.comment > 0 {
		p.fail(p.comment, "this comment has no end; write --> behind it")
	}
	if p.strict && !p.asked && p.first > 0 && !strings.EqualFold(base(p.path), "readme.md") {
		p.fail(p.first, "this file holds no question; a question is a line that begins with ## and a blank")
	}
	return p.entries, errors.Join(p.errs...)
}

// parser is a line machine.
type parser struct {
	path    string
	entries []Entry
	errs    []error

	entry   *Entry // nil above the first question and below a title
	answer  []string
	fence   string // what closes the open code fence
	comment int    // the line where the open comment begins, 0 for none
	started bool   // the list of wordings is over
	below   bool   // nothing but lines about the entry since its heading
	faults  int    // errors before this entry
	strict  bool   // slips are faults
	asked   bool   // there was a question, right or wrong
	first   int    // the first line that is not blank, 0 for none
}

// base is the last part of a path.
func base(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

func (p *parser) fail(line int, format string, args ...any) {
	p.errs = append(p.errs, &Error{p.path, line, fmt.Sprintf(format, args...)})
}

func (p *parser) line(n int, s string) {
	if p.first == 0 && s != "" {
		p.first = n
	}
	if p.fence != "" {
		if t := strings.TrimSpace(s); strings.HasPrefix(t, p.fence) && strings.Trim(t, p.fence[:1]) == "" {
			p.fence = ""
		}
		p.text(s)
		return
	}
	if at := strings.Index(s, "<!--"); p.comment > 0 || at >= 0 && strings.TrimSpace(s[:at]) == "" {
		if p.comment == 0 {
			p.comment, s = n, s[at+len("<!--"):]
		}
		if strings.Contains(s, "-->") {
			p.comment = 0
		}
		return
	}
	if f := fenceOf(s); f != "" {
		p.fence = f
		p.text(s)
		return
	}
	switch level, title := heading(s); level {
	case 1:
		p.finish()
	case 2:
		p.finish()
		p.begin(n, title)
	case 3, 4, 5, 6:
		if p.strict && p.entry == nil {
			p.asked = true
			p.fail(n, "this heading stands below no question; a question is a line that begins with ## and a blank")
			return
		}
		p.body(n, s)
	default:
		if p.strict && glued(s) {
			p.asked = true
			p.fail(n, "write a blank behind the ## of a question")
			return
		}
		p.body(n, s)
	}
}

func (p *parser) begin(n int, question string) {
	p.faults, p.asked = len(p.errs), true
	switch {
	case question == "":
		p.fail(n, "this heading has no question")
	case len(question) > maxQuestion:
		p.fail(n, "the question is longer than %d bytes", maxQuestion)
	case !utf8.ValidString(question):
		p.fail(n, "the question is not valid UTF-8")
	}
	p.entry, p.below = &Entry{Question: question, Path: p.path, Line: n}, true
}

func (p *parser) body(n int, s string) {
	if p.entry == nil || p.started {
		p.text(s)
		return
	}
	if p.below = p.below && p.about(n, s); p.below {
		return
	}
	item, isItem := bullet(s)
	last := len(p.entry.Wordings) - 1
	switch {
	case s == "":
		p.started = last >= 0
	case isItem && item == "":
		p.fail(n, "this wording is empty")
	case isItem && len(item) > maxQuestion:
		p.fail(n, "the wording is longer than %d bytes", maxQuestion)
	case isItem && last+1 == maxWordings:
		p.fail(n, "a question has at most %d other wordings", maxWordings)
	case isItem:
		p.entry.Wordings = append(p.entry.Wordings, item)
	case last >= 0 && (s[0] == ' ' || s[0] == '\t') && len(p.entry.Wordings[last])+len(s) < maxQuestion:
		p.entry.Wordings[last] += " " + strings.TrimSpace(s)
	default:
		p.text(s)
	}
}

// text takes a line of the answer.
func (p *parser) text(s string) {
	if p.entry != nil {
		p.started = true
		p.answer = append(p.answer, s)
	}
}

// finish ends the entry that is being read.
func (p *parser) finish() {
	e := p.entry
	if e != nil {
		e.Answer = strings.Trim(strings.Join(p.answer, "\n"), "\n")
		switch {
		case strings.TrimSpace(e.Answer) == "":
			p.fail(e.Line, "the question %q has no answer below it", e.Question)
		case len(e.Answer) > maxAnswer:
			p.fail(e.Line, "the answer to %q is longer than %d bytes", e.Question, maxAnswer)
		case !utf8.ValidString(e.Answer + strings.Join(e.Wordings, "")):
			p.fail(e.Line, "the entry %q is not valid UTF-8", e.Question)
		case len(p.entries) == maxEntries:
			p.fail(e.Line, "a file holds at most %d questions", maxEntries)
		}
		if p.faults == len(p.errs) {
			p.entries = append(p.entries, *e)
		}
	}
	p.entry, p.answer, p.started, p.fence = nil, nil, false, ""
}

// heading splits "## Question ##" into its level and its words. Level 0 is no heading.
func heading(s string) (level int, title string) {
	if indent := len(s) - len(strings.TrimLeft(s, " ")); indent > 0 && indent < 4 && strings.HasPrefix(s[indent:], "#") {
		s = s[indent:] // as in Markdown
	}
	rest := strings.TrimLeft(s, "#")
	level = len(s) - len(rest)
	if level > 6 || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return 0, ""
	}
	title = strings.TrimSpace(rest)
	if t := strings.TrimRight(title, "#"); t == "" || strings.HasSuffix(t, " ") {
		title = strings.TrimSpace(t)
	}
	return level, title
}

// glued tells of "##Question", which is no heading.
func glued(s string) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeft(s, " "), "##")
	return ok && rest != "" && !strings.ContainsRune("# \t", rune(rest[0]))
}

// bullet reads a list item that is not indented.
func bullet(s string) (item string, ok bool) {
	if s == "" || !strings.ContainsRune("-*+", rune(s[0])) || len(s) > 1 && s[1] != ' ' && s[1] != '\t' {
		return "", false
	}
	return strings.TrimSpace(s[1:]), true
}

// fenceOf is the run of ` or ~ that opens a code block, "" for any other line.
func fenceOf(s string) string {
	t := strings.TrimLeft(s, " ")
	for _, mark := range []string{"`", "~"} {
		if n := len(t) - len(strings.TrimLeft(t, mark)); n >= 3 && len(s)-len(t) < 4 && !strings.Contains(t[n:], "`") {
			return t[:n]
		}
	}
	return ""
}
