package chattest

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// JUnit writes a report as JUnit XML, as CI servers read it: a suite for each file.
func JUnit(w io.Writer, name string, r Report) error {
	type failed struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
	type testcase struct {
		Name    string  `xml:"name,attr"`
		Class   string  `xml:"classname,attr"`
		File    string  `xml:"file,attr"`
		Line    int     `xml:"line,attr"`
		Time    string  `xml:"time,attr"`
		Failure *failed `xml:"failure,omitempty"`
		Error   *failed `xml:"error,omitempty"`
	}
	type suite struct {
		Name     string     `xml:"name,attr"`
		Tests    int        `xml:"tests,attr"`
		Failures int        `xml:"failures,attr"`
		Errors   int        `xml:"errors,attr"`
		Time     string     `xml:"time,attr"`
		Cases    []testcase `xml:"testcase"`
		seconds  float64
	}
	type suites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Name     string   `xml:"name,attr"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Time     string   `xml:"time,attr"`
		Suites   []*suite `xml:"testsuite"`
	}
	seconds := func(s float64) string { return fmt.Sprintf("%.3f", s) }
	all := suites{Name: name, Time: seconds(r.Took.Seconds())}
	byFile := map[string]*suite{}
	of := func(file string) *suite {
		if byFile[file] == nil {
			byFile[file] = &suite{Name: file}
			all.Suites = append(all.Suites, byFile[file])
		}
		return byFile[file]
	}
	class := func(file string) string { return strings.ReplaceAll(strings.TrimSuffix(file, ".chat"), "/", ".") }
	for _, t := range r.Results {
		s := of(t.Test.File)
		c := testcase{Name: clean(t.Test.Title), Class: class(t.Test.File), File: t.Test.File, Line: t.Test.Line, Time: seconds(t.Took.Seconds())}
		if f := t.Failure; f != nil {
			c.Failure = &failed{Message: clean(f.Message), Type: "failure", Text: clean(f.String())}
			s.Failures++
			all.Failures++
		}
		s.Cases = append(s.Cases, c)
		s.Tests++
		all.Tests++
		s.seconds += t.Took.Seconds()
		s.Time = seconds(s.seconds)
	}
	for _, p := range r.Problems {
		s := of(p.File)
		s.Cases = append(s.Cases, testcase{
			Name: fmt.Sprintf("line %d", p.Line), Class: class(p.File), File: p.File, Line: p.Line, Time: seconds(0),
			Error: &failed{Message: clean(p.Message), Type: "unreadable", Text: clean(p.String())},
		})
		s.Tests, s.Errors, s.Time = s.Tests+1, s.Errors+1, seconds(s.seconds)
		all.Tests++
		all.Errors++
	}
	text, err := xml.MarshalIndent(all, "", "  ")
	if err == nil {
		_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	}
	return err
}

// clean drops what XML cannot hold.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
