package chattest

import "strings"

// matches says whether text is what the pattern means: * and … stand for
// anything, a backslash takes the meaning from the next character, and any run
// of white space is as good as one blank.
func matches(pattern, text string) bool {
	pieces := split(pattern)
	text = blanks(text)
	if len(pieces) == 1 {
		return text == strings.TrimSpace(pieces[0])
	}
	first, last := strings.TrimLeft(pieces[0], " "), strings.TrimRight(pieces[len(pieces)-1], " ")
	text += " " // "a *" is also for "a", and "* a" too
	if first == "" {
		text = " " + text
	}
	if !strings.HasPrefix(text, first) {
		return false
	}
	text = text[len(first):]
	for _, piece := range pieces[1 : len(pieces)-1] {
		i := strings.Index(text, piece)
		if i < 0 {
			return false
		}
		text = text[i+len(piece):]
	}
	return last == "" || strings.HasSuffix(strings.TrimSuffix(text, " "), last)
}

// split cuts a pattern at its wildcards, into plain texts with single blanks.
func split(pattern string) []string {
	var pieces []string
	var piece strings.Builder
	blank := false
	put := func(r rune) {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
			if !blank {
				piece.WriteByte(' ')
			}
			blank = true
			return
		}
		blank = false
		piece.WriteRune(r)
	}
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			escaped = false
			if r == 'n' {
				r = '\n'
			}
			put(r)
		case r == '\\':
			escaped = true
		case r == '*' || r == '…':
			pieces = append(pieces, piece.String())
			piece.Reset()
			blank = false
		default:
			put(r)
		}
	}
	return append(pieces, piece.String())
}

func blanks(s string) string { return strings.Join(strings.Fields(s), " ") }

// plain is a text without its escapes.
func plain(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var out strings.Builder
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
			if r == 'n' {
				r = '\n'
			}
			out.WriteRune(r)
		case r == '\\':
			escaped = true
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}

// escape makes a text that plain and matches take for itself. Line ends become
// \n, so that it is one line.
func escape(s string, special string) string {
	var out strings.Builder
	for _, r := range s {
		switch {
		case r == '\n':
			out.WriteString(`\n`)
			continue
		case r == '\r':
			continue
		case r == '\\' || strings.ContainsRune(special, r):
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// pattern escapes a text for a line that may hold wildcards.
func pattern(s string) string { return escape(s, "*…") }
