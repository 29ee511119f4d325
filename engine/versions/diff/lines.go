package diff

import "strings"

// Op is what happened to a line.
type Op byte

const (
	Keep   Op = ' '
	Remove Op = '-'
	Insert Op = '+'
)

// Line is one line of a hunk.
type Line struct {
	Op   Op
	Text string
}

// Hunk is a stretch of changed lines with the lines around them. Old and New
// are the numbers of its first line, from 1, in the two texts.
type Hunk struct {
	Old, New int
	Lines    []Line
}

const (
	// around is how many unchanged lines a hunk shows on each side.
	around = 3
	// maxTable bounds the table of the longest common subsequence. Beyond it
	// the texts count as rewritten: nobody reads such a difference by line.
	maxTable = 4 << 20
)

// hunks gives the stretches in which two texts differ.
func hunks(before, after string) []Hunk {
	return group(script(split(before), split(after)))
}

// noEnd marks the last line of a text that does not end its last line.
const noEnd = "\n\\ no newline at the end"

func split(s string) []string {
	if s == "" {
		return nil
	}
	s, ended := strings.CutSuffix(s, "\n")
	lines := strings.Split(s, "\n")
	if !ended {
		lines[len(lines)-1] += noEnd
	}
	return lines
}

// script turns a into b with the fewest removed and inserted lines.
func script(a, b []string) []Line {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	out := make([]Line, 0, max(len(a), len(b)))
	for _, s := range a[:head] {
		out = append(out, Line{Keep, s})
	}
	out = middle(out, a[head:len(a)-tail], b[head:len(b)-tail])
	for _, s := range a[len(a)-tail:] {
		out = append(out, Line{Keep, s})
	}
	return out
}

// middle appends the script of two texts that differ at both ends.
func middle(out []Line, a, b []string) []Line {
	if (len(a)+1)*(len(b)+1) > maxTable {
		for _, s := range a {
			out = append(out, Line{Remove, s})
		}
		for _, s := range b {
			out = append(out, Line{Insert, s})
		}
		return out
	}
	// common[i*w+j] is how many lines a[i:] and b[j:] have in common, in order.
	w := len(b) + 1
	common := make([]int32, (len(a)+1)*w)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i*w+j] = common[(i+1)*w+j+1] + 1
			} else {
				common[i*w+j] = max(common[(i+1)*w+j], common[i*w+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			out = append(out, Line{Keep, a[i]})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[(i+1)*w+j] >= common[i*w+j+1]:
			out = append(out, Line{Remove, a[i]})
			i++
		default:
			out = append(out, Line{Insert, b[j]})
			j++
		}
	}
	return out
}

// group cuts a script into hunks.
func group(lines []Line) []Hunk {
	var out []Hunk
	before, after := 1, 1 // the numbers of lines[i]
	end := 0              // of the last hunk, in lines
	for i, l := range lines {
		if l.Op != Keep && i >= end {
			from := max(end, i-around)
			h := Hunk{Old: before - (i - from), New: after - (i - from)}
			end = reach(lines, i)
			h.Lines = lines[from:end]
			out = append(out, h)
		}
		if l.Op != Insert {
			before++
		}
		if l.Op != Remove {
			after++
		}
	}
	return out
}

// reach is where the hunk that changes line i ends: after the last change
// that is near the one before it, and what is shown around it.
func reach(lines []Line, i int) int {
	last := i
	for j := i; j < len(lines) && j <= last+2*around+1; j++ {
		if lines[j].Op != Keep {
			last = j
		}
	}
	return min(len(lines), last+around+1)
}
