package diff

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Part is what a file of a brand's folder is about.
type Part string

const (
	PartBots     Part = "bots" // and the modules that they share
	PartFAQ      Part = "faq"
	PartTexts    Part = "texts"
	PartSettings Part = "settings"
	PartTests    Part = "tests"
)

// Parts lists all parts in the order in which people read them.
func Parts() []Part { return []Part{PartBots, PartFAQ, PartTexts, PartSettings, PartTests} }

// Title names the part for people.
func (p Part) Title() string {
	switch p {
	case PartBots:
		return "Bots"
	case PartFAQ:
		return "FAQ"
	case PartTexts:
		return "Texts"
	case PartTests:
		return "Tests"
	}
	return "Settings"
}

func partOf(path string) Part {
	top, _, _ := strings.Cut(path, "/")
	switch top {
	case "bots", "lib":
		return PartBots
	case "faq":
		return PartFAQ
	case "i18n", "texts":
		return PartTexts
	case "tests":
		return PartTests
	}
	return PartSettings
}

// Change is what happened to a file.
type Change string

const (
	Added   Change = "added"
	Removed Change = "removed"
	Changed Change = "changed"
)

// File is one file that differs.
type File struct {
	Path    string
	Part    Part
	Change  Change
	Added   int // lines
	Removed int
	Hunks   []Hunk // only of a changed file: a new one is all new
}

// Difference is what differs between two versions, by part and path.
type Difference []File

// Between compares the files of two versions.
func Between(before, after map[string]string) Difference {
	paths := maps.Clone(before)
	if paths == nil {
		paths = map[string]string{}
	}
	maps.Copy(paths, after)
	var out Difference
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		a, had := before[path]
		b, has := after[path]
		if had && has && a == b {
			continue
		}
		f := File{Path: path, Part: partOf(path), Change: Changed}
		switch {
		case !had:
			f.Change, f.Added = Added, len(split(b))
		case !has:
			f.Change, f.Removed = Removed, len(split(a))
		default:
			f.Hunks = hunks(a, b)
			f.count()
		}
		out = append(out, f)
	}
	order := Parts()
	slices.SortStableFunc(out, func(a, b File) int { return slices.Index(order, a.Part) - slices.Index(order, b.Part) })
	return out
}

func (f *File) count() {
	for _, h := range f.Hunks {
		for _, l := range h.Lines {
			switch l.Op {
			case Insert:
				f.Added++
			case Remove:
				f.Removed++
			}
		}
	}
}

// Summary counts files by part: "bots: 1 changed, 1 added; FAQ: 1 removed".
func (d Difference) Summary() string {
	var out []string
	for _, part := range Parts() {
		n := map[Change]int{}
		for _, f := range d {
			if f.Part == part {
				n[f.Change]++
			}
		}
		var words []string
		for _, c := range []Change{Changed, Added, Removed} {
			if n[c] > 0 {
				words = append(words, fmt.Sprintf("%d %s", n[c], c))
			}
		}
		if len(words) > 0 {
			out = append(out, part.Title()+": "+strings.Join(words, ", "))
		}
	}
	if len(out) == 0 {
		return "no difference"
	}
	return strings.Join(out, "; ")
}

// Print writes the difference for a terminal. maxLines bounds the lines of one
// file; 0 for all.
func (d Difference) Print(w io.Writer, maxLines int) error {
	p := printer{w: w}
	var part Part
	for _, f := range d {
		if f.Part != part {
			part = f.Part
			p.line("%s", part.Title())
		}
		switch f.Change {
		case Added:
			p.line("  + %s (new, %s)", f.Path, count(f.Added, "line", "lines"))
		case Removed:
			p.line("  - %s (removed, %s)", f.Path, count(f.Removed, "line", "lines"))
		default:
			p.line("  ~ %s (+%d −%d)", f.Path, f.Added, f.Removed)
			p.hunks(f.Hunks, maxLines)
		}
	}
	return p.err
}

// printer keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) hunks(all []Hunk, limit int) {
	shown := 0
	for _, h := range all {
		p.line("      line %d", h.New)
		for _, l := range h.Lines {
			if limit > 0 && shown == limit {
				p.line("      …")
				return
			}
			shown++
			text, note, _ := strings.Cut(l.Text, "\n")
			p.line("      %c %s", l.Op, visible(text))
			if note != "" {
				p.line("      %s", note)
			}
		}
	}
}

// visible keeps what a file holds from steering the terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\t' && (r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0) {
			return '�'
		}
		return r
	}, s)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
